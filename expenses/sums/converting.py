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
from expenses.sums.figures import BigFigure, CategoryFigures, KindFigures, MonthFigures
from expenses.sums.flow import ZERO, to_add
from expenses.sums.merchants import MerchantFigure, convert_title, join_merchants
from expenses.sums.month_sums import Big, MonthSums, Part, Sum, Title


class _CategoryPart(NamedTuple):
    """The sums of a kind and category, and what they come to. regular: without one-off expenses, None if all are."""

    sums: Sequence[Sum]
    figures: CategoryFigures
    regular: CategoryFigures | None


class _TitlePart(NamedTuple):
    """The sums of a title, and what they come to."""

    sums: Title
    figure: MerchantFigure


@dataclass(frozen=True)
class MonthParts:
    """What a month's figures are made of, and from what, so that only what has changed since is converted again.

    categories: by kind and category. truncated: whether there are more titles.
    """

    categories: Mapping[tuple[str, str], _CategoryPart] = field(default_factory=dict)
    biggest: Mapping[Big, BigFigure] = field(default_factory=dict)
    titles: Sequence[_TitlePart] = ()
    truncated: bool = False

    def figures(self, month: date) -> MonthFigures:
        """Return what the parts come to."""
        found = KindFigures({}, {}, {})
        by_kind, regular, has_one_off = dict(zip(Kind.values, found, strict=True)), {}, False
        for (kind, category), part in self.categories.items():
            by_kind[kind][category] = part.figures
            has_one_off |= part.regular is not part.figures
            if kind == Kind.SPENT and part.regular:
                regular[category] = part.regular
        return MonthFigures(
            month,
            found.spent,
            sorted(self.biggest.values(), key=BigFigure.rank),
            join_merchants(part.figure for part in self.titles),
            self.truncated,
            found.moved,
            found.received,
            regular if has_one_off else None,
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
    categories, titles = {}, []
    for place, rows in _by_category(sums.sums).items():
        part = known.categories.get(place)
        categories[place] = part if part and part.sums == rows else _convert_category(rows, month, display, book)
    known_titles = {part.sums[:-1]: part for part in known.titles}
    for row in sums.titles:
        title = known_titles.get(row[:-1])
        if not title or title.sums != row:
            title = _TitlePart(row, convert_title(row, display, convert))
        titles.append(title)
    biggest = {row: known.biggest.get(row) or _convert_big(row, month, display, book) for row in sums.biggest}
    return MonthParts(categories, biggest, titles, sums.truncated)


def _by_category(sums: Iterable[Sum]) -> dict[tuple[str, str], list[Sum]]:
    found: dict[tuple[str, str], list[Sum]] = defaultdict(list)
    for row in sums:
        found[row.kind, row.category].append(row)
    return found


def _convert_category(sums: Sequence[Sum], month: date, display: str, book: rates.RateBook) -> _CategoryPart:
    figures, regular = _add_up(sums, month, display, book), [row for row in sums if not row.one_off]
    if len(regular) == len(sums):
        return _CategoryPart(sums, figures, figures)
    return _CategoryPart(sums, figures, _add_up(regular, month, display, book) if regular else None)


def add_up(month: date, sums: Iterable[Sum], display: str, book: rates.RateBook) -> KindFigures:
    """Return a month's sums in the display currency by kind and category.

    book: must already have the `rates_needed`.
    """
    found = KindFigures({}, {}, {})
    by_kind = dict(zip(Kind.values, found, strict=True))
    for (kind, category), rows in _by_category(sums).items():
        by_kind[kind][category] = _add_up(rows, month, display, book)
    return found


def _add_up(sums: Iterable[Sum], month: date, display: str, book: rates.RateBook) -> CategoryFigures:
    """Add up a category. Every total of every page comes from here."""
    found = CategoryFigures()
    for row in sums:
        converted = convert_sum(row, month, display, book)
        if converted is None:
            found.excluded[row.currency] += row.count
            continue
        once = convert_sum(row._replace(amount=row.once), month, display, book) if row.kind == Kind.MOVED else None
        found.add(row, converted, once.amount if once else ZERO)
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
