"""Views for importing statements: upload, preview, import in steps, undo."""

from datetime import timedelta
from functools import partial
from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.afterwards import later
from expenses.forms.imports import UploadForm
from expenses.importing import drafts, past, undo
from expenses.importing.writing import continue_import
from expenses.models import ImportBatch, ImportState
from expenses.recurring.refreshing import refresh_if_free
from expenses.statements import StatementError
from expenses.views.access import LedgerRequest, limited, signed_in, with_import
from expenses.views.answers import list_changed
from expenses.views.import_drafts import begin_draft, show_draft
from expenses.views.trash import restored_text
from finbrain.core.bidi import isolated
from finbrain.core.rate_limits import limit

_OLD = timedelta(days=1)
_NOT_TO_UNDO = {
    ImportState.DRAFT: gettext_lazy("%(file)s hasn't been imported yet, so there is nothing to undo."),
    ImportState.UNDONE: gettext_lazy("The import of %(file)s has already been undone."),
}


class _PastRow(TypedDict):
    """An earlier import, and what it did."""

    batch: ImportBatch
    summary: str


class _PastRows(TypedDict):
    """Earlier imports. old_drafts: those that nobody has continued for a day."""

    past: list[_PastRow]
    old_drafts: list[_PastRow]


class _StateContext(TypedDict):
    """The context for an import that has started.

    position, total: how far it is imported, undone or restored. in_trash: how many of its expenses can be restored
    together. waiting: how many of them need review.
    """

    batch: ImportBatch
    summary: str
    position: int
    total: int
    percent: int
    list_url: str
    in_trash: int
    waiting: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("preview")
def upload_statement(request: LedgerRequest) -> HttpResponse:
    """Upload a file, or show the form with the earlier imports below."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound:
        limit("import", request.user.pk)
        if form.is_valid() and (batch := _read_upload(request, form)):
            there = reverse("expenses:import_batch", args=[batch.pk])
            return HttpResponse(headers={"HX-Redirect": there}) if request.htmx else redirect(there)
    found = past.past_imports(request.ledger, request.GET.get("after", ""))
    next_url = f"{reverse('expenses:import')}?after={found.after}" if found.after else ""
    full = sum(batch.state == ImportState.DRAFT for batch in found.batches) >= drafts.MOST_DRAFTS
    context = {"form": form, "next_url": next_url, "most_drafts": full and drafts.MOST_DRAFTS, **_past_rows(found)}
    return render(request, "expenses/import.html", context, status=422 if form.errors else 200)


def _past_rows(found: past.PastImports) -> _PastRows:
    """The earlier imports, and apart from them the drafts that nobody has continued for a day."""
    rows: list[_PastRow] = [{"batch": batch, "summary": past.import_summary(batch)} for batch in found.batches]
    long_ago = timezone.now() - _OLD
    old = [row for row in rows if row["batch"].state == ImportState.DRAFT and row["batch"].created_at < long_ago]
    return {"past": [row for row in rows if row not in old], "old_drafts": old}


def _read_upload(request: LedgerRequest, form: UploadForm) -> ImportBatch | None:
    """Make a draft of the upload. None if FinBrain can't read it, with an error added to the form."""
    file = form.cleaned_data["file"]
    try:
        return drafts.make_draft(request.ledger, file.name, file.read())
    except StatementError as error:
        form.add_error("file", str(error))
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_import
@limited("preview")
def show_import(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Show a draft with its preview, updated by a POST, or the progress or result of an import."""
    if batch.state != ImportState.DRAFT:
        return render(request, "expenses/import_state.html", _state_context(request, batch))
    return show_draft(request, batch)


@require_POST
@with_import
@limited("import_step")
def run_import(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Start or continue an import. Answers after about a second, even if it is not done."""
    if batch.state == ImportState.DRAFT:
        if refused := begin_draft(request, batch):
            return refused
        batch.refresh_from_db()
    if batch.state == ImportState.RUNNING:
        continue_import(request.ledger, batch)
        batch.refresh_from_db()
        if batch.state == ImportState.DONE:
            later(request, partial(refresh_if_free, request.ledger.id, timezone.localdate()))
    return _state_answer(request, batch)


def _state_answer(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Show the state of the import after a step."""
    if request.htmx and request.htmx.target == "import-state":
        return render(request, "expenses/_import_state.html", _state_context(request, batch) | {"fragment": True})
    page = reverse("expenses:import_batch", args=[batch.pk])
    return HttpResponse(headers={"HX-Redirect": page}) if request.htmx else redirect(page)


@require_POST
@with_import
@limited("import_step")
def undo_import(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Undo an import, in steps: its expenses move to the trash. Answers after about a second, done or not."""
    if batch.state in _NOT_TO_UNDO:
        messages.info(request, _NOT_TO_UNDO[batch.state] % {"file": isolated(batch.file_name)})
    else:
        count = undo.undo_import(request.ledger, batch)
        if count is None:
            batch.refresh_from_db()
            return _state_answer(request, batch)
        text = ngettext("%(n)d expense deleted", "%(n)d expenses deleted", count) % {"n": count}
        again = reverse("expenses:import_restore", args=[batch.pk]) if count else ""
        messages.success(request, text, extra_tags=again)
    back = reverse("expenses:import")
    return HttpResponse(headers={"HX-Redirect": back}) if request.htmx else redirect(back)


@require_POST
@with_import
@limited("import_step")
def restore_import(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Restore the expenses of an undone import, in steps. Answers after about a second, done or not."""
    done = undo.restore_import(request.ledger, batch)
    if done is None:
        batch.refresh_from_db()
        return _state_answer(request, batch)
    restored, left = done
    text = restored_text(restored)
    if left:
        stay = ngettext(
            "%(n)d stays in the trash because it was imported again.",
            "%(n)d stay in the trash because they were imported again.",
            left,
        )
        stays = stay % {"n": left}
        text = f"{text}. {stays}" if restored else stays
    return list_changed(request, text)


@require_POST
@with_import
@limited("import_step")
def discard_draft(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Discard a draft."""
    name = {"file": isolated(batch.file_name)}
    if drafts.discard_draft(request.ledger, batch.pk):
        messages.success(request, _("%(file)s has been discarded.") % name)
    else:
        messages.info(request, _("%(file)s has already been imported, so it can't be discarded.") % name)
    return redirect("expenses:import")


def _state_context(request: LedgerRequest, batch: ImportBatch) -> _StateContext:
    done = batch.state == ImportState.DONE
    was_undone = batch.state in (ImportState.UNDOING, ImportState.UNDONE)
    in_trash = undo.count_in_trash(request.ledger, batch) if was_undone else 0
    position, total = batch.position, batch.total
    if place := batch.restore_place:
        position, total = place["seen"], place["total"]
    elif batch.state == ImportState.UNDOING:
        position, total = in_trash, max(in_trash, batch.added)
    return {
        "batch": batch,
        "summary": past.import_summary(batch),
        "position": position,
        "total": total,
        "percent": 100 * position // total if total else 100,
        "list_url": past.import_list_url(batch),
        "in_trash": in_trash,
        "waiting": past.waiting_in_import(request.ledger, batch) if done else 0,
    }
