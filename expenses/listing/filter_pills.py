"""The active filters of the list, each with the URL that removes it."""

from decimal import Decimal
from typing import TypedDict

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.category_set import category_of
from classifier.merchant_name import readable
from expenses import money
from expenses.listing.by_rate import rate_filters
from expenses.listing.list_query import ListQuery


class FilterPill(TypedDict):
    """An active filter, with the URL that removes it."""

    label: str
    remove_url: str


def _bound_text(amount: Decimal, query: ListQuery, home: str) -> str:
    """Return a limit of the amount: exact if the list is filtered by currency, otherwise approximate."""
    if query.currency:
        return money.format_money(amount, query.currency, get_language())
    return "≈ " + money.format_money(amount, query.display or home, get_language())


def filter_pills(query: ListQuery, path: str, home: str) -> list[FilterPill]:
    """Return the active filters, each with the URL that removes it."""
    made = [(date_format(query.day, "DATE_FORMAT"), query.without("day"))] if query.day else []
    made += [(_months_text(query), query.without("months"))] if query.has_months else []
    made += [(_days_text(query), query.without("days"))] if query.since or query.until else []
    made += [(f"“{query.q}”", query.without("q"))] if query.q else []
    made += [(str(kind.label), query.without("kind", kind)) for kind in query.kinds]
    made += [(str(category_of(slug).name), query.without("category", slug)) for slug in query.categories]
    made += [(query.account, query.without("account"))] if query.account else []
    made += [(readable(query.merchant), query.without("merchant"))] if query.merchant else []
    if query.one_off:
        name = _("One-off only") if query.one_off == "only" else _("Without one-off")
        made.append((name, query.without("one_off")))
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


def _months_text(query: ListQuery) -> str:
    """Return the name of some months: `May 2025 – June 2026`, `March 2026, May 2026` for single ones, or `All time`."""
    if query.months:
        return ", ".join(date_format(month, "YEAR_MONTH_FORMAT") for month in query.months)
    first, last = (date_format(month, "YEAR_MONTH_FORMAT") if month else "" for month in (query.first, query.last))
    if first and last:
        return _("%(first)s – %(last)s") % {"first": first, "last": last} if first != last else first
    if first:
        return _("Since %(month)s") % {"month": first}
    return _("Until %(month)s") % {"month": last} if last else _("All time")


def listed_period_text(query: ListQuery) -> str:
    """Return the name of what a list of no single month shows: a range of days, or of months."""
    is_days = (query.since or query.until) and not query.has_months
    return _days_text(query) if is_days else _months_text(query)


def _days_text(query: ListQuery) -> str:
    """Return the name of a range of days: `25 March 2026 – 24 April 2026`."""
    first, last = (date_format(day, "DATE_FORMAT") if day else "…" for day in (query.since, query.until))
    return _("%(first)s – %(last)s") % {"first": first, "last": last}
