"""Tells expenses, income and transfers apart by the accounts on both sides, as double-entry bookkeeping names them."""

from collections.abc import Sequence
from dataclasses import replace

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import begins_with_footer, rank_columns
from expenses.statements.notation import has_digits, is_negative, is_number, is_zero
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import CODES, MOST
from expenses.statements.statement import Column, Table
from expenses.statements.vocabulary import CELLS

_SPENT, _RECEIVED, _OWN = "double entry spent", "double entry received", "double entry own"
# The words that the further column has, which the guess understands.
_TYPES = {_SPENT: "Expense", _RECEIVED: "Income", _OWN: "Own transfer", "": ""}
# By whether money left an account, and whether it came into one.
_WAYS = {(True, False): _TYPES[_SPENT], (False, True): _TYPES[_RECEIVED], (True, True): _TYPES[_OWN]}
# The rows in which accounts are searched.
_LOOKED_AT = 200


def only_splits(table: Table) -> Table:
    """The table without the sides of bookings that are the person's own accounts; any other table as it is.

    Days and titles are filled in where a booking's further rows leave them empty. A booking between own accounts keeps
    the side that received the money. A further column says what each row is.
    """
    place = _account_place(table)
    if place is None:
        return table
    rows, lines = [], []
    for booking in _bookings(table, place):
        splits = [number for number, _row in booking if _side(table.rows[number][place]) != _OWN]
        chosen = splits or [number for number, row in booking if not _is_minus(row)][:1]
        for number, row in booking:
            if number in chosen:
                rows.append((*row, _TYPES[_side(row[place])]))
                lines.append(table.lines[number])
    return Table((*table.header, "Type"), tuple(rows), tuple(lines))


def with_ways(table: Table) -> Table:
    """The table with a further column that says what each row is, if two columns name the account that money left or
    came into, and one of them is empty where the other side is no account. Any other table as it is.
    """
    out, came = (_account_named(table, column) for column in (Column.MONEY_OUT, Column.MONEY_IN))
    if out is None or came is None or _are_currencies(table, out) != _are_currencies(table, came):
        return table
    ways = [(bool(row[out]), bool(row[came])) if _is_movement(row) else None for row in table.rows]
    if (False, False) in ways or {*ways, None} <= {(True, True), None}:
        return table
    rows = tuple((*row, _WAYS[way] if way else "") for row, way in zip(table.rows, ways, strict=True))
    return replace(table, header=(*table.header, "Type"), rows=rows)


def _is_movement(row: Sequence[str]) -> bool:
    return sum(map(bool, row)) > 1 and any(map(has_digits, row)) and not begins_with_footer(row)


def _account_named(table: Table, column: Column) -> int | None:
    """The only column with such a name that holds texts."""
    named = [at for at, name in enumerate(table.header) if rank_columns(name, column)]
    cells = [[row[at] for row in table.rows[:_LOOKED_AT] if row[at]] for at in named]
    found = [at for at, texts in zip(named, cells, strict=True) if texts and not any(map(is_number, texts))]
    return found[0] if len(found) == 1 else None


def _are_currencies(table: Table, place: int) -> bool:
    return CODES.issuperset(row[place] for row in table.rows[:_LOOKED_AT] if row[place])


def _side(account: str) -> str:
    """Whether an account such as Expenses:Food is spending, income or the person's own; "" if it is neither."""
    head = plain_header(account.partition(":")[0])
    return next((meaning for meaning in (_SPENT, _RECEIVED, _OWN) if head in CELLS[meaning]), "")


def _account_place(table: Table) -> int | None:
    """The column of accounts: most cells are such accounts, with both own and other ones."""
    for place in range(len(table.header)):
        cells = [row[place] for row in table.rows[:_LOOKED_AT] if row[place]]
        sides = {_side(cell) for cell in cells if ":" in cell}
        if len(sides - {""}) > 1 and sum(bool(_side(cell)) for cell in cells) >= len(cells) * MOST:
            return place
    return None


def _bookings(table: Table, account_at: int) -> list[list[tuple[int, list[str]]]]:
    """The rows of each booking, with their numbers. Its first row has the day, or all of them have the same number."""
    day_at = next((at for at in range(len(table.header)) if _has_days(table, at)), None)
    number_at = next((at for at, name in enumerate(table.header) if _is_number_of_bookings(name)), None)
    found: list[list[tuple[int, list[str]]]] = []
    for number, row in enumerate(table.rows):
        key = row[number_at] if number_at is not None else ""
        starts = bool(day_at is None or row[day_at]) and not (found and key and key == found[-1][0][1][number_at or 0])
        if starts or not found:
            found.append([(number, list(row))])
        else:
            head = found[-1][0][1]
            cells = [cell or (head[at] if _is_shared(head[at], at, account_at) else "") for at, cell in enumerate(row)]
            found[-1].append((number, cells))
    return found


def _has_days(table: Table, place: int) -> bool:
    cells = [row[place] for row in table.rows[:_LOOKED_AT] if row[place]]
    return bool(cells) and rank_columns(table.header[place], Column.DATE) > 0 and all(map(looks_like_day, cells))


def _is_number_of_bookings(name: str) -> bool:
    return plain_header(name) in ("transaction id", "txnidx", "transaction number", "booking number", "journal id")


def _is_shared(cell: str, place: int, account_at: int) -> bool:
    """Whether a cell of a booking's first row counts for its other rows too: not accounts and amounts."""
    return place != account_at and (looks_like_day(cell) or not is_number(cell))


def _is_minus(row: Sequence[str]) -> bool:
    amounts = [cell for cell in row if is_number(cell) and not is_zero(cell) and not looks_like_day(cell)]
    return bool(amounts) and is_negative(amounts[-1])
