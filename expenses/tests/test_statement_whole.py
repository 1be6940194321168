"""Whole files of banks and apps with the oddities of their formats. The rows are invented."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expenses.statements import Entry, Reading, Table, apply_mapping, needed_columns, read_file
from expenses.statements.guess import guess

WHOLE = Path(__file__).parent / "statements_kept" / "whole.txt"
# The share about which FinBrain must have no question.
RIGHT = 0.97


class File(NamedTuple):
    """A file, and what must come out: day, a part of the title, and the amount, positive when spent."""

    name: str
    home: str
    data: bytes
    wanted: list[tuple[str, str, Decimal]]


def files() -> list[File]:
    """The files of whole.txt: `=== name | home currency`, the file, `---`, and a line for each expected movement."""
    found = []
    for block in WHOLE.read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, rest = block.partition("\n")
        text, _, expected = rest.rpartition("\n---\n")
        name, home = head.split(" | ")
        rows = [line.split(" | ") for line in expected.strip().splitlines()]
        wanted = sorted((day, title, Decimal(amount)) for day, title, amount in rows)
        found.append(File(name, home, f"{text}\n".encode(), wanted))
    return found


def is_right(file: File) -> bool:
    """Whether the guess as it is gives the expected movements, beside those only moved and those that aren't booked."""
    read = read_file(file.data, "statement.csv")
    if isinstance(read, Table):
        mapping = guess(read, file.home).mapping
        if needed_columns(mapping):
            return False
        read = apply_mapping(read, mapping)
    assert isinstance(read, Reading)
    entries = [one for one in read.entries if one.kind != "moved" and one.status == "booked"]
    return {one.currency for one in entries} == {file.home} and not differences(entries, file.wanted)


def differences(entries: list[Entry], wanted: list[tuple[str, str, Decimal]]) -> list[object]:
    """The expected movements that are missing, and the entries that nobody expects."""
    left, extra = [*wanted], []
    for one in entries:
        found = next((row for row in left if fits(one, row)), None)
        if found is None:
            extra.append(one)
        else:
            left.remove(found)
    return [*left, *extra]


def fits(entry: Entry, row: tuple[str, str, Decimal]) -> bool:
    return (f"{entry.spent_on}", entry.amount) == (row[0], row[2]) and row[1] in entry.title


def questions(file: File) -> list[str]:
    """What FinBrain asks about a file, if the answer makes a difference to a row."""
    table = read_file(file.data, "statement.csv")
    if not isinstance(table, Table):
        return []
    guessed = guess(table, file.home)
    now = apply_mapping(table, guessed.mapping).entries
    return [name for name, other in guessed.asks.items() if apply_mapping(table, other).entries != now]


SECTIONS = """Savings 4411
Date,Details,Money Out,Money In
02/03/2026,Bakery,12.40,
16/03/2026,Salary,,2150.00

Card 9921
Posted,Merchant,Amount
05/03/2026,Books,{sign}45.25
17/03/2026,Gym,{sign}60.00
18/03/2026,Books back,{other}5.25
"""


@pytest.mark.parametrize(("sign", "other"), [("", "-"), ("-", "")])
def test_a_section_with_one_amount_below_one_with_both_ways(sign, other):
    table = read_file(SECTIONS.format(sign=sign, other=other).encode(), "statement.csv")
    assert isinstance(table, Table)
    entries = apply_mapping(table, guess(table, "USD").mapping).entries
    amounts = {"Bakery": "12.40", "Salary": "-2150.00", "Books": "45.25", "Gym": "60.00", "Books back": "-5.25"}
    assert {one.title: str(one.amount) for one in entries} == amounts


def test_entities_in_a_text_of_columns():
    text = "Date,Description,Amount\n2026-03-02,Fish &amp; Chips,-1.50\n2026-03-03,B&B &#39;Sea&#39; &x; AT&T,-2.50\n"
    table = read_file(text.encode(), "statement.csv")
    assert isinstance(table, Table)
    entries = apply_mapping(table, guess(table, "USD").mapping).entries
    assert [one.title for one in entries] == ["Fish & Chips", "B&B 'Sea' &x; AT&T"]


FILES = files()


def test_whole_files_are_right_without_touching_a_control(monkeypatch):
    """Those without a year were downloaded soon after their last day."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert len(FILES) > 1200
    assert [file.name for file in FILES if not is_right(file)] == []


def test_few_whole_files_are_asked_about():
    asked = {file.name: found for file in FILES if (found := questions(file))}
    assert len(asked) <= len(FILES) * (1 - RIGHT), asked


def cells_of(file: File) -> tuple[str, list[list[str]]] | None:
    """The delimiter and the rows of a file in columns; None for another file, or one that is quoted strangely."""
    text = file.data.decode()
    delimiter = max(",;\t|", key=text.count)
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    is_even = all(len(row) in (0, 1, len(rows[-1])) for row in rows) and len(rows[-1]) > 2
    is_other = text.startswith(("{", "[", "<", ":", "OFX", "!", "sep=", "'")) or any(
        sign in text for sign in ("~|~", "#;#", "\n'")
    )
    return (delimiter, rows) if is_even and not is_other else None


IN_COLUMNS = [file for file in FILES if cells_of(file)]


def written(rows: list[list[str]], delimiter: str, **how: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, **how).writerows(rows)
    return text.getvalue().encode()


def with_spaces(row: list[str]) -> list[str]:
    return [f" {cell} " if cell else cell for cell in row]


def names_again(rows: list[list[str]]) -> list[list[str]]:
    """The rows, with those of column names a second time in the middle of the rows below them."""
    has_values = [any(map(str.isdecimal, "".join(row))) for row in rows]
    names = next((at for at, row in enumerate(rows) if len(row) > 2 and not has_values[at]), len(rows) - 1)
    middle = (names + 1 + len(rows)) // 2
    if not any(has_values[names + 1 : names + 2]) or any(row[:1] == [""] for row in rows[middle : middle + 1]):
        return rows
    return [*rows[:middle], ["Page 2"], rows[names], *rows[middle:]]


# An amount with decimals, and what is around it.
AMOUNT, AROUND = re.compile(r"(?<![./-])\b\d[\d., ']*[.,]\d\d(?!\d|[./-])\D{0,4}$"), re.compile(r"^\D+|\D+$")


def total_below(rows: list[list[str]]) -> list[list[str]]:
    """The rows, with a total below that has no minus, in each column in which the last row has an amount."""
    first, *others = rows[-1]
    sums = [AROUND.sub("", cell) if AMOUNT.search(cell) else "" for cell in others]
    return rows if AMOUNT.search(first) else [*rows, ["Total", *sums]]


CHANGES: dict[str, Callable[[list[list[str]], str], bytes]] = {
    "other delimiter": lambda rows, delimiter: written(rows, "\t" if delimiter != "\t" else ";"),
    "quotes": lambda rows, delimiter: written(rows, delimiter, quoting=csv.QUOTE_ALL),
    "old line ends": lambda rows, delimiter: written(rows, delimiter, lineterminator="\n").replace(b"\n", b"\r"),
    "an empty column before": lambda rows, delimiter: written([["", *row] for row in rows], delimiter),
    "an empty column behind": lambda rows, delimiter: written([[*row, ""] for row in rows], delimiter),
    "spaces": lambda rows, delimiter: written([with_spaces(row) for row in rows], delimiter),
    "lines above": lambda rows, delimiter: written([["Customer", "M Muster"], [], *rows], delimiter),
    "lines below": lambda rows, delimiter: written([*rows, [], ["Page 1 of 2"], ["Printed on 31.03.2026"]], delimiter),
    "a total below": lambda rows, delimiter: written(total_below(rows), delimiter),
    "names again": lambda rows, delimiter: written(names_again(rows), delimiter),
    "UTF-16": lambda rows, delimiter: written(rows, delimiter).decode().encode("utf-16"),
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(IN_COLUMNS), st.sampled_from(sorted(CHANGES)))
def test_whole_files_with_one_thing_changed(file, change):
    delimiter, rows = cells_of(file) or ("", [])
    changed = file._replace(data=CHANGES[change](rows, delimiter))
    assert is_right(changed), file.name


def test_remarks_below_change_no_title():
    file = next(file for file in FILES if file.name.startswith("PL PKO BP, types, texts with labels"))
    assert is_right(file._replace(data=file.data + "\nTotal\nAlle Angaben ohne Gewähr.\n".encode()))


HEAD = "Account,Date,Payee,Category,Amount\n"
OTHERS = "Giro,2026-03-02,Bakery,Food,-12.40\nSavings,2026-03-03,Interest paid,Interest,1.12\n"


def kinds(rows: str, head: str = HEAD) -> list[str]:
    table = read_file((head + rows + OTHERS).encode(), "app.csv")
    assert isinstance(table, Table)
    return [str(one.kind) for one in apply_mapping(table, guess(table, "EUR").mapping).entries][:1]


@pytest.mark.parametrize(
    ("payee", "category", "kind"),
    [
        ("Transfer: Savings", "", "moved"),
        ("To 'Savings'", "", "moved"),
        ("Giro → Savings", "", "moved"),
        ("Transfer : Somewhere", "", "moved"),
        ("Umbuchung: Savings", "", "moved"),
        ("", "From 'Savings'", "moved"),
        ("Savings", "Books", ""),
        ("To Anna", "Gifts", ""),
        ("Transfer: Anna Lopez", "", ""),
        ("Giro", "Sports", ""),
    ],
)
def test_a_transfer_names_another_account_of_the_file_and_nothing_else(payee, category, kind):
    assert kinds(f"Giro,2026-03-09,{payee},{category},-300.00\n") == [kind]


@pytest.mark.parametrize(
    ("cell", "kind"), [("true", "moved"), ("false", ""), ("", ""), ("1", "moved"), ("0", ""), ("Savings", "moved")]
)
def test_a_column_that_says_transfer(cell, kind):
    head = HEAD.replace("Amount", "Amount,Transfer")
    assert kinds(f"Giro,2026-03-09,Rainy Day,,-300.00,{cell}\n", head) == [kind]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("true", "moved"), ("Yes", "moved"), ("", ""), ("false", ""), ("nein", ""), ("Faux", ""), ("-", "")],
)
@pytest.mark.parametrize("name", ["excluded", "Exclude from totals", "Ausgeschlossen"])
def test_a_row_that_the_person_left_out_of_the_totals_of_an_app(name, cell, kind):
    head = HEAD.replace("Amount", f"Amount,{name}")
    assert kinds(f"Giro,2026-03-09,Rainy Day,Books,-300.00,{cell}\n", head) == [kind]


def test_amounts_in_a_column_of_transfers_say_nothing():
    head = HEAD.replace("Amount", "Amount,Transfers")
    assert kinds("Giro,2026-03-09,Rainy Day,,-300.00,17.5\n", head) == [""]


@pytest.mark.parametrize(
    ("heading", "status"),
    [("Pending transactions", "pending"), ("Pending and posted transactions", "booked"), ("My account", "booked")],
)
def test_a_heading_above_the_names_of_columns_says_the_status(heading, status):
    table = read_file(f"{heading}\nDate,Description,Amount\n2026-03-02,Bakery,-3.20\n".encode(), "bank.csv")
    assert isinstance(table, Table)
    assert [one.status for one in apply_mapping(table, guess(table, "EUR").mapping).entries] == [status]
