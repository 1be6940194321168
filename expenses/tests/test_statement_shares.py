"""Exports of shared expenses: what each person spent, and payments between them."""

import pytest

from expenses.statements import Table, apply_mapping, read_file
from expenses.statements.guess import guess

SPLITWISE = """Note: currencies were converted

Date,Description,Category,Cost,Currency,Alice Levi,Bob Stone,Carol
2026-08-03,Corner Grocery,Groceries,60.00,EUR,40.00,-20.00,-20.00
2026-08-05,Taxi,Taxi,30.00,EUR,-10.00,20.00,-10.00
2026-08-06,Cinema,Movies,24.00,EUR,-12.00,0.00,12.00
2026-08-09,Bob S. paid Alice L.,Payment,25.00,EUR,-25.00,25.00,0.00
2026-08-10,Gift for Carol,Gifts,40.01,EUR,20.00,-20.00,0.00

2026-08-31,Total balance, , ,EUR,13.00,5.00,-18.00
"""
SPLIIT = """Date,Description,Category,Currency,Cost,Original cost,Original currency,Is Reimbursement,Split mode,Ann,Ben
2026-08-03,Corner Grocery,Groceries,EUR,60,,,No,Evenly,30,-30
2026-08-05,Taxi,Taxi,EUR,30.5,,,No,Unevenly,-10,10
2026-08-09,Evened out,General,EUR,25,,,Yes,Evenly,-25,25
2026-08-11,Deposit back,General,EUR,-50,,,No,Evenly,-25,25
"""
TRICOUNT = """Title,Amount,Currency,Date & time,Transaction type,Category,Paid by,Paid for Ann,Paid for Ben,Paid for Cem
Corner Grocery,60.00,EUR,2026-08-03 10:00:00,Expense,Groceries,Ann,20.00,20.00,20.00
Taxi,30.50,EUR,2026-08-05 23:10:00,Expense,Transport,Ben,10.50,20.00,0.00
Ben paid Ann,25.00,EUR,2026-08-09 12:00:00,Reimbursement,,Ben,25.00,0.00,0.00
"""


def spent(text: str, person: int) -> list[tuple[str, str, str]]:
    """Title, amount and kind of the entries of one person, from 0."""
    table = read_file(text.encode(), "group.csv")
    assert isinstance(table, Table)
    guessed = guess(table, "EUR")
    mapping = guessed.mapping if not person else guessed.asks["share"]
    reading = apply_mapping(table, mapping)
    assert (reading.problems, reading.gap) == ((), None)
    return [(one.title, str(one.amount), str(one.kind)) for one in reading.entries]


@pytest.mark.parametrize("words", ["{}", "Für {} bezahlt", "{} owes", "For {}"])
@pytest.mark.parametrize("kind", ["Transaction type", ""])
def test_columns_of_people_whatever_the_words_around_their_names(words, kind):
    """Cem has never paid, so only the other columns are known by a payer's name."""
    text = TRICOUNT.replace("Ben paid Ann", "Evened out")
    for name in ("Ann", "Ben", "Cem"):
        text = text.replace("Paid by", "Bezahlt von" if "Für" in words else "Paid by")
        text = text.replace(f"Paid for {name}", words.format(name))
    if not kind:
        text = "\n".join(line for line in text.splitlines() if "Evened out" not in line)
        text = text.replace("Transaction type,", "").replace("Expense,", "")
    settled = [("Evened out", "-25.00", "moved")] if kind else []
    assert spent(text, 0) == [("Corner Grocery", "20.00", "spent"), ("Taxi", "10.50", "spent"), *settled]


@pytest.mark.parametrize(("named", "one", "other"), [("Category", "Food", "Rent"), ("Currency", "EUR", "USD")])
def test_columns_of_categories_or_currencies_are_no_people(named, one, other):
    rows = f"2026-08-03,Bakery,6.00,{one},6.00,\n2026-08-04,Flat,9.00,{other},,9.00\n"
    table = read_file(f"Date,Title,Amount,{named},{one},{other}\n{rows}".encode(), "app.csv")
    assert isinstance(table, Table)
    assert (table.people, "share" in guess(table, "EUR").asks) == (0, False)


@pytest.mark.parametrize("decimal", [".", ","])
def test_splitwise(decimal):
    text = SPLITWISE if decimal == "." else SPLITWISE.replace(",", ";").replace(".0", ",0")
    assert spent(text, 0) == [
        ("Corner Grocery", "20.00", "spent"),
        ("Taxi", "10.00", "spent"),
        ("Cinema", "12.00", "spent"),
        ("Bob S. paid Alice L.", "-25.00", "moved"),
        ("Gift for Carol", "20.01", "spent"),
    ]
    assert spent(text, 1) == [
        ("Corner Grocery", "20.00", "spent"),
        ("Taxi", "10.00", "spent"),
        ("Bob S. paid Alice L.", "25.00", "moved"),
        ("Gift for Carol", "20.00", "spent"),
    ]


def test_spliit():
    assert spent(SPLIIT, 0) == [
        ("Corner Grocery", "30.00", "spent"),
        ("Taxi", "10.00", "spent"),
        ("Evened out", "-25.00", "moved"),
        ("Deposit back", "-25.00", "spent"),
    ]
    assert [amount for _title, amount, _kind in spent(SPLIIT, 1)] == ["30.00", "20.50", "25.00", "-25.00"]


SPLIIT_OF_THREE = """"Date","Description","Category","Currency","Cost","Is Reimbursement","Split mode","Ann","Ben","Cem"
"2026-08-03","Dinner","Dining Out","EUR","60.00","No","Evenly",20,-20,-20
"2026-08-05","Taxi","Taxi","EUR","30.00","No","Evenly",-10,10,-10
"2026-08-06","Gift","Gifts","EUR","15.00","No","Unevenly – By amount",15,0,0
"2026-08-07","Rent","Rent","EUR","900.00","No","Unevenly – By shares",0,450,-450
"2026-08-08","Refund of dinner","Dining Out","EUR","-30.00","No","Evenly",-10,10,10
"2026-08-09","Ben pays Ann","Payment","EUR","20.00","Yes","Evenly",-20,0,0
"""


def test_spliit_writes_the_shares_of_who_paid_without_a_minus():
    rows = [("Dinner", "20.00", "spent"), ("Taxi", "10.00", "spent"), ("Gift", "15.00", "spent")]
    rows += [("Refund of dinner", "-10.00", "spent"), ("Ben pays Ann", "-20.00", "moved")]
    assert spent(SPLIIT_OF_THREE, 0) == rows
    rent = [("Rent", "450.00", "spent"), ("Refund of dinner", "-10.00", "spent")]
    assert spent(SPLIIT_OF_THREE, 1) == [*rows[:2], *rent]
    of_two = "\n".join(line.rpartition(",")[0] for line in SPLIIT_OF_THREE.splitlines() if "2026" not in line)
    of_two += '\n"2026-08-03","Dinner","","EUR","60.00","No","By shares",40,-20'
    of_two += '\n"2026-08-09","Ben pays Ann","","EUR","20.00","Yes","Evenly",-20,0\n'
    assert spent(of_two, 1) == [("Dinner", "20.00", "spent"), ("Ben pays Ann", "20.00", "moved")]


def test_what_was_paid_for_each_person():
    assert spent(TRICOUNT, 0) == [
        ("Corner Grocery", "20.00", "spent"),
        ("Taxi", "10.50", "spent"),
        ("Ben paid Ann", "-25.00", "moved"),
    ]
    assert spent(TRICOUNT, 1) == [
        ("Corner Grocery", "20.00", "spent"),
        ("Taxi", "20.00", "spent"),
        ("Ben paid Ann", "25.00", "moved"),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        lambda header: header.upper(),
        lambda header: header.lower(),
        lambda header: header.replace(" ", "_"),
        lambda header: header.upper().replace(" ", "_"),
    ],
)
def test_what_was_paid_for_each_person_with_names_in_another_form(changed):
    header, _, rows = TRICOUNT.partition("\n")
    assert spent(f"{changed(header)}\n{rows}", 0) == spent(TRICOUNT, 0)


def test_what_was_paid_for_each_person_above_a_total():
    assert spent(f"{TRICOUNT}Total,,,,,,,,,115.50\n", 0) == spent(TRICOUNT, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Amount,Fee,Tax\n2026-08-03,A,-6.00,0.00,0.00\n2026-08-04,B,-7.00,0.00,0.00\n",
        "Date,Description,Amount,Debit,Credit\n2026-08-03,A,-6.00,6.00,0\n2026-08-04,B,7.00,0,7.00\n",
        "Date,Description,Amount,Before,After\n2026-08-03,A,-6.00,10.00,4.00\n2026-08-04,B,-7.00,4.00,-3.00\n",
    ],
)
def test_other_numbers_at_the_end_are_no_people(text):
    table = read_file(text.encode(), "bank.csv")
    assert isinstance(table, Table)
    assert table.people == 0
