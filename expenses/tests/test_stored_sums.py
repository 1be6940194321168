"""The sums of long months that are over are stored: an empty cache costs one round trip, not an aggregation."""

from datetime import date
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
from expenses.months import add_months, month_of
from expenses.people.ledger_settings import personal_ledger
from expenses.sums import loading_sums, stored_months
from expenses.sums.loading_sums import load_sums
from expenses.sums.month_tokens import month_tokens
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
    assert [(row.day, row.amount, row.count) for row in first.foreign] == [(first.sums[0].day, "15.00", 2)]


def test_a_write_makes_what_is_stored_outdated(alice, added_up):
    kept, other = spend(alice, "10.00"), spend(alice, "5.00")
    load(alice)
    spend(alice, "1.00")
    assert sum(Decimal(row.amount) for row in load(alice).sums) == 16
    delete_expenses(personal_ledger(alice), [kept.pk, other.pk])
    assert sum(Decimal(row.amount) for row in load(alice).sums) == 1
    assert len(added_up) == 3


@pytest.mark.parametrize("other", [{"threshold": 0.4}, {"display": "EUR"}])
def test_what_is_stored_for_other_settings_is_of_no_use(alice, added_up, other):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    assert load(alice, **other).sums == load(alice).sums
    assert len(added_up) == 2
    assert load(alice, **other).foreign == [] or other.get("display")


def test_short_months_and_the_current_one_are_not_stored(alice, added_up):
    today = timezone.localdate()
    spend(alice, "10.00")
    for amount in ("10.00", "5.00"):
        spend(alice, amount, day=today)
    load(alice)
    load(alice, month_of(today))
    assert not StoredSums.objects.exists()


@pytest.mark.parametrize("sums", [b"", b"[", b"{}", b"7", b"[[[1]],[],[],false,[]]", "text", None, 7])
def test_what_is_stored_and_damaged_is_added_up_again(alice, added_up, sums):
    for amount in ("10.00", "5.00"):
        spend(alice, amount)
    first = load(alice)
    collection(StoredSums).update_one({"_id": month_key(alice.pk, MONTH)}, {"$set": {"sums": sums}})
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
    assert [row.key for row in StoredSums.objects.all()] == [month_key(bob.pk, MONTH)]


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
