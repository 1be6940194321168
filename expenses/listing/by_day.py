"""What each day of a month comes to in the display currency. After a write, only the days that it changed are read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from classifier.categories import Kind
from expenses import rates
from expenses.listing.mongodb_filter import Match
from expenses.listing.reading_sums import Span, read_groups, within
from expenses.models.expense import BY_DAY
from expenses.models.ledger import Ledger
from expenses.money import EXACT
from expenses.months import day_in, first_of, last_of, number_in
from expenses.sums.changed_days import changed_days
from expenses.sums.converting import rates_needed
from expenses.sums.figures import CategoryFigures, KindFigures
from expenses.sums.flow import Based, Flow


class JustAdded(NamedTuple):
    """An entry that was just added, which is the only write since. before: the tokens of all months before it.

    waits: whether it needs review.
    """

    day: date
    before: Mapping[date, str]
    waits: bool


class Cell(NamedTuple):
    """The entries of days or months that are of one kind and category: what a list needs of their `CategoryFigures`.

    value, once: digits as text. currencies: in which amounts were entered, and on how many of the days. based:
    basis -> (count, digits as text).
    """

    kind: str
    category: str
    value: str
    once: str
    count: int
    currencies: Mapping[str, int]
    based: Mapping[str, Sequence[Any]]
    excluded: Mapping[str, int]

    def plus(self, other: "Cell", sign: int) -> "Cell":
        """Return the cell with the entries of another one, or without them if the sign is -1."""
        parts = {
            basis: (count + sign * more, _sum_of(value, other_value, sign))
            for basis in {*self.based, *other.based}
            for count, value in [self.based.get(basis, _NOTHING)]
            for more, other_value in [other.based.get(basis, _NOTHING)]
        }
        return Cell(
            *(self.kind, self.category),
            *(_sum_of(self.value, other.value, sign), _sum_of(self.once, other.once, sign)),
            self.count + sign * other.count,
            _counts_of(self.currencies, other.currencies, sign),
            {basis: part for basis, part in parts.items() if part[0]},
            _counts_of(self.excluded, other.excluded, sign),
        )


_NOTHING = (0, "0")


def _sum_of(value: str, other: str, sign: int) -> str:
    return str(EXACT.add(Decimal(value), sign * Decimal(other)))


def _counts_of(counts: Mapping[str, int], others: Mapping[str, int], sign: int) -> dict[str, int]:
    found = {code: counts.get(code, 0) + sign * others.get(code, 0) for code in {*counts, *others}}
    return {code: count for code, count in found.items() if count}


class MonthDays(NamedTuple):
    """The cells of a month, with a token of the month. They are never older than the token.

    whole: of all days. days: the cells of each day, by its number, as JSON. Most days aren't needed, and so never read.
    """

    token: str
    whole: Sequence[Cell]
    days: Mapping[int, str]

    def cells(self, number: int) -> list[Cell]:
        """Return the cells of a day."""
        return [Cell(*cell) for cell in json.loads(self.days.get(number, "[]"))]

    def to_json(self) -> list[Any]:
        return [*self]

    @classmethod
    def from_json(cls, data: list[Any]) -> "MonthDays":
        token, whole, days = data
        return cls(token, [Cell(*cell) for cell in whole], {int(number): cells for number, cells in days.items()})

    def with_days(self, token: str, span: Span, read: Mapping[int, Sequence[Cell]], month: date) -> "MonthDays":
        """Return the month at a token, after the days of `span` were read again."""
        outdated = [number for number in self.days if span.has(day_in(month, number))]
        whole = {(cell.kind, cell.category): cell for cell in self.whole}
        changes = [(self.cells(number), -1) for number in outdated] + [(cells, 1) for cells in read.values()]
        for cells, sign in changes:
            for cell in cells:
                key = cell.kind, cell.category
                whole[key] = whole.get(key, _empty(cell)).plus(cell, sign)
        days = {number: cells for number, cells in self.days.items() if number not in outdated}
        days |= {number: json.dumps(cells) for number, cells in read.items()}
        return MonthDays(token, [cell for cell in whole.values() if cell.count or cell.excluded], days)


def _empty(cell: Cell) -> Cell:
    return Cell(cell.kind, cell.category, "0", "0", 0, {}, {}, {})


def bring_up_to_date(
    ledger: Ledger, month: date, match: Match, display: str, token: str, kept: MonthDays | None, added: JustAdded | None
) -> MonthDays:
    """Return the days of a month as they are at its token: `kept` itself if nothing has changed.

    match: the filter of the month's entries. added: the last write, if that is known. Reads everything from the first
    to the last day that changed since `kept`, or the whole month if that isn't known.
    """
    if kept and kept.token == token:
        return kept
    changed = _changed_since(ledger, month, kept, token, added) if kept else None
    if kept is None or changed is None:
        kept, changed = MonthDays("", [], {}), [first_of(month), last_of(month)]
    if not changed:
        return kept._replace(token=token)
    span = Span(min(changed), max(changed))
    return kept.with_days(token, span, _read_cells(ledger, month, match, display, span), month)


def _changed_since(
    ledger: Ledger, month: date, kept: MonthDays, token: str, added: JustAdded | None
) -> list[date] | None:
    if added and added.before.get(month) == kept.token:
        return [added.day]
    return changed_days(ledger.id, month, kept.token, token)


def _read_cells(ledger: Ledger, month: date, match: Match, display: str, span: Span) -> dict[int, list[Cell]]:
    """Read what some days of a month add up to."""
    groups = read_groups(within(match, span), display, span, cash_withdrawn=ledger.cash_withdrawn, hint=BY_DAY)
    book = rates.rates_for(rates_needed(groups.months, display), ledger.own_rates)
    return {number_in(month, day): cells_of(figures) for day, figures in groups.add_up_days(display, book).items()}


def cells_of(found: KindFigures) -> list[Cell]:
    """Return the cells of what a day or a month adds up to."""
    return [
        Cell(
            *(kind, category, str(figures.total()), str(figures.once), figures.count),
            dict.fromkeys(figures.flows, 1),
            {basis: (part.count, str(part.value)) for basis, part in figures.based.items()},
            figures.excluded,
        )
        for kind, categories in zip(Kind.values, found, strict=True)
        for category, figures in categories.items()
    ]


def figures_of_cells(cells: Iterable[Cell]) -> KindFigures:
    """Return the figures of cells. Of the days, only their sum is known, and of the flows only their currencies."""
    found = KindFigures({}, {}, {})
    by_kind = dict(zip(Kind.values, found, strict=True))
    for cell in cells:
        by_kind[cell.kind][cell.category] = CategoryFigures(
            days={0: Decimal(cell.value)},
            count=cell.count,
            based={basis: Based(count, Decimal(value)) for basis, (count, value) in cell.based.items()},
            excluded=dict(cell.excluded),
            flows={code: Flow() for code in cell.currencies},
            once=Decimal(cell.once),
        )
    return found
