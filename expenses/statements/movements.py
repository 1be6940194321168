"""Makes entries of movements that a format names field by field, without a mapping."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from expenses import money
from expenses.statements.cells import CellError, check_currency, check_day, day_of, money_of, title_and_note
from expenses.statements.notation import decimal_votes, only_separator, say_zero
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import LONGEST_CELL, DateOrder, Entry, Problem, Reading, StatementError, Status


class Movement(NamedTuple):
    """A movement as texts. amount: as the bank writes it. came_in: whether it was received; None: see its sign."""

    line: int
    day: str
    amount: str
    currency: str
    title: str
    note: str = ""
    came_in: bool | None = None
    bank_id: str = ""
    status: Status = Status.BOOKED
    account: str = ""
    kind: str = ""
    category: str = ""


def _read_movement(one: Movement) -> Entry | Problem:
    """The entry of a movement, or the reason why it can't be one."""
    try:
        day = check_day(day_of(one.day, DateOrder.YEAR_FIRST), one.day)
        amount, currency = money_of(one.amount, one.currency, _decimal_sign(one))
        check_currency(currency, day)
        title, note = title_and_note(one.title[:LONGEST_CELL], one.note[:LONGEST_CELL])
    except CellError as error:
        return Problem(one.line, error.column, error.text, str(error))
    amount = -amount if one.came_in is None else -abs(amount) if one.came_in else abs(amount)
    return Entry(
        *(one.line, day, title, amount, currency),
        note=note,
        bank_id=one.bank_id,
        status=one.status,
        account=one.account,
        kind=one.kind,
        category=one.category,
    )


def _decimal_sign(one: Movement) -> str:
    """The decimal separator of the amount. A currency of three decimals has them after the only separator."""
    only = only_separator(one.amount) if money.minor_units(one.currency) > 2 else ""
    return decimal_votes(one.amount) or only or "."


def read_movements(movements: Sequence[Movement], gap: Decimal | None = None) -> Reading:
    """Read every movement. Raises StatementError if there is none, or too many."""
    if not movements:
        raise StatementError(_("This file has no transactions. Choose another statement."))
    check_rows(len(movements))
    return reading_of_movements(movements, gap)


def reading_of_movements(movements: Iterable[Movement], gap: Decimal | None = None) -> Reading:
    """The entries and problems of movements. Those of zero are left out."""
    found = [_read_movement(movement) for movement in movements if not say_zero([movement.amount])]
    entries = [one for one in found if isinstance(one, Entry)]
    problems = tuple(one for one in found if isinstance(one, Problem))
    return Reading(tuple(_own_ids_only(entries)), problems, gap)


def _own_ids_only(entries: list[Entry]) -> list[Entry]:
    """Remove ids that a bank uses for several movements, because they identify nothing."""
    times = Counter(entry.bank_id for entry in entries if entry.bank_id)
    repeated = {entry._replace(line=0) for entry in entries if times[entry.bank_id] > 1}
    uses = Counter(entry.bank_id for entry in repeated)
    return [entry._replace(bank_id="") if uses[entry.bank_id] > 1 else entry for entry in entries]
