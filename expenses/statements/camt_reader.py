"""Reader of CAMT.052, .053 and .054, the XML statements of ISO 20022.

It uses Python's own parser, and refuses documents that declare entities: see docs/decisions/dependencies.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from expenses.statements.balances import widest
from expenses.statements.long_files import LongFile, is_long, places_to_cut, starts_of
from expenses.statements.movements import Movement, read_movements, reading_of_movements
from expenses.statements.notation import read_number
from expenses.statements.statement import Reading, StatementError, Status
from expenses.statements.xml_text import XmlError, check_xml, parse_xml

_REPORTS = ("Stmt", "Rpt", "Ntfctn")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_STATUS = {"PDNG": Status.PENDING, "INFO": Status.PENDING, "FUTR": Status.PENDING}

_FIRST = re.compile(r"<([\w.-]+:)?Ntry(?=[\s>])")
# The elements around entries.
_AROUND = r"<(/?)({0}(?:Document|BkToCstmr\w*|Stmt|Rpt|Ntfctn))(?=[\s>])[^<>]*+>"
_ACCOUNT = r"<{0}Acct>\s*<{0}Id>\s*<{0}(?:IBAN>|Oth\w+>\s*<{0}Id>)([^<]*)"

Node = ElementTree.Element


def read_camt(text: str) -> Reading | LongFile:
    """Read every entry, or every payment of a collective entry. Raises StatementError if the document is damaged."""
    try:
        prefix = re.escape(first[1] or "") if (first := _FIRST.search(text)) else ""
        if is_long(starts := starts_of(re.compile(rf"<{prefix}Ntry(?=[\s>])"), text)):
            return _long_file(text, starts, prefix)
        reader = CamtReader()
        movements = [*reader.movements(text)]
    except XmlError:
        message = _("FinBrain can't read this XML file. Download the statement again, or choose CSV or Excel.")
        raise StatementError(message) from None
    return read_movements(movements, reader.widest_gap())


def _long_file(text: str, starts: Sequence[int], prefix: str) -> LongFile:
    """Cut a document into several, with the elements around entries. Raises XmlError if one of them is damaged.

    starts: where entries start. prefix: of the names of all elements, for regular expressions.
    """
    around = re.compile(_AROUND.format(prefix))
    parts: list[str] = []
    before: list[tuple[str, str]] = []
    places = places_to_cut(text, starts)
    for start, end in pairwise(places):
        head = "".join(tag for tag, _name in before)
        for found in around.finditer(text, start, end):
            if not found[1]:
                before.append((found[0], found[2]))
            elif before:
                before.pop()
        tail = "".join(f"</{name}>" for _tag, name in reversed(before))
        parts.append(f"{head}{text[start:end]}{tail}")
        check_xml(parts[-1])
    accounts = frozenset(" ".join(found[1].split()) for found in re.finditer(_ACCOUNT.format(prefix), text))
    return LongFile("camt", tuple(parts), asdict(CamtReader()), accounts)


@dataclass
class CamtReader:
    """Reads movements, all at once or part by part.

    number: of movements so far. account, opening, closing, booked: of the last report, with the sum of its booked
    entries; None without a report. gap: the widest between the balances of the reports before.
    """

    number: int = 0
    account: str = ""
    opening: str | None = None
    closing: str | None = None
    booked: str | None = None
    gap: str | None = None

    def read(self, text: str) -> Reading:
        return reading_of_movements([*self.movements(text)], self.widest_gap())

    def widest_gap(self) -> Decimal | None:
        """The widest gap between balances, with those of the last report."""
        gaps = [] if self.gap is None else [Decimal(self.gap)]
        if self.opening is not None and self.closing is not None and self.booked is not None:
            gaps.append(Decimal(self.closing) - Decimal(self.opening) - Decimal(self.booked))
        return widest(gaps)

    def movements(self, text: str) -> Iterator[Movement]:
        """Yield the movements of a document. Its first report continues the last one of the part before."""
        root = parse_xml(text)
        for node in root.iter():
            node.tag = node.tag.rpartition("}")[2]
        for place, report in enumerate(node for name in _REPORTS for node in root.iter(name)):
            self._begin(report, continues=place == 0)
            for entry in report.findall("Ntry"):
                for movement in _movements(self.number + 1, entry, self.account):
                    self.number += 1
                    yield movement

    def _begin(self, report: Node, *, continues: bool) -> None:
        if not continues:
            gap = self.widest_gap()
            self.gap = None if gap is None else str(gap)
            self.account, self.opening, self.closing, self.booked = "", None, None, None
        self.account = _text(report, "Acct/Id/IBAN") or _text(report, "Acct/Id/Othr/Id") or self.account
        balances: dict[str, Decimal] = {}
        for balance in report.findall("Bal"):
            balances.setdefault(_first(balance, "Tp/CdOrPrtry/Cd"), _signed(balance))
        self.opening = self.opening or next((str(balances[kind]) for kind in _OPENING if kind in balances), None)
        self.closing = self.closing or next((str(balances[kind]) for kind in _CLOSING if kind in balances), None)
        booked = [one for one in report.findall("Ntry") if _first(one, "Sts/Cd", "Sts") not in _STATUS]
        self.booked = str(sum(map(_signed, booked), Decimal(self.booked or 0)))


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
    is_reversal = _text(entry, "RvslInd") == "true"
    if is_reversal and _text(side, "CdtDbtInd") == "":
        came_in = not came_in
    parts = payment if payment is not None else entry
    # A reversal names the parties of the payment that it takes back.
    party = ("UltmtDbtr", "Dbtr") if came_in != is_reversal else ("UltmtCdtr", "Cdtr")
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


def _signed(node: Node) -> Decimal:
    number = _number(node.find("Amt")) or Decimal(0)
    return number if _text(node, "CdtDbtInd") == "CRDT" else -number
