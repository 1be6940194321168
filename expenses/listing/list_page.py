"""The context of the expenses page: rows, months to choose, columns, active filters, count and total."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from bson import ObjectId
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from classifier.categories import Kind
from expenses import rates
from expenses.listing.by_merchant import match_merchant
from expenses.listing.by_rate import match_rate
from expenses.listing.day_groups import add_day_heads, span_of
from expenses.listing.filter_pills import filter_pills, listed_period_text
from expenses.listing.find_rows import PAGE_SIZE, find_page
from expenses.listing.kind_reason import short_reasons
from expenses.listing.list_query import ListQuery, parse_list_query
from expenses.listing.list_total import total_context
from expenses.listing.list_types import (
    ColumnHead,
    DisplayLink,
    ListContext,
    MonthContext,
    RowsContext,
    TotalOfList,
)
from expenses.listing.mongodb_filter import Match, match_list_query
from expenses.listing.rows import ListRow, RowStyle, build_rows
from expenses.listing.totals import TotalsAsked, day_sums, totals_in_time
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger
from expenses.models.limits import ACCOUNT_LENGTH, TITLE_LENGTH, TYPED_AMOUNT_LENGTH
from expenses.months import add_months, earliest_month, latest_month, month_of, month_text
from expenses.sums.month_days import days_text
from expenses.sums.month_tokens import all_tokens

# Parameters that are dropped when the month changes.
_NOT_CARRIED = ("month", "day", "from", "to", "since", "until", "after")
# Parameters that the form with the filters has no field for.
_UNSEEN = ("month", "day", "from", "to", "since", "until", "rate", "merchant", "one_off")
# The longest texts that the filters accept.
_LENGTHS = {"q": TITLE_LENGTH, "amount": TYPED_AMOUNT_LENGTH, "account": ACCOUNT_LENGTH}


def query_of_url(url: str) -> ListQuery:
    """Parse the query of the page that sent a fragment's request, from the URL that htmx sends. Default: this month."""
    params = QueryDict(urlencode(parse_qsl(urlsplit(url or "").query)))
    return parse_list_query(params, timezone.localdate())


def match_of(ledger: Ledger, query: ListQuery) -> Match:
    """Return the MongoDB filter of `query` for a ledger."""
    today = timezone.localdate()
    of_ledger = ledger.id, ledger.threshold, ledger.home_currency, today, rates.order_value
    match = match_list_query(query, *of_ledger, cash_withdrawn=ledger.cash_withdrawn, categories=ledger.categories)
    if query.merchant:
        match = match_merchant(match, query.merchant)
    return match_rate(match, query.rate, query.display or ledger.home_currency, ledger) if query.rate else match


def _page_of(
    ledger: Ledger, query: ListQuery, match: Match, new_id: ObjectId | None = None, size: int = PAGE_SIZE
) -> RowsContext:
    """Return the rows of a page."""
    page = find_page(match, query.sort, query.after, size)
    next_url = query.url(reverse("expenses:list"), after=page.after) if page.after else ""
    return {"rows": rows_of(ledger, query, page.rows, new_id), "next_url": next_url}


def rows_of(
    ledger: Ledger, query: ListQuery, documents: Sequence[ExpenseDocument], new_id: ObjectId | None = None
) -> list[ListRow]:
    """Return the rows of these documents, without the heads of days. new_id: the expense to mark as new."""
    rows = build_rows(documents, RowStyle.to(ledger, query.display, with_year=query.month is None, new_id=new_id))
    for row, why in zip(rows, short_reasons(documents), strict=True):
        row["why"] = why
    return rows


def rows_context(ledger: Ledger, query: ListQuery) -> RowsContext:
    """Return the context of the next rows below a list."""
    match, display = match_of(ledger, query), query.display or ledger.home_currency
    shown = _page_of(ledger, query, match)
    if span := span_of(query, shown["rows"]):
        add_day_heads(shown["rows"], query, day_sums(ledger, match, display, span, query.kind), display)
    return shown


def list_context(
    ledger: Ledger,
    query: ListQuery,
    new_id: ObjectId | None = None,
    tokens: Mapping[date, str] | None = None,
    size: int = PAGE_SIZE,
    *,
    after_write: bool = False,
) -> ListContext:
    """Return the context of `_list.html` and `list.html`, without the quick-add form.

    tokens: of all the ledger's months, if they have already been read. size: how many rows to show. after_write: see
    `TotalsAsked`.
    """
    path = reverse("expenses:list")
    display = query.display or ledger.home_currency
    tokens = all_tokens(ledger.id) if tokens is None else tokens
    match = match_of(ledger, query)
    shown = _page_of(ledger, query, match, new_id, size)
    span = span_of(query, shown["rows"])
    sums, waiting = totals_in_time(TotalsAsked(ledger, query, match, display, tokens, span, after_write))
    if span:
        add_day_heads(shown["rows"], query, sums.days, display)
    used = {row["currency"] for row in shown["rows"]}
    return {
        **shown,
        "query": query,
        "used_currencies": [ledger.home_currency, *sorted(used)],
        "displays": _display_links(query, path, ledger.home_currency, used),
        "query_string": query.url(),
        "values": {**dict(query.parameters()), **query.typed},
        "lengths": _LENGTHS,
        "carried": [(name, value) for name, value in query.parameters() if name not in _NOT_CARRIED],
        "unseen": [(name, value) for name, value in query.parameters() if name in _UNSEEN],
        "sorts": _sort_links(),
        "month": _month_context(query, path),
        "columns": _column_heads(query, path),
        "filters": filter_pills(query, path, ledger.home_currency),
        "elsewhere": sums.elsewhere,
        "all_count": sums.count + (sums.elsewhere or 0),
        "all_time_url": query.url(path, month=None),
        "unfiltered_url": ListQuery(query.month, display=query.display, sort=query.sort).url(path),
        "display": display,
        "kinds": Kind.choices,
        "count": sums.count,
        "has_more": sums.count > len(shown["rows"]),
        **total_context(query, sums, path, display),
        "inbox_count": waiting,
        "has_any": bool(tokens),
        "incomplete": not sums.known,
    }


def total_of_list(ledger: Ledger, query: ListQuery) -> TotalOfList:
    """Return the total of a list that was shown without it. What is added up in time is kept."""
    match, display = match_of(ledger, query), query.display or ledger.home_currency
    asked = TotalsAsked(ledger, query, match, display, all_tokens(ledger.id), in_steps=True)
    sums, _waiting = totals_in_time(asked)
    total = total_context(query, sums, reverse("expenses:list"), display)
    return {**total, "count": sums.count, "has_more": sums.count > PAGE_SIZE}


def _display_links(query: ListQuery, path: str, home: str, used: set[str]) -> list[DisplayLink]:
    """Return links to the home currency, the one shown, and those of the rows. Empty if there is only one."""
    others = sorted({*used, query.display} - {home, ""})
    codes = [home, *others] if others else []
    return [
        {
            "label": code,
            "url": query.url(path, display="" if code == home else code),
            "current": code == (query.display or home),
        }
        for code in codes
    ]


def _month_context(query: ListQuery, path: str) -> MonthContext:
    """Return the month shown and links to others, with the same filters."""
    month = query.month
    today = timezone.localdate()
    context: MonthContext = {
        "value": month_text(month) if month else "",
        "label": date_format(month, "YEAR_MONTH_FORMAT") if month else listed_period_text(query),
        "days": days_text(month, month) if month else "",
        "all_url": query.url(path, month=None),
        "this_url": query.url(path, month=month_of(today)),
    }
    if month and month > earliest_month():
        context["prev_url"] = query.url(path, month=add_months(month, -1))
    if month and month < latest_month(today):
        context["next_url"] = query.url(path, month=add_months(month, 1))
    return context


def _sort_links() -> list[tuple[str, str]]:
    """Return the sort options for narrow screens, which have no column heads."""
    return [
        ("", _("Newest first")),
        ("date", _("Oldest first")),
        ("-amount", _("Highest amount")),
        ("amount", _("Lowest amount")),
        ("title", _("Title, A to Z")),
        ("-title", _("Title, Z to A")),
        ("category", _("Category")),
        ("-category", _("Category, Z to A")),
        ("account", _("Account, A to Z")),
        ("-account", _("Account, Z to A")),
    ]


def _column_heads(query: ListQuery, path: str) -> list[ColumnHead]:
    """Return the sortable columns. The first click sorts in the usual direction, the second reverses it."""
    made: list[ColumnHead] = []
    for key, label, first in (
        ("date", _("Date"), "-date"),
        ("title", _("Title"), "title"),
        ("category", _("Category"), "category"),
        ("amount", _("Amount"), "-amount"),
    ):
        other = key if first.startswith("-") else f"-{key}"
        order = {key: "ascending", f"-{key}": "descending"}.get(query.sort, "")
        made.append(
            {
                "key": key,
                "label": label,
                "sorted": order,
                "url": query.url(path, sort=other if query.sort == first else first),
            }
        )
    return made
