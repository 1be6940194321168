"""The page with a ledger's categories, and the changes that it offers."""

from typing import TypedDict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from classifier.categories import Category, Kind, kind_of
from classifier.category_set import category_of
from expenses.budgets.merging import said_of_merged, said_of_restored
from expenses.categories.changes import (
    CategoryError,
    add_category,
    category_row,
    change_category,
    merge_category,
    move_category,
    restore_category,
)
from expenses.categories.forms import CategoryForm
from expenses.categories.proposals import CategoryProposal, propose_categories
from expenses.importing.preview import KIND_NAMES
from expenses.ledger.set_categories import set_categories
from expenses.models.own_categories import CategoryRow
from expenses.people.ledger_settings import decline_category, save_categories, stored_categories
from expenses.views.access import LedgerRequest, limited, signed_in
from finbrain.core.bidi import isolated

# The longest proposal that is kept: a base category and a word.
_KEY_LENGTH = 120
_STEPS = {"up": -1, "down": 1}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def show_categories(request: LedgerRequest) -> HttpResponse:
    """Show the categories, and add one."""
    rows = stored_categories(request.ledger).rows
    if request.method != "POST":
        return _page(request, CategoryForm(rows=rows, categories=request.ledger.categories))
    form = CategoryForm(request.POST, rows=rows, categories=request.ledger.categories)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        rows, _slug = add_category(rows, **form.cleaned_data)
    except CategoryError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    return _saved(request, rows, _("Added %(name)s") % {"name": isolated(form.cleaned_data["name"])})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def edit_category(request: LedgerRequest, category: str) -> HttpResponse:
    """Rename a category, change its look, or hide it."""
    row = _row_or_404(request, category)
    sent = [request.POST] if request.method == "POST" else []
    form = CategoryForm(
        *sent, rows=stored_categories(request.ledger).rows, categories=request.ledger.categories, row=row
    )
    if sent and form.is_valid():
        rows = change_category(stored_categories(request.ledger).rows, category, **form.cleaned_data)
        return _saved(request, rows, _("Saved."))
    targets = [
        (kind, [pair for pair in pairs if pair[0] != category])
        for kind, pairs in request.ledger.categories.select_choices()
        if kind == str(kind_of(category).label)
    ]
    context = {"form": form, "row": row, "name": category_of(category).name, "targets": targets if row.is_own else []}
    return render(request, "categories/edit.html", context, status=422 if sent else 200)


@require_POST
@signed_in
@limited("settings")
def move(request: LedgerRequest, category: str) -> HttpResponse:
    """Move a category one place up or down. The page then focuses the same button again."""
    _row_or_404(request, category)
    direction = request.POST.get("direction", "")
    if direction in _STEPS:
        save_categories(
            request.ledger, move_category(stored_categories(request.ledger).rows, category, _STEPS[direction])
        )
    return redirect(f"{reverse('categories:list')}#{direction}-{category}")


@require_POST
@signed_in
@limited("settings")
def merge(request: LedgerRequest, category: str) -> HttpResponse:
    """Merge an own category into the category `into`."""
    row, into = _own_row_or_404(request, category), request.POST.get("into", "")
    if row.into:
        return _already(request, _("%(name)s has already been merged."), row)
    try:
        rows = merge_category(stored_categories(request.ledger).rows, category, into)
    except CategoryError as error:
        messages.error(request, str(error))
        return redirect("categories:edit", category)
    names = {"name": isolated(row.name), "into": isolated(str(category_of(into).name))}
    text = _("%(name)s is now part of %(into)s") % names
    moved = said_of_merged(request.ledger, category, into)
    return _saved(request, rows, f"{text}. {moved}" if moved else text, reverse("categories:restore", args=[category]))


@require_POST
@signed_in
@limited("settings")
def restore_merged(request: LedgerRequest, category: str) -> HttpResponse:
    """Undo a merge: every expense that was in the merged category is in it again."""
    row = _own_row_or_404(request, category)
    if not row.into:
        return _already(request, _("%(name)s has already been restored."), row)
    text = _("Restored %(title)s") % {"title": isolated(row.name)}
    moved = said_of_restored(request.ledger, category)
    rows = restore_category(stored_categories(request.ledger).rows, category)
    return _saved(request, rows, f"{text}. {moved}" if moved else text)


@require_POST
@signed_in
@limited("settings")
def answer_proposal(request: LedgerRequest) -> HttpResponse:
    """Make the proposed category with its expenses, or never propose it again."""
    chosen = request.POST.get("proposal", "")
    if request.POST.get("answer") != "yes":
        decline_category(request.ledger, chosen[:_KEY_LENGTH])
        return redirect("categories:list")
    found = next(
        (
            each
            for each in propose_categories(request.ledger, stored_categories(request.ledger).declined)
            if each.key == chosen
        ),
        None,
    )
    if found is None:
        messages.info(request, _("These expenses have changed, so there is nothing to propose any more."))
        return redirect("categories:list")
    try:
        rows, slug = add_category(stored_categories(request.ledger).rows, found.base, found.name)
    except CategoryError as error:
        messages.error(request, str(error))
        return redirect("categories:list")
    save_categories(request.ledger, rows)
    changed = set_categories(request.ledger, found.ids, slug)
    text = ngettext("%(n)d expense is now in %(to)s", "%(n)d expenses are now in %(to)s", changed.count)
    undo_url = reverse("expenses:undo", args=[changed.batch])
    messages.success(request, text % {"n": changed.count, "to": isolated(found.name)}, extra_tags=undo_url)
    return redirect("categories:list")


def _row_or_404(request: LedgerRequest, slug: str) -> CategoryRow:
    """Return the ledger's category. Raises the same 404 for another ledger's, a merged and an unknown one."""
    row = category_row(stored_categories(request.ledger).rows, slug)
    if row is None or row.into:
        raise Http404
    return row


def _own_row_or_404(request: LedgerRequest, slug: str) -> CategoryRow:
    """Return the ledger's own category, merged or not. Raises 404 for any other."""
    row = category_row(stored_categories(request.ledger).rows, slug)
    if row is None or not row.is_own:
        raise Http404
    return row


def _already(request: LedgerRequest, text: str, row: CategoryRow) -> HttpResponse:
    """Say that a change was made before, as when its form is sent twice."""
    messages.info(request, text % {"name": isolated(row.name)})
    return redirect("categories:list")


def _saved(request: LedgerRequest, rows: tuple[CategoryRow, ...], text: str, undo_url: str = "") -> HttpResponse:
    save_categories(request.ledger, rows)
    messages.success(request, text, extra_tags=undo_url)
    return redirect("categories:list")


def _proposals(request: LedgerRequest) -> list[CategoryProposal]:
    return propose_categories(request.ledger, stored_categories(request.ledger).declined)


def _page(request: LedgerRequest, form: CategoryForm, status: int = 200) -> HttpResponse:
    rows = stored_categories(request.ledger).rows
    merged = [{"slug": row.slug, "name": row.name, "into": category_of(row.slug).name} for row in rows if row.into]
    context = {
        "form": form,
        "groups": [_group(request, kind) for kind in (Kind.SPENT, Kind.RECEIVED)],
        "merged": merged,
        "proposals": [_shown_proposal(each) for each in _proposals(request)],
    }
    return render(request, "categories/list.html", context, status=status)


class _CategoryGroup(TypedDict):
    """The categories of a kind."""

    kind: str
    name: str | Promise
    categories: list[Category]


class _ProposedCategory(TypedDict):
    """A category that FinBrain proposes, in a sentence."""

    key: str
    text: str


def _group(request: LedgerRequest, kind: Kind) -> _CategoryGroup:
    """The categories of a kind, each with whether it can move up and down."""
    every = [each for each in request.ledger.categories.categories.values() if each.kind == kind]
    return {"kind": kind.value, "name": KIND_NAMES[kind], "categories": every}


def _shown_proposal(found: CategoryProposal) -> _ProposedCategory:
    values = {"n": len(found.ids), "of": found.of, "word": isolated(found.name), "base": category_of(found.base).name}
    text = _("%(n)d of %(of)d expenses in %(base)s are about “%(word)s”. Make a category for them?") % values
    return {"key": found.key, "text": text}
