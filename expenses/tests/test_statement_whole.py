"""Whole files of banks and apps with the oddities of their formats. The rows are invented."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from expenses.statements import Reading, Table, apply_mapping, needed_columns, read_file
from expenses.statements.guess import guess

WHOLE = Path(__file__).parent / "statements_kept" / "whole.txt"
# The share that must be right without touching a control.
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
    found = sorted((f"{one.spent_on}", one.title, one.amount) for one in entries)
    if len(found) != len(file.wanted) or {one.currency for one in entries} != {file.home}:
        return False
    pairs = zip(found, file.wanted, strict=True)
    return all(a[0] == b[0] and b[1] in a[1] and a[2] == b[2] for a, b in pairs)


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


def test_whole_files_are_right_without_touching_a_control():
    found = files()
    wrong = [file.name for file in found if not is_right(file)]
    assert len(found) > 40
    assert len(wrong) <= len(found) * (1 - RIGHT), wrong


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
