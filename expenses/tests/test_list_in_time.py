"""Lists of several months: their totals come from those of the months, and one that takes too long is left out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from expenses.ledger.entries import NewExpense, add_expense
from expenses.listing import by_month, totals
from expenses.listing.list_page import list_context
from expenses.listing.list_query import ListQuery
from expenses.models import Expense
from expenses.months import months_starting
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expense, make_expenses
from finbrain.core.past_the_orm import collection

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
TOO_MANY = "too many entries to add up in time"


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


@pytest.mark.parametrize(
    "query", ["month=all&q=tea", "month=all", "month=2026-08&q=tea", "month=all&kind=spent", "month=all&kind=moved"]
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "list"}], ids=["page", "fragment"])
def test_a_list_that_takes_too_long_to_add_up_is_shown_without_its_total(
    client_alice, alice, monkeypatch, query, headers
):
    make_expense(alice, title="Green tea", category="transfer" if "moved" in query else "other")
    monkeypatch.setattr(totals, "_SECONDS", 1e-6)
    slow = client_alice.get(f"/expenses/?{query}", headers=headers)
    assert slow.status_code == 200
    assert "Green tea" in slow.content.decode()
    assert TOO_MANY in slow.content.decode()
    assert "ETag" not in slow
    monkeypatch.undo()
    assert TOO_MANY not in client_alice.get(f"/expenses/?{query}", headers=headers).content.decode()


def test_an_expense_is_added_to_a_list_that_takes_too_long_to_add_up(client_alice, alice, monkeypatch):
    make_expense(alice, title="Green tea")
    page = client_alice.get("/expenses/?month=all&q=tea").content.decode()
    version = page.partition('data-version="')[2].partition('"')[0]
    monkeypatch.setattr(totals, "_SECONDS", 1e-6)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=all&q=tea"}
    new = {"title": "Black tea", "amount": "4", "currency": "ILS", "spent_on": "2026-08-20"}
    answer = client_alice.post("/expenses/add/", new, headers=headers | {"X-List": version, "X-Rows": "50"})
    assert answer.status_code == 200
    assert "Black tea" in answer.content.decode()
    assert TOO_MANY in answer.content.decode()
