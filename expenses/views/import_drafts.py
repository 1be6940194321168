"""The preview of a draft: how the file is read, which rows are imported, and rows that the person mends."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from expenses.forms.imports import category_choices, preview_form, preview_values, sent_meanings
from expenses.importing import drafts
from expenses.importing.carried_edits import carried, places_before, places_of, renumbered
from expenses.importing.choices import Choices
from expenses.importing.edits import Edits
from expenses.importing.file_categories import keep_meanings
from expenses.importing.kept_mappings import keep_mapping
from expenses.importing.kept_plan import KeptPlan
from expenses.importing.pieces import Pieces
from expenses.importing.plan import TICKED
from expenses.importing.plan_steps import keep_plan
from expenses.importing.preview import build_preview
from expenses.importing.workbooks import is_unread
from expenses.importing.writing import begin_import
from expenses.models import ImportBatch
from expenses.views.access import LedgerRequest
from expenses.views.import_reading import read_on, reading_page
from expenses.views.import_rows import DraftPreview, mended_plan_of, open_row, row_number, shown_part
from finbrain.core.rate_limits import limit

_COUNTS = "preview-counts"


def show_draft(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Show a draft with its preview. A POST changes how it is read, ticks rows, pages, or mends a row."""
    if is_unread(batch.content):
        return read_on(request, batch)
    if "sheet" in request.POST:
        drafts.choose_sheet(request.ledger, batch, request.POST["sheet"], _with_ticks(request, Edits.of(batch.edits)))
        return redirect("expenses:import_batch", batch.pk)
    return _preview_page(request, batch, _preview_of(request, batch))


def begin_draft(request: LedgerRequest, batch: ImportBatch) -> HttpResponse | None:
    """Start the import. Returns a page instead if the person has to look at something first."""
    if is_unread(batch.content):
        return read_on(request, batch)
    before = Choices.of(batch.choices)
    preview = _preview_of(request, batch)
    if preview.kept is None or preview.plan is None or preview.mending is not None:
        return _preview_page(request, batch, preview)
    plan = mended_plan_of(request, preview.kept, preview)
    if preview.plan.questions:
        preview.notice = _("FinBrain can't tell how to read this file. Choose the right reading, then import it.")
    elif preview.choices != before:
        preview.notice = _("You changed how the file is read. Check the new preview, then import it.")
    elif not preview.edits.count_ticked(plan.summary.counts):
        preview.notice = _("There is nothing to import. Tick the rows you want, or discard the file.")
    if preview.notice:
        return _preview_page(request, batch, preview)
    if table := drafts.table_of_draft(request.ledger, batch):
        keep_mapping(request.ledger, table, preview.choices)
    keep_meanings(request.ledger.id, plan.summary.categories, preview.edits.meanings)
    begin_import(request.ledger, batch.pk, plan)
    return None


def _preview_of(request: LedgerRequest, batch: ImportBatch) -> DraftPreview:
    """Apply what the request changes, and find what to show."""
    stored = Choices.of(batch.choices)
    table = drafts.table_of_draft(request.ledger, batch)
    form = preview_form(table, request.POST if request.method == "POST" else preview_values(stored))
    if not form.is_valid():
        return DraftPreview(form, stored, Edits.of(batch.edits))
    choices = stored.changed(form.choices())
    name, _colon, which = request.POST.get("answer", "").partition(":")
    if name in choices.asks:
        answered = choices.answered(name, which)
        its_form = preview_form(table, preview_values(answered))
        choices, form = (answered, its_form) if its_form.is_valid() else (choices, form)
    preview = DraftPreview(form, choices, _with_ticks(request, Edits.of(batch.edits)))
    if choices != stored:
        preview.changing = "answer" not in request.POST
        _change(request, batch, preview)
    else:
        preview.kept = _keep_plan(request, batch, choices)
    kept = preview.kept
    if kept is None or not kept.done:
        return preview
    if sent := sent_meanings(request.POST.getlist("means")):
        preview.edits = preview.edits.with_meanings(kept.summary.categories, sent)
    if preview.edits != Edits.of(batch.edits):
        drafts.update_edits(request.ledger, batch.pk, preview.edits)
    preview.plan = shown_part(request, kept, preview)
    if not _wants_counts(request):
        open_row(request, batch, preview)
    return preview


def _keep_plan(request: LedgerRequest, batch: ImportBatch, choices: Choices) -> KeptPlan:
    return keep_plan(request.ledger, batch, choices, partial(limit, "plan", request.user.pk))


def _change(request: LedgerRequest, batch: ImportBatch, preview: DraftPreview) -> None:
    """Store how to read the draft and make its new plan. Its edits are carried over to the rows' new places."""
    before, has_same_rows = places_before(batch), preview.choices.mapping == Choices.of(batch.choices).mapping
    drafts.update_choices(request.ledger, batch, preview.choices)
    preview.kept = _keep_plan(request, batch, preview.choices)
    now = places_of(preview.kept)
    preview.places = renumbered(before, now)
    if has_same_rows and not preview.places:
        preview.places = None
        return
    preview.edits, is_less = carried(preview.edits, before, now)
    if is_less:
        preview.notice = _("You changed how the file is read, so some of your changes to its rows were discarded.")


def _with_ticks(request: LedgerRequest, edits: Edits) -> Edits:
    """The edits with the ticks that the page sent."""
    ticked = _numbers_by_group(request.POST.getlist("take"))
    shown = _numbers_by_group(request.POST.getlist("shown"))
    for group in TICKED:
        if sent := shown[group] | ticked[group]:
            edits = edits.with_ticks(group, sent, ticked[group])
    group, _colon, way = request.POST.get("all", "").partition(":")
    return edits.with_all(group, ticked=way == "on") if group in TICKED else edits


def _numbers_by_group(sent: list[str]) -> dict[str, set[int]]:
    """Read texts such as "new:1 2 3"."""
    found: dict[str, set[int]] = {group: set() for group in TICKED}
    for text in sent:
        group, _colon, numbers = text.partition(":")
        if group in found:
            found[group] |= {number for one in numbers.split() if (number := row_number(one)) is not None}
    return found


def _wants_counts(request: LedgerRequest) -> bool:
    """Whether htmx only sends ticks and replaces the counts."""
    return bool(request.htmx) and request.htmx.target == _COUNTS


def _preview_page(request: LedgerRequest, batch: ImportBatch, preview: DraftPreview) -> HttpResponse:
    """Render the draft's page, or for htmx its changing part. Without a plan there is no preview."""
    table = drafts.table_of_draft(request.ledger, batch)
    about = {"sheets": table.get("sheets"), "labels": table.get("labels")} if table else {}
    context = vars(preview) | about | {"batch": batch, "fragment": bool(request.htmx)}
    if preview.kept and not preview.kept.done:
        return reading_page(request, batch, 100 * preview.kept.pieces // len(Pieces(batch.content)))
    if preview.plan:
        context |= build_preview(request.ledger, preview.plan, preview.edits, preview.place)
        if _wants_counts(request):
            return render(request, "expenses/_import_counts.html", context)
        context["category_choices"] = category_choices()
    template = "expenses/_import_preview.html" if request.htmx else "expenses/import_preview.html"
    return render(request, template, context)
