"""Many currencies cost the dashboard no extra round trips."""

from datetime import date, timedelta

import pytest
import responses
from django.core.cache import cache

from expenses import rates
from expenses.months import month_range
from expenses.rates import ecb_history
from expenses.rates import updates as rate_updates
from expenses.tests.making import make_expenses

FIRST, LAST = date(2024, 11, 1), date(2026, 10, 1)
FIVE = ("ILS", "USD", "GBP", "JPY", "CHF")
PAGES = {
    "24 months": "/dashboard/?from=2024-11&to=2026-10",
    "their comparison": "/dashboard/?from=2024-11&to=2026-10&view=comparison",
}


@pytest.fixture
def stored_rates():
    """Store two years of rates, and make every network request an error."""
    rate_updates.store_days(ecb_history.read_days(FIRST - timedelta(days=40)), ecb_history.SOURCE)
    rates.forget_rates()
    with responses.RequestsMock():
        yield
    rates.forget_rates()


def spend(owner, codes):
    days = [month.replace(day=3 + number % 20) for month in month_range(FIRST, LAST) for number in range(5)]
    make_expenses(
        owner,
        [
            {
                "title": f"Place {number % 9}",
                "amount": number + 1,
                "currency": codes[number % len(codes)],
                "spent_on": day,
            }
            for number, day in enumerate(days)
        ],
    )


@pytest.mark.usefixtures("stored_rates")
@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("hot", [True, False], ids=["rates at hand", "nothing at hand"])
def test_five_currencies_cost_no_round_trip_more_than_one(client_alice, client_bob, alice, bob, count_db, url, hot):
    costs = []
    for client, owner, codes in ((client_alice, alice, ("ILS",) if hot else ("USD",)), (client_bob, bob, FIVE)):
        spend(owner, codes)
        assert client.get(url).status_code == 200
        cache.delete_pattern("*")
        if not hot:
            rates.forget_rates()
        with count_db() as database:
            page = client.get(url)
        assert page.status_code == 200
        costs.append(sorted(database.names))
    one, five = costs
    assert five == one
