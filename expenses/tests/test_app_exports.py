"""Exports of finance apps are recognised by the names of their columns. The rows are invented."""

from pathlib import Path

import pytest

from expenses.statements import Table, apply_mapping, guess_mapping, read_file

FILES = Path(__file__).parent / "exports_of_apps"
# Of each row: title, amount, currency, kind, note.
WANTED = {
    "mint.csv": [
        ("Corner Grocer", "48.12", "EUR", "", "for the party · CORNER GROCER #552 QPS · #weekly"),
        ("Orchard Payroll", "-2100.00", "EUR", "received", "ORCHARD PAYROLL PPD"),
        ("Boot Shop", "-64.00", "EUR", "", "BOOTSHOP.COM REFUND"),
    ],
    "ynab.csv": [
        ("Corner Bakery", "3.20", "USD", "", "Split (1/2) bread"),
        ("Transfer : Visa", "200.00", "USD", "moved", ""),
        ("Orchard", "-2500.00", "USD", "received", ""),
    ],
    "actual.csv": [
        ("Corner Grocer", "20.50", "EUR", "", "(SPLIT 1 OF 2) food"),
        ("Corner Grocer", "10.00", "EUR", "", "(SPLIT 2 OF 2) soap"),
        ("Savings", "100.00", "EUR", "moved", ""),
        ("Giro", "-100.00", "EUR", "moved", ""),
        ("Orchard", "-2500.00", "EUR", "received", "wage"),
    ],
    "actual_account.csv": [
        ("Corner Grocer", "20.50", "EUR", "", "milk"), ("Orchard", "-2500.00", "EUR", "received", ""),
    ],
    "firefly.csv": [
        ("Corner Grocer", "23.40", "EUR", "spent", "Weekly shop · #food #weekly"),
        ("Savings", "100.00", "EUR", "moved", "Set aside"),
        ("Orchard", "-2500.00", "EUR", "received", "March wage · Giro"),
    ],
    "ezbookkeeping.csv": [
        ("Canteen", "12.50", "EUR", "spent", "#work #team"), ("Top up", "100.00", "EUR", "moved", ""),
    ],
    "money_manager.tsv": [
        ("Canteen", "12.50", "EUR", "spent", "with the whole team"), ("put aside", "100.00", "EUR", "moved", ""),
        ("Orchard", "-2500.00", "EUR", "received", ""),
    ],
    "sure.csv": [
        ("Corner Grocer", "23.40", "EUR", "", "milk · #food #weekly"),
        ("Transfer to Savings", "100.00", "EUR", "moved", ""),
        ("Transfer from Giro", "-100.00", "EUR", "moved", ""),
        ("Orchard payroll", "-2500.00", "EUR", "received", ""),
    ],
    "toshl.csv": [
        ("Corner Grocer", "23.40", "EUR", "", "#weekly"),
        ("Account transfer to Bank", "100.00", "EUR", "moved", ""),
        ("Account transfer from Cash", "-100.00", "EUR", "moved", ""),
        ("Transport", "20.00", "USD", "", "#taxi"),
    ],
    "cashew.csv": [
        ("Corner Grocer", "23.40", "EUR", "", "milk"), ("Orchard", "-2500.00", "EUR", "received", ""),
        ("Transit", "20.00", "USD", "", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize("app", WANTED)
def test_an_export_of_an_app(app):
    table = read_file((FILES / app).read_bytes(), app)
    assert isinstance(table, Table)
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert reading.problems == ()
    found = [(one.title, str(one.amount), one.currency, str(one.kind), one.note) for one in reading.entries]
    assert found == WANTED[app]
    assert {str(one.status) for one in reading.entries} == {"booked"}


def test_the_marks_of_a_bank_are_statuses():
    text = "Date,Description,Amount,Cleared\n2024-03-05,Tea,-3.20,Yes\n2024-03-06,Rum,-4.20,No\n"
    table = read_file(text.encode(), "bank.csv")
    assert isinstance(table, Table)
    entries = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert [str(one.status) for one in entries] == ["booked", "pending"]
