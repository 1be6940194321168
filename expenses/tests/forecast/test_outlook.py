"""Where the month is heading, on the dashboard of the current month."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import timezone

from expenses.dashboard.outlook import outlook_context
from expenses.forecast import loading
from expenses.forecast.loading import Known
from expenses.forecast.months_ahead import Hits, Past
from expenses.ledger.touch import touch_months
from expenses.models import Series
from expenses.months import add_months, last_of, month_of
from expenses.people.ledger_settings import personal_ledger
from expenses.rates.rate_series import rates_version
from expenses.recurring.refreshing import refresh
from expenses.sums import loading_figures, loading_sums
from expenses.sums.month_tokens import all_tokens
from expenses.tests.making import make_expenses
from expenses.tests.test_views_dashboard import text_of

MONTHS = 14


@pytest.fixture
def lived(alice):
    """Fourteen months of spending from day to day, rent and salary; nothing is spent today."""
    today = timezone.localdate()
    first = add_months(month_of(today), -MONTHS)
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    rows = [{"title": f"Shop {n % 7}", "amount": 20 + n * n % 31, "spent_on": day} for n, day in enumerate(days)]
    months = [add_months(first, n) for n in range(MONTHS + 1)]
    rows += [{"title": "Rent", "amount": 3000, "spent_on": day, "category": "housing-bills"} for day in months]
    rows += [{"title": "Salary", "amount": -9000, "spent_on": day, "category": "salary"} for day in months]
    make_expenses(alice, rows)
    refresh(alice.pk, today)
    return today


def outlook_of(response) -> str:
    page = response.content.decode()
    found = re.search(r'<section class="card dash-outlook".*?</section>', page, re.DOTALL)
    response.content = found[0].encode() if found else b""
    return text_of(response)


def test_the_current_month_says_where_it_will_end(client_alice, lived):
    text = outlook_of(client_alice.get("/dashboard/"))
    found = re.search(r"(?:between ₪([\d,]+) and|at about) ₪([\d,]+)\.", text)
    low, high = (int(amount.replace(",", "")) for amount in (found[1] or found[2], found[2]))
    assert 3000 + 25 * 28 < low <= high < 3000 + 45 * 31
    assert re.search(r"In \d+ of the last 1[12] months, the end was inside the range of the same day\.", text)
    assert "will be left" in text
    rows = text.split("Kept", 1)[1]
    assert rows.count("₪9,000") == 4, rows  # the salary of this month and of the next three


def test_cash_flow_says_it_too_and_other_pages_do_not(client_alice, lived):
    month = month_of(lived)
    assert "Where this month is heading" in outlook_of(client_alice.get("/dashboard/?view=cashflow"))
    others = (f"month={add_months(month, -1):%Y-%m}", f"from={add_months(month, -1):%Y-%m}", "category=food-drinks")
    for query in others:
        assert not outlook_of(client_alice.get(f"/dashboard/?{query}")), query


def test_another_currency_shows_the_same_in_it(client_alice, lived):
    text = outlook_of(client_alice.get("/dashboard/?currency=EUR"))
    assert re.search(r"(?:between €[\d,]+ and|at about) €[\d,]+\.", text)


@pytest.mark.parametrize("spent", [1582.40, 10116.66, 9996.0, 0.4, 123456.78])
@pytest.mark.parametrize("left", [0, 1, 9])
def test_no_forecast_is_below_what_is_spent_and_the_table_adds_up(spent, left):
    """Whatever the amounts, and however many days are left."""
    today = date(2026, 6, 30) - timedelta(days=left)
    first = date(2025, 6, 1)
    past, income = np.full((today - first).days + 1, 20.0), np.zeros((today - first).days + 1)
    past[-today.day :] = 0
    past[-1] = spent
    income[::7] = 3704.99
    known = Known(Past(first, past), Past(first, income), 0, Hits(0, 0))
    found = outlook_context(known, "ILS", today)
    rows = [
        {name: int(re.sub(r"[^\d−]", "", text).replace("−", "-")) for name, text in each.items() if name != "name"}
        for each in found["rows"]
    ]
    assert spent <= rows[0]["low"] <= rows[0]["point"] <= rows[0]["high"]
    assert all(each["kept"] == each["received"] - each["point"] for each in rows)
    for text in (found["summary"], found["kept"]):
        amounts = re.findall(r"[\d,]+", text.replace("2026", ""))
        assert len(amounts) == len(set(amounts)), text
    if not left:
        assert found["summary"] == f"June 2026 will probably end at about {found['rows'][0]['point']}."
        assert not found["point"]


def test_a_new_account_hears_that_it_is_too_early(client_alice, alice):
    assert not outlook_of(client_alice.get("/dashboard/"))
    today = timezone.localdate()
    make_expenses(alice, [{"title": "Lunch", "amount": 10, "spent_on": today - timedelta(days=n)} for n in range(40)])
    text = outlook_of(client_alice.get("/dashboard/"))
    assert "Too early to say where this month will end" in text
    assert "Most likely" not in text


def test_long_pauses_are_no_ground_for_a_forecast(client_alice, alice):
    today = timezone.localdate()
    rows = [{"title": "Lunch", "amount": 10, "spent_on": today - timedelta(days=150 + n)} for n in range(60)]
    make_expenses(alice, [*rows, {"title": "Taxi", "amount": 5, "spent_on": today}])
    assert "Too few expenses in the last three months" in outlook_of(client_alice.get("/dashboard/"))


def test_one_offs_count_in_the_month_but_not_in_what_is_to_come(client_alice, alice, lived):
    def likely():
        text = outlook_of(client_alice.get("/dashboard/"))
        return [int(found.replace(",", "")) for found in re.findall(r"₪([\d,]+)", text.split("Kept", 1)[1])[1::5]]

    before = likely()
    make_expenses(alice, [{"title": "Sofa", "amount": 5000, "spent_on": lived, "one_off": True}])
    after = likely()
    assert after[0] - before[0] == pytest.approx(5000, abs=20)
    assert after[1:] == before[1:]


def test_a_dismissed_series_changes_the_page_at_once(client_alice, alice, lived):
    with_rent = outlook_of(client_alice.get("/dashboard/"))
    Series.objects.filter(ledger_id=alice.pk).filter(name="Salary").update(state="ended")
    assert outlook_of(client_alice.get("/dashboard/")) != with_rent


def test_round_trips(client_alice, alice, lived, count_db, count_cache, monkeypatch):
    """A kept page costs one round trip for the series. A new expense costs one month's sums, not those of two years."""
    client_alice.get("/dashboard/")
    with count_db() as database, count_cache() as cached:
        client_alice.get("/dashboard/")
    assert len(database) <= 3, database.names
    assert not any("expenses_expense" in name for name in database.names)
    assert len(cached) <= 3, cached.names

    summed = []
    original = loading_sums.sum_months
    monkeypatch.setattr(
        loading_sums, "sum_months", lambda o, months, *t: summed.append(list(months)) or original(o, months, *t)
    )
    make_expenses(alice, [{"title": "Lunch", "amount": Decimal(5), "spent_on": lived}])
    loading_figures.forget_figures()
    with count_db() as database:
        client_alice.get("/dashboard/")
    assert summed == [[month_of(lived)]]
    assert len(database) <= 5, database.names

    cache.delete_pattern("*")
    loading_figures.forget_figures()
    touch_months(alice.pk, [lived])
    with count_db() as database, count_cache() as cached:
        client_alice.get("/dashboard/")
    # The sums of a year and of the months before it, what waits for review, and the first days of the month before. At
    # the end of a month, all its days are compared.
    compares_first_days = lived.day < last_of(add_months(month_of(lived), -1)).day
    reads = [name for name in database.names if "expenses_expense" in name]
    assert len(reads) == 3 + compares_first_days, database.names
    assert len(database) <= 8, database.names
    assert len(cached) <= 20, cached.names


def test_the_order_in_which_categories_are_found_changes_nothing(alice, monkeypatch):
    """MongoDB returns them in any order, and a sum of floats depends on it."""
    today, ledger = timezone.localdate(), personal_ledger(alice)
    amounts = {"food-drinks": "0.10", "other": "0.20", "transportation": "0.30"}
    day = month_of(today) - timedelta(days=40)
    make_expenses(alice, [{"amount": Decimal(amounts[slug]), "spent_on": day, "category": slug} for slug in amounts])
    original, found = loading.figures_of, []
    for order in (sorted, partial(sorted, reverse=True)):

        def ordered(*asked, order=order):
            months = original(*asked)
            return {
                month: replace(one, categories=dict(order(one.categories.items()))) for month, one in months.items()
            }

        cache.delete_pattern("*")
        monkeypatch.setattr(loading, "figures_of", ordered)
        known = loading.load_known(ledger, [], all_tokens(ledger.id), [], "ILS", rates_version(), today)
        found.append(known.spent.values.tolist())
    assert sum(found[0]) == pytest.approx(0.6)
    assert found[0] == found[1]


def test_the_record_is_kept_until_an_earlier_month_changes(client_alice, alice, lived, monkeypatch):
    tried = []
    original = loading.hits
    monkeypatch.setattr(loading, "hits", lambda *facts: tried.append(original(*facts)) or tried[-1])

    def shows_the_record() -> bool:
        text = outlook_of(client_alice.get("/dashboard/"))  # which may try again
        return f"In {tried[-1].inside} of the last {tried[-1].tried} months" in text

    assert shows_the_record()
    make_expenses(alice, [{"title": "Lunch", "amount": 5, "spent_on": lived}])
    assert shows_the_record()
    assert len(tried) == 1
    make_expenses(alice, [{"title": "Party", "amount": 90_000, "spent_on": month_of(lived) - timedelta(days=3)}])
    assert shows_the_record()
    assert len(tried) == 2


def test_hebrew(client_alice, alice, lived):
    alice.language = "he"
    alice.save(update_fields=["language"])
    text = outlook_of(client_alice.get("/dashboard/"))
    assert "Most likely" not in text
    assert "between" not in text
    assert "₪" in text
