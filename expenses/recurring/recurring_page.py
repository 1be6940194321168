"""The context of the page with what comes again."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypedDict

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language

from classifier.categories import Category
from classifier.category_set import category_of
from expenses import money
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.models.series import SeriesState
from expenses.money.formatting import babel_locale
from expenses.recurring.cycles import Cycle
from expenses.recurring.fitting import read_entries
from expenses.recurring.items import Item, book_for, dismissed_items, items_of
from expenses.recurring.life import varies
from expenses.recurring.series_findings import Finding, findings
from expenses.weeks import first_weekday

_WEEKS = 6
_WEEK = timedelta(days=7)
_MONTHS = 12
_EVIDENCE = 24


class ShownEntry(TypedDict):
    """The texts about an entry of a series."""

    id: str
    day: date
    amount: str


class ShownSeries(TypedDict):
    """The texts about a series. late: days since it was due. confidence: in percent. count: of its entries."""

    id: str
    name: str
    category: Category
    cycle: str | Promise
    next: date
    late: int
    range: str
    is_income: bool
    state: str
    account: str
    note: str
    confidence: int | None
    count: int
    entries: list[ShownEntry]


class DueSeries(TypedDict):
    """What is due on a day."""

    id: str
    name: str
    amount: str
    is_proposed: bool
    category: Category


class WeekDay(TypedDict):
    """A day of the next weeks."""

    day: date
    due: list[DueSeries]
    is_today: bool


class DueWeek(TypedDict):
    """One of the next weeks. count: how much is due in it."""

    title: str
    days: list[WeekDay]
    count: int


class CategoryCosts(TypedDict):
    """What the series of a category come to."""

    category: Category
    monthly: str
    yearly: str


class Costs(TypedDict):
    """What series come to. left_out: how many have no rate."""

    rows: list[CategoryCosts]
    monthly: str
    yearly: str
    left_out: int


class RecurringContext(TypedDict):
    """The context of `recurring/recurring.html`."""

    proposals: list[ShownSeries]
    due: list[ShownSeries]
    weeks: list[DueWeek]
    weekdays: list[str]
    costs: Costs
    incomes: Costs
    findings: list[Finding]
    kept: list[ShownSeries]
    resting: list[ShownSeries]
    dismissed: list[ShownSeries]
    today: date


def recurring_context(ledger: Ledger, rows: Sequence[SeriesDocument], today: date) -> RecurringContext:
    """Return the context for the ledger's stored series."""
    book = book_for(ledger, rows, today)
    items = items_of(ledger, rows, book, today)
    live = [item for item in items if item.is_live]
    proposed = [item for item in items if item.state == SeriesState.PROPOSED]
    first_day = first_weekday(ledger.week_start, get_language())

    def all_shown(these: Iterable[Item]) -> list[ShownSeries]:
        return [shown_series(item, today) for item in these]

    return {
        "proposals": all_shown(sorted(proposed, key=lambda each: -(each.row["confidence"] or 0))),
        "due": all_shown(item for item in live if item.facts.next_on <= today),
        "weeks": _weeks(live, today, first_day),
        "weekdays": _weekday_names(first_day),
        "costs": _costs([item for item in live if not item.facts.is_income], ledger.home_currency),
        "incomes": _costs([item for item in live if item.facts.is_income], ledger.home_currency),
        "findings": findings(items, book, ledger.home_currency, today),
        "kept": all_shown(item for item in items if item.state == SeriesState.KEPT),
        "resting": all_shown(item for item in items if item.state in (SeriesState.PAUSED, SeriesState.ENDED)),
        "dismissed": all_shown(dismissed_items(rows)),
        "today": today,
    }


def shown_series(item: Item, today: date) -> ShownSeries:
    """Return the texts about a series."""
    facts, category = item.facts, category_of(item.row["category"])
    confidence = item.row["confidence"]
    return {
        "id": item.key,
        "name": item.name,
        "category": category,
        "cycle": Cycle(facts.cycle).label,
        "next": facts.next_on,
        "late": max(0, (today - facts.next_on).days),
        "range": range_text(item),
        "is_income": facts.is_income,
        "state": item.state,
        "account": item.row["account"],
        "note": item.row["note"],
        "confidence": None if confidence is None else min(99, round(confidence * 100)),
        "count": len(facts.entries),
        "entries": shown_entries(item.row["entries"]),
    }


def shown_entries(stored: Any) -> list[ShownEntry]:
    """Return the texts about the latest of a series's stored entries, the latest first."""
    latest = reversed(read_entries(stored)[-_EVIDENCE:])
    return [{"id": each.id, "day": each.day, "amount": _money(each.amount, each.currency)} for each in latest]


def range_text(item: Item) -> str:
    """Return the usual range of a series in words: one amount, or two. Income has its plus sign."""
    facts, write = item.facts, _writer(item)
    low, high = (write(each, facts.currency, get_language()) for each in (facts.low, facts.high))
    return low if low == high else f"{low} – {high}"


def _expected_text(item: Item) -> str:
    """Return what is expected of a series in words: two amounts if they vary. Income has its plus sign."""
    facts = item.facts
    amounts = (facts.low, facts.high) if varies(facts) else (item.amount,)
    return " – ".join(_writer(item)(each, facts.currency, get_language()) for each in amounts)


def _writer(item: Item) -> Callable[..., str]:
    return money.format_received if item.facts.is_income else money.format_money


def _money(amount: Decimal, code: str) -> str:
    return money.format_money(amount, code, get_language())


def _weekday_names(first: int) -> list[str]:
    names = babel_locale(get_language()).days["stand-alone"]["abbreviated"]
    return [names[(first + n) % 7] for n in range(7)]


def _weeks(items: Iterable[Item], today: date, first_day: int) -> list[DueWeek]:
    """Return the next weeks, each with its days and what is due on them. What is overdue isn't among them.

    first_day: of the week, 0 for Monday.
    """
    start = today - timedelta(days=(today.weekday() - first_day) % 7)
    due: dict[date, list[DueSeries]] = defaultdict(list)
    for item in items:
        for day in item.due_days(start + _WEEKS * _WEEK - timedelta(days=1)):
            if day >= today:
                due[day].append(_due(item))
    weeks: list[DueWeek] = []
    for number in range(_WEEKS):
        first = start + number * _WEEK
        dates = [first + timedelta(days=n) for n in range(7)]
        days: list[WeekDay] = [{"day": day, "due": due[day], "is_today": day == today} for day in dates]
        title = f"{date_format(first, 'MONTH_DAY_FORMAT')} – {date_format(dates[-1], 'MONTH_DAY_FORMAT')}"
        weeks.append({"title": title, "days": days, "count": sum(len(each["due"]) for each in days)})
    return weeks


def _due(item: Item) -> DueSeries:
    return {
        "id": item.key,
        "name": item.name,
        "amount": _expected_text(item),
        "is_proposed": item.state == SeriesState.PROPOSED,
        "category": category_of(item.row["category"]),
    }


def _costs(items: Iterable[Item], home: str) -> Costs:
    """Return what the series come to by category, in a month and in a year. A total is the sum of its cells."""
    yearly: dict[str, Decimal] = defaultdict(Decimal)
    left_out = 0
    for item in items:
        if item.yearly is None:
            left_out += 1
        else:
            yearly[item.row["category"]] += item.yearly
    rows = [
        (category_of(slug), money.quantize(value / _MONTHS, home), money.quantize(value, home))
        for slug, value in sorted(yearly.items(), key=lambda pair: -pair[1])
    ]
    return {
        "rows": [{"category": each, "monthly": _money(a, home), "yearly": _money(b, home)} for each, a, b in rows],
        "monthly": _money(sum((each[1] for each in rows), Decimal(0)), home),
        "yearly": _money(sum((each[2] for each in rows), Decimal(0)), home),
        "left_out": left_out,
    }
