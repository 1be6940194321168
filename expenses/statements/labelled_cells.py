"""Gives the values of columns without names, such as "Recipient: Lena Park", columns named by their labels."""

import re
from collections.abc import Sequence
from dataclasses import replace

from expenses.statements.header_words import rank_role
from expenses.statements.statement import Table

# A label, and the value behind it.
_PAIR = re.compile(r"([^\W\d_][^:;|]{2,30}):\s+(\S.*)")
# Rows by which the columns are known, the share of their cells with a label, and how many labels there may be.
_SAMPLE, _MOST, _MOST_LABELS = 200, 0.8, 20
_LEAST_LABELS = 3


def with_labels(table: Table) -> Table:
    """The table with a column for each label if columns without names have cells with different ones."""
    columns = _labelled_columns(table.header, table.rows[:_SAMPLE])
    labels = list(dict.fromkeys(label for row in table.rows for at in columns if (label := _label(row[at]))))
    if not _LEAST_LABELS <= len(labels) <= _MOST_LABELS or not any(rank_role(one, "title 1") for one in labels):
        return table
    kept = [at for at in range(len(table.header)) if at not in columns or table.header[at]]
    rows = [_with_columns(row, columns, kept, labels) for row in table.rows]
    return replace(table, header=(*(table.header[at] for at in kept), *labels), rows=tuple(rows))


def _labelled_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns side by side whose cells have labels, of which only the first has a name."""
    for first in (at for at, name in enumerate(header) if name):
        last = next((at for at in range(first + 1, len(header)) if header[at]), len(header))
        if last - first > 1 and all(_has_labels(rows, at, is_named=at == first) for at in range(first, last)):
            return [*range(first, last)]
    return []


def _has_labels(rows: Sequence[Sequence[str]], at: int, *, is_named: bool) -> bool:
    """Whether nearly all cells of a column have labels. One without a name may be empty."""
    filled = [row[at] for row in rows if row[at]]
    return sum(map(bool, map(_label, filled))) >= len(filled) * _MOST and bool(filled or not is_named)


def _label(cell: str) -> str:
    pair = _PAIR.fullmatch(cell)
    return pair[1] if pair else ""


def _with_columns(
    row: Sequence[str], columns: Sequence[int], kept: Sequence[int], labels: Sequence[str]
) -> tuple[str, ...]:
    """A row with its labelled values in columns of their own. Cells without a label go into the first column."""
    pairs = [_PAIR.fullmatch(row[at]) for at in columns]
    values = {pair[1]: pair[2] for pair in reversed(pairs) if pair}
    others = " ".join(row[at] for at, pair in zip(columns, pairs, strict=True) if not pair and row[at])
    cells = [others if at in columns else row[at] for at in kept]
    return (*cells, *(values.get(label, "") for label in labels))
