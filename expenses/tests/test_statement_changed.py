"""Statements that were changed so that their movements stay the same."""

from collections.abc import Sequence

import pytest

from expenses.statements import Table, read_file
from expenses.tests.statement_reading import read_lines


def rows_of(*lines: str, home: str = "EUR") -> list[tuple[str, str, str, str]]:
    """Day, title, amount and currency of what is read of lines."""
    entries = read_lines(*lines, home=home).entries
    return [(f"{one.spent_on:%d.%m}", one.title, str(one.amount), one.currency) for one in entries]


def kinds_of(*lines: str) -> list[str]:
    return [str(one.kind) for one in read_lines(*lines, home="CHF").entries]


def reordered(lines: Sequence[str], order: Sequence[int]) -> list[str]:
    """Lines with their columns in another order."""
    cells = [line.split(";") for line in lines]
    return [";".join(row[place] for place in order) for row in cells]


BOTH_WAYS = [
    "Date;Text;Inn;Ut",
    "2026-03-02;Bakeri Nord;;-124,00",
    "2026-03-05;Lønn;9000,00;",
    "2026-03-09;Bok;;-45,25",
]


@pytest.mark.parametrize("total", ["Sum;;9000,00;169,25", "Sum;;9000,00;-169,25", "Saldo;;;169,25"])
def test_a_total_without_a_minus_below_a_column_with_them(total):
    wanted = [("02.03", "124.00"), ("05.03", "-9000.00"), ("09.03", "45.25")]
    for lines in (BOTH_WAYS, [*BOTH_WAYS, total], [*BOTH_WAYS[:1], total, *BOTH_WAYS[1:]]):
        assert [(day, amount) for day, _title, amount, _currency in rows_of(*lines, home="NOK")] == wanted


@pytest.mark.parametrize(
    ("marks", "amounts"),
    [
        (("", "", "CR"), ["12.40", "45.25", "-2150.00"]),
        (("DR", "DR", ""), ["12.40", "45.25", "-2150.00"]),
        ((" Dr", " Dr", " Cr"), ["12.40", "45.25", "-2150.00"]),
    ],
)
def test_amounts_of_which_only_those_of_one_direction_have_a_mark(marks, amounts):
    cells = [f"{size}{mark}" for size, mark in zip(("12.40", "45.25", "2150.00"), marks, strict=True)]
    titles = ("Bakery", "Books", "Salary")
    lines = [f"2026-03-0{day};{title};{cell}" for day, (title, cell) in enumerate(zip(titles, cells, strict=True), 1)]
    assert [row[2] for row in rows_of("Date;Title;Amount", *lines)] == amounts


TEXT_FIRST = ["Text;Date;Amount", "Bakery;2026-03-02;-12.40", "Books;2026-03-05;-45.25"]


@pytest.mark.parametrize("remark", ["This is not a tax document.", "*** End of statement ***"])
def test_a_remark_below_the_last_movement_is_no_part_of_it(remark):
    assert [row[1] for row in rows_of(*TEXT_FIRST, f"{remark};;")] == ["Bakery", "Books"]
    below = [*TEXT_FIRST[:2], "Corner Street;;", TEXT_FIRST[2], "Harbour Street;;"]
    assert [row[1] for row in rows_of(*below)] == ["Bakery Corner Street", "Books Harbour Street"]


def test_a_heading_between_movements_is_no_part_of_the_one_above():
    lines = ["Text;Date;Amount", "Expenses;;", "Books;2026-03-05;45.25", "Income;;", "Salary;2026-03-16;2150.00"]
    assert [row[1:3] for row in rows_of(*lines)] == [("Books", "45.25"), ("Salary", "-2150.00")]


def test_a_flag_is_no_title():
    lines = ["Date;Text;Amount;Type", "2026-03-02;4670001234;150.00;借", "2026-03-05;Books;45.25;借"]
    lines += ["2026-03-09;Salary;2150.00;贷", "2026-03-10;Gym;60.00;借"]
    assert [row[1] for row in rows_of(*lines)] == ["4670001234", "Books", "Salary", "Gym"]


def test_amounts_with_a_fee_in_columns_of_both_ways_beside_those_without():
    lines = ["Date,Name,Gross,Fee,Paid out,Paid in", "2026-03-02,Bakery,12.40,0,12.40,"]
    lines += ["2026-03-09,Transfer,100.00,1.50,101.50,", "2026-03-16,Lena Park,21.50,0.50,,21.00"]
    assert [row[1:3] for row in rows_of(*lines)] == [
        ("Bakery", "12.40"),
        ("Transfer", "101.50"),
        ("Lena Park", "-21.00"),
    ]


DAYS = ["Odesláno;Splatnost;Název;Částka", "01.03.2026;02.03.2026;Pekárna;-12,40", "05.03.2026;06.03.2026;Kniha;-45,25"]
CALENDARS = [
    "Gregorian day;Hijri day;Text;Amount",
    "02/03/2026;1447/09/13;Bakery;-12.40",
    "16/03/2026;1447/09/27;Gym;-4",
]


@pytest.mark.parametrize(
    ("lines", "days"), [(DAYS, ["01.03", "05.03"]), (CALENDARS, ["02.03", "16.03"])], ids=["unknown names", "calendars"]
)
def test_two_days_in_either_order(lines, days):
    for order in ((0, 1, 2, 3), (1, 0, 2, 3), (3, 1, 2, 0), (2, 3, 1, 0)):
        assert [row[0] for row in rows_of(*reordered(lines, order))] == days


def test_a_day_that_is_the_same_in_all_rows_is_no_movement_s():
    rows = "02.04.2026;04.03.2019;Bakery;-12.40", "05.04.2026;04.03.2019;Books;-45.25"
    assert [row[0] for row in rows_of("Executed;Contract start;Name;Amount", *rows)] == ["02.04", "05.04"]


WALLET = [
    "2026-03-02;-120.00;880.00;EUR;To Oak",
    "2026-03-05;500.00;500.00;PLN;From Elm",
    "2026-03-09;-20.50;859.50;EUR;To Owl",
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (0, 3, 1, 2, 4), (2, 0, 3, 1, 4)])
def test_the_currency_beside_a_balance_that_was_zero_before(order):
    found = rows_of(*reordered(["Date;Amount;Balance;Currency;Details", *WALLET], order), home="PLN")
    assert [row[3] for row in found] == ["EUR", "PLN", "EUR"]


CODES = [
    "Date,Reference,Debit,Credit,Ref1,Ref2",
    "30 Mar 2026,MST,12.40,,CORNER BAKERY,4628-4500",
    "27 Mar 2026,SAL,,2150.00,ACORN WORKS,SALARY",
    "24 Mar 2026,ITR,830.00,,TOP-UP WALLET,00000001",
    "22 Mar 2026,INT,,0.12,,",
    "21 Mar 2026,SC,2.00,,,",
]


@pytest.mark.parametrize("remark", ["Without guarantee.,Errors excepted", "No tax document,Keep it"])
def test_a_remark_of_two_cells_changes_no_title(remark):
    assert rows_of(*CODES, "", remark, home="SGD") == rows_of(*CODES, home="SGD")


@pytest.mark.parametrize("total", ["Total;;;57.65", "Closing balance;;;2100.00"])
def test_a_total_below_accounts_on_both_sides(total):
    lines = ["Date;Text;Debit currency;Debit;Credit currency;Credit", "2026-03-02;Bakery;CHF;-12.40;;"]
    lines += ["2026-03-05;Books;CHF;-45.25;;", "2026-03-09;Salary;;;CHF;2150.00", "2026-03-10;Gym;CHF;-60.00;;"]
    assert kinds_of(*lines) == kinds_of(*lines, total) == ["spent", "spent", "received", "spent"]


def test_balances_before_each_amount_prove_what_a_plus_is():
    lines = ["02.03.2026;Bakery;1000,00;{}12,40", "05.03.2026;Books;987,60;{}45,25"]
    lines += ["09.03.2026;Salary;942,35;{other}2150,00", "16.03.2026;Gym;3092,35;{}60,00"]
    for sign, other in (("-", ""), ("", "-")):
        found = rows_of("Datum;Text;Saldo;Betrag", *(line.format(sign, other=other) for line in lines))
        assert [row[2] for row in found] == ["12.40", "45.25", "-2150.00", "60.00"]


LABELS = [
    "Day;Kind;Amount;Details;;",
    "2026-03-02;Card;-12.40;Recipient: Oak;Purpose: bread;Place: Leeds",
    "2026-03-05;Card;-45.25;Number: 7;Recipient: Owl;Purpose: novel",
    "2026-03-09;Transfer;2150.00;Sender: Elm;Purpose: salary;",
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (3, 4, 5, 0, 1, 2), (0, 3, 4, 5, 2, 1)])
def test_columns_of_labels_before_others(order):
    assert [row[1] for row in rows_of(*reordered(LABELS, order))] == ["Oak", "Owl", "Elm"]


TAKEN = [
    "Date;Till out;Till in;Till currency;Shop out;Shop in;;Shop currency;Merchant",
    "2026-03-02;12.40;0.00;GBP;12.40;0.00;;GBP;Oak",
    "2026-03-05;39.00;0.00;GBP;45.25;0.00;;EUR;Owl",
    "2026-03-09;0.00;2150.00;GBP;0.00;2150.00;;GBP;Elm",
]


@pytest.mark.parametrize(
    "order", [(0, 1, 2, 3, 4, 5, 6, 7, 8), (0, 1, 2, 6, 3, 4, 5, 7, 8), (7, 1, 2, 6, 3, 4, 5, 8, 0)]
)
def test_currencies_named_like_their_amounts(order):
    lines = [line.replace(" out", " amount out").replace(" in;", " amount in;") for line in TAKEN]
    found = rows_of(*reordered(lines, order), home="GBP")
    assert [row[2:] for row in found] == [("12.40", "GBP"), ("39.00", "GBP"), ("-2150.00", "GBP")]


FEES = ["Date,Name,Way,Gross,Fee,Net", "2026-03-02,Oak,{0},12.40,0,12.40"]


@pytest.mark.parametrize(
    ("lines", "sums"),
    [
        (("2026-03-05,Owl,{0},45.25,0.90,46.15", "2026-03-09,Elm,{1},21.50,0,21.50"), [12.4, 46.15, -21.5]),
        (("2026-03-05,Owl,{0},45.25,0,45.25", "2026-03-09,Elm,{1},21.50,-0.50,21.00"), [12.4, 45.25, -21.0]),
    ],
)
@pytest.mark.parametrize("flags", [("Debit", "Credit"), ("D", "C"), ("-", "+")])
def test_fees_beside_amounts_without_signs(lines, sums, flags):
    found: dict[str, float] = {}
    for _day, title, amount, _currency in rows_of(*(line.format(*flags) for line in (*FEES, *lines))):
        found[title] = round(found.get(title, 0) + float(amount), 2)
    assert [*found.values()] == sums


def test_only_those_received_have_a_mark():
    lines = ["2026-03-02;Oak;12.40", "2026-03-05;Owl refund;45.25", "2026-03-09;Salary;2150.00CR"]
    assert [row[2] for row in rows_of("Date;Title;Amount", *lines)] == ["12.40", "45.25", "-2150.00"]


def test_an_amount_without_signs_beside_both_ways_and_a_balance():
    lines = ["Date;Text;Debit;Credit;Net;Balance", "2026-03-02;Oak;12.40;;12.40;12.40"]
    lines += ["2026-03-02;Top-up;;12.40;12.40;0.00", "2026-03-05;Owl;45.25;;45.25;45.25"]
    lines += ["2026-03-05;Top-up;;45.25;45.25;0.00", "2026-03-09;Lena;;25.00;25.00;25.00"]
    assert [row[2] for row in rows_of(*lines)] == ["12.40", "-12.40", "45.25", "-45.25", "-25.00"]


def test_the_owner_who_pays_in_a_table_with_both_ways():
    lines = ["Date;Sender;Recipient;Details;Money out;Money in", "2026-03-02;M Muster;;Oak Bakery;12.40;"]
    lines += ["2026-03-03;M Muster;;Owl Books;45.25;", "2026-03-05;M Muster;Lime Homes;rent;830.00;"]
    lines += ["2026-03-09;Elm Joinery;M Muster;salary;;2150.00", "2026-03-10;;M Muster;Owl Books refund;;15.25"]
    assert [row[1] for row in rows_of(*lines)][-2:] == ["Elm Joinery", "Owl Books refund"]


def test_days_with_names_of_months_are_of_one_notation():
    lines = ["16-Nov-2026;Oak;-48,00", "26-Oct-2026;Owl;-79,00", "22-Oct-2026;Elm;-97,90"]
    assert [row[1] for row in rows_of(*lines)] == ["Oak", "Owl", "Elm"]


ISLAND, COAST = (
    ("Búðin", "Þórður og synir ehf", "Kaffihúsið"),
    ("ベーカリー\u3000ミナト１", "クスリヤ\u3000ツキ１", "フィットネス\u3000ホシ"),
)


@pytest.mark.parametrize(("encoding", "titles"), [("shift_jis", COAST), ("cp850", ISLAND), ("cp1252", ISLAND)])
def test_encodings_of_texts_without_names_of_columns(encoding, titles):
    lines = [f"2026/03/0{day},{title},{day}240,1,1,{day}240," for day, title in enumerate(titles, 1)]
    table = read_file("\n".join(lines).encode(encoding), "card.csv")
    assert isinstance(table, Table)
    assert [row[1] for row in table.rows] == [*titles]


def test_payments_of_an_order_are_no_items():
    lines = [
        "order id;payments;date;total;to;items",
        '1-7;"Visa ending in 1234: March 3: $9.90";2026-03-02;9.90;M;Balls',
    ]
    lines += ['1-8;"Visa ending in 1234: March 12: $24.12";2026-03-11;24.12;M;Novel, paperback']
    lines += ['1-9;"Visa ending in 1234: March 20: $47.42";2026-03-18;47.42;M;Desk Lamp, brass']
    assert [row[1] for row in rows_of(*lines, home="USD")] == ["Balls", "Novel, paperback", "Desk Lamp, brass"]


@pytest.mark.parametrize("remark", ["Without guarantee.;Errors excepted", "No tax document;Keep it"])
def test_a_remark_of_two_cells_changes_no_kind(remark):
    lines = ["Date;Text;Debit currency;Debit;Credit currency;Credit", "2026-03-02;Bakery;CHF;-12.40;;"]
    lines += ["2026-03-05;Books;CHF;-45.25;;", "2026-03-09;Salary;;;CHF;2150.00", "2026-03-10;Gym;CHF;-60.00;;"]
    assert kinds_of(*lines, remark) == kinds_of(*lines)
