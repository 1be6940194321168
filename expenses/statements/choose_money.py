"""Chooses among the ways to read a table's money."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from expenses.statements.money_columns import MoneyReading
from expenses.statements.notation import read_number
from expenses.statements.statement import Column

# Readings whose scores differ by less are equally likely.
_CLOSE = 1.0


def choose_money(
    readings: Sequence[MoneyReading],
    *,
    has_names: bool,
    are_equal: Callable[[MoneyReading, MoneyReading], bool] = lambda _one, _other: False,
) -> tuple[MoneyReading | None, MoneyReading | None]:
    """The most likely reading, and another one if it is as likely. None if nothing is likely.

    has_names: whether the columns have names, so that an amount would have one too. are_equal: whether it makes no
    difference which of two readings is used.
    """
    if not readings or readings[0].score < _least(readings[0], has_names):
        return None, None
    first = readings[0]
    rivals = [one for one in readings[1:] if one.score > first.score - _CLOSE and one.chain is None]
    rivals = [one for one in rivals if not are_equal(first, one)]
    return first, (rivals[0] if rivals and first.chain is None else None)


def _least(reading: MoneyReading, has_names: bool) -> float:
    """The score that a reading needs to be offered."""
    if reading.chain:
        return 2.0
    return 5.0 if has_names else 3.5


def with_total(readings: Sequence[MoneyReading], rows: Sequence[Sequence[str]], decimal: str) -> MoneyReading | None:
    """The reading of the amount whose sum is the only cell of the last row; None if there is none."""
    filled = [at for at, cell in enumerate(rows[-1]) if cell]
    one = next((one for one in readings if filled == [one.columns.get(Column.AMOUNT)]), None)
    if one is None:
        return None
    *numbers, total = [read_number(row[filled[0]], decimal) or Decimal(0) for row in rows]
    return one if sum(numbers) == total else None
