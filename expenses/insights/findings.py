"""Finds what is odd about the entries that are new in a week. Pure, but for the language of its sentences.

A week is told about what was entered in the week before it, so its sentences stay the same and don't come again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from statistics import median
from typing import NamedTuple

from bson import ObjectId
from bson.errors import InvalidId
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.category_set import category_of
from expenses.money import format_percent
from expenses.months import add_months, day_in, first_of, month_of, number_in
from expenses.recurring.cycles import LENGTHS
from expenses.recurring.detection import usual_range
from expenses.recurring.fitting import Attached, SeriesFacts
from expenses.sums.figures import BigFigure, MonthFigures
from expenses.sums.merchants import merchant_key
from finbrain.core.bidi import isolated

_MONTHS_COMPARED = 6
_WEEK, _RECENT = timedelta(weeks=1), timedelta(days=45)
# From which factor on an amount is odd: above the usual range, above a fixed price, above the mean of a merchant.
_OVER, _RISEN, _TIMES = Decimal("1.2"), Decimal("1.02"), 3
_SAME, _TWICE_WITHIN = Decimal("0.02"), 0.4
# How many earlier entries say what is usual in a series, and at a merchant.
_FIXED_FROM, _VARYING_FROM, _MERCHANT_FROM = 2, 3, 5
# The part of a month's spending below which nothing is odd, and by how much a category must be ahead of its months.
_LEAST_PART, _PACE_PART, _PACE = Decimal("0.02"), Decimal("0.05"), Decimal("1.25")
_PACE_MONTHS, _PACE_FROM_DAY = 3, 7
_DUPLICATE_DAYS = 1


class Insight(NamedTuple):
    """A sentence about something odd. key: of its facts, the same after another import. weight: in money."""

    key: str
    text: str
    weight: Decimal


@dataclass(frozen=True)
class Week:
    """What is known in the week that begins on `monday`.

    series: name and facts of those that a person didn't dismiss. figures: of the month before `monday` and the
    MONTHS_COMPARED before it. money: formats an amount of a currency. value: converts to the currency of the figures.
    """

    monday: date
    series: Sequence[tuple[str, SeriesFacts]]
    figures: Mapping[date, MonthFigures]
    currency: str
    money: Callable[[Decimal, str], str]
    value: Callable[[Decimal, str], Decimal]

    def is_news(self, entry_id: str, day: date) -> bool:
        """Whether an entry of the last weeks was entered in the week before."""
        if not self.monday - _RECENT <= day < self.monday:
            return False
        try:
            entered = ObjectId(entry_id).generation_time.astimezone(UTC).date()
        except InvalidId:
            return False
        return self.monday - _WEEK <= entered < self.monday

    @property
    def month(self) -> date:
        return month_of(self.monday - timedelta(days=1))

    @cached_property
    def before(self) -> list[MonthFigures]:
        """The months before that have spending."""
        months = (add_months(self.month, -n) for n in range(1, _MONTHS_COMPARED + 1))
        return [self.figures[month] for month in months if self.figures[month].categories]

    @cached_property
    def usual_month(self) -> Decimal:
        """What a month usually comes to."""
        totals = [sum((each.total() for each in month.categories.values()), Decimal(0)) for month in self.before]
        return median(totals) if totals else Decimal(0)

    @cached_property
    def big(self) -> list[tuple[BigFigure, date]]:
        """The big expenses of the last weeks that are in no series, with their days."""
        least = self.usual_month * _LEAST_PART
        of_series = {entry.id for _name, facts in self.series for entry in facts.entries}
        return [
            (row, day_in(month, row.expense.day))
            for month in (self.month, add_months(self.month, -1))
            for row in self.figures[month].biggest
            if Decimal(row.value or 0) > least and row.expense.id not in of_series
        ]

    @cached_property
    def big_news(self) -> list[tuple[BigFigure, date]]:
        """Those of the big expenses that are news."""
        return [(row, day) for row, day in self.big if self.is_news(row.expense.id, day)]


def months_compared(monday: date) -> list[date]:
    """Return the months whose figures a week needs."""
    month = month_of(monday - timedelta(days=1))
    return [add_months(month, -n) for n in range(_MONTHS_COMPARED + 1)]


def find_odd(week: Week) -> list[Insight]:
    """Return everything odd, what is about the most money first."""
    found = [
        *(insight for name, facts in week.series for insight in _about_series(week, name, facts)),
        *_merchants(week),
        *_duplicates(week),
        *_pace(week),
    ]
    return sorted({each.key: each for each in found}.values(), key=lambda each: -each.weight)


def _key(*facts: object) -> str:
    return salted_hmac("expenses.insights", repr(facts), algorithm="sha256").hexdigest()[:32]


def _about_series(week: Week, name: str, facts: SeriesFacts) -> Iterator[Insight]:
    """Say which new entries of a series came twice, cost more than ever, or are over the usual range."""
    if facts.is_income:
        return
    for number, new in enumerate(facts.entries):
        if not week.is_news(new.id, new.day):
            continue
        before = [each for each in facts.entries[:number] if each.currency == new.currency]
        if not before:
            continue
        found = _twice(week, name, facts, new, before[-1]) or _dearer(week, name, facts, new, before)
        if found:
            yield found


def _twice(week: Week, name: str, facts: SeriesFacts, new: Attached, last: Attached) -> Insight | None:
    same = abs(new.amount - last.amount) <= _SAME * last.amount
    if not same or (new.day - last.day).days >= LENGTHS[facts.cycle] * _TWICE_WITHIN:
        return None
    days = {"first": date_format(last.day, "DATE_FORMAT"), "second": date_format(new.day, "DATE_FORMAT")}
    text = _("%(name)s was charged twice: %(first)s and %(second)s.") % {"name": isolated(name), **days}
    return Insight(_key("twice", name, new[1:], last[1:]), text, week.value(new.amount, new.currency))


def _dearer(week: Week, name: str, facts: SeriesFacts, new: Attached, before: Sequence[Attached]) -> Insight | None:
    amounts = [each.amount for each in before]
    low, high = usual_range(amounts)
    values = {"name": isolated(name), "amount": week.money(new.amount, new.currency)}
    if low == high and len(before) >= _FIXED_FROM and new.amount > high * _RISEN:
        text = _("%(name)s rose %(percent)s: %(amount)s instead of %(before)s.")
        values |= {"before": week.money(high, new.currency)}
        yearly = (new.amount - high) * round(365 / LENGTHS[facts.cycle])
        weight = week.value(yearly, new.currency)
    elif low < high and len(before) >= _VARYING_FROM and new.amount > high * _OVER:
        text = _("%(name)s: %(amount)s is %(percent)s over your usual %(low)s–%(high)s.")
        values |= {"low": week.money(low, new.currency), "high": week.money(high, new.currency)}
        weight = week.value(new.amount - high, new.currency)
    else:
        return None
    percent = format_percent((new.amount / high - 1) * 100, get_language())
    return Insight(_key("dearer", name, new[1:], high), text % {**values, "percent": percent}, weight)


def _merchants(week: Week) -> Iterator[Insight]:
    """Say where somebody spent far more at once than usual."""
    for row, day in week.big_news:
        big = row.expense
        key, code = place = merchant_key(big.title), big.currency
        rows = [each for month in week.before for each in month.merchants if each.key == key and each.currency == code]
        amount, count = sum((Decimal(each.amount) for each in rows), Decimal(0)), sum(each.count for each in rows)
        if count < _MERCHANT_FROM or amount <= 0:
            continue
        times = Decimal(big.amount) / (amount / count)
        if times >= _TIMES:
            text = _("%(title)s: %(amount)s is %(times)d times what you usually spend there.")
            shown = {"title": isolated(big.title), "amount": week.money(Decimal(big.amount), big.currency)}
            fact = _key("merchant", place, day, big.amount)
            yield Insight(fact, text % {**shown, "times": int(times)}, Decimal(row.value or 0))


def _duplicates(week: Week) -> Iterator[Insight]:
    """Say which big expenses are there twice: same merchant and amount, on the same day or the next one."""
    news = {row.expense.id for row, _day in week.big_news}
    for (one, first), (other, second) in combinations(sorted(week.big, key=lambda pair: pair[1]), 2):
        if not news & {one.expense.id, other.expense.id}:
            continue
        facts = [(merchant_key(row.expense.title), row.expense.amount, row.expense.currency) for row in (one, other)]
        if facts[0] == facts[1] and (second - first).days <= _DUPLICATE_DAYS:
            shown = {"title": isolated(one.expense.title), "amount": week.money(Decimal(facts[0][1]), facts[0][2])}
            days = {"first": date_format(first, "DATE_FORMAT"), "second": date_format(second, "DATE_FORMAT")}
            text = _("Possible duplicate: %(title)s, %(amount)s, on %(first)s and %(second)s.") % {**shown, **days}
            yield Insight(_key("duplicate", facts[0], first, second), text, Decimal(one.value or 0))


def _pace(week: Week) -> Iterator[Insight]:
    """Say which categories are ahead of all their months. Only in the first week in which they are."""
    last = (week.monday - first_of(week.month)).days
    now, months = week.figures[week.month].without_one_off(), [each.without_one_off() for each in week.before]
    if last < _PACE_FROM_DAY or len(months) < _PACE_MONTHS:
        return
    for slug in now.categories:
        spent, *before = (_until(each, slug, last) for each in (now, *months))
        if not _is_ahead(spent, before, week.usual_month):
            continue
        earlier, *before_that = (_until(each, slug, last - 7) for each in (now, *months))
        if _is_ahead(earlier, before_that, week.usual_month):
            continue
        usual = median(before)
        text = _("%(category)s: %(amount)s so far this month. By the same day it is usually %(usual)s.")
        shown = {"amount": week.money(spent, week.currency), "usual": week.money(usual, week.currency)}
        key = _key("pace", slug, week.month)
        yield Insight(key, text % {"category": category_of(slug).name, **shown}, spent - usual)


def _until(month: MonthFigures, slug: str, days: int) -> Decimal:
    """Return what was spent on a category in the first days of the month."""
    found, after = month.categories.get(slug), number_in(month.month, first_of(month.month)) + days
    spent = found.days.items() if found else ()
    return sum((value for number, value in spent if number < after), Decimal(0))


def _is_ahead(now: Decimal, before: Sequence[Decimal], usual_month: Decimal) -> bool:
    """Whether an amount is well above those of earlier months."""
    usual = median(before)
    return usual > 0 and now > max(before) * _PACE and now - usual > usual_month * _PACE_PART
