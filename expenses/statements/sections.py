"""Unites tables that follow each other in one file, each with columns and a currency of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from expenses.money import EUR
from expenses.statements.guess import Guesser
from expenses.statements.header_words import currency_named
from expenses.statements.notation import is_negative, is_zero, without_minus
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import MONEY, Column, Sign, Table


@dataclass
class Section:
    """One of the tables. All rows are as long as the header."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    lines: list[int]


def united(sections: Sequence[Section]) -> Table:
    """One table with the rows of all sections. Columns with the same meaning or name become one.

    A currency that a section's column of amounts names becomes a cell of its rows.
    """
    first = sections[0]
    if len(sections) == 1:
        return _table(first)
    begin = Guesser(_table(first), EUR)
    columns = begin.columns()
    if Column.AMOUNT in columns:
        sections = [first, *(_with_one_amount(one, begin, columns) for one in sections[1:])]
    guessers = [Guesser(_table(one), EUR) for one in sections]
    roles = [guesser.columns() for guesser in guessers]
    ways = {Column.MONEY_OUT, Column.MONEY_IN}.issubset(roles[0])
    signs = [
        guesser.sign(columns, None).sign if ways and Column.AMOUNT in columns else None
        for guesser, columns in zip(guessers, roles, strict=True)
    ]
    currencies = [_currency(section, columns) for section, columns in zip(sections, roles, strict=True)]
    header = [*first.header]
    places = [_places(section, columns, header, roles[0]) for section, columns in zip(sections, roles, strict=True)]
    if any(currencies) and Column.CURRENCY not in roles[0]:
        header = [_without_currency(name) for name in header] + [_("Currency")]
    else:
        currencies = []
    rows, lines = [], []
    for number, section in enumerate(sections):
        for row, line in zip(section.rows, section.lines, strict=True):
            cells = [""] * len(header)
            for place, cell in zip(places[number], row, strict=True):
                cells[place] = cell
            if sign := signs[number]:
                _divide(cells, roles[0], sign)
            if currencies:
                cells[-1] = currencies[number]
            rows.append(tuple(cells))
            lines.append(line)
    used = [at for at, name in enumerate(header) if name or any(row[at] for row in rows)]
    kept = [tuple(row[at] for at in used) for row in rows]
    return Table(tuple(header[at] for at in used), tuple(kept), tuple(lines))


def _table(section: Section) -> Table:
    return Table(section.header, tuple(section.rows), tuple(section.lines))


def _with_one_amount(section: Section, first: Guesser, used: dict[Column, int]) -> Section:
    """The section with both ways in one column, signed and named like the first section's amount.

    used: the columns of the first section. A section without both ways stays as it is.
    """
    columns = Guesser(_table(section), EUR).columns()
    if not {Column.MONEY_OUT, Column.MONEY_IN}.issubset(columns):
        return section
    out, into = columns[Column.MONEY_OUT], columns[Column.MONEY_IN]
    spent_is_negative = first.sign(used, None).sign == Sign.SPENT_IS_NEGATIVE
    header, rows = [*section.header], []
    header[out], header[into] = first.table.header[used[Column.AMOUNT]], ""
    for row in section.rows:
        cells, came = [*row], is_zero(row[out]) and not is_zero(row[into])
        amount = without_minus(row[into] if came else row[out])
        has_minus = not is_zero(amount) and came != spent_is_negative
        cells[out], cells[into] = f"-{amount}" if has_minus else amount, ""
        rows.append(tuple(cells))
    return Section(tuple(header), rows, section.lines)


def _divide(cells: list[str], first: dict[Column, int], sign: Sign) -> None:
    """Move the amount of a section with one column for both ways, from money out to money in if it was received."""
    out, into = first[Column.MONEY_OUT], first[Column.MONEY_IN]
    received = is_negative(cells[out]) == (sign == Sign.SPENT_IS_POSITIVE)
    amount = without_minus(cells[out])
    cells[out], cells[into] = ("", amount) if received else (amount, "")


def _currency(section: Section, columns: dict[Column, int]) -> str:
    names = [section.header[columns[column]] for column in MONEY if column in columns]
    return next(filter(None, (currency_named(name, "") for name in names)), "")


def _without_currency(name: str) -> str:
    return " ".join(word for word in name.split() if not currency_named(word, "")) or name


def _places(section: Section, columns: dict[Column, int], header: list[str], first: dict[Column, int]) -> list[int]:
    """Where the columns of a section are in the united table. Adds the names of further columns to its header."""
    by_place = {place: column for column, place in columns.items()}
    plain = [plain_header(name) for name in header]
    found: list[int] = []
    for place, name in enumerate(section.header):
        column = by_place.get(place)
        wanted = first.get(column, first.get(Column.MONEY_OUT) if column == Column.AMOUNT else None) if column else None
        if wanted is None:
            same = [at for at, one in enumerate(plain) if one and one == plain_header(name)]
            free = [at for at in same if at not in found and at not in first.values()]
            wanted = free[0] if free else None
        if wanted is None or wanted in found:
            header.append(name)
            wanted = len(header) - 1
        found.append(wanted)
    return found
