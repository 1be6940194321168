"""OFX and QFX, version 1 (SGML) and 2 (XML), as banks write them.

Read tag by tag with a regular expression: half of the files in the world close no tags, and none needs what makes XML
dangerous (entities of its own, other documents). What FinBrain writes itself is read by the same code.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html import escape, unescape

from django.utils.translation import gettext as _

from expenses.statements.cells import CellError, check_currency, check_day, day_of, money_of, title_and_note
from expenses.statements.encodings import decode
from expenses.statements.notation import decimal_votes
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import MAX_ROWS, DateOrder, Entry, Problem, Reading, StatementError

# Never looks twice at the same letter.
_TAG = re.compile(r"<(/?)([A-Za-z][\w.]*+)[^<>]*+>([^<]*+)")
# Too large for one, and of 4300 digits on no number to Python either.
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
CDATA, _CDATA_END = "<![CDATA[", "]]>"
_CHARSET = re.compile(rb"CHARSET:\s*([\w-]+)|encoding=[\"']([\w-]+)", re.IGNORECASE)
_ACCOUNTS = {"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"}
# Of a movement, with fields of their own.
PARTS = {"PAYEE", "CURRENCY", "ORIGCURRENCY", "BANKACCTTO", "CCACCTTO"}
MOVEMENT = "STMTTRN"
# With their ends, and few have so many.
_TAGS_OF_A_MOVEMENT = 25
# Of OFX; what is longer stands whole in MEMO.
NAME_LENGTH = 32


@dataclass
class Movement:
    """One STMTTRN. values: by tag; those of its parts by `PART.TAG`."""

    line: int
    account: str
    currency: str
    values: dict[str, str] = field(default_factory=dict)


def is_ofx(text: str) -> bool:
    return bool(re.search(r"OFXHEADER|<OFX>", text[:4000], re.IGNORECASE))


def read_ofx(data: bytes) -> Reading:
    """Every movement as an Entry or a Problem. Raises StatementError if there is none."""
    named = _CHARSET.search(data[:2000])
    hint = (named[1] or named[2]).decode() if named else ""
    text = decode(data, f"cp{hint}" if hint.isdecimal() else hint) or ""
    check_rows(text.count("<") // _TAGS_OF_A_MOVEMENT)
    movements = _find_movements(_without_cdata(text))
    if not movements:
        raise StatementError(_("There are no movements in this file."))
    check_rows(len(movements))
    found = [_read_movement(movement) for movement in movements]
    entries = [one for one in found if isinstance(one, Entry)]
    return Reading(tuple(_own_ids_only(entries)), tuple(one for one in found if isinstance(one, Problem)))


def _without_cdata(text: str) -> str:
    """The same with what is quoted as a whole written as everything else is."""
    first, *others = text.split(CDATA)
    parts = [part.partition(_CDATA_END) for part in others]
    return first + "".join(escape(quoted) + rest for quoted, _end, rest in parts)


def _find_movements(text: str) -> list[Movement]:
    """All of all accounts in the file; of too many the first ones."""
    found: list[Movement] = []
    current: Movement | None = None
    part, account, currency, line, seen = "", {}, "", 1, 0
    for tag in _TAG.finditer(text):
        line, seen = line + text.count("\n", seen, tag.start()), tag.start()
        closing, name, value = tag[1], tag[2].upper(), tag[3].strip()
        if len(found) > MAX_ROWS:
            break
        if name == MOVEMENT:
            current = None if closing else Movement(line, ":".join(account.values()), currency)
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
    return unescape(_NO_CHARACTER.sub(" ", value)).strip()


def _read_movement(movement: Movement) -> Entry | Problem:
    values = movement.values
    try:
        text = values.get("DTPOSTED", "")
        day = check_day(day_of(text, DateOrder.YEAR_FIRST), text)
        code = (values.get("CURRENCY.CURSYM") or movement.currency).upper()
        text = values.get("TRNAMT", "")
        amount, currency = money_of(text, code, decimal_votes(text) or ".")
        check_currency(currency, day)
        title, note = title_and_note(*_texts_of(values))
    except CellError as error:
        return Problem(movement.line, error.column, error.text, str(error))
    number = values.get("FITID", "")
    bank_id = f"{movement.account}:{number}" if number else ""
    return Entry(movement.line, day, title, -amount, currency, note=note, bank_id=bank_id)


def _texts_of(values: dict[str, str]) -> tuple[str, str]:
    """Title and note: the name, and the memo unless that is the same name, whole; a blank at its cut end is gone."""
    name = values.get("NAME") or values.get("PAYEE.NAME", "")
    memo = values.get("MEMO", "")
    is_cut = len(memo) > NAME_LENGTH and memo[:NAME_LENGTH].rstrip() == name
    if is_cut or (len(name) >= NAME_LENGTH and memo.startswith(name)):
        return memo, ""
    return name or memo or values.get("TRNTYPE", ""), memo if name else ""


def _own_ids_only(entries: list[Entry]) -> list[Entry]:
    """Some banks give one FITID to several movements; it tells nothing then, and is left out."""
    uses = Counter(entry.bank_id for entry in {replace(entry, line=0) for entry in entries})
    return [replace(entry, bank_id="") if uses[entry.bank_id] > 1 else entry for entry in entries]
