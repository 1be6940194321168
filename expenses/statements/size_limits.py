"""Limits on the size of files, with their error messages."""

from django.utils.translation import gettext as _

from expenses.statements.statement import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_OTHER_ROWS,
    MAX_ROWS,
    MAX_TABLE_BYTES,
    StatementError,
)


def check_size(size: int, most: int = MAX_BYTES) -> None:
    """Raise StatementError if a file of `size` bytes is too large."""
    if size > most:
        text = _("The file is larger than %(most)d MB. Choose a statement of a shorter period.")
        if most < MAX_TABLE_BYTES:
            text = _("The file is larger than %(most)d MB. Choose a statement of a shorter period, or save it as CSV.")
        raise StatementError(text % {"most": most // 1024**2})


def check_rows(count: int, most: int = MAX_OTHER_ROWS) -> None:
    """Raise StatementError if a file has more rows. most: MAX_ROWS for what is read fast, or part by part."""
    if count > most:
        text = _("The file has more than %(most)s rows. Split it, for example by year.")
        if most < MAX_ROWS:
            text = _("The file has more than %(most)s rows. Split it, for example by year, or save it as CSV.")
        raise StatementError(text % {"most": f"{most:,}"})


def check_columns(count: int) -> None:
    if count > MAX_COLUMNS:
        text = _("The file has more than %(most)d columns. Delete those that don't describe transactions.")
        raise StatementError(text % {"most": MAX_COLUMNS})


def check_cells(count: int) -> None:
    if count > MAX_CELLS:
        text = _("The file has more than %(most)s cells. Split it, or delete columns that don't describe transactions.")
        raise StatementError(text % {"most": f"{MAX_CELLS:,}"})


def too_large() -> StatementError:
    """The error for a file that can't be cut into parts."""
    return StatementError(_("This file is too large to import at once. Split it into smaller files."))


def open_archive() -> StatementError:
    """The error for a file that contains other files."""
    return StatementError(_("This is an archive. Unpack it and choose the statement inside."))
