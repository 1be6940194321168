"""Writer of OFX 2 exports for accounting programs, with one statement per currency."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import escape
from itertools import chain

from django.utils import timezone

from classifier.categories import CASH, Kind
from expenses.export.csv_and_json import in_pieces
from expenses.export.selection import CurrencySum, ExportRow, Selection
from expenses.statements.ofx_reader import NAME_LENGTH

# The longest memo that OFX allows.
MEMO_LENGTH = 255
# The code of ISO 4217 for no currency.
_NO_CURRENCY = "XXX"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><DTSERVER>{now}</DTSERVER>\
<LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1>
"""
STATEMENT = """<STMTTRNRS><TRNUID>0</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><STMTRS>
<CURDEF>{code}</CURDEF><BANKACCTFROM><BANKID>FINBRAIN</BANKID><ACCTID>{code}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE>\
</BANKACCTFROM>
<BANKTRANLIST><DTSTART>{first}</DTSTART><DTEND>{last}</DTEND>
"""
_STATEMENT_END = """</BANKTRANLIST>
<LEDGERBAL><BALAMT>{balance}</BALAMT><DTASOF>{last}</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS>
"""
_END = "</BANKMSGSRSV1>\n</OFX>\n"


def write_ofx(selection: Selection) -> Iterator[bytes]:
    head = _HEAD.format(now=f"{timezone.now():%Y%m%d%H%M%S}")
    statements = (_statement_lines(selection, one) for one in selection.currencies())
    return in_pieces(chain([head], chain.from_iterable(statements), [_END]))


def _statement_lines(selection: Selection, of: CurrencySum) -> Iterator[str]:
    """Yield the statement of one currency. Its balance, which OFX requires, is the sum of the exported expenses."""
    yield STATEMENT.format(
        code=_ofx_text(of.currency or _NO_CURRENCY), first=_ofx_day(of.first), last=_ofx_day(of.last)
    )
    yield from map(_movement_line, selection.rows(of.currency))
    yield _STATEMENT_END.format(balance=_ofx_amount(of.total), last=_ofx_day(of.last))


def _movement_line(row: ExportRow) -> str:
    """One expense as a line. A title too long for NAME is written in full to MEMO, instead of the note."""
    amount = -row.amount if row.kind == Kind.RECEIVED else row.amount
    memo = row.note[:MEMO_LENGTH] if len(row.title) <= NAME_LENGTH else row.title
    return (
        f"<STMTTRN><TRNTYPE>{_type_of(row)}</TRNTYPE><DTPOSTED>{_ofx_day(row.day)}</DTPOSTED><TRNAMT>{_ofx_amount(amount)}</TRNAMT>"
        f"<FITID>{row.id}</FITID><NAME>{_ofx_text(row.title[:NAME_LENGTH])}</NAME>"
        + (f"<MEMO>{_ofx_text(memo)}</MEMO>" if memo else "")
        + "</STMTTRN>\n"
    )


def _type_of(row: ExportRow) -> str:
    """The TRNTYPE from which `ofx_reader` reads the kind back."""
    if row.kind == Kind.SPENT:
        return "DEBIT" if row.amount > 0 else "CREDIT"
    if row.kind == Kind.RECEIVED:
        return "DEP"
    return "CASH" if row.category == CASH and row.amount > 0 else "XFER"  # the reader takes CASH for money that left


def _ofx_day(value: date) -> str:
    return f"{value:%Y%m%d}"


def _ofx_amount(amount: Decimal) -> str:
    """The amount with the bank's sign: banks write spending as negative, FinBrain as positive."""
    return format(-amount, "f")


def _ofx_text(value: str) -> str:
    return escape(NOT_IN_XML.sub(" ", value), quote=False)
