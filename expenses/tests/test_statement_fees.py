"""Fees in columns of their own, with the taxes on them."""

import pytest

from expenses.statements import Table, apply_mapping, read_file
from expenses.statements.guess import guess

ROWS = (
    ("2026-03-02", "Bakery", "-12.40", "0.50", "0.04"),
    ("2026-03-05", "Books", "-45.25", "1.00", "0.08"),
    ("2026-03-16", "Salary", "2150.00", "0.00", "0.00"),
)
PLAIN = [("Bakery", "12.40"), ("Books", "45.25"), ("Salary", "-2150.00")]
WITH_ONE = [*PLAIN[:1], ("Bakery", "0.50"), *PLAIN[1:2], ("Books", "1.00"), *PLAIN[2:]]
WITH_TWO = [*WITH_ONE[:2], ("Bakery", "0.04"), *WITH_ONE[2:4], ("Books", "0.08"), *WITH_ONE[4:]]


def read(*lines: str) -> list[tuple[str, str, str]]:
    table = read_file("\n".join(lines).encode(), "statement.csv")
    assert isinstance(table, Table)
    entries = apply_mapping(table, guess(table, "EUR").mapping).entries
    return [(one.title, str(one.amount), one.note) for one in entries]


def with_columns(names: str, *columns: int) -> list[tuple[str, str]]:
    """What is read of the rows. columns: those for the names."""
    lines = [",".join(row[place] for place in columns) for row in ROWS]
    return [(title, amount) for title, amount, _note in read(names, *lines)]


@pytest.mark.parametrize(
    ("fee", "tax"),
    [
        *(("Fee", "VAT"), ("Service charge", "GST"), ("Charges", "Excise Duty"), ("FX fee", "Withdrawal fee")),
        *(("Tarifa", "IOF"), ("Comisión", "IVA"), ("Comisión", "Impuesto país"), ("Frais", "TVA")),
        *(("Entgelt", "Auslandseinsatzentgelt"), ("Masraf", "BSMV"), ("עמלה", 'מע"מ'), ("手续费", "印花税")),
        *(("Комиссия", "НДС"), ("Gebyr", "Valutapåslag"), ("Prowizja", "Podatek"), ("手数料", "消費税")),
        *(("수수료", "해외이용수수료"), ("Biaya admin", "Meterai"), ("الرسوم", "ضريبة القيمة المضافة")),
    ],
)
def test_every_column_of_fees_is_a_row_of_its_own(fee, tax):
    assert with_columns(f"Date,Description,Amount,{fee},{tax}", 0, 1, 2, 3, 4) == WITH_TWO
    assert with_columns(f"{tax},Date,{fee},Description,Amount", 4, 0, 3, 1, 2) != PLAIN


def test_the_name_of_a_column_tells_the_fees_of_a_row_apart():
    found = read("Date,Description,Amount,Fee,Stamp duty", "2026-03-02,Bakery,-12.40,0.50,0.10", ",".join(ROWS[2]))
    assert [note for _title, _amount, note in found] == ["", "Fee", "Stamp duty", ""]


@pytest.mark.parametrize("names", ["Fee,Fee (EUR)", "Commission,Total fees"])
def test_a_column_that_repeats_the_fee_is_no_other_fee(names):
    assert with_columns(f"Date,Description,Amount,{names}", 0, 1, 2, 3, 3) == WITH_ONE


def test_a_column_with_the_sum_of_the_fees_is_no_other_fee():
    lines = (
        "2026-03-02,Bakery,-12.40,0.50,0.04,0.54",
        "2026-03-05,Books,-45.25,1.00,0.08,1.08",
        ",".join(ROWS[2]) + ",0",
    )
    found = read("Date,Description,Amount,Fee,Stamp duty,Total fees", *lines)
    assert [(title, amount) for title, amount, _note in found] == WITH_TWO


@pytest.mark.parametrize("tax", ["VAT", "Tax", "MwSt", "IVA", "消費税"])
def test_the_tax_of_a_purchase_is_part_of_its_amount(tax):
    assert with_columns(f"Date,Description,Amount,{tax}", 0, 1, 2, 3) == PLAIN
    larger = [f"{day},{title},{amount},{small},{large}" for day, title, amount, large, small in ROWS]
    found = read(f"Date,Description,Amount,Fee,{tax}", *larger)
    assert [amount for _title, amount, _note in found] == ["12.40", "0.04", "45.25", "0.08", "-2150.00"]


def test_fees_beside_money_out_and_money_in():
    lines = (
        "02/03/2026,Bakery,,500.00,10.00,1.50,9488.50",
        "05/03/2026,Salary,21500.00,,0,0,30988.50",
        "17/03/2026,Books,,1200.00,20.00,3.00,29765.50",
        "18/03/2026,Account,,,15.00,0,29750.50",
    )
    found = read("Date,Details,Paid In,Withdrawn,Charges,Excise duty,Balance", *lines)
    assert [amount for _title, amount, _note in found] == [
        *("500.00", "10.00", "1.50", "-21500.00", "1200.00", "20.00", "3.00", "15.00"),
    ]


def test_a_balance_or_a_sum_with_the_fee_in_it_says_that_the_amount_has_it():
    with_balance = ("2026-03-02,Bakery,-12.40,0.50,987.60", "2026-03-05,Books,-45.25,1.00,942.35")
    found = read("Date,Description,Amount,Fee,Balance", *with_balance, "2026-03-06,Tea,-2.35,0,940.00")
    assert [amount for _title, amount, _note in found] == ["12.40", "45.25", "2.35"]
    with_net = ("2026-03-02,Ann,50.00,-2.00,-0.40,47.60", "2026-03-03,Ben,-7.50,0.00,0.00,-7.50")
    found = read("Date,Name,Gross,Fee,VAT,Net", *with_net, "2026-03-04,Cid,-9.50,0.00,0.00,-9.50")
    assert [amount for _title, amount, _note in found] == ["-47.60", "7.50", "9.50"]


def test_a_sum_with_fees_that_have_no_minus_is_what_was_spent():
    rows = "2026-03-02,Ann,100.00,5.00,105.00", "2026-03-03,Ben,200.00,7.00,207.00", "2026-03-04,Cid,50.00,0.00,50.00"
    found = read("Date,Name,Amount,Fee,Total", *rows)
    assert [amount for _title, amount, _note in found] == ["105.00", "207.00", "50.00"]
    rows = "2026-03-02,Fund A,2,50.00,100.00,105.00,5.00", "2026-03-03,Fund B,3,10.00,30.00,31.00,1.00"
    found = read("Date,Name,Quantity,Price,Subtotal,Total,Fee", *rows)
    assert [amount for _title, amount, _note in found] == ["105.00", "31.00"]


def test_no_fee_is_lost_if_the_gross_amount_has_another_name():
    rows = "2026-03-02,Fund A,-100.00,-1.00,-101.00", "2026-03-03,Fund B,-80.00,-1.00,-81.00"
    for name, amounts in (("Worth", ["101.00", "81.00"]), ("Gross", ["100.00", "1.00", "80.00", "1.00"])):
        assert [amount for _title, amount, _note in read(f"Date,Name,{name},Fee,Amount", *rows)] == amounts


def test_a_rate_is_no_fee():
    names = "Date,Description,Amount,Commission rate,Fee %"
    assert with_columns(names, 0, 1, 2, 3, 4) == PLAIN


@pytest.mark.parametrize("step", ["", "-"])
def test_a_fee_that_came_back_has_the_other_sign(step):
    other = "-" if not step else ""
    rows = [f"2026-03-02,Bakery,{step}12.40,{step}0.50", f"2026-03-05,Books,{step}45.25,{step}1.00"]
    rows += [f"2026-03-06,Gym,{step}60.00,0.00", f"2026-03-09,Books back,{other}45.25,{other}1.00"]
    found = [(title, amount) for title, amount, _note in read("Date,Name,Amount,Fee", *rows)]
    back = [("Books back", "-45.25"), ("Books back", "-1.00")]
    assert found == [
        ("Bakery", "12.40"),
        ("Bakery", "0.50"),
        ("Books", "45.25"),
        ("Books", "1.00"),
        ("Gym", "60.00"),
        *back,
    ]
