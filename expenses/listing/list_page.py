"""The context of the expenses page: rows, months to choose, columns, active filters, count and total."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bson import ObjectId
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.category_set import category_of, shown_categories
from expenses import money, rates
from expenses.listing.by_rate import match_rate, rate_filters
from expenses.listing.find import find_page
from expenses.listing.kind_reason import short_reasons
from expenses.listing.match import Match, match_list_query
from expenses.listing.query import ListQuery, parse_list_query
from expenses.listing.rows import RowStyle, build_rows
from expenses.listing.totals import ListSums, totals_of
from expenses.models.ledger import Ledger
from expenses.months import EARLIEST_MONTH, add_months, first_day, latest_month, month_text
from expenses.sums.besides import besides_line, left_out_line
from expenses.sums.month_tokens import all_tokens
from expenses.sums.rate_notes import rate_notes, short_notes

# Parameters that are dropped when the month changes.
_NOT_CARRIED = ("month", "day", "from", "to", "after")


def query_of_url(url: str) -> ListQuery:
    """Parse the query of the page that sent a fragment's request, from the URL that htmx sends. Default: this month."""
    params = QueryDict(urlencode(parse_qsl(urlsplit(url or "").query)))
    return parse_list_query(params, timezone.localdate())


def match_of(ledger: Ledger, query: ListQuery) -> Match:
    """Return the MongoDB filter of `query` for a ledger."""
    today = timezone.localdate()
    of_ledger = ledger.id, ledger.threshold, ledger.home_currency
    counting: dict[str, Any] = {"cash_withdrawn": ledger.cash_withdrawn, "categories": ledger.categories}
    match = match_list_query(query, *of_ledger, today, rates.order_value, **counting)
    return match_rate(match, query.rate, query.display or ledger.home_currency, ledger) if query.rate else match


def rows_context(
    ledger: Ledger, query: ListQuery, new_id: ObjectId | None = None, match: Match | None = None
) -> dict[str, Any]:
    """Return `rows` of a page and `next_url` of the next one, "" on the last page. match: of the query, if known."""
    page = find_page(match or match_of(ledger, query), query.sort, query.after)
    shown = RowStyle.to(ledger, query.display, with_year=query.month is None, new_id=new_id)
    next_url = query.url(reverse("expenses:list"), after=page.after) if page.after else ""
    rows = build_rows(page.rows, shown)
    for row, why in zip(rows, short_reasons(page.rows), strict=True):
        row["why"] = why
    return {"rows": rows, "next_url": next_url}


def list_context(
    ledger: Ledger, query: ListQuery, new_id: ObjectId | None = None, tokens: Mapping[date, str] | None = None
) -> dict[str, Any]:
    """Return the context of `_list.html` and `list.html`, without the quick-add form.

    tokens: of all the ledger's months, if they have already been read.
    """
    path = reverse("expenses:list")
    display = query.display or ledger.home_currency
    tokens = all_tokens(ledger.id) if tokens is None else tokens
    match = match_of(ledger, query)
    sums, waiting = totals_of(ledger, query, match, display, tokens)
    shown = rows_context(ledger, query, new_id, match)
    used = {row["currency"] for row in shown["rows"]}
    return shown | {
        "query": query,
        "used_currencies": [ledger.home_currency, *sorted(used)],
        "displays": _display_links(query, path, ledger.home_currency, used),
        "query_string": query.url(),
        "values": {**dict(query.parameters()), **query.typed},
        "carried": [(name, value) for name, value in query.parameters() if name not in _NOT_CARRIED],
        "sorts": _sort_links(),
        "month": _month_context(query, path),
        "columns": _column_heads(query, path),
        "filters": _filter_pills(query, path, ledger.home_currency),
        "all_time_url": query.url(path, month=None),
        "unfiltered_url": ListQuery(query.month, display=query.display, sort=query.sort).url(path),
        "display": display,
        "categories": shown_categories().choices(),
        "kinds": Kind.choices,
        "count": sums.count,
        **_total_context(query, sums, path, display),
        "inbox_count": waiting,
        "has_any": bool(tokens),
    }


def _total_context(query: ListQuery, sums: ListSums, path: str, display: str) -> dict[str, Any]:
    """Return the total, and the line under it with what else was moved and received.

    The total is what was spent. A list of only what was moved, or only what was received, has a total of that.
    """

    def shown(amount: Decimal) -> str:
        return money.format_money(amount, display, get_language())

    def url_of(kind: Kind) -> str:
        return query.url(path, kinds=(kind,))

    besides = sums.besides
    context = {
        "total_text": shown(sums.total),
        "spent": sums.spent,
        "besides": besides_line(besides, shown, url_of),
        "rate_notes": rate_notes(sums.rates, shown, partial(query.url, path)),
        "notices": short_notes(sums.rates),
    }
    if len(query.kinds) != 1 or query.kinds == (Kind.SPENT,):
        return context
    only = besides.moved if query.kinds == (Kind.MOVED,) else besides.received
    cash = _("of which %(cash)s cash") % {"cash": shown(besides.cash)} if besides.cash else ""
    left_out = left_out_line(besides, url_of)
    return context | {"total_text": shown(only), "only_kind": query.kinds[0], "besides": left_out, "cash_text": cash}


def _display_links(query: ListQuery, path: str, home: str, used: set[str]) -> list[dict[str, Any]]:
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


def _month_context(query: ListQuery, path: str) -> dict[str, Any]:
    """Return the month shown and links to others, with the same filters."""
    month = query.month
    today = timezone.localdate()
    context = {
        "value": month_text(month) if month else "",
        "label": date_format(month, "YEAR_MONTH_FORMAT") if month else _months_text(query),
        "all_url": query.url(path, month=None),
        "this_url": query.url(path, month=first_day(today)),
    }
    if month and month > EARLIEST_MONTH:
        context["prev_url"] = query.url(path, month=add_months(month, -1))
    if month and month < latest_month(today):
        context["next_url"] = query.url(path, month=add_months(month, 1))
    return context


def _months_text(query: ListQuery) -> str:
    """Return the name of a range of months: `September 2025 – August 2026`, or `All time` without limits."""
    first, last = (date_format(month, "YEAR_MONTH_FORMAT") if month else "" for month in (query.first, query.last))
    if first and last:
        return _("%(first)s – %(last)s") % {"first": first, "last": last} if first != last else first
    if first:
        return _("Since %(month)s") % {"month": first}
    return _("Until %(month)s") % {"month": last} if last else _("All time")


def _days_text(query: ListQuery) -> str:
    """Return the name of a range of days: `25 March 2026 – 24 April 2026`."""
    first, last = (date_format(day, "DATE_FORMAT") if day else "…" for day in (query.since, query.until))
    return _("%(first)s – %(last)s") % {"first": first, "last": last}


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


def _column_heads(query: ListQuery, path: str) -> list[dict[str, str]]:
    """Return the sortable columns. The first click sorts in the usual direction, the second reverses it."""
    made = []
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


def _bound_text(amount: Decimal, query: ListQuery, home: str) -> str:
    """Return a limit of the amount: exact if the list is filtered by currency, otherwise approximate."""
    if query.currency:
        return money.format_money(amount, query.currency, get_language())
    return "≈ " + money.format_money(amount, query.display or home, get_language())


def _filter_pills(query: ListQuery, path: str, home: str) -> list[dict[str, str]]:
    """Return the active filters, each with the URL that removes it."""
    made = [(date_format(query.day, "DATE_FORMAT"), query.without("day"))] if query.day else []
    made += [(_months_text(query), query.without("months"))] if query.has_months else []
    made += [(_days_text(query), query.without("days"))] if query.since or query.until else []
    made += [(f"“{query.q}”", query.without("q"))] if query.q else []
    made += [(str(kind.label), query.without("kind", kind)) for kind in query.kinds]
    made += [(str(category_of(slug).name), query.without("category", slug)) for slug in query.categories]
    made += [(query.account, query.without("account"))] if query.account else []
    if query.minimum is not None:
        made.append((_("From %(amount)s") % {"amount": _bound_text(query.minimum, query, home)}, query.without("min")))
    if query.maximum is not None:
        made.append((_("Up to %(amount)s") % {"amount": _bound_text(query.maximum, query, home)}, query.without("max")))
    if query.currency:
        made.append((query.currency, query.without("currency")))
    if query.needs_review:
        made.append((_("Needs review"), query.without("needs_review")))
    if query.rate:
        made.append((rate_filters()[query.rate], query.without("rate")))
    return [{"label": label, "remove_url": rest.url(path)} for label, rest in made]
