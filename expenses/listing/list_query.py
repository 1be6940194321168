"""Parse the URL parameters of the expenses page into a validated `ListQuery`, and build URLs from it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.category_set import shown_categories
from expenses import money
from expenses.listing.cursor import BY_DAY, DEFAULT_SORT, SORTS
from expenses.models.limits import ACCOUNT_LENGTH, TITLE_LENGTH, TYPED_AMOUNT_LENGTH
from expenses.months import MAX_MONTHS, month_of, month_text, parse_day, parse_month
from expenses.rates import BASES, NO_RATE

# How an expense was converted: at rates of one of these sorts, or not at all.
_RATES = (*BASES, NO_RATE)
# Which one-off expenses to show: nothing else, or none.
_ONE_OFF = ("only", "without")
_ALL_TIME = "all"
_ANY_MONTH = {"day": None, "months": (), "first": None, "last": None, "since": None, "until": None}


@dataclass(frozen=True)
class ListQuery:
    """The filters, sort and page of the list.

    month: None for all time. day: only this day of the month. months: for all time, only these months, empty for all.
    first, last: for all time, only the months from first to last (both included); either may be None. since, until: the
    same with days. kinds: empty for all. account: "" for all. merchant: a title; every title of its merchant is shown.
    one_off: one of `_ONE_OFF`, "" for both.
    minimum, maximum: in `currency` if that is set, otherwise approximate amounts in the display currency. needs_review:
    only unsure expenses. rate: only those converted at such a rate, of `_RATES`. after: an opaque cursor.
    problems: parameter -> why it is ignored. typed: parameter -> the text of each ignored one.
    """

    month: date | None
    day: date | None = None
    months: tuple[date, ...] = ()
    first: date | None = None
    last: date | None = None
    since: date | None = None
    until: date | None = None
    q: str = ""
    kinds: tuple[Kind, ...] = ()
    categories: tuple[str, ...] = ()
    account: str = ""
    merchant: str = ""
    one_off: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    currency: str = ""
    display: str = ""
    needs_review: bool = False
    rate: str = ""
    sort: str = DEFAULT_SORT
    after: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_range(self) -> bool:
        """Whether there is a minimum or a maximum."""
        return self.minimum is not None or self.maximum is not None

    @property
    def has_months(self) -> bool:
        """Whether all time is limited to some months."""
        return bool(self.months or self.first or self.last)

    @property
    def kind(self) -> Kind:
        """The kind that the total adds up: what was spent, unless the list has only one other kind."""
        return self.kinds[0] if len(self.kinds) == 1 else Kind.SPENT

    @property
    def is_by_day(self) -> bool:
        """Whether the rows are grouped by day, because they are sorted by it."""
        return self.sort in BY_DAY

    @property
    def whole_month(self) -> date | None:
        """The month of which the list has every entry, None if a filter limits it."""
        plain = replace(self, display="", sort=DEFAULT_SORT, after="", problems={}, typed={})
        return self.month if plain == ListQuery(self.month) else None

    @property
    def asks_elsewhere(self) -> bool:
        """Whether to count what a search finds in other months. A filter by rate is limited to the month's rates."""
        return bool(self.q and self.month and not self.rate)

    def covers(self, month: date) -> bool:
        """Whether the list can have expenses of this month."""
        if self.month:
            return month == self.month
        if self.months:
            return month in self.months
        earliest = max(self.first or month, month_of(self.since or month))
        return earliest <= month <= min(self.last or month, self.until or month)

    def without(self, name: str, value: str = "") -> "ListQuery":
        """Return the query without one filter, on its first page.

        name: month, day, months, days, q, kind and category (with their value), account, merchant, one_off, min, max,
        currency, display, needs_review or rate.
        """
        blank = {
            "month": {"month": None, **_ANY_MONTH},
            "day": {"day": None},
            "months": {"months": (), "first": None, "last": None},
            "days": {"since": None, "until": None},
            "q": {"q": ""},
            "kind": {"kinds": tuple(kind for kind in self.kinds if kind != value)},
            "account": {"account": ""},
            "merchant": {"merchant": ""},
            "one_off": {"one_off": ""},
            "category": {"categories": tuple(slug for slug in self.categories if slug != value)},
            "min": {"minimum": None},
            "max": {"maximum": None},
            "currency": {"currency": ""},
            "display": {"display": ""},
            "needs_review": {"needs_review": False},
            "rate": {"rate": ""},
        }
        return replace(self, after="", **blank[name])

    def parameters(self) -> list[tuple[str, str]]:
        """Return URL parameters from which `parse_list_query` reads the same query. Defaults are left out."""
        pairs = [
            *(("month", month_text(month)) for month in self.months),
            ("month", "" if self.months else month_text(self.month) if self.month else _ALL_TIME),
            ("day", self.day.isoformat() if self.day else ""),
            ("from", month_text(self.first) if self.first else ""),
            ("to", month_text(self.last) if self.last else ""),
            ("since", self.since.isoformat() if self.since else ""),
            ("until", self.until.isoformat() if self.until else ""),
            ("q", self.q),
            *(("kind", kind.value) for kind in self.kinds),
            *(("category", slug) for slug in self.categories),
            ("account", self.account),
            ("merchant", self.merchant),
            ("one_off", self.one_off),
            ("min", "" if self.minimum is None else format(self.minimum, "f")),
            ("max", "" if self.maximum is None else format(self.maximum, "f")),
            ("currency", self.currency),
            ("display", self.display),
            ("needs_review", "1" if self.needs_review else ""),
            ("rate", self.rate),
            ("sort", "" if self.sort == DEFAULT_SORT else self.sort),
            ("after", self.after),
        ]
        return [(name, value) for name, value in pairs if value]

    def url(self, path: str = "", **changes: Any) -> str:
        """Return the URL of this query with some fields changed, on the first page unless `after` is given.

        Changing the month removes the limit to a day or to some months.
        """
        changed = replace(self, **{"after": "", **(_ANY_MONTH if "month" in changes else {}), **changes})
        return f"{path}?{urlencode(changed.parameters())}"


def parse_list_query(params: QueryDict, today: date) -> ListQuery:
    """Parse the parameters. Invalid ones are ignored, with a message if a person may have typed them."""
    problems: dict[str, str] = {}
    minimum = _parse_bound(params, "min", problems)
    maximum = _parse_bound(params, "max", problems)
    if minimum is not None and maximum is not None and minimum > maximum:
        problems["max"] = _("This is less than the minimum, so it was ignored.")
        maximum = None
    sort = params.get("sort", "")
    return ListQuery(
        **_parse_when(params, today),
        q=_one_line(params.get("q", ""))[:TITLE_LENGTH],
        kinds=tuple(kind for kind in Kind if kind in params.getlist("kind")),
        categories=shown_categories().chosen(params.getlist("category")),
        account=_one_line(params.get("account", ""))[:ACCOUNT_LENGTH],
        merchant=_one_line(params.get("merchant", ""))[:TITLE_LENGTH],
        one_off=params.get("one_off", "") if params.get("one_off") in _ONE_OFF else "",
        minimum=minimum,
        maximum=maximum,
        currency=_parse_currency(params.get("currency", "")),
        display=_parse_currency(params.get("display", "")),
        needs_review=params.get("needs_review") == "1",
        rate=params.get("rate", "") if params.get("rate") in _RATES else "",
        sort=sort if sort in SORTS else DEFAULT_SORT,
        after=params.get("after", "")[:600],
        problems=problems,
        typed={name: params.get(name, "")[:TYPED_AMOUNT_LENGTH] for name in problems},
    )


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _parse_when(params: QueryDict, today: date) -> dict[str, Any]:
    """Read `day` and its month, or else `month`, or else for all time `from` and `to`, `since` and `until`.

    Several different months mean all time, limited to these months. Both pairs may be in any order. An invalid
    month is replaced by the current one.
    """
    if day := parse_day(params.get("day", "")):
        return {"month": month_of(day), "day": day}
    several = sorted({month for text in params.getlist("month") if (month := parse_month(text))})
    if len(several) > 1:
        return {"month": None, "months": tuple(several[-MAX_MONTHS:])}
    month = params.get("month", "")
    if month != _ALL_TIME:
        return {"month": parse_month(month) or month_of(today)}
    first, last = _in_order(parse_month(params.get(name, "")) for name in ("from", "to"))
    since, until = _in_order(parse_day(params.get(name, "")) for name in ("since", "until"))
    return {"month": None, "first": first, "last": last, "since": since, "until": until}


def _in_order(pair: Iterable[date | None]) -> tuple[date | None, date | None]:
    first, last = pair
    return (min(first, last), max(first, last)) if first and last else (first, last)


def _parse_bound(params: QueryDict, name: str, problems: dict[str, str]) -> Decimal | None:
    """Read an amount in any usual notation, including zero. Adds a message to `problems` if it is invalid."""
    text = params.get(name, "").strip()
    if not text:
        return None
    if re.fullmatch(r"-?0+(\.0*)?", text, re.ASCII):
        return Decimal(0)
    try:
        return money.parse_amount(text).amount.normalize() + Decimal(0)
    except money.AmountError as error:
        problems[name] = _("%(problem)s This filter was ignored.") % {"problem": error}
        return None


def _parse_currency(text: str) -> str:
    code = text.strip().upper()
    return code if code in money.KNOWN else ""
