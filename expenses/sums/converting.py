"""Convert the sums of months to the display currency, each at its day's rate. Pure, with the rates in a book."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from classifier.categories import Kind
from expenses import rates
from expenses.months import day_in, last_of
from expenses.sums.figures import BigFigure, Categories, CategoryFigures, KindFigures, MonthFigures
from expenses.sums.flow import ZERO, to_add
from expenses.sums.merchants import MerchantFigure, convert_title, join_merchants
from expenses.sums.month_sums import Big, MonthSums, Part, Sum, Title


class _DayPart(NamedTuple):
    """The sums of a day, and what they come to. regular: what was spent without one-off expenses."""

    sums: Sequence[Sum]
    figures: KindFigures
    regular: Categories


class _TitlePart(NamedTuple):
    """The sums of a title, and what they come to."""

    sums: Title
    figure: MerchantFigure


@dataclass(frozen=True)
class MonthParts:
    """What a month's figures are made of, and from what, so that only what has changed since is converted again.

    days: by number. The sums of a month that isn't by day are all under 0. titles: by all but their sums. truncated:
    whether there are more titles.
    """

    days: Mapping[int, _DayPart] = field(default_factory=dict)
    biggest: Mapping[Big, BigFigure] = field(default_factory=dict)
    titles: Mapping[Sequence[object], _TitlePart] = field(default_factory=dict)
    truncated: bool = False

    def figures(self, month: date) -> MonthFigures:
        """Return what the parts come to."""
        days = self.days.values()
        spent, moved, received = map(_joined, zip(*(day.figures for day in days), strict=True)) if days else ({},) * 3
        has_one_off = any(row.one_off for day in days for row in day.sums)
        return MonthFigures(
            month,
            spent,
            sorted(self.biggest.values(), key=BigFigure.rank),
            join_merchants(part.figure for part in self.titles.values()),
            self.truncated,
            moved,
            received,
            _joined(day.regular for day in days) if has_one_off else None,
        )


_NO_PARTS = MonthParts()


def rates_needed(sums: Mapping[date, Sequence[Sum]], display: str) -> set[tuple[date, str]]:
    """Return the (day, currency) pairs whose rates are needed to convert the sums. A month may be in two years."""
    wanted = set()
    for month, rows in sums.items():
        currencies = {code for row in rows for code in (row.currency, row.own_currency) if code}
        if currencies - {display}:
            wanted |= {(day, code) for day in (month, last_of(month)) for code in currencies | {display}}
    return wanted


def convert_month(
    month: date, sums: MonthSums, display: str, book: rates.RateBook, before: MonthParts | None = None
) -> MonthParts:
    """Convert the sums of a month. before: converted earlier, with the same rates.

    The book already has all rates, so this needs neither database nor cache.
    """
    known, convert = before or _NO_PARTS, partial(_convert_part, month=month, display=display, book=book)
    by_day: dict[int, list[Sum]] = defaultdict(list)
    for row in sums.sums:
        by_day[row.day if sums.by_day else 0].append(row)
    days, titles = {}, {}
    for number, rows in sorted(by_day.items()):
        day = known.days.get(number)
        days[number] = day if day and day.sums == rows else _convert_day(month, rows, display, book)
    for row in sums.titles:
        title = known.titles.get(row[:-1])
        if not title or title.sums != row:
            title = _TitlePart(row, convert_title(row, display, convert))
        titles[row[:-1]] = title
    biggest = {row: known.biggest.get(row) or _convert_big(row, month, display, book) for row in sums.biggest}
    return MonthParts(days, biggest, titles, sums.truncated)


def _convert_day(month: date, sums: Sequence[Sum], display: str, book: rates.RateBook) -> _DayPart:
    figures, regular = add_up(month, sums, display, book), [row for row in sums if not row.one_off]
    if len(regular) == len(sums):
        return _DayPart(sums, figures, figures.spent)
    return _DayPart(sums, figures, add_up(month, regular, display, book).spent)


def _joined(parts: Iterable[Categories]) -> Categories:
    """Return the categories of different days as one."""
    found: dict[str, list[CategoryFigures]] = defaultdict(list)
    for categories in parts:
        for slug, figures in categories.items():
            found[slug].append(figures)
    return {slug: CategoryFigures.joined(each) for slug, each in found.items()}


def add_up(month: date, sums: Iterable[Sum], display: str, book: rates.RateBook) -> KindFigures:
    """Return a month's sums in the display currency by kind and category. Every total of every page comes from here.

    book: must already have the `rates_needed`.
    """
    found = KindFigures({}, {}, {})
    by_kind = dict(zip(Kind.values, found, strict=True))
    for row in sums:
        categories = by_kind[row.kind]
        category = categories.get(row.category) or categories.setdefault(row.category, CategoryFigures())
        converted = convert_sum(row, month, display, book)
        if converted is None:
            category.excluded[row.currency] += row.count
            continue
        once = convert_sum(row._replace(amount=row.once), month, display, book) if row.kind == Kind.MOVED else None
        category.add(row, converted, once.amount if once else ZERO)
    return found


def convert_sum(row: Sum | Big, month: date, display: str, book: rates.RateBook) -> rates.Converted | None:
    """Convert a sum at its day's rate, ready `to_add`. None without a rate."""
    own = rates.OwnRate.of(row.own_rate, row.own_currency) if row.own_rate else None
    found = book.convert(Decimal(row.amount), row.currency, display, day_in(month, row.day), own)
    return found if found is None or row.currency == display else found._replace(amount=to_add(found.amount))


def _convert_big(row: Big, month: date, display: str, book: rates.RateBook) -> BigFigure:
    converted = convert_sum(row, month, display, book)
    return BigFigure(row, str(converted.amount) if converted else None)


def _convert_part(part: Part, currency: str, month: date, display: str, book: rates.RateBook) -> Decimal | None:
    own = rates.OwnRate.of(part.own_rate, part.own_currency)
    found = book.convert(Decimal(part.amount), currency, display, day_in(month, part.day or 1), own)
    return found and to_add(found.amount)
