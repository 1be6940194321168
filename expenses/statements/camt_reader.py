"""Reader of CAMT.052, .053 and .054, the XML statements of ISO 20022.

It uses Python's own parser, and refuses documents that declare entities: see docs/decisions/dependencies.md.
"""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from expenses.statements.movements import Movement, read_movements
from expenses.statements.notation import read_number
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import Reading, StatementError, Status
from expenses.statements.xml_text import XmlError, parse_xml

_REPORTS = ("Stmt", "Rpt", "Ntfctn")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_STATUS = {"PDNG": Status.PENDING, "INFO": Status.PENDING, "FUTR": Status.PENDING}

Node = ElementTree.Element


def read_camt(text: str) -> Reading:
    """Read every entry, or every payment of a collective entry. Raises StatementError if the document is damaged."""
    check_rows(text.count("<Ntry>"))
    try:
        root = parse_xml(text)
    except XmlError:
        message = _("FinBrain can't read this XML file. Download the statement again, or choose CSV or Excel.")
        raise StatementError(message) from None
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    movements: list[Movement] = []
    checks: list[bool] = []
    for report in (node for name in _REPORTS for node in root.iter(name)):
        account = _text(report, "Acct/Id/IBAN") or _text(report, "Acct/Id/Othr/Id")
        for entry in report.findall("Ntry"):
            movements += _movements(len(movements) + 1, entry, account)
        checks += _check(report)
    return read_movements(movements, all(checks) if checks else None)


def _text(node: Node | None, path: str) -> str:
    """The text of the first node at a path. ElementTree's own paths are slow."""
    for name in path.split("/"):
        node = node.find(name) if node is not None else None
    return " ".join((node.text or "").split()) if node is not None else ""


def _first(node: Node | None, *paths: str) -> str:
    return next(filter(None, (_text(node, path) for path in paths)), "") if node is not None else ""


def _movements(number: int, entry: Node, account: str) -> Iterator[Movement]:
    """The movements of an entry: one, or its payments if they have amounts that add up to it."""
    amount = entry.find("Amt")
    payments = [one for details in entry.findall("NtryDtls") for one in details.findall("TxDtls")]
    amounts = [found for one in payments if (found := _amount_of(one)) is not None] if len(payments) > 1 else []
    is_split = len(payments) > 1 and len(amounts) == len(payments)
    if is_split and sum(filter(None, map(_number, amounts))) == _number(amount):
        for place, (payment, one) in enumerate(zip(payments, amounts, strict=True)):
            yield _movement(number + place, entry, payment, one, account)
    else:
        yield _movement(number, entry, payments[0] if len(payments) == 1 else None, amount, account)


def _amount_of(payment: Node) -> Node | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if (found := payment.find(path)) is not None:
            return found
    return None


def _number(amount: Node | None) -> Decimal | None:
    return read_number((amount.text or "").strip(), ".") if amount is not None else None


def _movement(line: int, entry: Node, payment: Node | None, amount: Node | None, account: str) -> Movement:
    side = payment if payment is not None and payment.find("CdtDbtInd") is not None else entry
    came_in = _text(side, "CdtDbtInd") == "CRDT"
    if _text(entry, "RvslInd") == "true" and _text(side, "CdtDbtInd") == "":
        came_in = not came_in
    parts = payment if payment is not None else entry
    party = ("UltmtDbtr", "Dbtr") if came_in else ("UltmtCdtr", "Cdtr")
    names = [f"{one}/{path}" for one in party for path in ("Nm", "Pty/Nm")]
    parties, about = parts.find("RltdPties"), parts.find("RmtInf")
    name = _first(parties, *names, "TradgPty/Nm")
    lines = about.findall("Ustrd") if about is not None else []
    purpose = " ".join(" ".join((one.text or "").split()) for one in lines)
    more = _text(parts, "AddtlTxInf") or _text(entry, "AddtlNtryInf")
    texts = [text for text in (name, purpose, more) if text]
    number = _text(parts, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef")
    return Movement(
        line,
        _first(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"),
        (amount.text or "").strip() if amount is not None else "",
        amount.get("Ccy", "") if amount is not None else "",
        texts[0] if texts else _first(entry, "BkTxCd/Prtry/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd"),
        " · ".join(dict.fromkeys(texts[1:])),
        came_in,
        bank_id=f"{account}:{number}" if number and payment is not None else "",
        status=_STATUS.get(_first(entry, "Sts/Cd", "Sts"), Status.BOOKED),
        account=account,
    )


def _check(report: Node) -> list[bool]:
    """Whether a report's booked entries lead from its opening to its closing balance; empty if it lacks one of them."""
    balances = {}
    for balance in report.findall("Bal"):
        kind = _first(balance, "Tp/CdOrPrtry/Cd")
        balances.setdefault(kind, _signed(balance))
    opening = next((balances[kind] for kind in _OPENING if kind in balances), None)
    closing = next((balances[kind] for kind in _CLOSING if kind in balances), None)
    if opening is None or closing is None:
        return []
    booked = [one for one in report.findall("Ntry") if _first(one, "Sts/Cd", "Sts") not in _STATUS]
    return [opening + sum(map(_signed, booked), Decimal(0)) == closing]


def _signed(node: Node) -> Decimal:
    number = _number(node.find("Amt")) or Decimal(0)
    return number if _text(node, "CdtDbtInd") == "CRDT" else -number
