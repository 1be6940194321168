"""What pages say about the rates they used, and that many currencies cost the dashboard no extra round trips."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import responses
from django.core.cache import cache
from django.utils import timezone

from expenses import rates
from expenses.models import CurrencyInUse, YearOfRates, year_key
from expenses.months import month_range
from expenses.rates import ecb_history
from expenses.rates import updates as rate_updates
from expenses.tests.making import make_expenses

FIRST, LAST = date(2024, 11, 1), date(2026, 10, 1)
TWELVE = ("ILS", "USD", "GBP", "JPY", "CHF", "UAH", "AED", "VND", "EGP", "ARS", "CLP", "KWD")
OTHERS = TWELVE[5:]
PAGES = {
    "24 months": "/dashboard/?from=2024-11&to=2026-10",
    "their comparison": "/dashboard/?from=2024-11&to=2026-10&view=comparison",
}


@pytest.fixture
def stored_rates():
    """Store two years of rates of the ECB and others, and make every network request an error."""
    rate_updates.store_days(ecb_history.read_days(FIRST - timedelta(days=40)), ecb_history.SOURCE)
    store_others()
    rates.forget_rates()
    with responses.RequestsMock():
        yield
    rates.forget_rates()


def store_others():
    """Store an invented rate for every day, blended, and the hryvnia's as published by its bank."""
    now, years = timezone.now(), range(FIRST.year, LAST.year + 1)
    for code in OTHERS:
        origin = ["published", "NBU"] if code == "UAH" else ["blended", "BOI,NBU"]
        in_use = {"wanted_at": now, "try_at": now, "fetched_until": date(2026, 10, 31)}
        CurrencyInUse.objects.create(code=code, **in_use)
        for year in years:
            days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
            quotes = {str(day): [f"{48 + day.month}.5", *origin] for day in days}
            YearOfRates.objects.create(key=year_key(code, year), rates=quotes)


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
def test_twelve_currencies_cost_no_round_trip_more_than_one(client_alice, client_bob, alice, bob, count_db, url, hot):
    costs = []
    for client, owner, codes in ((client_alice, alice, ("ILS",) if hot else ("USD",)), (client_bob, bob, TWELVE)):
        spend(owner, codes)
        assert client.get(url).status_code == 200
        cache.delete_pattern("*")
        if not hot:
            rates.forget_rates()
        with count_db() as database:
            page = client.get(url)
        assert page.status_code == 200
        costs.append(sorted(database.names))
    one, twelve = costs
    assert twelve == one


def text_of(page):
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.content.decode())))


MARCH = date(2026, 3, 3)
MIXED = [
    {"title": "Borscht", "amount": 100, "currency": "UAH", "spent_on": MARCH},
    {"title": "Taxi", "amount": 50, "currency": "AED", "spent_on": MARCH},
    {"title": "Steak", "amount": 15000, "currency": "ARS", "spent_on": MARCH},
    {"title": "Sunday", "amount": 10, "currency": "USD", "spent_on": date(2026, 3, 8)},
    {"title": "Cash", "amount": 10, "currency": "USD", "spent_on": MARCH, "own_rate": 4, "own_rate_currency": "ILS"},
    {"title": "Wool", "amount": 900, "currency": "MNT", "spent_on": MARCH},
    {"title": "Bread", "amount": 7, "currency": "ILS", "spent_on": MARCH},
]


def titles(page):
    return set(re.findall(r'id="t[0-9a-f]{24}"[^>]*>([^<]+)</a>', page.content.decode()))


@pytest.mark.usefixtures("stored_rates")
def test_totals_tell_what_rests_on_which_rates_and_link_to_it(client_alice, alice):
    make_expenses(alice, MIXED)
    for url in ("/expenses/?month=2026-03", "/dashboard/?month=2026-03"):
        page = client_alice.get(url)
        text = text_of(page)
        short = "1 with no rate yet · 2 at a blended rate · 1 at an earlier day's rate · 1 at your own rate"
        assert short in text
        assert "2 amounts use a blended rate: the average of several central banks. ₪" in text
        assert "1 amount in MNT is left out: no rate yet. When online, FinBrain fetches it in a minute." in text
        assert "ARS: official rate. If you pay another one, enter your own rate." in text
        assert "1 amount uses your own rate. ₪40.00" in text
        links = [unescape(link) for link in re.findall(r'<li>\s*<a href="([^"]+)"', page.content.decode())]
        found = {re.search(r"rate=(\w+)", link)[1]: titles(client_alice.get(link)) for link in links if "rate=" in link}
        assert found == {"blended": {"Taxi", "Steak"}, "old": {"Sunday"}, "own": {"Cash"}, "none": {"Wool"}}


@pytest.mark.usefixtures("stored_rates")
def test_the_cash_flow_tells_it_of_income_too(client_alice, alice):
    pay = {"title": "Pay", "amount": -900, "currency": "AED", "spent_on": MARCH, "category": "salary"}
    make_expenses(alice, [*MIXED, pay])
    text = text_of(client_alice.get("/dashboard/?month=2026-03&view=cashflow"))
    assert "1 with no rate yet · 3 at a blended rate" in text


@pytest.mark.usefixtures("stored_rates")
def test_a_filter_by_rate_is_a_pill_counts_its_total_and_is_exported(client_alice, alice):
    make_expenses(alice, MIXED)
    page = client_alice.get("/expenses/?month=2026-03&rate=blended&display=USD")
    assert titles(page) == {"Taxi", "Steak"}
    assert "2 expenses" in text_of(page)
    assert 'href="/expenses/?month=2026-03&amp;display=USD"' in page.content.decode()
    assert '<input type="hidden" name="rate" value="blended">' in page.content.decode()
    exported = client_alice.get("/expenses/export/?month=2026-03&rate=blended&display=USD&format=csv")
    assert b"".join(exported.streaming_content).decode().count("\n") == 3
    assert titles(client_alice.get("/expenses/?month=2026-03&rate=nonsense")) == {row["title"] for row in MIXED}
    assert titles(client_alice.get("/expenses/?month=2026-03&rate=own&q=nothing")) == set()


@pytest.mark.usefixtures("stored_rates")
@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Borscht", r"At the rate of Mar 3, 2026: 1 UAH = 0\.\d+ ILS \(NBU, published; ECB, published\)"),
        ("Taxi", r"At the rate of Mar 3, 2026: 1 AED = 0\.\d+ ILS \(blended from BOI, NBU; ECB, published\)"),
        ("Steak", r"1 ARS = 0\.\d+ ILS \(blended from BOI, NBU; ECB, published; official rate\)"),
        ("Sunday", r"At the rate of Mar 6, 2026: 1 USD = [\d.]+ ILS \(ECB, published\)"),
        ("Cash", r"At your own rate: 1 USD = 4 ILS"),
        ("Wool", r"No rate yet, so totals leave this amount out\. When online, FinBrain fetches it in a minute\."),
    ],
)
def test_an_amounts_details_name_rate_day_source_and_type(client_alice, alice, title, said):
    made = {expense.title: expense for expense in make_expenses(alice, MIXED)}
    assert re.search(said, text_of(client_alice.get(f"/expenses/{made[title].pk}/edit/")))
    if title != "Wool":
        assert re.search(f'title="[^"]*{said}', client_alice.get("/expenses/?month=2026-03").content.decode())


@pytest.mark.usefixtures("stored_rates")
def test_a_home_currency_that_nobody_fetched_is_awaited(client_alice, alice):
    make_expenses(alice, MIXED)
    text = text_of(client_alice.get("/dashboard/?month=2026-03&currency=MNT"))
    assert "6 with no rate yet" in text
    assert CurrencyInUse.objects.get(code="MNT").fetched_until is None


def test_offline_the_bundled_history_converts_and_the_page_says_what_it_lacks(client_alice, alice):
    make_expenses(alice, MIXED)
    with responses.RequestsMock():
        text = text_of(client_alice.get("/expenses/?month=2026-03"))
    assert "4 with no rate yet" in text
    assert "At the rate of Mar 6, 2026" in unescape(client_alice.get("/expenses/?month=2026-03").content.decode())
