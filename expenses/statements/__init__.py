"""Reads statements of banks and card companies, and FinBrain's own exports.

Needs neither database nor request. `read_file` returns a Reading, or a Table whose columns a person has to confirm:
`guess_mapping` suggests a mapping, `needed_columns` lists what is missing, `apply_mapping` returns the Reading.
"""

from expenses.statements.apply import apply_mapping, needed_columns
from expenses.statements.choose_reader import read_file
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
