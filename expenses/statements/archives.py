"""Reads ZIP files with statements: banks pack CAMT and MT940 by the day, and apps their tables."""

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from expenses.money import EUR
from expenses.statements.apply import needed_columns
from expenses.statements.balances import widest
from expenses.statements.guess import guess_mapping
from expenses.statements.long_files import LongFile
from expenses.statements.part_readers import read_whole
from expenses.statements.sheets import LongWorkbook, check_zip
from expenses.statements.size_limits import check_rows, check_size, open_archive
from expenses.statements.statement import MAX_BYTES, MAX_OTHER_BYTES, Reading, StatementError, Table

_SHEETS_IN_ZIP = ("xl/", "content.xml")
_MOST_FILES, _MOST_TABLES = 400, 8
_HIDDEN = ("__MACOSX/", ".")


def is_spreadsheet(data: bytes) -> bool:
    """Whether a ZIP file is a spreadsheet, or too damaged to say."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return True
    return any(name.startswith(_SHEETS_IN_ZIP) for name in names)


Read = Table | Reading | LongFile | LongWorkbook


def read_archive(data: bytes, read: Callable[[bytes, str], Read]) -> Reading | LongFile | Table:
    """The entries of all statements in a ZIP file, or its table with the most movements, with its other ones.

    Raises StatementError if it has both, or neither.
    """
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
    found, tables = Reading(), list[Table]()
    for member in members:
        part = _read_member(archive, member, read)
        if isinstance(part, LongWorkbook) or (isinstance(part, Table) and len(tables) == _MOST_TABLES):
            raise open_archive()
        if isinstance(part, LongFile) and not members[1:]:
            return part
        if isinstance(part, Table):
            tables.append(replace(part, sheet=PurePath(member.filename).name, others=()))
        elif part:
            found = _joined(found, read_whole(part) if isinstance(part, LongFile) else part)
            check_rows(len(found.entries))
    has_entries = bool(found.entries or found.problems)
    if bool(tables) == has_entries:
        raise open_archive()
    return _main_table(tables) if tables else found


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, read: Callable[[bytes, str], Read]) -> Read | None:
    """What a file in the archive holds; None if it isn't a statement."""
    try:
        with archive.open(member) as file:
            return read(file.read(member.file_size + 1), member.filename)
    except StatementError:
        return None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError):
        raise open_archive() from None


def _main_table(tables: Sequence[Table]) -> Table:
    """The longest table with days, titles and amounts, with the other ones. The home currency makes no difference."""
    full = [table for table in tables if not needed_columns(guess_mapping(table, EUR))]
    first, *others = sorted(full, key=lambda table: -len(table.rows)) or [None]
    if first is None:
        raise open_archive()
    return replace(first, others=tuple(others))


def _joined(first: Reading, second: Reading) -> Reading:
    """Both readings. Lines count on, because each file begins again."""
    last = max((one.line for one in (*first.entries, *first.problems)), default=0)
    entries = tuple(one._replace(line=one.line + last) for one in second.entries)
    problems = tuple(replace(one, line=one.line + last) for one in second.problems)
    gaps = [one for one in (first.gap, second.gap) if one is not None]
    return Reading((*first.entries, *entries), (*first.problems, *problems), widest(gaps))
