"""What each month of a list comes to in the display currency. After a write, only the changed months are read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from expenses import rates
from expenses.listing.by_day import Cell, cells_of, figures_of_cells
from expenses.listing.mongodb_filter import Match
from expenses.listing.reading_sums import Span, read_groups, within
from expenses.models.ledger import Ledger
from expenses.months import first_of, last_of
from expenses.sums.converting import add_up, rates_needed
from expenses.sums.figures import KindFigures


class _MonthCells(NamedTuple):
    """The cells of a month, with its token, "" if it has none. They are never older than the token."""

    token: str
    cells: Sequence[Cell]

    def figures(self) -> KindFigures:
        """Return what the month adds up to."""
        return figures_of_cells(self.cells)


Months = Mapping[date, _MonthCells]
# How many months a step reads.
_STEP = 6


def months_to_json(months: Months) -> dict[str, Any]:
    return {month.isoformat(): found for month, found in months.items()}


def months_from_json(data: Mapping[str, Any]) -> Months:
    return {
        date.fromisoformat(month): _MonthCells(token, [Cell(*cell) for cell in cells])
        for month, (token, cells) in data.items()
    }


def update_months(
    ledger: Ledger,
    match: Match,
    display: str,
    tokens: Mapping[date, str],
    kept: Months,
    span: Span | None,
    keep: Callable[[Months], None] | None = None,
) -> tuple[Months, Mapping[date, KindFigures] | None]:
    """Return the months of a list as they are at their tokens, and the days in `span`, None if these weren't read.

    match: the filter of the list. kept: the months of an earlier answer, empty if there is none. Reads everything from
    the first to the last month that changed since, or the whole list and `span` if nothing is kept. keep: reads in
    steps instead, the latest months first, and calls this with what is known after each.
    """
    if not kept and not keep:
        return _read(ledger, match, display, tokens, span)
    changed = sorted(month for month, token in tokens.items() if month not in kept or kept[month].token != token)
    size = _STEP if keep else max(len(changed), 1)
    for end in range(len(changed), 0, -size):
        first, last = changed[max(end - size, 0)], changed[end - 1]
        between = {month: token for month, token in tokens.items() if first <= month <= last}
        read, _days = _read(ledger, within(match, Span(first_of(first), last_of(last))), display, between, None)
        kept = {month: found for month, found in kept.items() if not first <= month <= last} | read
        if keep:
            keep(kept)
    return kept, None


def _read(
    ledger: Ledger, match: Match, display: str, tokens: Mapping[date, str], span: Span | None
) -> tuple[dict[date, _MonthCells], dict[date, KindFigures]]:
    """Read the months and the days in `span`, with one aggregation."""
    groups = read_groups(match, display, span, cash_withdrawn=ledger.cash_withdrawn)
    book = rates.rates_for(rates_needed(groups.months, display), ledger.own_rates)
    found = {month: cells_of(add_up(month, rows, display, book)) for month, rows in groups.months.items()}
    months = {month: _MonthCells(tokens.get(month, ""), found.get(month, [])) for month in {*tokens, *found}}
    return months, groups.add_up_days(display, book)
