"""Reads the parts of long files, one after the other."""

from dataclasses import asdict
from typing import Any

from expenses.statements.camt_reader import CamtReader
from expenses.statements.long_files import LongFile
from expenses.statements.mt940_reader import Mt940Reader
from expenses.statements.ofx_reader import OfxReader
from expenses.statements.own_exports import OwnReader
from expenses.statements.statement import Reading

# The values of a reader by name, as JSON can hold them. They say where in the file it is.
Place = dict[str, Any]
_READERS = {"camt": CamtReader, "json": OwnReader, "mt940": Mt940Reader, "ofx": OfxReader}


def read_part(kind: str, values: Place, text: str) -> tuple[Reading, Place]:
    """Read a part, given the reader's values before it; returns also those after it. Its gap is that of all so far."""
    reader = _READERS[kind](**values)
    return reader.read(text), asdict(reader)


def read_whole(file: LongFile) -> Reading:
    """Read all parts at once."""
    found, values = Reading(), file.start
    for text in file.texts:
        part, values = read_part(file.kind, values, text)
        found = Reading((*found.entries, *part.entries), (*found.problems, *part.problems), part.gap, file.format)
    return found
