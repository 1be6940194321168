"""Statements of banks and card companies, and FinBrain's own exports: from a file to what happened.

Needs neither database nor request. `read_file` gives a Reading, or a Table whose columns somebody has to name:
`guess_mapping` makes a start, `needs` says what is missing, `apply_mapping` gives the Reading.
"""

from expenses.statements.apply import apply_mapping, needed_columns
from expenses.statements.files import read_file
from expenses.statements.guess import guess_mapping
from expenses.statements.statement import (
    MAX_BYTES,
    MAX_ROWS,
    Column,
    DateOrder,
    Entry,
    Mapping,
    Problem,
    Reading,
    Sign,
    StatementError,
    Table,
)

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Column",
    "DateOrder",
    "Entry",
    "Mapping",
    "Problem",
    "Reading",
    "Sign",
    "StatementError",
    "Table",
    "apply_mapping",
    "guess_mapping",
    "needed_columns",
    "read_file",
]
