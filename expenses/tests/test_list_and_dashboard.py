"""The dashboard and the list agree, because they show the same expenses."""

import re
from decimal import Decimal

import pytest

from expenses.tests.making import make_expense
from expenses.tests.spending import SPRING


@pytest.fixture
def spring(alice):
    for item in SPRING:
        item.add(alice)
    make_expense(alice, amount="10", currency="USD", spent_on=SPRING[0].day, own_rate=Decimal("4.2"),
                 own_rate_currency="ILS")  # fmt: skip
    make_expense(alice, amount="7", currency="BRL", spent_on=SPRING[0].day.replace(year=1999))


def page(client, url: str) -> str:
    response = client.get(url.replace("&amp;", "&"))
    assert response.status_code == 200
    return response.content.decode()


def list_total(text: str) -> tuple[str, int]:
    found = re.search(r'id="list-total".*?class="num">(.*?)</span>.*?>\s*(\d+) expense', text, re.DOTALL)
    return found[1], int(found[2])


@pytest.mark.parametrize("view", ["breakdown", "comparison"])
@pytest.mark.parametrize("currency", ["ILS", "USD", "JPY", "EUR"])
@pytest.mark.parametrize("month", ["2024-03", "2024-04", "2024-05", "1999-03"])
def test_a_months_total_is_the_same_on_both(client_alice, spring, currency, month, view):
    listed, _ = list_total(page(client_alice, f"/expenses/?month={month}&display={currency}"))
    shown = page(client_alice, f"/dashboard/?month={month}&currency={currency}&view={view}")
    assert re.search(r'id="total">(.*?)<', shown)[1] == listed


@pytest.mark.parametrize("query", ["month=2024-03", "from=2024-03&to=2024-05", "from=2024-03&to=2024-04&currency=USD"])
def test_the_number_of_expenses_leads_to_just_these(client_alice, spring, query):
    [(url, count)] = re.findall(r'<a href="(/expenses/\?[^"]+)">(\d+)</a>', page(client_alice, f"/dashboard/?{query}"))
    text = page(client_alice, url)
    assert list_total(text)[1] == int(count)
    assert text.count("data-expense=") == int(count)


def test_a_category_and_a_day_lead_to_their_expenses(client_alice, spring):
    text = page(client_alice, "/dashboard/?month=2024-03")
    days = dict(re.findall(r'<a href="([^"]+&amp;day=2024-03-\d\d)" title="([^"]+)"', text))
    assert len(days) == 6
    for url, amount in days.items():
        listed = page(client_alice, url)
        assert list_total(listed)[0] == amount
        assert set(re.findall(r'data-date="([^"]+)"', listed)) == {url[-10:]}
    [food] = {url for url in re.findall(r'href="(/expenses/[^"]+)"', text) if "category=food-drinks" in url}
    assert set(re.findall(r'data-expense="\w+" data-category="([^"]+)"', page(client_alice, food))) == {"food-drinks"}


def test_a_day_and_a_range_are_removable_and_stay_when_filtering(client_alice, spring):
    text = page(client_alice, "/expenses/?month=2024-03&day=2024-03-04&q=market")
    assert 'href="/expenses/?month=2024-03&amp;q=market"' in text
    assert '<input type="hidden" name="day" value="2024-03-04">' in text
    text = page(client_alice, "/expenses/?month=all&from=2024-03&to=2024-04")
    assert "March 2024 – April 2024" in text
    assert 'class="pill" href="/expenses/?month=all"' in text
    assert '<input type="hidden" name="from" value="2024-03">' in text


@pytest.mark.parametrize(("month", "own"), [("2024-03", True), ("2024-04", False)])
def test_both_tell_of_the_persons_own_rates(client_alice, spring, month, own):
    for url in (f"/expenses/?month={month}", f"/dashboard/?month={month}"):
        assert ("1 amount uses your own rate." in page(client_alice, url)) is own
