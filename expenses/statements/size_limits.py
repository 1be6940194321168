"""How much a file may hold, and what is said of one that holds more."""

from django.utils.translation import gettext as _

from expenses.statements.statement import MAX_BYTES, MAX_ROWS, StatementError


def check_size(size: int) -> None:
    """Of a file, in bytes."""
    if size > MAX_BYTES:
        raise StatementError(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 1024**2})


def check_rows(count: int) -> None:
    if count > MAX_ROWS:
        text = _("The file has more than %(most)s rows. Split it, by year perhaps.")
        raise StatementError(text % {"most": f"{MAX_ROWS:,}"})


def open_archive() -> StatementError:
    """Of a file that holds other files."""
    return StatementError(_("This is an archive. Unpack it and choose the statement that is in it."))
