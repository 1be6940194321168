"""What an added expense changes in a list that is otherwise up to date: its row, the sum of its day, and the total."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse

from expenses.listing.by_day import JustAdded
from expenses.listing.day_groups import add_day_heads, sum_text
from expenses.listing.find_rows import find_order
from expenses.listing.list_page import rows_of
from expenses.listing.list_query import ListQuery
from expenses.listing.list_total import total_context
from expenses.listing.list_types import TotalContext
from expenses.listing.mongodb_filter import Match
from expenses.listing.reading_sums import Span
from expenses.listing.rows import ListRow
from expenses.listing.totals import TotalsAsked, totals_in_time
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger
from expenses.models.unsure import is_unsure


class ContinuedContext(TotalContext):
    """The context of `_added.html`.

    rows: the new row, none if the list doesn't show it. place: where it belongs, as htmx names it. day, day_sum: the
    expense's day and its sum if the list already shows the day, else "". count: of all the list's entries. has_more:
    whether it shows only some.
    """

    rows: Sequence[ListRow]
    place: str
    day: str
    day_sum: str
    count: int
    has_more: bool
    inbox_count: int


def order_of_list(match: Match, query: ListQuery, size: int) -> list[ExpenseDocument]:
    """Return what `continued_context` takes as the order of a list that showed `size` rows before an expense was added.

    Read it before the tokens. What is written meanwhile then changes the tokens, and is never in the order alone.
    """
    return find_order(match, query.sort, size + 2)


def continued_context(
    ledger: Ledger,
    query: ListQuery,
    match: Match,
    new: ExpenseDocument,
    order: Sequence[ExpenseDocument],
    tokens: Mapping[date, str],
    before: Mapping[date, str],
    size: int,
) -> ContinuedContext | None:
    """Return the context for a list that shows `size` rows, and lacks nothing but the new expense.

    match: the filter of `query`. tokens, before: of all months, after the new expense and before it. None if more of
    the list changes than that.
    """
    display = query.display or ledger.home_currency
    day = new["spent_on"].date()
    at = next((at for at, row in enumerate(order) if row["_id"] == new["_id"]), size + 1)
    others = [*order[:at], *order[at + 1 :]][:size]
    shows_it = at < size or (at == size and len(order) == size + 1)  # with nothing behind it
    known = {row["currency"] for row in others} | {ledger.home_currency, display}
    if query.after or query.asks_elsewhere or (shows_it and new["currency"] not in known):
        return None
    rows = rows_of(ledger, query, [new], new["_id"]) if shows_it else []
    span = Span(day, day) if query.is_by_day else None
    added = JustAdded(day, before, is_unsure(new, ledger.threshold))
    asked = TotalsAsked(ledger, query, match, display, tokens, span, after_write=True, added=added)
    sums, waiting = totals_in_time(asked)
    has_day = bool(span) and any(row["spent_on"].date() == day for row in others)
    if span and not has_day:
        add_day_heads(rows, query, sums.days, display)
    return {
        **total_context(query, sums, reverse("expenses:list"), display),
        "rows": rows,
        "place": _place_of(order, at, by_day=query.is_by_day) if rows else "",
        "day": day.isoformat() if has_day else "",
        "day_sum": sum_text(sums.days, day.isoformat(), display) if has_day else "",
        "count": sums.count,
        "has_more": sums.count > size + len(rows),
        "inbox_count": waiting,
    }


def _place_of(rows: Sequence[ExpenseDocument], at: int, *, by_day: bool) -> str:
    """Return where a row belongs among the others: behind the one before it, but never above the head of its day."""
    is_first = by_day and (at == 0 or rows[at - 1]["spent_on"] != rows[at]["spent_on"])
    if is_first and at + 1 < len(rows) and rows[at + 1]["spent_on"] == rows[at]["spent_on"]:
        return f"beforebegin:[data-expense='{rows[at + 1]['_id']}']"
    return f"afterend:[data-expense='{rows[at - 1]['_id']}']" if at else "afterbegin:#rows"
