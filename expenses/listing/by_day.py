"""What each day of a month comes to in the display currency. After a write, only the days that it changed are read."""

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
from expenses.months import day_in, first_of, last_of, number_in
from expenses.sums.changed_days import changed_days
from expenses.sums.figures import CategoryFigures, KindFigures, rates_needed
from expenses.sums.flow import Flow, stored_digits


class Cell(NamedTuple):
    """The entries of a day or a month that are of one kind and category: what a list needs of their `CategoryFigures`.

    value, once: digits as text. currencies: in which amounts were entered. based: basis -> (count, digits as text).
    """

    kind: str
    category: str
    value: str
    once: str
    count: int
    currencies: Sequence[str]
    based: Mapping[str, Sequence[Any]]
    excluded: Mapping[str, int]


class MonthDays(NamedTuple):
    """The cells of a month by day number, with a token of the month. They are never older than the token."""

    token: str
    cells: Mapping[int, Sequence[Cell]]

    def to_json(self) -> list[Any]:
        return [self.token, self.cells]

    @classmethod
    def from_json(cls, data: list[Any]) -> "MonthDays":
        token, cells = data
        return cls(token, {int(number): [Cell(*cell) for cell in day] for number, day in cells.items()})


def bring_up_to_date(
    ledger: Ledger, month: date, match: Match, display: str, token: str, kept: MonthDays | None
) -> MonthDays:
    """Return the days of a month as they are at its token: `kept` itself if nothing has changed.

    match: the filter of the month's entries. Reads everything from the first to the last day that changed since `kept`,
    or the whole month if that isn't known.
    """
    if kept and kept.token == token:
        return kept
    changed = changed_days(ledger.id, month, kept.token, token) if kept else None
    if kept is None or changed is None:
        return MonthDays(token, _read_cells(ledger, month, match, display, Span(first_of(month), last_of(month))))
    if not changed:
        return MonthDays(token, kept.cells)
    span = Span(min(changed), max(changed))
    others = {number: cells for number, cells in kept.cells.items() if not span.has(day_in(month, number))}
    return MonthDays(token, others | _read_cells(ledger, month, match, display, span))


def _read_cells(ledger: Ledger, month: date, match: Match, display: str, span: Span) -> dict[int, list[Cell]]:
    """Read what some days of a month add up to."""
    groups = read_groups(within(match, span), display, span, cash_withdrawn=ledger.cash_withdrawn, hint=BY_DAY)
    book = rates.rates_for(rates_needed(groups.months, display), ledger.own_rates)
    return {number_in(month, day): cells_of(figures) for day, figures in groups.add_up_days(display, book).items()}


def cells_of(found: KindFigures) -> list[Cell]:
    """Return the cells of what a day or a month adds up to."""
    return [
        Cell(
            *(kind, category, stored_digits(figures.total()), stored_digits(figures.once), figures.count),
            list(figures.flows),
            {basis: (part.count, stored_digits(part.value)) for basis, part in figures.based.items()},
            figures.excluded,
        )
        for kind, categories in zip(Kind.values, found, strict=True)
        for category, figures in categories.items()
    ]


def add_up_days(days: Mapping[int, Sequence[Cell]], numbers: Iterable[int]) -> KindFigures:
    """Add up the cells of some days of a month. Of the flows, only their currencies are known."""
    found = KindFigures({}, {}, {})
    by_kind = dict(zip(Kind.values, found, strict=True))
    for number in numbers:
        for cell in days.get(number, ()):
            figures = by_kind[cell.kind].setdefault(cell.category, CategoryFigures())
            figures.days[number] = Decimal(cell.value)
            figures.count += cell.count
            figures.once += Decimal(cell.once)
            for code in cell.currencies:
                figures.flows.setdefault(code, Flow())
            for basis, (count, value) in cell.based.items():
                figures.based[basis] = figures.based[basis].plus(count, Decimal(value))
            for code, count in cell.excluded.items():
                figures.excluded[code] += count
    return found
