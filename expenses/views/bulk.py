"""Changes or deletes several expenses at once."""

from collections.abc import Sequence

from bson import ObjectId
from bson.errors import InvalidId
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from classifier.category_set import category_of
from expenses.ledger.set_categories import set_categories
from expenses.ledger.trash import delete_expenses
from expenses.listing.find_rows import find_ids
from expenses.listing.list_page import match_of, query_of_url
from expenses.views.access import LedgerRequest, limited, signed_in
from expenses.views.answers import list_changed, way_back
from finbrain.core.bidi import isolated

_TITLES_SHOWN = 3


@require_POST
@signed_in
@limited("write")
def change_several(request: LedgerRequest) -> HttpResponse:
    """Apply `action`, delete or category (with `category`), to `ids`, or with `all=1` to all that `query` matches."""
    ids = _chosen_ids(request)
    action, category = request.POST.get("action"), request.POST.get("category", "")
    if not ids:
        return _nothing_done(request, _("Select the expenses first."))
    if action == "delete":
        trashed = delete_expenses(request.ledger, ids)
        text = ngettext("%(n)d expense deleted", "%(n)d expenses deleted", trashed.count) % {"n": trashed.count}
        return list_changed(request, text, _undo_url(trashed.count, "expenses:restore_batch", trashed.batch))
    if action != "category" or category not in request.ledger.categories:
        return _nothing_done(request, _("Choose the category first."))
    changed = set_categories(request.ledger, ids, category)
    text = ngettext("%(n)d expense is now in %(to)s", "%(n)d expenses are now in %(to)s", changed.count)
    shown = text % {"n": changed.count, "to": category_of(category).name}
    problem = _refusal_text(changed.refused) if changed.refused else ""
    if problem and not request.htmx:
        shown = f"{shown}. {problem}"
    undo = _undo_url(changed.count, "expenses:undo", changed.batch)
    return list_changed(request, shown, undo, several_problem=problem)


def _refusal_text(titles: Sequence[str]) -> str:
    """Say which expenses weren't changed, and why."""
    shown = ", ".join(f"“{isolated(title)}”" for title in titles[:_TITLES_SHOWN])
    more = len(titles) - _TITLES_SHOWN
    if more > 0:
        text = _("Not changed: %(titles)s and %(n)d more. This money left your account, so it can't be income.")
        return text % {"titles": shown, "n": more}
    return _("Not changed: %(titles)s. This money left your account, so it can't be income.") % {"titles": shown}


def _undo_url(count: int, name: str, batch: str) -> str:
    return reverse(name, args=[batch]) if count else ""


def _chosen_ids(request: LedgerRequest) -> list[ObjectId]:
    """The ids of the ticked expenses, without invalid ones. Ids of other ledgers are ignored when writing."""
    if request.POST.get("all") == "1":
        return find_ids(match_of(request.ledger, query_of_url(request.POST.get("query", ""))))
    ids = []
    for text in request.POST.getlist("ids"):
        try:
            ids.append(ObjectId(text))
        except InvalidId:
            continue
    return ids


def _nothing_done(request: LedgerRequest, text: str) -> HttpResponse:
    if request.htmx:
        return render(request, "_toast.html", {"text": text, "error": True}, status=422)
    messages.error(request, text)
    return redirect(way_back(request))
