"""Finds the tables in a file: each starts at a row of column names, below the bank's letterhead or another table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from expenses.statements.answers import with_answers
from expenses.statements.app_exports import with_own_sides, without_split_sums
from expenses.statements.double_entry import only_splits, with_ways
from expenses.statements.from_and_to import with_account_and_category
from expenses.statements.header_words import ROLES, is_day_name, rank_columns
from expenses.statements.labelled_cells import with_labels
from expenses.statements.long_rows import Cells, is_value, rejoined, width_of
from expenses.statements.minor_units import with_major_units
from expenses.statements.movement_rows import begins_with_summary, holds_movement
from expenses.statements.paid_for import paid_shares
from expenses.statements.period import stated_period
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import account_in
from expenses.statements.sections import Section, united
from expenses.statements.shares import own_shares
from expenses.statements.size_limits import check_columns, check_rows
from expenses.statements.split_days import with_whole_days
from expenses.statements.stated import stated_balances
from expenses.statements.statement import LONGEST_CELL, MAX_OTHER_ROWS, MONEY, StatementError, Table
from expenses.statements.two_amounts import with_one_amount
from expenses.statements.two_sides import with_one_side
from expenses.statements.vocabulary import is_exactly, says
from expenses.statements.years import complete_days, without_years

# The header is searched among this many lines.
LETTERHEAD = 60
# Balances are searched above the table and in this many of its first and last rows.
_AROUND = 10
_LONGEST_NAME = 60
# A heading with a status is among this many lines that end with the names of columns.
_NEAR = 3
# Cells in which further headers are searched, beside one of each row.
_MOST_LOOKED_AT = 50_000
_NAMES_OF_HEADER = 3


def to_table(rows: Iterable[Cells], name: str = "", most: int = MAX_OTHER_ROWS) -> Table:
    """Return the header and the rows below it. Raises StatementError if there are no columns or rows, or too many.

    Tables one after the other become one. name: the file's name, which may tell the year. most: the most rows.
    """
    filled = [*_tidied(rows)]
    header, start = _find_header(filled)
    below = filled[start:]
    heading = _heading_above(filled[:start], below) if header else []
    _check_any(below)
    check_rows(len(below), most)
    header = header[: width_of(Cells(0, header))]
    width = _widest(header, below)
    if header and width > width_of(Cells(0, header)):
        below = rejoined(header, below)
        width = _widest(header, below)
    check_columns(width)
    if width < 2:
        raise StatementError(_("This file has no columns. Choose a statement as CSV, Excel or OFX."))
    table = united(_sections(_fit_cells(header, width) if header else [], [*heading, *below], width))
    table = with_whole_days(table)
    above = [cell for row in filled[:start] for cell in row.cells]
    period = stated_period([*(" ".join(row.cells) for row in filled[:start]), name])
    year = None
    if places := without_years(table.header, table.rows):
        cells = [list(row) for row in table.rows]
        year = complete_days(places, cells, [name, *above], timezone.localdate(), period)
        table = Table(table.header, tuple(map(tuple, cells)), table.lines)
    table = with_labels(without_split_sums(with_account_and_category(with_one_side(with_own_sides(table)))))
    table = with_answers(with_ways(own_shares(paid_shares(only_splits(with_major_units(with_one_amount(table)))))))
    _check_any(table.rows)  # not if all were names of columns again
    around = [row.cells for row in (*filled[:start], *below[:_AROUND], *below[-_AROUND:])]
    return replace(table, account=account_in(above), year=year, stated=stated_balances(around), period=period)


def _check_any(rows: Sequence[object]) -> None:
    if not rows:
        raise StatementError(_("The file has no rows below its column names. Choose another statement."))


def _widest(header: Sequence[str], rows: Sequence[Cells]) -> int:
    return max(len(header), *map(width_of, rows))


def _heading_above(above: Sequence[Cells], below: Sequence[Cells]) -> list[Cells]:
    """The last line above the names of columns if it says of the rows below that they aren't booked, or came in."""
    for row in reversed(above[-_NEAR:]):
        filled = [cell for cell in row.cells if cell]
        if len(filled) == 1:
            is_open = says(filled[0], "pending", "cancelled") and not says(filled[0], "booked")
            says_it = is_open or is_exactly(filled[0], "section out", "section in")
            return [Cells(row.line, filled)] if says_it and len(filled[0]) < _LONGEST_NAME and below else []
    return []


def _sections(header: Sequence[str], rows: Sequence[Cells], width: int) -> list[Section]:
    """Split the rows at further rows of column names."""
    sections = [Section(tuple(header) or ("",) * width, [], [])]
    search = _HeaderSearch()
    for row in rows:
        cells = _fit_cells(row.cells, width)
        if header and cells[0] == header[0] and _plain_names(cells) == _plain_names(sections[-1].header):
            continue
        if header and search.is_header(row):
            if _plain_names(cells) != _plain_names(sections[-1].header):
                sections.append(Section(cells, [], []))
        else:
            sections[-1].rows.append(cells)
            sections[-1].lines.append(row.line)
    return [section for section in sections if section.rows] or sections[:1]


def _plain_names(cells: Sequence[str]) -> list[str]:
    return [plain_header(cell) for cell in cells]


def _is_header(row: Cells) -> bool:
    """Whether a row below the first header names days and money exactly, and has no values."""
    filled = [*filter(None, row.cells)]
    return len(filled) >= _NAMES_OF_HEADER and not _has_values(row) and _names_days_and_money(filled)


def _names_days_and_money(cells: Sequence[str]) -> bool:
    return any(map(is_day_name, cells)) and any(rank_columns(cell, column) for cell in cells for column in MONEY)


class _HeaderSearch:
    """Searches the rows below the first header for further ones, looking at one cell of most rows.

    Where one row has a value, so has the next. Raises StatementError instead of looking at many more cells than rows.
    """

    def __init__(self) -> None:
        self.value_at, self.looked_at = 0, 0

    def is_header(self, row: Cells) -> bool:
        if is_value(_cell(row, self.value_at)):
            return False
        filled = [place for place, cell in enumerate(row.cells) if cell]
        if len(filled) < _NAMES_OF_HEADER:
            return False
        self.looked_at += len(filled)
        if self.looked_at > _MOST_LOOKED_AT:
            message = _("Too many rows of this file have neither a date nor a number. Delete them, or split the file.")
            raise StatementError(message)
        value_at = next((place for place in filled if is_value(row.cells[place])), None)
        if value_at is None:
            return _names_days_and_money([row.cells[place] for place in filled])
        self.value_at = value_at
        return False


def _tidied(rows: Iterable[Cells]) -> Iterator[Cells]:
    """The rows that aren't empty, without spaces around their cells."""
    for row in rows:
        cells = tuple(map(str.strip, row.cells))  # tuples become the table's rows without a copy
        if len(max(cells, key=len, default="")) > LONGEST_CELL:
            cells = tuple([cell[:LONGEST_CELL] for cell in cells])
        if any(cells):
            yield row if cells == row.cells else Cells(row.line, cells)


def _fit_cells(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple(cells[:width]) if len(cells) >= width else (*cells, *("",) * (width - len(cells)))


def _find_header(rows: Sequence[Cells]) -> tuple[Sequence[str], int]:
    """Find the column names, empty if the file has none, and the index of the first row after them.

    They are the line with the most known names. If no line has two, they are the first line as wide as most rows.
    """
    first = rows[:LETTERHEAD]
    known = [_count_named_columns(row) for row in first]
    best = max(known, default=0)
    if best >= 2:
        at = known.index(best)
        earlier = [place for place in range(at) if _is_header(rows[place]) and holds_movement(rows[place + 1].cells)]
        return _over_lines(rows, min([*earlier, at]))
    widths = Counter(width_of(row) for row in rows)
    usual = max(widths, key=lambda width: widths[width] * (width - 1), default=0)
    at = next((at for at, row in enumerate(first) if _is_first(row, usual)), 0)
    if rows and not _has_values(rows[at]):
        return rows[at].cells, at + 1
    return [], at + begins_with_summary(rows[at : at + LETTERHEAD])


def _is_first(row: Cells, usual: int) -> bool:
    """Whether a row may be the first of a table without known names: as wide as most, or a movement."""
    return width_of(row) >= usual or (len(row.cells) >= usual and holds_movement(row.cells))


def _over_lines(rows: Sequence[Cells], at: int) -> tuple[Sequence[str], int]:
    """Complete the names in line `at` by lines directly above and below it that name the columns it leaves empty."""
    end = at + 1
    are_spaced = at + 2 < len(rows) and rows[at + 2].line - rows[at + 1].line == 2
    step = 2 if are_spaced else 1  # every other line is empty
    below = rows[end] if end < len(rows) else None
    if below and (_continues(below, rows[at], rows[end + 1 :], step) or _are_first_words(rows[at], below, step)):
        end += 1
    above = rows[at - 1] if at else None
    if above and not (_continues(above, rows[at], rows[end:], step) or _are_first_words(above, rows[at], step)):
        above = None
    lines = [above] if above else []
    lines += rows[at:end]
    width = max(map(len, (line.cells for line in lines)))
    names = [" ".join(filter(None, (_cell(line, place) for line in lines))) for place in range(width)]
    return (names if len(lines) > 1 else rows[at].cells), end


def _continues(line: Cells, header: Cells, below: Sequence[Cells], step: int) -> bool:
    """Whether a line fills gaps of a header: only text, and some of it above values in a column without a name."""
    if _has_values(line) or abs(line.line - header.line) not in (1, step):
        return False
    places = [place for place, cell in enumerate(line.cells) if cell]
    gaps = [place for place in places if not _cell(header, place)]
    return any(any(_cell(row, place) for row in below[:5]) for place in gaps) and len(gaps) * 2 > len(places)


def _are_first_words(line: Cells, header: Cells, step: int) -> bool:
    """Whether a line above a header has the first words of its names, as "Date" above "of value"."""
    filled = [sum(map(bool, row.cells)) for row in (line, header)]
    named = min(map(_count_named_columns, (line, header)))
    return header.line - line.line in (1, step) and named > 1 and filled[0] >= filled[1]


def _cell(row: Cells, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _count_named_columns(row: Cells) -> int:
    """Count the columns that a line names; 0 if it has values."""
    if _has_values(row):
        return 0
    cells = [cell for cell in row.cells if 0 < len(cell) < _LONGEST_NAME]
    return sum(any(rank_columns(cell, column) for cell in cells) for column in ROLES) if len(cells) > 1 else 0


def _has_values(row: Cells) -> bool:
    """Whether a line has a date or a number. A number with letters, such as Q1, may be part of a name."""
    return any(map(is_value, row.cells))
