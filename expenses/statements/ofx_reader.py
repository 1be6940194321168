"""Reader of OFX and QFX, version 1 (SGML) and 2 (XML), from banks and FinBrain.

It reads tag by tag with a regular expression: many files never close their tags, and none needs the dangerous parts of
XML (custom entities, external documents).
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from html import escape, unescape
from itertools import pairwise

from classifier.categories import CASH, Kind
from expenses.statements.encodings import decode
from expenses.statements.long_files import LongFile, cut_text, is_long, starts_of
from expenses.statements.movements import Movement, read_movements, reading_of_movements
from expenses.statements.notation import is_negative
from expenses.statements.profile import is_telling, names_kind
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import Reading

# Possessive, so that it takes linear time.
_TAG = re.compile(r"<(/?)([A-Za-z][\w.]*+)[^<>]*+>([^<]*+)")
_START = re.compile(r"<STMTTRN(?![\w.])", re.IGNORECASE)
_AMOUNT, _TYPE, _ID = (re.compile(rf"<{name}>\s*([^<\r\n]*)", re.IGNORECASE) for name in ("TRNAMT", "TRNTYPE", "FITID"))
_SECTION = re.compile(r"<(?:BANK|CC|INV)ACCTFROM(?![\w.])", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"ACCTFROM>(?:\s*+<(?!ACCTID)[^<>]{1,40}>[^<]{0,100}+){0,6}\s*+<ACCTID>([^<]{0,100})", re.IGNORECASE
)
_OWN = re.compile(r"<BANKID>\s*FINBRAIN\s*<", re.IGNORECASE)
# Too large for a character. From 4300 digits on, Python would not even parse the number.
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_CHARSET = re.compile(rb"CHARSET:\s*([\w-]+)|encoding=[\"']([\w-]+)", re.IGNORECASE)
_ACCOUNTS = {"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"}
# Parts of a movement with fields of their own.
_PARTS = {"PAYEE", "CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO"}
_SECTIONS = _ACCOUNTS | _PARTS
_MOVEMENT = "STMTTRN"
# The types of money spent, for banks that write amounts without a sign.
_SPENT = {"DEBIT", "POS", "ATM", "FEE", "SRVCHG", "CHECK", "PAYMENT", "CASH", "DIRECTDEBIT", "REPEATPMT"}
# Counts closing tags too. Few movements have this many.
_TAGS_OF_A_MOVEMENT = 25
# The kind and the category of some values of TRNTYPE. A bank's XFER may well be rent, and its DEP a refund, so they say
# nothing more than a direction.
_KINDS = {
    "ATM": (Kind.MOVED, CASH),
    "CASH": (Kind.MOVED, CASH),
    "DIRECTDEP": (Kind.RECEIVED, ""),
    "DIV": (Kind.RECEIVED, ""),
    "INT": (Kind.RECEIVED, "interest"),
}
_OWN_KINDS = {"CASH": (Kind.MOVED, CASH), "DEP": (Kind.RECEIVED, ""), "XFER": (Kind.MOVED, "")}
# The bank of FinBrain's own exports.
_OWN_BANK = "FINBRAIN:"
# The longest NAME in OFX. Banks write a longer one in full to MEMO.
NAME_LENGTH = 32


@dataclass
class StatementTransaction:
    """One STMTTRN element. section: how many accounts began before. values: by tag, or by `PART.TAG` inside a part."""

    line: int
    account: str
    currency: str
    section: int
    values: dict[str, str] = field(default_factory=dict)


def is_ofx(text: str) -> bool:
    return bool(re.search(r"OFXHEADER|<OFX>", text[:4000], re.IGNORECASE))


def read_ofx(data: bytes) -> Reading | LongFile:
    """Read every movement as an Entry or a Problem. Raises StatementError if there is none."""
    named = _CHARSET.search(data[:2000])
    hint = (named[1] or named[2]).decode() if named else ""
    text = decode(data, f"cp{hint}" if hint.isdecimal() else hint) or ""
    if is_long(starts_of(_START, text)):
        return _long_file(text)
    check_rows(text.count("<") // _TAGS_OF_A_MOVEMENT)
    reader = OfxReader()
    movements = reader.find(_without_cdata(text))
    amounts = (movement.values.get("TRNAMT", "") for movement in movements)
    kinds = {movement.values.get("TRNTYPE", "").upper() for movement in movements}
    own = any(movement.account.startswith(_OWN_BANK) for movement in movements)
    reader.is_unsigned = not own and _are_unsigned(amounts, kinds)
    return read_movements(reader.movements(movements))


def _without_cdata(text: str) -> str:
    """Replace CDATA sections by escaped text."""
    first, *others = text.split(_CDATA)
    parts = [part.partition(_CDATA_END) for part in others]
    return first + "".join(escape(quoted) + rest for quoted, _end, rest in parts)


def _are_unsigned(amounts: Iterable[str], kinds: set[str]) -> bool:
    return not any(map(is_negative, amounts)) and not kinds.isdisjoint(_SPENT)


def _long_file(text: str) -> LongFile:
    text = _without_cdata(text)
    starts = starts_of(_START, text)
    amounts, kinds = _AMOUNT.finditer(text), {found[1].strip().upper() for found in _TYPE.finditer(text)}
    is_own = _OWN.search(text) is not None
    is_unsigned = not is_own and _are_unsigned((found[1] for found in amounts), kinds)
    accounts = frozenset() if is_own else frozenset(found[1].strip() for found in _ACCOUNT.finditer(text))
    start = asdict(OfxReader(is_unsigned, _shared_ids(text, starts)))
    return LongFile("ofx", cut_text(text, starts), start, accounts)


def _shared_ids(text: str, starts: Sequence[int]) -> list[str]:
    """The ids that the bank uses for several movements of a section, which identify nothing, with the section."""
    uses: dict[str, int] = {}
    shared: set[str] = set()
    sections = starts_of(_SECTION, text)
    for start, end in pairwise([*starts, len(text)]):
        if named := _ID.search(text, start, end):
            number = f"{bisect(sections, start)}:{_plain_text(named[1].strip())}"
            content = hash(text[start:end].partition(f"</{_MOVEMENT}")[0].strip())
            if uses.setdefault(number, content) != content:
                shared.add(number)
    return sorted(shared)


@dataclass
class OfxReader:
    """Reads movements, all at once or part by part.

    is_unsigned: whether no amount has a sign. shared: the ids that identify nothing, with the number of their section.
    section, part, account, currency, line: of the place that was reached.
    """

    is_unsigned: bool = False
    shared: list[str] = field(default_factory=list)
    section: int = 0
    part: str = ""
    account: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    line: int = 1

    def read(self, text: str) -> Reading:
        return reading_of_movements(self.movements(self.find(text)))

    def movements(self, found: list[StatementTransaction]) -> list[Movement]:
        shared = {*self.shared}
        return [_to_movement(one, self.is_unsigned, shared) for one in found]

    def find(self, text: str) -> list[StatementTransaction]:
        """Find the movements of all accounts in a text."""
        found: list[StatementTransaction] = []
        current: StatementTransaction | None = None
        seen = 0
        for tag in _TAG.finditer(text):
            self.line, seen = self.line + text.count("\n", seen, tag.start()), tag.start()
            closing, name, value = tag[1], tag[2].upper(), tag[3].strip()
            if name == _MOVEMENT:
                account = ":".join(self.account.values())
                place = self.line, account, self.currency, self.section
                current = None if closing else StatementTransaction(*place)
                found += [current] if current else []
                self.part = ""
            elif name in _SECTIONS:
                self.part = "" if closing else name
                if name in _ACCOUNTS and not closing:
                    self.account, self.section = {}, self.section + 1
            elif closing or not value:
                continue
            elif current:
                current.values.setdefault(f"{self.part}.{name}" if self.part else name, _plain_text(value))
            elif self.part in _ACCOUNTS and name in ("BANKID", "ACCTID"):
                self.account[name] = _plain_text(value)
            elif name == "CURDEF":
                self.currency = _plain_text(value)
        self.line += text.count("\n", seen)
        return found


def _plain_text(value: str) -> str:
    return unescape(_NO_CHARACTER.sub(" ", value)).strip() if "&" in value else value


def _to_movement(found: StatementTransaction, is_unsigned: bool, shared: set[str]) -> Movement:
    values = found.values
    number, said = values.get("FITID", ""), values.get("TRNTYPE", "").upper()
    number = "" if f"{found.section}:{number}" in shared else number
    is_own = found.account.startswith(_OWN_BANK)
    title, note = _texts_of(values, is_own)
    kind, category = _kind_of(found)
    return Movement(
        found.line,
        values.get("DTPOSTED", ""),
        values.get("TRNAMT", ""),
        (values.get("CURRENCY.CURSYM") or found.currency).upper(),
        title,
        note,
        came_in=said not in _SPENT if is_unsigned else None,
        bank_id=f"{found.account}:{number}" if number else "",
        account="" if is_own else found.account.rpartition(":")[2],
        kind=kind,
        category=category,
    )


def _kind_of(found: StatementTransaction) -> tuple[str, str]:
    """The kind and category that TRNTYPE says. Income that left the account is none."""
    said = found.values.get("TRNTYPE", "").upper()
    if found.account.startswith(_OWN_BANK):
        return _OWN_KINDS.get(said, (Kind.SPENT, ""))
    kind, category = _KINDS.get(said, ("", ""))
    return ("", "") if kind == Kind.RECEIVED and is_negative(found.values.get("TRNAMT", "")) else (kind, category)


def _texts_of(values: dict[str, str], is_own: bool) -> tuple[str, str]:
    """Title and note: the name and the memo, or the memo alone if the name is its beginning, cut to NAME_LENGTH.

    The other way round if the name of a bank only says how it was paid.
    """
    name = values.get("NAME") or values.get("PAYEE.NAME", "")
    memo = values.get("MEMO", "")
    is_cut = len(memo) > NAME_LENGTH and memo[:NAME_LENGTH].rstrip() == name
    if is_cut or (len(name) >= NAME_LENGTH and memo.startswith(name)):
        return memo, ""
    if not is_own and names_kind(name) and is_telling(memo) and not names_kind(memo):
        return memo, name
    return name or memo or values.get("TRNTYPE", ""), memo if name else ""
