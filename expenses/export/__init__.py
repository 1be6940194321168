"""Export of the expense list as CSV, XLSX, JSON or OFX.

`select_rows` finds the rows of a query and `FORMATS` writes them; `expenses.statements` can read all four formats.
"""

from expenses.export.formats import FORMATS, Format
from expenses.export.selection import ExportRow, Selection, select_rows

__all__ = ["FORMATS", "ExportRow", "Format", "Selection", "select_rows"]
