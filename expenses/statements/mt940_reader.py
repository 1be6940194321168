"""Reader of MT940 and MT942 with the dialects of banks.

A reader of our own: see docs/decisions/dependencies.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import takewhile

from expenses.statements.balances import widest
from expenses.statements.long_files import LongFile, cut_text, is_long, starts_of
from expenses.statements.movements import Movement, read_movements, reading_of_movements
from expenses.statements.notation import read_number
from expenses.statements.statement import LONGEST_CELL, Reading, Status

_TAG = re.compile(r":(\d{2}[A-Z]?):")
_START, _ACCOUNT = re.compile(r"(?<=[\r\n]):61:"), re.compile(r"(?<=[\r\n]):25:([^\r\n]*)")
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,.]+)")
# Day, day of booking, direction, amount, kind, reference. R reverses, E is expected.
_LINE = re.compile(r"(\d{6})(\d{4})?(R|E)?([CD])[A-Z]?([\d]+[,.]?\d*)(?:([A-Z][A-Z0-9]{3})(.*))?", re.DOTALL)
# ":86:166?00text?20purpose?32name", also with other separators.
_STRUCTURED = re.compile(r"\d{3}([?~<>|/+@])00|([?])(?:00|10|20|32)")
_NAMED = re.compile(r"/([A-Z]{3,4})/")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|COAM|OAMT)\+")
_BEFORE_SEPA = "SVWZ"
# The subfields of the purpose.
_PURPOSE = [*map(str, (*range(20, 30), *range(60, 64)))]
# Lines of a field that are read; banks write up to seven.
_MOST_LINES = 100
# A longer name goes on in the next subfield, in the middle of a word.
_LINE_LENGTH = 27


@dataclass
class Mt940Reader:
    """Reads movements, all at once or part by part.

    account, currency, sum: of the open statement, with the balance so far. gap: the widest to a closing balance. line:
    the one before the next part.
    """

    account: str = ""
    currency: str = ""
    sum: str | None = None
    gap: str | None = None
    line: int = 0

    def read(self, text: str) -> Reading:
        movements = [*self.movements(text)]
        return reading_of_movements(movements, self.widest_gap())

    def widest_gap(self) -> Decimal | None:
        return None if self.gap is None else Decimal(self.gap)

    def movements(self, text: str) -> Iterator[Movement]:
        lines = text.splitlines()
        fields = list(_fields(lines, self.line + 1))
        self.line += len(lines)
        for number, (line, tag, content) in enumerate(fields):
            if tag == "25":
                self.account = content.split("\n")[0].strip()
            elif tag in ("60F", "60M", "62F", "62M") and (found := _BALANCE.match(content)):
                self._balance(found, opens=tag.startswith("60"))
            elif tag == "34F":
                self.currency = self.currency or content[:3]
            elif tag == "61" and (found := _LINE.match(content)):
                yield self._movement(line, found, _about(fields[number + 1 : number + 3]))

    def _balance(self, found: re.Match[str], *, opens: bool) -> None:
        number = read_number(found[4], ",") or Decimal(0)
        signed = number if found[1] == "C" else -number
        if opens:
            self.currency, self.sum = found[3], str(signed)
        elif self.sum is not None:
            gaps = [signed - Decimal(self.sum), *filter(None, [self.widest_gap()])]
            self.gap, self.sum = str(widest(gaps)), None

    def _movement(self, line: int, found: re.Match[str], about: str) -> Movement:
        valued, booked, mark, way, amount, _kind, rest = found.groups()
        came_in = (way == "C") != (mark == "R")
        number = read_number(amount.rstrip(",."), ",")
        if self.sum is not None and number is not None and mark != "E":
            self.sum = str(Decimal(self.sum) + (number if came_in else -number))
        title, note = _texts(about, rest or "")
        day = _booking_day(valued, booked)
        return Movement(
            *(line, day, amount.rstrip(",.").replace(",", "."), self.currency, title, note, came_in),
            status=Status.PENDING if mark == "E" else Status.BOOKED,
            account=self.account,
        )


def read_mt940(text: str) -> Reading | LongFile:
    """Read every :61: as an entry or a problem. Raises StatementError if there is none."""
    if is_long(starts := starts_of(_START, text)):
        accounts = frozenset(found[1].strip() for found in _ACCOUNT.finditer(text))
        return LongFile("mt940", cut_text(text, starts), asdict(Mt940Reader()), accounts)
    reader = Mt940Reader()
    movements = [*reader.movements(text)]
    return read_movements(movements, reader.widest_gap())


def _fields(lines: Sequence[str], first: int) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the tag and the content of each field; a field may have several lines. first: that line."""
    current: tuple[int, str, list[str]] | None = None
    for line, content in enumerate(lines, first):
        if not content:
            continue
        content = content.strip("\x01\x03\x04")
        if found := _TAG.match(content):
            if current:
                yield current[0], current[1], "\n".join(current[2])
            current = line, found[1], [content[found.end() :][:LONGEST_CELL]]
        elif current and len(current[2]) < _MOST_LINES and not content.startswith(("-}", "{")) and content.strip(" -"):
            current[2].append(content[:LONGEST_CELL])
    if current:
        yield current[0], current[1], "\n".join(current[2])


def _about(fields: Sequence[tuple[int, str, str]]) -> str:
    """The field 86 after a movement; of two of them the one with subfields."""
    texts = [content for _line, _tag, content in takewhile(lambda field: field[1] == "86", fields)]
    return next((text for text in reversed(texts) if _STRUCTURED.search(text[:12])), "".join(texts[:1]))


def _booking_day(valued: str, booked: str | None) -> str:
    """The day of booking as YYYYMMDD. Its year is that of the value day, or the next to it at the turn of the year."""
    year, month = int(valued[:2]) + 2000, int(valued[2:4])
    if not booked:
        return f"20{valued}"
    shift = {True: 0, month == 12 and booked[:2] == "01": 1, month == 1 and booked[:2] == "12": -1}
    return f"{year + shift[True]}{booked}"


def _texts(about: str, reference: str) -> tuple[str, str]:
    """The title, which is the other party's name if there is one, and the note with the purpose."""
    flat = about.replace("\n", "")
    if found := _STRUCTURED.search(flat[:12]):
        parts = _parts(flat, found[1] or found[2])
        purpose = _purpose("".join(parts.get(number, "") for number in _PURPOSE))
        first, second = parts.get("32", ""), parts.get("33", "")
        name = f"{first}{'' if len(first) >= _LINE_LENGTH else ' '}{second}".strip()
        return (name, purpose) if name else (purpose or parts.get("00", ""), parts.get("00", "") if purpose else "")
    if "/NAME/" in flat or "/REMI/" in flat:
        marks = list(_NAMED.finditer(flat))
        ends = [mark.start() for mark in marks[1:]] + [len(flat)]
        named = {mark[1]: flat[mark.end() : end].strip(" /") for mark, end in zip(marks, ends, strict=True)}
        purpose = re.sub(r"^(?:USTD|STRD)?/+", "", named.get("REMI", ""))
        name = named.get("NAME") or "".join(named.get("CNTP", "").split("/")[2:3])
        return name or purpose, purpose if name else ""
    text = " ".join(about.split())
    extra = reference.partition("\n")[2].strip()
    return text or extra or reference.partition("//")[0].strip(), extra if text else ""


def _parts(flat: str, separator: str) -> dict[str, str]:
    """The subfields by their two digits, such as 20 for the first line of the purpose."""
    found: dict[str, str] = {}
    for part in flat.split(separator)[1:]:
        if part[:2].isdecimal():
            found.setdefault(part[:2], part[2:])
    return found


def _purpose(text: str) -> str:
    """The purpose without the references that German banks mark with tags such as EREF+."""
    marks = list(_SEPA.finditer(text))
    if not marks:
        return text.strip()
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    named = {mark[1]: text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}
    return named.get(_BEFORE_SEPA) or text[: marks[0].start()].strip() or " ".join(named.values())
