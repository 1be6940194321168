"""Reads ZIP files with statements, as banks pack CAMT and MT940 by the day."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

from expenses.statements.balances import widest
from expenses.statements.long_files import LongFile
from expenses.statements.part_readers import read_whole
from expenses.statements.sheets import LongWorkbook, check_zip
from expenses.statements.size_limits import check_rows, check_size, open_archive
from expenses.statements.statement import MAX_BYTES, MAX_OTHER_BYTES, Reading, StatementError, Table

_SHEETS_IN_ZIP = ("xl/", "content.xml")
_MOST_FILES = 400
_HIDDEN = ("__MACOSX/", ".")


def is_spreadsheet(data: bytes) -> bool:
    """Whether a ZIP file is a spreadsheet, or too damaged to say."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return True
    return any(name.startswith(_SHEETS_IN_ZIP) for name in names)


Read = Table | Reading | LongFile | LongWorkbook


def read_archive(data: bytes, read: Callable[[bytes, str], Read]) -> Reading | LongFile:
    """The entries of all statements in a ZIP file. Raises StatementError if any of them has columns to choose."""
    check_zip(data)
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = [
        one
        for one in archive.infolist()
        if one.filename and not one.filename.endswith("/") and not one.filename.startswith(_HIDDEN)
    ]
    if not members or len(members) > _MOST_FILES or any(one.filename.lower().endswith(".zip") for one in members):
        raise open_archive()
    check_size(sum(one.file_size for one in members), MAX_OTHER_BYTES if members[1:] else MAX_BYTES)
    found = Reading()
    for member in members:
        try:
            with archive.open(member) as file:
                part = read(file.read(member.file_size + 1), member.filename)
        except StatementError:
            continue
        except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError):
            raise open_archive() from None
        if isinstance(part, Table | LongWorkbook):
            raise open_archive()
        if isinstance(part, LongFile):
            if not members[1:]:
                return part
            part = read_whole(part)
        found = _joined(found, part)
        check_rows(len(found.entries))
    if not found.entries and not found.problems:
        raise open_archive()
    return found


def _joined(first: Reading, second: Reading) -> Reading:
    """Both readings. Lines count on, because each file begins again."""
    last = max((one.line for one in (*first.entries, *first.problems)), default=0)
    entries = tuple(one._replace(line=one.line + last) for one in second.entries)
    problems = tuple(replace(one, line=one.line + last) for one in second.problems)
    gaps = [one for one in (first.gap, second.gap) if one is not None]
    return Reading((*first.entries, *entries), (*first.problems, *problems), widest(gaps))
