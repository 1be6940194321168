"""The sums of long months that are over are stored: an empty cache costs one round trip, not an aggregation."""

import json
from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect

from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.trash import delete_expenses
from expenses.ledger.whole_ledger import delete_ledger
from expenses.models import StoredSums, month_key
from expenses.months import add_months, month_of, months_starting
from expenses.people.ledger_settings import personal_ledger
from expenses.sums import loading_sums, stored_months
from expenses.sums.loading_sums import load_sums
from expenses.sums.month_tokens import month_tokens
from expenses.sums.stored_months import forget_outdated_sums
from finbrain.core.past_the_orm import collection

DAY = date(2024, 3, 9)
MONTH = month_of(DAY)
THRESHOLD = 0.7


@pytest.fixture
def added_up(monkeypatch):
    """Store months with two entries, and record what MongoDB adds up."""
    monkeypatch.setattr(stored_months, "LONG", 2)
    calls, original = [], loading_sums.sum_months

    def spy(ledger_id, months, *settings):
        calls.append(list(months))
        return original(ledger_id, months, *settings)

    monkeypatch.setattr(loading_sums, "sum_months", spy)
    return calls


def spend(owner, amount, day=DAY, currency="ILS", title="Lunch"):
    return add_expense(
        personal_ledger(owner), NewExpense(title, Decimal(amount), currency, day, category="other")
    ).expense


def load(owner, month=MONTH, threshold=THRESHOLD, display="ILS"):
    """Load a month while nothing is cached."""
    cache.delete_pattern("*")
    return load_sums(owner.pk, month_tokens(owner.pk, [month]), threshold, display)[month]


def test_a_stored_month_is_not_added_up_again(alice, added_up, count_db):
    for amount in ("10.00", "5.00"):
        spend(alice, amount, currency="USD")
    first = load(alice)
    assert added_up == [[MONTH]]
    with count_db() as commands:
        assert load(alice) == first
    assert added_up == [[MONTH]]
    assert len(commands) == 2  # the token, the sums
    assert [row.parts for row in first.titles] == [[(first.sums[0].day, None, "", "15.00", 2)]]


def test_a_write_makes_what_is_stored_outdated(alice, added_up):
    kept, other = spend(alice, "10.00"), spend(alice, "5.00")
    load(alice)
    spend(alice, "1.00")
    assert sum(Decimal(row.amount) for row in load(alice).sums) == 16
    delete_expenses(personal_ledger(alice), [kept.pk, other.pk])
    assert sum(Decimal(row.amount) for row in load(alice).sums) == 1
    assert len(added_up) == 3


def test_what_is_stored_for_another_threshold_is_of_no_use(alice, added_up):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    assert load(alice, threshold=0.4).sums == load(alice).sums
    assert len(added_up) == 2


def test_each_currency_to_show_is_stored_by_itself(alice, added_up):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    for _ in range(2):
        assert [row.parts for row in load(alice).titles] == [[(None, None, "", "15.00", 2)]]
        assert [row.parts for row in load(alice, display="EUR").titles] == [[(DAY.day, None, "", "15.00", 2)]]
    assert len(added_up) == 2


def test_short_months_and_the_current_one_are_not_stored(alice, added_up):
    today = timezone.localdate()
    spend(alice, "10.00")
    for amount in ("10.00", "5.00"):
        spend(alice, amount, day=today)
    load(alice)
    load(alice, month_of(today))
    assert not StoredSums.objects.exists()


@pytest.mark.parametrize("sums", [b"", b"[[],[],[],false,[]]", "an amount of x", "text", None, 7])
def test_what_is_stored_and_damaged_is_added_up_again(alice, added_up, sums):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    first = load(alice)
    (row,) = collection(StoredSums).find()
    if sums == "an amount of x":
        sums = row["sums"].replace(b'"15.00"', b'"x"')
        assert sums != row["sums"]
    collection(StoredSums).update_one({"_id": row["_id"]}, {"$set": {"sums": sums}})
    assert load(alice) == first
    assert len(added_up) == 2
    assert load(alice) == first
    assert len(added_up) == 2


def test_sums_that_cannot_be_stored_are_shown(alice, added_up, monkeypatch):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)

    def fail(self, *args, **options):
        raise AutoReconnect

    monkeypatch.setattr(Collection, "bulk_write", fail)
    assert sum(Decimal(row.amount) for row in load(alice).sums) == 15


def test_deleting_a_ledger_deletes_its_stored_sums(alice, bob, added_up):
    for owner in (alice, bob):
        for amount in ("10.00", "5.00"):
            spend(owner, amount)
        load(owner)
    delete_ledger(alice.pk)
    assert [row.key for row in StoredSums.objects.all()] == [f"{month_key(bob.pk, MONTH)}:ILS"]


def test_nothing_is_stored_of_a_ledger_that_was_deleted_meanwhile(alice, added_up, monkeypatch):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    add_up = loading_sums.sum_months

    def slow(ledger_id, *settings):
        found = add_up(ledger_id, *settings)
        delete_ledger(ledger_id)
        return found

    monkeypatch.setattr(loading_sums, "sum_months", slow)
    assert load(alice).count() == 2
    assert not StoredSums.objects.exists()


@pytest.mark.parametrize("start", [1, 15])
def test_a_cleanup_deletes_what_is_outdated(alice, bob, added_up, start):
    entries = {owner: [spend(owner, amount, title="Clinic") for amount in ("10.00", "5.00")] for owner in (alice, bob)}
    with months_starting(start):
        month = month_of(DAY)
        for owner in entries:
            load(owner, month)
        assert StoredSums.objects.count() == 2
        assert forget_outdated_sums() == 0
        delete_expenses(personal_ledger(alice), [entry.pk for entry in entries[alice]])
        assert forget_outdated_sums() == 1
        assert [row.key for row in StoredSums.objects.all()] == [f"{month_key(bob.pk, month)}:ILS"]
        spend(bob, "1.00", day=DAY + timedelta(days=start - 1))  # in the month's second calendar month, if it has two
        assert forget_outdated_sums() == 1


def test_storing_may_take_a_part_of_the_pages_time(alice, added_up, monkeypatch):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    allowed = []
    monkeypatch.setattr(stored_months.pymongo, "timeout", lambda seconds: allowed.append(seconds) or nullcontext())
    load(alice)
    assert len(allowed) == 1
    assert allowed[0] <= 0.5


def test_the_shape_of_what_is_stored_belongs_to_its_format(alice, added_up):
    """If this fails, raise `_FORMAT`: what earlier releases stored has another shape or meaning."""
    spend(alice, "10.00", title="TESCO STORES 3297")
    spend(alice, "5.00", currency="USD", title="Tesco stores 2841")
    sums, biggest, titles, truncated, by_day = json.loads(json.dumps(load(alice).to_json()))
    assert loading_sums._FORMAT == 5
    assert sorted(sums) == [
        [9, "other", "ILS", None, "", False, "10.00", 1, "spent", False, "10.00"],
        [9, "other", "USD", None, "", False, "5.00", 1, "spent", False, "5.00"],
    ]
    assert sorted(row[1:8] for row in biggest) == [
        ["TESCO STORES 3297", "other", "ILS", "10.00", 9, None, ""],
        ["Tesco stores 2841", "other", "USD", "5.00", 9, None, ""],
    ]
    assert sorted(titles) == [
        ["tesco stores", "TESCO STORES 3297", "other", "ILS", [[None, None, "", "10.00", 1]]],
        ["tesco stores", "Tesco stores 2841", "other", "USD", [[9, None, "", "5.00", 1]]],
    ]
    assert (truncated, by_day) == (False, False)


def test_each_month_of_several_is_stored_by_itself(alice, added_up):
    months = [add_months(MONTH, -n) for n in range(3)]
    for month in months:
        for amount in ("10.00", "5.00"):
            spend(alice, amount, day=month)
    cache.delete_pattern("*")
    first = load_sums(alice.pk, month_tokens(alice.pk, months), THRESHOLD, "ILS")
    spend(alice, "1.00", day=months[1])
    cache.delete_pattern("*")
    second = load_sums(alice.pk, month_tokens(alice.pk, months), THRESHOLD, "ILS")
    assert [sorted(part) for part in added_up] == [sorted(months), [months[1]]]
    assert [second[month] == first[month] for month in months] == [True, False, True]
