"""New people start with the currency of their country."""

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from expenses.money import CURRENT
from expenses.people.welcome import likely_currency

SIGN_UP = {
    "first_name": "Ann",
    "email": "ann@example.com",
    "password1": "seven green bottles on a wall",
    "password2": "seven green bottles on a wall",
}


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("en-GB,en;q=0.9", "GBP"),
        ("en-US", "USD"),
        ("he", "ILS"),
        ("he-IL,he;q=0.9,en-US;q=0.8", "ILS"),
        ("pt-BR", "BRL"),
        ("de", "EUR"),
        ("en,fr-CA;q=0.5", "CAD"),
        ("ru-RU", "RUB"),
        ("uk", "UAH"),
        ("ar-AE", "AED"),
        ("bg-BG", None),
        ("en", None),
        ("*", None),
        ("", None),
    ],
)
def test_the_browsers_country_tells_the_currency(accepted, code):
    assert likely_currency(accepted) == code


@given(st.text())
def test_any_header_gives_a_currency_or_none(accepted):
    assert likely_currency(accepted) in {None, *CURRENT}


@pytest.mark.django_db
@pytest.mark.parametrize(("accepted", "code"), [("he-IL,he", "ILS"), ("", "EUR")])
def test_signing_up_sets_it(client, accepted, code):
    client.post("/accounts/signup/", SIGN_UP, headers={"Accept-Language": accepted})
    assert get_user_model().objects.get().home_currency == code
