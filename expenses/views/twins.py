"""Offers to file what is like an expense that was just filed, and files it."""

from typing import TypedDict

from bson import ObjectId
from bson.errors import InvalidId
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from classifier.category_set import category_of
from expenses.ledger.rows_of_changes import CHUNK
from expenses.ledger.set_categories import filed_in, set_categories
from expenses.ledger.similar_waiting import find_twins, suggest_twins_again
from expenses.ledger.waiting_texts import read_waiting
from expenses.listing.find_rows import find_in_order, find_rows
from expenses.listing.rows import ListRow, RowStyle, build_rows
from expenses.models import Expense
from expenses.models.ledger import Ledger
from expenses.views.access import LedgerRequest, limited, signed_in
from expenses.views.answers import list_changed


class TwinsOffer(TypedDict, total=False):
    """twins: the rows of what one more answer would file. twins_url: where it is given. inbox_count: how many wait."""

    twins: list[ListRow]
    twins_url: str
    inbox_count: int


def offer_twins(ledger: Ledger, expense: Expense, batch: str) -> TwinsOffer:
    """Return the context of a toast that offers the twins of an expense filed in `batch`, if it has some."""
    waiting, came_in = read_waiting(ledger), expense.amount < 0
    suggest_twins_again(ledger, waiting, expense.title, came_in, batch)
    ids = find_twins(ledger, waiting, expense.title, came_in)
    offer = _offer(ledger, ids, batch) if ids else TwinsOffer()
    return offer if waiting.count is None else {**offer, "inbox_count": waiting.count}


def _offer(ledger: Ledger, ids: list[ObjectId], batch: str) -> TwinsOffer:
    rows = build_rows(find_in_order(ledger.id, ids), RowStyle.to(ledger, with_year=True))
    return {"twins": rows, "twins_url": reverse("expenses:twins", args=[batch])}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("write")
def file_twins(request: LedgerRequest, batch: str) -> HttpResponse:
    """Show what waits and is like the expense filed in `batch`, or file `ids` with it. One undo takes all back."""
    filed = filed_in(request.ledger, batch)
    if filed is None:
        raise Http404
    if request.method == "POST":
        changed = set_categories(request.ledger, _chosen(request), filed.category, batch, unreviewed=True)
        count = changed.count + len(filed.ids)
        text = ngettext("%(n)d expense is now in %(to)s", "%(n)d expenses are now in %(to)s", count)
        shown = text % {"n": count, "to": category_of(filed.category).name}
        return list_changed(request, shown, reverse("expenses:undo", args=[batch]))
    rows = find_rows(request.ledger.id, filed.ids[:1])
    if not rows:
        raise Http404
    came_in = (rows[0]["amount"].to_decimal() < 0) != filed.turned  # as those that wait are stored
    ids = find_twins(request.ledger, read_waiting(request.ledger), rows[0]["title"], came_in)
    answered = {"title": rows[0]["title"], "category": category_of(filed.category)}
    return render(request, "expenses/twins.html", {**_offer(request.ledger, ids, batch), **answered})


def _chosen(request: LedgerRequest) -> list[ObjectId]:
    """The ticked expenses, without invalid ids."""
    found = []
    for text in request.POST.getlist("ids")[:CHUNK]:
        try:
            found.append(ObjectId(text))
        except InvalidId:
            continue
    return found
