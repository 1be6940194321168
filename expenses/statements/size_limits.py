"""Limits on the size of files, with their error messages."""

from django.utils.translation import gettext as _

from expenses.statements.statement import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, StatementError


def check_size(size: int) -> None:
    """Raise StatementError if a file of `size` bytes is too large."""
    if size > MAX_BYTES:
        raise StatementError(
            _("The file is larger than %(most)d MB. Choose a statement of a shorter period.")
            % {"most": MAX_BYTES // 1024**2}
        )


def check_rows(count: int) -> None:
    if count > MAX_ROWS:
        text = _("The file has more than %(most)s rows. Split it, for example by year.")
        raise StatementError(text % {"most": f"{MAX_ROWS:,}"})


def check_columns(count: int) -> None:
    if count > MAX_COLUMNS:
        text = _("The file has more than %(most)d columns. Delete those that don't describe transactions.")
        raise StatementError(text % {"most": MAX_COLUMNS})


def open_archive() -> StatementError:
    """The error for a file that contains other files."""
    return StatementError(_("This is an archive. Unpack it and choose the statement inside."))
