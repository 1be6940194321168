"""Renders statements in the formats that `formats.csv` describes, with invented rows in the language of each bank.

A format's columns are `Name=what`, separated by `|`. What a cell has: `date`, `payee`, `purpose`, `kind` (of payment),
`payer` and `recipient` (one of them is the account's owner), `amount` (with a minus if spent; `-amount` the other way
round; `+amount` with a plus too), `abs`, `out` and `in` (`-out` with a minus, `zout` and `zin` with zeros), `balance`,
`before` (the balance before), `flag:spent/received`, `cur`, `own` and `iban` (accounts), `card`, `id`, `uuid`, `code`,
`seq`, `time`, `stamp`, `bic`, `const:text`, `empty`. Two of them with a blank between them share the cell.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from babel.dates import format_date

FOLDER = Path(__file__).parent
FIRST_DAY = date(2026, 3, 2)
# Days after the first one, who, and what came in; the fourth is the employer.
_MOVEMENTS = [
    (0, 0, "-12.40"),
    (3, 1, "-1045.25"),
    (9, 2, "-23.50"),
    (14, 4, "2150.00"),
    (15, 3, "-60.00"),
    (24, 0, "-8.90"),
]
_OPENING = Decimal("3000.00")
_OWNER = "M MUSTER"


@dataclass(frozen=True)
class Format:
    """A row of formats.csv. before, after: lines above and below the table."""

    name: str
    home: str
    language: str
    delimiter: str
    encoding: str
    day: str
    decimal: str
    columns: str
    before: str
    after: str


@dataclass(frozen=True)
class Movement:
    """An invented movement. amount: what came in, negative for money spent."""

    number: int
    day: date
    payee: str
    purpose: str
    kind: str
    amount: Decimal
    balance: Decimal


def formats() -> list[Format]:
    with (FOLDER / "formats.csv").open(encoding="utf-8", newline="") as file:
        return [Format(**row) for row in csv.DictReader(file)]


def movements(of: Format) -> Iterator[Movement]:
    """The invented movements in the format's language, whole numbers in currencies without decimals."""
    with (FOLDER / "languages.csv").open(encoding="utf-8", newline="") as file:
        words = next(row for row in csv.DictReader(file) if row["language"] == of.language)
    merchants, purposes = words["merchants"].split("|"), words["purposes"].split("|")
    balance = _OPENING * (100 if of.decimal.startswith("0") else 1)
    for number, (after, who, amount) in enumerate(_MOVEMENTS):
        money = Decimal(amount) * 100 if of.decimal.startswith("0") else Decimal(amount)
        balance += money
        payee = merchants[who] if who < 4 else words["employer"]
        purpose = purposes[who] if who < 4 else words["salary"]
        kind = words["transfer"] if who == 4 else words["debit"] if who == 3 else words["card"]
        yield Movement(number, FIRST_DAY + timedelta(days=after), payee, purpose, kind, money, balance)


def expected(of: Format) -> list[tuple[str, str, Decimal]]:
    """What must come out: the day, a part of the title, and the amount, positive when spent."""
    return [(one.day.isoformat(), one.payee, -one.amount) for one in movements(of)]


def render(of: Format, newest_first: bool = False) -> bytes:
    """A statement in the format."""
    delimiter = "\t" if of.delimiter == "tab" else of.delimiter
    columns = [column.rpartition("=")[::2] for column in of.columns.split("|")]
    lines = (
        [delimiter.join(_quoted(name, delimiter) for name, _what in columns)]
        if any(name for name, _ in columns)
        else []
    )
    rows = list(movements(of))
    for one in reversed(rows) if newest_first else rows:
        lines.append(delimiter.join(_quoted(_cell(of, one, what), delimiter) for _name, what in columns))
    before, after = of.before.replace("\\n", "\n"), of.after.replace("\\n", "\n")
    text = "\r\n".join([*(before.split("\n") if before else []), *lines, *(after.split("\n") if after else []), ""])
    return text.encode(of.encoding)


def _quoted(text: str, delimiter: str) -> str:
    return f'"{text}"' if delimiter in text else text


def _cell(of: Format, one: Movement, what: str) -> str:
    if what.startswith("const:"):
        return what.removeprefix("const:")
    if what.startswith("flag:"):
        return what.removeprefix("flag:").split("/")[one.amount > 0]
    first, _, second = what.partition(" ")
    text = _value(of, one, first)
    return f"{text} {_value(of, one, second) if second in ('purpose', 'payee') else second}" if second else text


def _value(of: Format, one: Movement, what: str) -> str:
    spent = one.amount < 0
    simple = {
        "payee": one.payee,
        "purpose": one.purpose,
        "kind": one.kind,
        "cur": of.home,
        "empty": "",
        "uuid": "",
        "own": "DE02100100100006820101",
        "iban": f"DE{one.number}2500105170648489890",
        "bic": "INGDDEFFXXX",
        "payer": _OWNER if spent else one.payee,
        "recipient": one.payee if spent else _OWNER,
        "card": "4711********1234",
        "id": f"20260{one.number}71{one.number}044",
        "code": f"{5411 + one.number}",
        "seq": f"{one.number + 101}",
        "time": f"1{one.number}:0{one.number}:09",
        "stamp": "10:00:00:123",
    }
    if what == "uuid":
        return f"65f0c{one.number}1e-aa{one.number}0-4b7d-9a51-0c{one.number}d2e5f7a90"
    if what.startswith("code:"):
        return what.removeprefix("code:")
    if what == "date":
        return _day(one.day, of.day)
    return simple[what] if what in simple else _money(of, one, what)


def _money(of: Format, one: Movement, what: str) -> str:
    amounts = {
        "amount": one.amount,
        "-amount": -one.amount,
        "+amount": one.amount,
        "abs": abs(one.amount),
        "spaced": one.amount,
        "balance": one.balance,
        "+balance": one.balance,
        "before": one.balance - one.amount,
    }
    if what in amounts:
        text = _number(amounts[what], of.decimal)
        return f"+{text}" if what.startswith("+") and amounts[what] > 0 else text
    way = what.lstrip("+-z")
    if (way == "out") != (one.amount < 0):
        return _number(Decimal(0), of.decimal) if what.startswith("z") else ""
    text = _number(abs(one.amount), of.decimal)
    return f"{what[0]}{text}" if what[0] in "+-" else text


def _number(amount: Decimal, style: str) -> str:
    """The amount with the style's separators: of groups, then of decimals; a sign before them, or a zero for none."""
    sign = "-" if amount < 0 else ""
    whole, point, fraction = f"{abs(amount):,.2f}".partition(".")
    if style.startswith("0"):
        return f"{sign}{whole.replace(',', style[1:])}"
    if style[0] not in ".,' ":
        return f"{sign}{style.rstrip()}{' ' if style.endswith(' ') else ''}{whole.replace(',', '')}.{fraction}"
    group, decimal = ("", style) if len(style) == 1 else (style[0], style[-1])
    return f"{sign}{whole.replace(',', group)}{point and decimal}{fraction}"


def _day(day: date, style: str) -> str:
    """The day in a style of strftime; "@be" counts years from the Buddha, "@ro" writes Romanian months."""
    style, _, special = style.partition("@")
    if special == "be":
        return day.strftime(style).replace(str(day.year), str(day.year + 543))
    return format_date(day, "dd MMMM yyyy", special) if special else day.strftime(style)
