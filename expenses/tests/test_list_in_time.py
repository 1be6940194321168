"""Lists of several months: their totals come from those of the months, and one that takes too long is left out."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from pymongo.errors import ExecutionTimeout
from redis.exceptions import OutOfMemoryError

from expenses.ledger.entries import NewExpense, add_expense
from expenses.listing import by_month, totals
from expenses.listing.list_page import list_context
from expenses.listing.list_query import ListQuery
from expenses.models import Expense
from expenses.months import months_starting
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expense, make_expenses
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import collection

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
TOO_MANY = "too many entries to add up in time"
TOTAL = {"HX-Request": "true", "HX-Target": "list-total"}


def too_slow(*_, **__):
    raise ExecutionTimeout("operation exceeded time limit", 50)


def adding_up_url(page):
    """Where the total of a page is, None if it is known or isn't to be had."""
    asks = re.search(r'data-hx-get="([^"]+)"\s+data-hx-trigger="load"\s+data-hx-target="#list-total"', page)
    return asks and unescape(asks[1])


@pytest.fixture
def read(monkeypatch):
    """Record the filters of what MongoDB adds up for the months."""
    found = []
    original = by_month.read_groups

    def spy(match, *more, **options):
        found.append(match)
        return original(match, *more, **options)

    monkeypatch.setattr(by_month, "read_groups", spy)
    return found


@pytest.mark.parametrize(
    "query",
    [ListQuery(None, sort="-amount"), ListQuery(None), ListQuery(None, q="bus"), ListQuery(None, first=JULY)],
    ids=["by amount", "newest first", "search", "period"],
)
def test_after_a_write_only_its_month_is_added_up(alice, read, query):
    days = [JULY + timedelta(days=n) for n in range(31)]
    make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": day} for day in (*days, *days, AUGUST)])
    ledger = personal_ledger(alice)
    assert list_context(ledger, query)["count"] == 63
    add_expense(ledger, NewExpense("Bus", Decimal(7), "ILS", AUGUST, category="other"))
    shown = list_context(ledger, query)
    assert (shown["count"], shown["total_text"]) == (64, "₪385.00")
    plans = [collection(Expense).find(match).explain()["executionStats"] for match in read]
    assert [plan["totalDocsExamined"] for plan in plans] == [64, 2]


def test_another_order_adds_up_nothing(alice, read):
    make_expense(alice)
    list_context(personal_ledger(alice), ListQuery(None, sort="-amount"))
    list_context(personal_ledger(alice), ListQuery(None, sort="title"))
    list_context(personal_ledger(alice), ListQuery(None))
    assert len(read) == 1


def test_a_list_of_some_months_adds_up_no_others(alice):
    make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": day} for day in (JULY, JULY, AUGUST)])
    ledger = personal_ledger(alice)
    assert list_context(ledger, ListQuery(None, last=JULY))["count"] == 2
    assert list_context(ledger, ListQuery(None, months=(AUGUST,)))["count"] == 1
    assert list_context(ledger, ListQuery(None, since=date(2026, 7, 2)))["count"] == 1


@pytest.mark.parametrize("starts", [(15, 1), (31, 1), (1, 15, 10)])
def test_months_that_begin_on_another_day_are_added_up_again(alice, starts):
    days = [date(2026, 1, 5), date(2026, 1, 20), date(2026, 3, 3)]
    make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": day} for day in days])
    for start in starts:
        with months_starting(start):
            shown = list_context(personal_ledger(alice), ListQuery(None))
        assert (shown["count"], shown["total_text"]) == (3, "₪18.00"), start


@pytest.mark.parametrize("query", ["month=all&q=tea", "month=all", "month=all&kind=spent", "month=all&kind=moved"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "list"}], ids=["page", "fragment"])
def test_a_list_that_takes_long_to_add_up_is_shown_at_once_and_its_total_follows(
    client_alice, alice, monkeypatch, query, headers
):
    make_expense(alice, title="Green tea", amount=6, category="transfer" if "moved" in query else "other")
    monkeypatch.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
    shown = client_alice.get(f"/expenses/?{query}", headers=headers)
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "Green tea" in page
    assert "ETag" not in shown
    total = client_alice.get(adding_up_url(page), headers=TOTAL).content.decode()
    assert ("₪6.00" in total, adding_up_url(total)) == (True, None)
    monkeypatch.undo()
    assert adding_up_url(client_alice.get(f"/expenses/?{query}", headers=headers).content.decode()) is None


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "list"}], ids=["page", "fragment"])
def test_a_month_that_takes_too_long_to_add_up_is_shown_without_its_total(client_alice, alice, monkeypatch, headers):
    make_expense(alice, title="Green tea")
    monkeypatch.setattr(totals, "SECONDS", 1e-6)
    slow = client_alice.get("/expenses/?month=2026-08&q=tea", headers=headers)
    assert "ETag" not in slow
    assert "Green tea" in (page := slow.content.decode())
    assert TOO_MANY in page
    assert adding_up_url(page) is None
    monkeypatch.undo()
    assert TOO_MANY not in client_alice.get("/expenses/?month=2026-08&q=tea", headers=headers).content.decode()


def test_adding_up_goes_on_where_time_ran_out(client_alice, alice, read, monkeypatch):
    make_expenses(alice, [{"title": "Tea", "amount": 6, "spent_on": date(2025, month, 9)} for month in range(1, 13)])
    make_expenses(alice, [{"title": "Tea", "amount": 6, "spent_on": date(2026, month, 9)} for month in range(1, 8)])
    reads = by_month.read_groups
    url = "/expenses/?month=all&q=tea"
    with monkeypatch.context() as slow:
        slow.setattr(
            by_month, "read_groups", lambda *args, **options: (reads if len(read) < 2 else too_slow)(*args, **options)
        )
        assert adding_up_url(client_alice.get(url, headers=TOTAL).content.decode())
        assert len(read) == 2
    total = client_alice.get(url, headers=TOTAL).content.decode()
    assert ("₪114.00" in total, adding_up_url(total)) == (True, None)
    assert "All 19 matching expenses" in total
    found = [collection(Expense).count_documents(match) for match in read]
    assert found == [6, 6, 6, 1]


def test_adding_up_ends_where_not_even_a_step_is_in_time(client_alice, alice, monkeypatch):
    make_expense(alice, title="Green tea")
    monkeypatch.setattr(by_month, "read_groups", too_slow)
    total = client_alice.get("/expenses/?month=all&q=tea", headers=TOTAL).content.decode()
    assert TOO_MANY in total
    assert adding_up_url(total) is None


def test_adding_up_ends_where_the_cache_keeps_nothing(client_alice, alice, read, monkeypatch):
    make_expenses(alice, [{"title": "Tea", "amount": 6, "spent_on": date(2025, month, 9)} for month in range(1, 13)])
    make_expenses(alice, [{"title": "Tea", "amount": 6, "spent_on": JULY}])
    reads = by_month.read_groups
    monkeypatch.setattr(
        by_month, "read_groups", lambda *args, **options: (reads if len(read) < 2 else too_slow)(*args, **options)
    )

    def is_full(*_):
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    monkeypatch.setattr(tolerant_cache.cache, "set_many", is_full)
    total = client_alice.get("/expenses/?month=all&q=tea", headers=TOTAL).content.decode()
    assert (TOO_MANY in total, adding_up_url(total)) == (True, None)


def test_days_have_their_sums_before_the_list_has_its_total(alice, monkeypatch):
    make_expenses(
        alice, [{"title": "Tea", "amount": 6, "spent_on": JULY}, {"title": "Tea", "amount": 7, "spent_on": JULY}]
    )
    monkeypatch.setattr(by_month, "read_groups", too_slow)
    shown = list_context(personal_ledger(alice), ListQuery(None, q="tea"))
    assert shown["incomplete"]
    assert "₪13.00" in str(shown["rows"][0])


def test_a_month_that_takes_too_long_is_not_asked_for_its_days_too(alice, monkeypatch):
    """The time for both would be more than a request has, and the page an error."""
    make_expense(alice, title="Tea", spent_on=JULY)
    asked = []

    def slow(*_, **__):
        asked.append("a month")
        too_slow()

    monkeypatch.setattr(totals, "read_groups", slow)
    assert list_context(personal_ledger(alice), ListQuery(JULY, q="tea"))["incomplete"]
    assert asked == ["a month"]


def test_an_expense_is_added_to_a_list_that_takes_too_long_to_add_up(client_alice, alice, monkeypatch):
    make_expense(alice, title="Green tea")
    page = client_alice.get("/expenses/?month=all&q=tea").content.decode()
    version = page.partition('data-version="')[2].partition('"')[0]
    monkeypatch.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=all&q=tea"}
    new = {"title": "Black tea", "amount": "4", "currency": "ILS", "spent_on": "2026-08-20"}
    answer = client_alice.post("/expenses/add/", new, headers=headers | {"X-List": version, "X-Rows": "50"})
    assert answer.status_code == 200
    assert "Black tea" in answer.content.decode()
    assert adding_up_url(answer.content.decode())
