"""The query of the expenses page: from the URL's parameters to a checked `ListQuery`, from it to a MongoDB filter."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from bson import Decimal128, ObjectId
from django.http import QueryDict
from django.utils.translation import gettext as _

from classifier.categories import CATEGORIES
from expenses import currency as money
from expenses.listing.cursor import DEFAULT_SORT, SORTS
from expenses.models.expense import TITLE_LENGTH, title_key

ALL_TIME = "all"
MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.ASCII)
Match = dict[str, Any]
OrderValue = Callable[[Decimal, str, date], Decimal]


@dataclass(frozen=True)
class ListQuery:
    """What the page shows.

    month: its first day, None for all time. minimum and maximum: in `currency` if that filter is set, otherwise about
    that much in the display currency. needs_review: only what waits for review. after: an opaque cursor. problems:
    parameter -> why it was left out; `typed` keeps what stood there.
    """

    month: date | None
    q: str = ""
    categories: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    currency: str = ""
    display: str = ""
    needs_review: bool = False
    sort: str = DEFAULT_SORT
    after: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def filtered(self) -> bool:
        """Whether anything but the month narrows the list."""
        return bool(self.q or self.categories or self.currency or self.needs_review or self.has_range)

    @property
    def has_range(self) -> bool:
        return self.minimum is not None or self.maximum is not None

    def without(self, name: str, value: str = "") -> "ListQuery":
        """The same query less one filter (`month`, `q`, `category` with the slug as value, …), from its first page."""
        blank = {
            "month": {"month": None},
            "q": {"q": ""},
            "category": {"categories": tuple(slug for slug in self.categories if slug != value)},
            "min": {"minimum": None},
            "max": {"maximum": None},
            "currency": {"currency": ""},
            "display": {"display": ""},
            "needs_review": {"needs_review": False},
        }
        return replace(self, after="", **blank[name])

    def parameters(self) -> list[tuple[str, str]]:
        """The URL's parameters, without those that say what is so anyway; `parse` gives the same query back."""
        pairs = [
            ("month", f"{self.month:%Y-%m}" if self.month else ALL_TIME),
            ("q", self.q),
            *(("category", slug) for slug in self.categories),
            ("min", "" if self.minimum is None else format(self.minimum, "f")),
            ("max", "" if self.maximum is None else format(self.maximum, "f")),
            ("currency", self.currency),
            ("display", self.display),
            ("needs_review", "1" if self.needs_review else ""),
            ("sort", "" if self.sort == DEFAULT_SORT else self.sort),
            ("after", self.after),
        ]
        return [(name, value) for name, value in pairs if value]

    def url(self, path: str = "", **changes: Any) -> str:
        """`path?…` of this query with some fields changed, from the first page unless `after` is among them."""
        changed = replace(self, **{"after": "", **changes})
        return f"{path}?{urlencode(changed.parameters())}"


def parse(params: QueryDict, today: date) -> ListQuery:
    """Read the parameters; what makes no sense is left out, with a message where a person typed it."""
    problems: dict[str, str] = {}
    minimum = parse_bound(params, "min", problems)
    maximum = parse_bound(params, "max", problems)
    sort = params.get("sort", "")
    return ListQuery(
        month=parse_month(params.get("month", ""), today),
        q=" ".join(params.get("q", "").replace("\x00", "").split())[:TITLE_LENGTH],
        categories=tuple(slug for slug in CATEGORIES if slug in params.getlist("category")),
        minimum=minimum,
        maximum=maximum,
        currency=parse_currency(params.get("currency", "")),
        display=parse_currency(params.get("display", "")),
        needs_review=params.get("needs_review") == "1",
        sort=sort if sort in SORTS else DEFAULT_SORT,
        after=params.get("after", "")[:600],
        problems=problems,
        typed={name: params.get(name, "")[:60] for name in problems},
    )


def parse_month(text: str, today: date) -> date | None:
    """`YYYY-MM` -> its first day; `all` -> None; anything else -> the month of today."""
    if text == ALL_TIME:
        return None
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def parse_bound(params: QueryDict, name: str, problems: dict[str, str]) -> Decimal | None:
    """An amount in any usual notation, zero included; what is none becomes a message in `problems`."""
    text = params.get(name, "").strip()
    if not text:
        return None
    if re.fullmatch(r"-?0+(\.0*)?", text, re.ASCII):
        return Decimal(0)
    try:
        return money.parse_amount(text).amount.normalize() + Decimal(0)
    except money.AmountError:
        problems[name] = _("This is not an amount, so it was left out.")
        return None


def parse_currency(text: str) -> str:
    code = text.strip().upper()
    return code if code in money.KNOWN else ""


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def midnight(day: date) -> datetime:
    """A date as MongoDB stores it."""
    return datetime(day.year, day.month, day.day)


def needs_review(threshold: float) -> Match:
    """What FinBrain was less sure of than the owner asks for, and nobody has looked at yet."""
    return {"reviewed": False, "confidence": {"$lt": threshold}}


def to_match(
    query: ListQuery, owner_id: ObjectId, threshold: float, home: str, today: date, value: OrderValue
) -> Match:
    """The MongoDB filter of a query, always bound to the owner and without the trash.

    threshold: the owner's auto-file threshold. home: the display currency if the query names none. value: what an
    amount in a currency is worth for ordering (`rates.order_value`); called only for a range without a currency filter.
    """
    match: Match = {"owner_id": owner_id, "deleted_at": None}
    if query.month:
        match["spent_on"] = {"$gte": midnight(query.month), "$lt": midnight(next_month(query.month))}
    if query.categories:
        match["category"] = {"$in": list(query.categories)}
    if query.currency:
        match["currency"] = query.currency
    if query.needs_review:
        match |= needs_review(threshold)
    if query.has_range:
        match |= match_range(query, home, today, value)
    if query.q:
        match["$or"] = match_text(query.q)
    return match


def match_range(query: ListQuery, home: str, today: date, value: OrderValue) -> Match:
    bounds = {"$gte": query.minimum, "$lte": query.maximum}
    bounds = {operator: bound for operator, bound in bounds.items() if bound is not None}
    if query.currency:
        return {"amount": {operator: Decimal128(bound) for operator, bound in bounds.items()}}
    shown = query.display or home
    return {"order_value": {operator: Decimal128(value(bound, shown, today)) for operator, bound in bounds.items()}}


def match_text(text: str) -> list[Match]:
    """Every script, upper and lower case alike: the title through its folded key, the note by MongoDB's own folding."""
    return [
        {"title_key": {"$regex": re.escape(title_key(text))}},
        {"note": {"$regex": re.escape(text), "$options": "i"}},
    ]
