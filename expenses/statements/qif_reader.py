"""Reader of QIF. It makes a table, because QIF names neither the currency nor the order of day and month."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from expenses.statements.notation import is_negative
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import LONGEST_CELL, MAX_ROWS, StatementError, Table

_MONEY_TYPES = ("bank", "cash", "ccard", "oth a", "oth l")
_HEADER = ("Date", "Payee", "Memo", "Amount", "Debit/Credit", "Category", "Type")
_OWN = "Own transfer"


def read_qif(text: str) -> Table:
    """One row per transaction, or per split of one. Raises StatementError if there is none."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, record in _records(text):
        for row in _rows_of(record):
            rows.append(row)
            lines.append(line)
        check_rows(len(rows), MAX_ROWS)
    if not rows:
        raise StatementError(_("This file has no transactions. Choose another statement."))
    return Table(_HEADER, tuple(rows), tuple(lines))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each transaction with the number of its first line. Skips accounts, categories, securities."""
    is_money, record, start = False, [], 1
    for line, content in enumerate(text.splitlines(), 1):
        content = content.strip()
        if content.startswith("!"):
            kind = content[1:].lower().removeprefix("type:").strip()
            is_money = kind in _MONEY_TYPES if not kind.startswith(("option:", "clear:")) else is_money
            record = []
        elif content == "^":
            if is_money and record:
                yield start, record
            record = []
        elif content:
            start = start if record else line
            record.append(content)
    if is_money and record:
        yield start, record


def _rows_of(record: list[str]) -> Iterator[tuple[str, ...]]:
    fields: dict[str, str] = {}
    splits: list[dict[str, str]] = []
    for line in record:
        code, value = line[0].upper(), line[1:LONGEST_CELL].strip()
        if code == "S":
            splits.append({"L": value})
        elif code in "E$" and splits:
            splits[-1]["M" if code == "E" else "T"] = value
        else:
            fields.setdefault(code, value)
    for split in splits or [{}]:
        found = fields | {name: value for name, value in split.items() if value}
        amount, category = found.get("T") or found.get("U", ""), found.get("L", "").partition("|")[0]
        direction = "debit" if is_negative(amount) else "credit"
        own = _OWN if category.startswith("[") else ""
        day = re.sub(r"\s*'\s*", "/", found.get("D", "")).replace(" ", "")
        yield day, found.get("P", ""), found.get("M", ""), amount, direction, category.strip("[]"), own
