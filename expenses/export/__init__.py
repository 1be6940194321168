"""What the list shows, as a file: CSV, XLSX, JSON or OFX.

`select` finds the rows of a query, `FORMATS` writes them; `expenses.statements` reads all four back.
"""

from expenses.export.formats import FORMATS, Format
from expenses.export.selection import ExportRow, Selection, select_rows

__all__ = ["FORMATS", "ExportRow", "Format", "Selection", "select_rows"]
