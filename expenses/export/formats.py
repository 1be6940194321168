"""The export formats by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from expenses.export.csv_and_json import write_csv, write_json
from expenses.export.ofx_writer import write_ofx
from expenses.export.selection import Selection
from expenses.export.xlsx import write_xlsx


@dataclass(frozen=True)
class Format:
    """An export format. write: turns a selection into the file's bytes, piece by piece."""

    content_type: str
    write: Callable[[Selection], Iterator[bytes]]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "json": Format("application/json", write_json),
    "ofx": Format("application/x-ofx", write_ofx),
}
