"""The list's rows in groups of a day with its sum, and what a search finds in other months."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest

from expenses.listing.find_rows import PAGE_SIZE
from expenses.tests.making import make_expense, make_expenses

DAY = date(2026, 8, 20)
HEAD = re.compile(r'<tr class="day"><th scope="row" colspan="4">(.*?)</th><td class="num" id="sum-[\d-]+">(.*?)</td>')
MORE = {"HX-Request": "true", "HX-Target": "more"}


def heads(response) -> list[tuple[str, str]]:
    return [(unescape(day), unescape(text)) for day, text in HEAD.findall(response.content.decode())]


@pytest.fixture
def mixed(alice):
    """A week in several currencies, categories and kinds, with an own rate, a refund and an amount without a rate."""
    codes, categories = ("ILS", "USD", "EUR", "JPY"), ("food-drinks", "other", "transfer", "salary", "leisure-gifts")
    rows = []
    for n in range(120):
        row = {"title": f"t{n}", "amount": Decimal(n * 7 % 31 + 1) / 3, "currency": codes[n % 4]}
        row |= {"category": categories[n % 5], "spent_on": DAY - timedelta(days=n % 7)}
        row["amount"] = round(row["amount"], 2) * (-1 if n % 5 == 3 or n % 11 == 0 else 1)
        rows.append(row)
    rows += [
        {"title": "own", "amount": 10, "currency": "USD", "own_rate": Decimal("4.21"), "own_rate_currency": "ILS"},
        {"title": "no rate", "amount": 10, "currency": "KPW", "spent_on": DAY - timedelta(days=2)},
    ]
    make_expenses(alice, rows)


@pytest.mark.parametrize("query", ["", "&sort=date", "&display=EUR", "&kind=moved", "&kind=received", "&q=t1"])
def test_a_day_adds_up_to_the_total_of_a_list_of_that_day(client_alice, mixed, query):
    response = client_alice.get(f"/expenses/?month=2026-08{query}")
    found = heads(response)
    next_url = response.context["next_url"]
    while next_url:
        response = client_alice.get(next_url, headers=MORE)
        found += heads(response)
        next_url = response.context["next_url"]
    days = [DAY - timedelta(days=ago) for ago in range(7)]
    ordered = sorted(days, reverse="sort=date" not in query)
    assert [text.split(", ")[1] for text, _ in found] == [f"{day:%b} {day.day}" for day in ordered]
    for day, (_label, text) in zip(ordered, found, strict=True):
        alone = client_alice.get(f"/expenses/?day={day}{query}").context
        assert text.split(" · ")[0] == alone["total_text"]


def test_a_day_says_what_it_leaves_out(client_alice, mixed):
    [text] = [text for day, text in heads(client_alice.get("/expenses/?day=2026-08-18")) if "Aug 18" in day]
    assert text.endswith(" · 1 amount left out")


def test_a_day_without_spending_has_no_sum(client_alice, alice):
    make_expense(alice, category="transfer")
    assert heads(client_alice.get("/expenses/?month=2026-08")) == [("Thursday, Aug 20", "")]


def test_a_day_on_two_pages_has_one_head_with_the_whole_sum(client_alice, alice):
    make_expenses(alice, [{"title": f"t{n}", "amount": 1} for n in range(PAGE_SIZE + 10)])
    make_expense(alice, amount="5", spent_on=DAY - timedelta(days=1))
    first = client_alice.get("/expenses/?month=2026-08")
    assert heads(first) == [("Thursday, Aug 20", "₪60.00")]
    second = client_alice.get(first.context["next_url"], headers=MORE)
    assert heads(second) == [("Wednesday, Aug 19", "₪5.00")]


@pytest.mark.parametrize("sort", ["amount", "-title", "category"])
def test_another_order_has_no_days(client_alice, mixed, sort):
    assert heads(client_alice.get(f"/expenses/?month=2026-08&sort={sort}")) == []


def test_days_and_other_months_need_no_round_trip_of_their_own(client_alice, mixed, count_db, count_cache):
    costs = []
    for query in ("q=t&month=all&sort=title", "q=t2&month=2026-08&sort=date"):
        client_alice.get("/expenses/?month=all")
        with count_db() as reads, count_cache() as calls:
            client_alice.get(f"/expenses/?{query}")
        costs.append((len(reads), len(calls)))
    assert costs[0] == costs[1]


class TestElsewhere:
    @pytest.fixture
    def zumba(self, alice):
        days = DAY, date(2026, 7, 1), date(2020, 2, 29)
        make_expenses(alice, [{"title": "Zumba", "amount": 5, "spent_on": day} for day in days])
        make_expense(alice, "Yoga")

    def test_a_search_says_how_many_all_time_has(self, client_alice, zumba):
        page = client_alice.get("/expenses/?month=2026-08&q=zumba")
        text = page.content.decode()
        assert "Searched only August 2026." in text
        assert "Show all 3 matches from all time" in text
        assert page.context["count"] == 1
        assert client_alice.get(page.context["all_time_url"]).context["count"] == 3

    def test_a_search_without_a_match_does_too(self, client_alice, zumba):
        text = client_alice.get("/expenses/?month=2026-06&q=zumba").content.decode()
        assert "No matching expenses" in text
        assert "Show all 3 matches from all time" in text
        assert "Search all time" not in text

    def test_it_says_that_there_is_none(self, client_alice, zumba):
        assert "Other months have no match." in client_alice.get("/expenses/?month=2026-08&q=yoga").content.decode()

    @pytest.mark.parametrize("query", ["month=all&q=zumba", "month=2026-08", "month=2026-08&q=zumba&rate=own"])
    def test_only_a_search_in_a_month_counts_others(self, client_alice, zumba, query):
        assert client_alice.get(f"/expenses/?{query}").context["elsewhere"] is None

    def test_the_count_follows_every_write(self, client_alice, alice, zumba):
        client_alice.get("/expenses/?month=2026-08&q=zumba")
        make_expense(alice, "Zumba", spent_on=date(2026, 7, 2))
        assert client_alice.get("/expenses/?month=2026-08&q=zumba").context["elsewhere"] == 3
