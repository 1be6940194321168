"""After a write to a long month, dashboards add up only the changed days again, and show the same as the full sums."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from bson import ObjectId
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.trash import delete_expenses
from expenses.models import Expense
from expenses.models.ledger import Ledger
from expenses.months import month_of, months_starting
from expenses.people.checked_sums import check_sums
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from expenses.sums import loading_sums
from expenses.sums.aggregation import BIGGEST
from expenses.sums.loading_sums import load_sums, sum_months
from expenses.sums.month_sums import MonthSums
from expenses.sums.month_tokens import all_tokens, tokens_for
from expenses.tests.making import make_expense, make_expenses
from expenses.tests.test_by_day import APRIL, MARCH, WRITES, write
from finbrain.core.past_the_orm import collection

TODAY, DAY = date(2024, 4, 30), date(2024, 4, 20)
THRESHOLD = 0.7


@pytest.fixture
def added_up(monkeypatch):
    """Today is the last of April, all months are long, and it is recorded which days MongoDB adds up."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(loading_sums, "LONG", 0)
    found, original = [], loading_sums.sum_months

    def spy(ledger_id, months, threshold, display, *days):
        found.extend(days)
        return original(ledger_id, months, threshold, display, *days)

    monkeypatch.setattr(loading_sums, "sum_months", spy)
    return found


def load(ledger: Ledger, month: date = APRIL, tokens=None, display="ILS") -> MonthSums:
    every = all_tokens(ledger.id) if tokens is None else tokens
    return load_sums(ledger.id, tokens_for([month], every), THRESHOLD, display)[month]


def comparable(sums: MonthSums) -> list:
    """The parts of sums, of which only the titles have an order that is always the same."""
    titles = [(*row[:-1], sorted(map(str, row.parts))) for row in sums.titles]
    return [sorted(map(str, sums.sums)), sorted(map(str, sums.biggest)), titles, sums.truncated, sums.by_day]


def is_in_full(ledger: Ledger, sums: MonthSums, month: date = APRIL, display="ILS") -> bool:
    return comparable(sums) == comparable(sum_months(ledger.id, [month], THRESHOLD, display)[month])


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WRITES, min_size=2, max_size=8), st.sampled_from([1, 10]), st.sampled_from(["ILS", "EUR"]))
def test_sums_are_those_of_the_whole_month_after_any_writes(alice, added_up, writes, start, display):
    """Also if a page that read older tokens adds up after the write, and keeps what it found."""
    ledger = replace(personal_ledger(alice), id=ObjectId(), shares_corrections=False)
    with months_starting(start):
        write(ledger, "import", [NewExpense("Bus", Decimal(6), "ILS", day, category="other") for day in (MARCH, APRIL)])
        for what in writes:
            before = all_tokens(ledger.id)
            load(ledger, APRIL, before, display)
            write(ledger, *what)
            for month in (MARCH, APRIL):
                load(ledger, month, before, display)
                assert is_in_full(ledger, load(ledger, month, None, display), month, display), what


def test_only_the_days_of_a_write_are_added_up_again(alice, added_up):
    make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": date(2024, 4, day)} for day in range(1, 31)])
    ledger = personal_ledger(alice)
    load(ledger)
    entry = make_expense(alice, title="Cinema", spent_on=DAY)
    assert is_in_full(ledger, load(ledger))
    edit_expense(ledger, entry.pk, NewExpense("Bus", Decimal(7), "EUR", date(2024, 4, 18), category=entry.category))
    assert is_in_full(ledger, load(ledger))
    load(ledger)
    assert added_up == [loading_sums.ALL, (DAY, DAY), (date(2024, 4, 18), DAY)]


def test_months_that_are_short_or_over_are_added_up_in_full(alice, added_up, monkeypatch):
    ledger = personal_ledger(alice)
    for day in (MARCH, MARCH, DAY, DAY):
        make_expense(alice, spent_on=day)
        monkeypatch.setattr(loading_sums, "LONG", 3)
        assert is_in_full(ledger, load(ledger, month_of(day)), month_of(day))
    assert added_up == [loading_sums.ALL] * 4


def test_a_month_that_was_loaded_before_it_ended_is_added_up_in_full(alice, added_up, monkeypatch):
    ledger = personal_ledger(alice)
    make_expense(alice, spent_on=DAY)
    load(ledger)
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2024, 5, 1))
    for _ in range(2):
        make_expense(alice, spent_on=DAY)
        assert is_in_full(ledger, load(ledger))


def test_whoever_takes_the_place_of_one_of_the_biggest_expenses_is_found(alice, added_up):
    rows = [{"title": "Bus", "amount": n, "spent_on": date(2024, 4, n)} for n in range(1, BIGGEST + 3)]
    made = make_expenses(alice, rows)
    ledger = personal_ledger(alice)
    load(ledger)
    delete_expenses(ledger, [made[-1].pk])
    assert is_in_full(ledger, load(ledger))
    add_expense(ledger, NewExpense("Bus", Decimal(100), "ILS", DAY, category=made[0].category))
    assert is_in_full(ledger, load(ledger))
    last = date(2024, 4, BIGGEST + 2)
    assert added_up == [loading_sums.ALL, (last, last), loading_sums.ALL, (DAY, DAY)]


def test_a_month_with_too_many_titles_is_added_up_in_full(alice, added_up, monkeypatch):
    for module in ("loading_sums", "aggregation", "replaced_days"):
        monkeypatch.setattr(f"expenses.sums.{module}.MERCHANT_TITLES", 2)
    ledger = personal_ledger(alice)
    for title in ("Bus", "Cinema", "Tea", "Tea"):
        make_expense(alice, title=title, spent_on=DAY)
        sums = load(ledger)
        assert is_in_full(ledger, sums)
    assert [row.title for row in sums.titles] == ["Tea", "Bus"]
    assert sums.truncated
    assert added_up == [loading_sums.ALL, (DAY, DAY), (DAY, DAY), loading_sums.ALL, (DAY, DAY), loading_sums.ALL]


def test_the_nightly_check_mends_sums_of_dashboards(alice, added_up, caplog):
    ledger = personal_ledger(alice)
    entry = make_expense(alice, spent_on=DAY, title="Bus")
    with showing_ledger(ledger):
        load_sums(ledger.id, all_tokens(ledger.id), ledger.threshold, ledger.home_currency)
        now = datetime.now(UTC)
        assert check_sums(now) == "1 months checked, 0 wrong"
        collection(Expense).update_one({"_id": entry.pk}, {"$set": {"title": "Cinema"}})
        assert check_sums(now) == "1 months checked, 1 wrong"
        found = load_sums(ledger.id, all_tokens(ledger.id), ledger.threshold, ledger.home_currency)[APRIL]
        assert [row.title for row in found.titles] == ["Cinema"]
