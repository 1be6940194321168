"""The sign of spending: with a minus or without."""

from decimal import Decimal

import pytest

from expenses.statements import Sign, apply_mapping, guess_mapping
from expenses.tests.statement_reading import read_lines, table_of

NEGATIVE, POSITIVE = Sign.SPENT_IS_NEGATIVE, Sign.SPENT_IS_POSITIVE
CARD = """Transaction Date,Post Date,Description,Category,Type,Amount,Memo
08/20/2026,08/21/2026,CITY SHOES,Shopping,Sale,-59.00,
08/21/2026,08/22/2026,CORNER GROCERY,Groceries,Sale,-40.10,
08/24/2026,08/25/2026,CITY SHOES,Shopping,Return,59.00,
08/26/2026,08/26/2026,Payment Thank You - Web,,Payment,800.00,
"""


def sign_of(cells: list[str]) -> Sign:
    return guess_mapping(table_of("Date;Title;Amount", *(f"2026-08-20;Taxi;{cell}" for cell in cells)), "USD").sign


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["-5", "-6", "7"], NEGATIVE),
        (["5", "6", "-7"], POSITIVE),
        (["5", "-7"], NEGATIVE),
        (["5", "6", "7", "8", "-7", "-8"], NEGATIVE),
        (["-$5.00", "($6.00)", "$7.00"], NEGATIVE),
        (["5,00-", "6,00-"], NEGATIVE),
        (["-5", "-6", "-7", "100", "200", "300", "400"], NEGATIVE),
        (["5.00"] * 18 + ["-5.00"] * 2, POSITIVE),
        (["-5", "6", "0", "0", "0", "0"], NEGATIVE),
    ],
)
def test_the_sign_of_spending(cells, sign):
    assert sign_of(cells) == sign


@pytest.mark.parametrize("left_out", [[], [4], [1, 2], [1, 2, 4], [3, 4]])
def test_a_card_with_as_many_refunds_and_payments_as_purchases(left_out):
    lines = [line for at, line in enumerate(CARD.splitlines()) if at not in left_out]
    table = table_of(*lines)
    amounts = [entry.amount for entry in apply_mapping(table, guess_mapping(table, "USD")).entries]
    assert amounts == [-Decimal(line.split(",")[5]) for line in lines[1:]]


@pytest.mark.parametrize(
    ("out", "came"),
    [("Purchase", "Refund"), ("Kartenzahlung", "Rückerstattung"), ("רכישה", "זיכוי"), ("Fee", "Salary")],
)
@pytest.mark.parametrize("header", ["Type", "Category"])
@pytest.mark.parametrize(("minus", "sign"), [("out", NEGATIVE), ("came", POSITIVE)])
def test_words_tell_it_though_few_or_many_have_a_minus(out, came, header, minus, sign):
    spent, received = (f"{'-' if minus == 'out' else ''}5.00;{out}", f"{'-' if minus == 'came' else ''}7.00;{came}")
    for rows in ([spent, *[received] * 9], [received, *[spent] * 9]):
        table = table_of(f"Date;Title;Amount;{header}", *(f"2026-08-20;Taxi;{row}" for row in rows))
        assert guess_mapping(table, "EUR").sign == sign


def test_one_word_among_many_rows_tells_nothing():
    table = table_of("Date;Title;Amount;Category", "2026-08-01;Pay;9.00;Income", *["2026-08-20;Taxi;5.00;Travel"] * 9)
    assert guess_mapping(table, "EUR").sign == POSITIVE


def test_words_that_contradict_each_other_tell_nothing():
    rows = ("-5.00;Refund", "-6.00;Refund", "-7.00;Purchase", "-8.00;Purchase")
    table = table_of("Date;Title;Amount;Type", *(f"2026-08-20;Taxi;{row}" for row in rows))
    assert guess_mapping(table, "EUR").sign == NEGATIVE


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize(("marked", "other"), [(" CR", ""), ("", " DR")])
def test_marks_tell_whether_a_balance_is_owed(marked, other, step):
    rows, balance = [], 500
    for day, amount in enumerate((23, -100, 5, 6, -7, 8), 1):
        balance += amount * step
        rows.append(f"{day:02}/03/2026;Shop;{abs(amount)}.00{other if amount > 0 else marked};{balance}.00")
    reading = read_lines("Date;Text;Amount;Balance", *rows)
    assert [one.amount for one in reading.entries] == [23, -100, 5, 6, -7, 8]
