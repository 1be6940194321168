"""A sum typed as an amount is calculated; statements and other notations are read as before."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses import money

CENTS = st.integers(1, 99_999)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12+3", "15.00", None),
        ("3*4.50", "13.50", None),
        ("3 x 4,50", "13.50", None),
        ("3×4.50", "13.50", None),
        ("10/3", "3.33", None),
        ("20÷8", "2.50", None),
        ("2+3*4", "14.00", None),
        ("(2+3)*4", "20.00", None),
        ("5-12", "-7.00", None),
        ("12+3 USD", "15.00", "USD"),
        ("₪12+3", "15.00", "ILS"),
        ("1,000+1", "1001.00", None),
        ("١٢+٣", "15.00", None),
        ("200/3 JPY", "67", "JPY"),
        ("58.-", "58.00", None),
        ("-5+8", "3.00", None),
        ("-5 - 3", "-8.00", None),
        ("-(20-2)/3 USD", "-6.00", "USD"),
        ("\u221212.50*2", "-25.00", None),
        ("3*-4", "-12.00", None),
        ("$-5+1", "-4.00", "USD"),
        ("-5", "-5.00", None),
        ("5-", "-5.00", None),
        ("(5)", "-5.00", None),
    ],
)
def test_a_sum_is_calculated_and_a_sign_stays_a_sign(text, amount, currency):
    parsed = money.parse_typed_amount(text, "ILS", "en")
    assert (str(parsed.amount), parsed.currency) == (amount, currency)


REFUSED = (
    *("1/0", "12*", "(2+3", "2+3)", "1++", "3*/4", "1-1", "9999999999*9999999999", "2**9", "1+2 XYZ"),
    *("2026-08-20", "1/2/2026"),
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_calculated_says_so(text):
    with pytest.raises(money.AmountError):
        money.parse_typed_amount(text, "ILS", "en")


@pytest.mark.parametrize("text", ["999999999999*999999999999*999999999999", "999999999999+1", "9999999999*9999999999"])
def test_a_sum_that_is_too_large_says_what_the_largest_is(text):
    with pytest.raises(money.AmountError, match=r"too large\. The largest is 999,999,999,999\.99"):
        money.parse_typed_amount(text, "ILS", "en")


@given(st.lists(st.tuples(st.sampled_from("+-*"), CENTS), min_size=1, max_size=4), CENTS)
def test_sums_equal_exact_fractions(steps, first):
    text, exact = f"{first / 100:.2f}", f"Fraction({first}, 100)"
    for operator, cents in steps:
        text, exact = f"{text} {operator} {cents / 100:.2f}", f"{exact} {operator} Fraction({cents}, 100)"
    wanted = eval(exact, {"Fraction": Fraction})
    try:
        found = money.parse_typed_amount(text, "EUR", "en").amount
    except money.AmountError:
        assert abs(wanted) < Fraction(1, 200) or abs(wanted) >= 10**12
        return
    assert abs(Fraction(found) - wanted) <= Fraction(1, 200)


def test_a_statement_never_calculates():
    with pytest.raises(money.AmountError):
        money.parse_amount("12+3", "ILS", "en")


def test_the_sum_is_shown_before_saving_and_saved(client_alice):
    shown = client_alice.get("/expenses/calculate/", {"amount": "3*4.50", "currency": "USD"})
    assert shown.content.decode() == "= $13.50"
    assert client_alice.get("/expenses/calculate/", {"amount": "13.50"}).content == b""
    assert "can&#x27;t calculate" in client_alice.get("/expenses/calculate/", {"amount": "1/0"}).content.decode()
    sent = {"title": "Milk", "amount": "12+3", "currency": "ILS", "spent_on": "2026-08-20"}
    assert client_alice.post("/expenses/add/", sent).status_code == 302
    page = client_alice.get("/expenses/?month=2026-08").content.decode()
    assert 'data-amount="15.00"' in page


def test_a_suggestion_names_the_amount_that_the_title_has(client_alice):
    read = {
        "Burger 62": "62",
        "Taxi 12.50": "12.50",
        "Milk 3*4.50": "13.50",
        "Books 12+3": "15",
        "7 eleven": "",
        "Burger": "",
    }
    for title, amount in read.items():
        page = client_alice.get("/expenses/suggest/", {"title": title}).content.decode()
        assert f'data-amount="{amount}"' in page
    assert Decimal(62) == money.split_title("Burger 62", "ILS", "en").parsed.amount
