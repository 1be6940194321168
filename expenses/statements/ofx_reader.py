"""Reader of OFX and QFX, version 1 (SGML) and 2 (XML), from banks and FinBrain.

It reads tag by tag with a regular expression: many files never close their tags, and none needs the dangerous parts of
XML (custom entities, external documents).
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from classifier.categories import CASH, Kind
from expenses.statements.encodings import decode
from expenses.statements.movements import Movement, read_movements
from expenses.statements.notation import is_negative
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import MAX_OTHER_ROWS, Reading

# Possessive, so that it takes linear time.
_TAG = re.compile(r"<(/?)([A-Za-z][\w.]*+)[^<>]*+>([^<]*+)")
# Too large for a character. From 4300 digits on, Python would not even parse the number.
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
CDATA, _CDATA_END = "<![CDATA[", "]]>"
_CHARSET = re.compile(rb"CHARSET:\s*([\w-]+)|encoding=[\"']([\w-]+)", re.IGNORECASE)
_ACCOUNTS = {"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"}
# Parts of a movement with fields of their own.
PARTS = {"PAYEE", "CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO"}
MOVEMENT = "STMTTRN"
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
OWN_BANK = "FINBRAIN:"
# The longest NAME in OFX. Banks write a longer one in full to MEMO.
NAME_LENGTH = 32


@dataclass
class StatementTransaction:
    """One STMTTRN element. values: by tag, or by `PART.TAG` inside a part."""

    line: int
    account: str
    currency: str
    values: dict[str, str] = field(default_factory=dict)


def is_ofx(text: str) -> bool:
    return bool(re.search(r"OFXHEADER|<OFX>", text[:4000], re.IGNORECASE))


def read_ofx(data: bytes) -> Reading:
    """Read every movement as an Entry or a Problem. Raises StatementError if there is none."""
    named = _CHARSET.search(data[:2000])
    hint = (named[1] or named[2]).decode() if named else ""
    text = decode(data, f"cp{hint}" if hint.isdecimal() else hint) or ""
    check_rows(text.count("<") // _TAGS_OF_A_MOVEMENT)
    movements = _find_movements(_without_cdata(text))
    amounts = [movement.values.get("TRNAMT", "") for movement in movements]
    kinds = {movement.values.get("TRNTYPE", "").upper() for movement in movements}
    own = any(movement.account.startswith(OWN_BANK) for movement in movements)
    is_unsigned = not own and not any(map(is_negative, amounts)) and not kinds.isdisjoint(_SPENT)
    return read_movements([_to_movement(movement, is_unsigned) for movement in movements])


def _without_cdata(text: str) -> str:
    """Replace CDATA sections by escaped text."""
    first, *others = text.split(CDATA)
    parts = [part.partition(_CDATA_END) for part in others]
    return first + "".join(escape(quoted) + rest for quoted, _end, rest in parts)


def _find_movements(text: str) -> list[StatementTransaction]:
    """Find the movements of all accounts in the file, at most MAX_OTHER_ROWS + 1."""
    found: list[StatementTransaction] = []
    current: StatementTransaction | None = None
    part, account, currency, line, seen = "", {}, "", 1, 0
    for tag in _TAG.finditer(text):
        line, seen = line + text.count("\n", seen, tag.start()), tag.start()
        closing, name, value = tag[1], tag[2].upper(), tag[3].strip()
        if len(found) > MAX_OTHER_ROWS:
            break
        if name == MOVEMENT:
            current = None if closing else StatementTransaction(line, ":".join(account.values()), currency)
            found += [current] if current else []
            part = ""
        elif name in _ACCOUNTS | PARTS:
            part = "" if closing else name
            account = {} if name in _ACCOUNTS and not closing else account
        elif closing or not value:
            continue
        elif current:
            current.values.setdefault(f"{part}.{name}" if part else name, _plain_text(value))
        elif part in _ACCOUNTS and name in ("BANKID", "ACCTID"):
            account[name] = _plain_text(value)
        elif name == "CURDEF":
            currency = _plain_text(value)
    return found


def _plain_text(value: str) -> str:
    return unescape(_NO_CHARACTER.sub(" ", value)).strip() if "&" in value else value


def _to_movement(found: StatementTransaction, is_unsigned: bool) -> Movement:
    values = found.values
    number, said = values.get("FITID", ""), values.get("TRNTYPE", "").upper()
    title, note = _texts_of(values)
    kind, category = _kind_of(found)
    is_own = found.account.startswith(OWN_BANK)
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
    if found.account.startswith(OWN_BANK):
        return _OWN_KINDS.get(said, (Kind.SPENT, ""))
    kind, category = _KINDS.get(said, ("", ""))
    return ("", "") if kind == Kind.RECEIVED and is_negative(found.values.get("TRNAMT", "")) else (kind, category)


def _texts_of(values: dict[str, str]) -> tuple[str, str]:
    """Title and note: the name and the memo, or the memo alone if the name is its beginning, cut to NAME_LENGTH."""
    name = values.get("NAME") or values.get("PAYEE.NAME", "")
    memo = values.get("MEMO", "")
    is_cut = len(memo) > NAME_LENGTH and memo[:NAME_LENGTH].rstrip() == name
    if is_cut or (len(name) >= NAME_LENGTH and memo.startswith(name)):
        return memo, ""
    return name or memo or values.get("TRNTYPE", ""), memo if name else ""
