"""What the gaps of a column say: pending rows without a balance, merchants in other columns."""

import pytest

from expenses.statements import Entry, Table, apply_mapping, read_file
from expenses.statements.guess import guess
from expenses.tests.statement_reading import table_of


def entries_of(*lines: str) -> tuple[Entry, ...]:
    table = table_of(*lines)
    return apply_mapping(table, guess(table, "EUR").mapping).entries


def test_a_balance_that_includes_rows_without_one_says_nothing_about_them():
    days = ["2026-03-06;Cafe;-2.00;", "2026-03-06;Tea;-3.00;847.35", "2026-03-05;Shoes;-20.00;852.35"]
    days += ["2026-03-04;Fish;-10.00;872.35", "2026-03-03;Gym;-60.00;882.35", "2026-03-02;Books;-45.25;942.35"]
    assert {one.status for one in entries_of("Date;Description;Amount;Balance", *days)} == {"booked"}


BALANCES = ["2026-03-16;Gym;-60.00;900.00", "2026-03-05;Books;-45.25;960.00", "2026-03-02;Bakery;-12.40;1005.25"]


@pytest.mark.parametrize("step", [1, -1])
def test_the_newest_rows_without_a_balance_are_pending(step):
    rows = ["2026-03-17;Cafe;-8.90;", *BALANCES][::step]
    found = entries_of("Date;Description;Amount;Balance", *rows)
    assert {one.title: one.status for one in found} == {
        "Cafe": "pending",
        "Gym": "booked",
        "Books": "booked",
        "Bakery": "booked",
    }


@pytest.mark.parametrize("step", [1, -1])
def test_the_oldest_row_without_a_balance_is_booked(step):
    rows = [*BALANCES, "2026-03-01;Cafe;-8.90;"][::step]
    found = entries_of("Date;Description;Amount;Balance", *rows)
    assert {one.status for one in found} == {"booked"}


def test_a_column_of_places_names_the_merchants_that_another_one_lacks():
    found = entries_of(
        "Datum;Částka;Název protiúčtu;Poznámka;Místo;Kategorie",
        "30.03.2026;-124,00;;;Pekařství Roh Praha;Potraviny",
        "27.03.2026;21500,00;Truhlářství Dub;Mzda březen;;Příjmy",
        "24.03.2026;-8300,00;Byty Lípa;nájem;;Bydlení",
        "18.03.2026;-450,50;;EUR 18,00 kurz 25,03;Cafe Paris;Restaurace",
        "16.03.2026;-600,00;;;ATM Praha Dlouhá;Hotovost",
    )
    titles = ["Pekařství Roh Praha", "Truhlářství Dub", "Byty Lípa", "Cafe Paris", "ATM Praha Dlouhá"]
    assert [one.title for one in found] == titles


@pytest.mark.parametrize(
    ("reference", "other", "title"),
    [
        ("PayNow Transfer 0000001", "To: LENA PARK", "LENA PARK"),
        ("Bank transfer", "From: LENA PARK", "LENA PARK"),
        ("Bank transfer", "Dinner: LENA PARK", "Bank transfer"),
        ("Town gym", "To: LENA PARK", "Town gym"),
    ],
)
def test_whom_a_transfer_went_to_is_its_title(reference, other, title):
    found = entries_of(
        "Date;Amount;Reference 1;Reference 2;Reference 3",
        "2026-03-02;-12.40;CORNER BAKERY SINGAPORE;4628-4500-0000-0001;",
        "2026-03-05;-45.25;HARBOUR BOOKS SINGAPORE;4628-4500-0000-0001;",
        f"2026-03-09;-25.00;{reference};{other};dinner",
        "2026-03-16;2150.00;ACORN WORKS;SALARY;",
    )
    assert [one.title for one in found][2] == title


def test_names_beside_accounts_in_a_table_without_names():
    found = entries_of(
        "30-03-2026;Card payment 12.40 PIEKARNIA ROGAL;;;-12,40",
        "27-03-2026;Wynagrodzenie za marzec;STOLARNIA DAB;00 1140 0000 0000 0000 0000 0002;2150,00",
        "26-03-2026;Card payment 60.00 EURONET DLUGA;;;-60,00",
        "24-03-2026;Czynsz marzec;OSIEDLE LIPA;00 1020 0000 0000 0000 0000 0003;-830,00",
        "18-03-2026;Oplata za prowadzenie konta;;;-6,00",
    )
    assert [one.title for one in found][1:4:2] == ["STOLARNIA DAB", "OSIEDLE LIPA"]


CARD = """\
2026/03/02,Bakery,1240,1,1,1240,
2026/03/05,Books,4525,1,1,4525,
2026/03/16,Phone shop,36000,3,1,12000,
2026/03/20,Town gym,6000,1,1,6000,
"""


@pytest.mark.parametrize(
    ("below", "amount"), [(",,,,,23765,", "12000"), (",,47765,,,,", "36000"), (",,,,,23764,", "36000")]
)
def test_a_total_below_tells_which_column_is_paid(below, amount):
    table = read_file(f"{CARD}{below}\n".encode(), "card.csv")
    assert isinstance(table, Table)
    guessed = guess(table, "JPY")
    assert [f"{one.amount}" for one in apply_mapping(table, guessed.mapping).entries][2] == amount
    assert ("amount" in guessed.asks) == (below == ",,,,,23764,")


@pytest.mark.parametrize(("names", "wanted"), [("Price;Value", "100.00"), ("EUR;USD", "50.00")])
def test_a_price_times_a_quantity_is_in_the_same_currency(names, wanted):
    found = entries_of(f"Date;Item;Units;{names}", "2026-03-02;Hotel;2;50.00;100.00", "2026-03-05;Taxi;3;10.00;30.00")
    assert f"{found[0].amount}" == wanted
