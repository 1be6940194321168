"""New people start with the language, currency and week of their country."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import WeekStart
from expenses.money import CURRENT
from expenses.people.welcome import likely_currency, likely_territory
from expenses.weeks import week_start_in

SIGN_UP = {
    "first_name": "Ann",
    "email": "ann@example.com",
    "password1": "seven green bottles on a wall",
    "password2": "seven green bottles on a wall",
}


def browser(accepted: str, zone: str = "") -> HttpRequest:
    request = RequestFactory().get("/", headers={"Accept-Language": accepted})
    request.COOKIES["timezone"] = zone
    return request


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
    assert likely_currency(likely_territory(browser(accepted))) == code


@pytest.mark.parametrize(
    ("zone", "accepted", "territory"),
    [
        ("Asia/Jerusalem", "en-US", "IL"),
        ("America/New_York", "he", "US"),
        ("Africa/Cairo", "", "EG"),
        ("UTC", "de-AT", "AT"),
        ("Etc/GMT+3", "", ""),
        ("../etc/passwd", "sv", "SE"),
    ],
)
def test_the_time_zone_comes_before_the_language(zone, accepted, territory):
    assert likely_territory(browser(accepted, zone)) == territory


@given(st.text(), st.text())
def test_whatever_a_browser_sends_gives_a_currency_and_a_week_or_none(accepted, zone):
    territory = likely_territory(browser(accepted.encode("ascii", "ignore").decode(), zone))
    assert likely_currency(territory) in {None, *CURRENT}
    assert week_start_in(territory) in WeekStart.values


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "accepted", "proposed"),
    [
        ("", "he-IL,he", ("ILS", "he", "sun")),
        ("America/Chicago", "en-US", ("USD", "en", "sun")),
        ("Europe/Berlin", "de", ("EUR", "en", "mon")),
        ("Africa/Cairo", "ar", ("EGP", "en", "sat")),
        ("Asia/Jerusalem", "en-GB", ("ILS", "en", "sun")),
        ("", "", ("EUR", "en", "")),
    ],
)
def test_signing_up_sets_what_the_browser_tells(client, zone, accepted, proposed):
    client.cookies["timezone"] = zone
    client.post("/accounts/signup/", SIGN_UP, headers={"Accept-Language": accepted})
    user = get_user_model().objects.get()
    assert (user.home_currency, user.language, user.week_start) == proposed
