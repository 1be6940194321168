"""Writer of XLSX exports. It needs temporary files, because a ZIP file's index is written last."""

from collections.abc import Iterator
from functools import partial

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from expenses import money
from expenses.export.csv_and_json import table_cells
from expenses.export.selection import ExportRow, Selection
from expenses.statements.formulas import unmistakable
from expenses.statements.own import OWN_COLUMNS
from finbrain.core.dates import midnight
from finbrain.core.scratch import scratch_folder

DAY, AMOUNT, CONFIDENCE = (OWN_COLUMNS.index(name) for name in ("Date", "Amount", "Confidence"))
# The widths of OWN_COLUMNS, in characters.
WIDTHS = (11, 40, 12, 9, 28, 40, 9, 11, 10, 20, 9, 28)
# Excel allows 1,048,576.
_ROWS_OF_A_SHEET = 1_000_000
_PIECE = 64 * 1024


def write_xlsx(selection: Selection) -> Iterator[bytes]:
    with scratch_folder() as folder:
        path = folder / "export.xlsx"
        _write_book(Workbook(str(path), {"constant_memory": True, "tmpdir": str(folder)}), selection.rows())
        file = path.open("rb")
    with file:
        yield from iter(partial(file.read, _PIECE), b"")


def _write_book(book: Workbook, rows: Iterator[ExportRow]) -> None:
    """Fill and close the workbook. Raises OSError if the disk is full."""
    try:
        _fill_sheets(book, rows)
        book.close()
    except FileCreateError as error:
        raise error.args[0] from None
    finally:
        book.fileclosed = True
        for sheet in book.worksheets():
            sheet._opt_close()


def _fill_sheets(book: Workbook, rows: Iterator[ExportRow]) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    units = range(money.MOST_DECIMALS + 1)
    amounts = [book.add_format({"num_format": "0." + "0" * count if count else "0"}) for count in units]
    sheet = _add_sheet(book)
    for number, row in enumerate(rows):
        if number and number % _ROWS_OF_A_SHEET == 0:
            sheet = _add_sheet(book)
        _write_row(sheet, number % _ROWS_OF_A_SHEET + 1, row, day, amounts[money.minor_units(row.currency)])


def _add_sheet(book: Workbook) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, OWN_COLUMNS, book.add_format({"bold": True}))
    return sheet


def _write_row(sheet: Worksheet, at: int, row: ExportRow, day: Format, amount: Format) -> None:
    """Write one row: dates and numbers as such, text as text, so that Excel never takes it for a formula."""
    for column, text in enumerate(table_cells(row)):
        if column == DAY:
            sheet.write_datetime(at, DAY, midnight(row.day), day)
        elif column == AMOUNT:
            sheet.write_number(at, AMOUNT, float(row.amount), amount)
        elif column == CONFIDENCE and row.confidence is not None:
            sheet.write_number(at, CONFIDENCE, round(row.confidence, 2))
        else:
            sheet.write_string(at, column, unmistakable(text))
