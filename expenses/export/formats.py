"""The formats there are, and how they are called."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from expenses.export.ofx import write_ofx
from expenses.export.rows import Selection
from expenses.export.sheet import write_xlsx
from expenses.export.text import write_csv, write_json


@dataclass(frozen=True)
class Format:
    """write: a selection as the pieces of a file, one after the other."""

    content_type: str
    write: Callable[[Selection], Iterator[bytes]]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "json": Format("application/json", write_json),
    "ofx": Format("application/x-ofx", write_ofx),
}
