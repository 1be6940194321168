"""Monthly sums are right, cached by token, and never older than a committed write."""

import os
import random
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from pymongo.collection import Collection
from pymongo.errors import ExecutionTimeout, NetworkTimeout

from classifier.categories import SLUGS
from expenses.dashboard import shape as dashboard
from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.loading import dashboard_scope
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories
from expenses.ledger.trash import delete_expenses, restore_expenses
from expenses.models import Expense
from expenses.months import Period, month_range
from expenses.people.ledger_settings import personal_ledger
from expenses.rates.rate_series import rates_version
from expenses.sums import loading_sums as sums
from expenses.sums.loading_figures import load_figures
from expenses.sums.loading_sums import load_sums
from expenses.sums.merchants import convert_title, join_merchants
from expenses.sums.month_tokens import month_tokens
from expenses.tests.spending import SPRING, Spent, by_category

MARCH, APRIL, MAY = (date(2024, month, 1) for month in (3, 4, 5))
THRESHOLD = 0.7


@pytest.fixture
def summed(monkeypatch):
    """Record the months that MongoDB sums, call by call."""
    calls = []
    original = sums.sum_months

    def spy(owner_id, months, *settings):
        calls.append(list(months))
        return original(owner_id, months, *settings)

    monkeypatch.setattr(sums, "sum_months", spy)
    return calls


def spend(owner, amount="10.00", day=date(2024, 3, 9), category="other", currency="ILS", title="Lunch", **more):
    new = NewExpense(title, Decimal(amount), currency, day, category=category, **more)
    return add_expense(personal_ledger(owner), new).expense


def load(owner, *months, threshold=THRESHOLD):
    return load_sums(owner.pk, month_tokens(owner.pk, months), threshold, "ILS")


def shown(owner, months, display="ILS"):
    """The amount of each category, as the dashboard shows it."""
    tokens = month_tokens(owner.pk, months)
    query = DashboardQuery(Period(tuple(months)))
    figures = load_figures(owner.pk, tokens, owner.auto_file_threshold, display, rates_version())
    scope = dashboard_scope(figures, query, display)
    return {part.slug: part.amount for part in dashboard.breakdown(scope)}


def forget():
    """Empty the cache, but keep the sessions."""
    cache.delete_pattern("*")


def test_expenses_that_convert_alike_are_one_sum(alice, bob):
    spend(alice, "10.00")
    spend(alice, "-2.50", title="Refund")
    spend(alice, "5.00", currency="USD")
    spend(alice, "7.00", currency="USD", own_rate=Decimal("3.9"), own_rate_currency="ILS")
    spend(bob, "999.00")
    rows = load(alice, MARCH)[MARCH].sums
    assert sorted((row.currency, row.own_rate, Decimal(row.amount), row.count) for row in rows if not row.own_rate) == [
        ("ILS", None, Decimal("7.50"), 2),
        ("USD", None, Decimal("5.00"), 1),
    ]
    (own,) = [row for row in rows if row.own_rate]
    assert (Decimal(own.own_rate), own.own_currency, own.day) == (Decimal("3.9"), "ILS", 9)


def test_unsure_is_what_waits_for_review_under_the_threshold(alice):
    waiting = spend(alice, "10.00")
    Expense.objects.filter(pk=waiting.pk).update(reviewed=False, confidence=0.5)
    spend(alice, "1.00")
    by_doubt = {row.unsure: row.amount for row in load(alice, MARCH)[MARCH].sums}
    assert {doubt: Decimal(amount) for doubt, amount in by_doubt.items()} == {True: 10, False: 1}
    assert not any(row.unsure for row in load(alice, MARCH, threshold=0.4)[MARCH].sums)


def test_the_trash_does_not_count(alice):
    expense = spend(alice)
    assert shown(alice, [MARCH]) == {"other": Decimal("10.00")}
    delete_expenses(personal_ledger(alice), [expense.pk])
    assert shown(alice, [MARCH]) == {}
    restore_expenses(personal_ledger(alice), [expense.pk])
    assert shown(alice, [MARCH]) == {"other": Decimal("10.00")}


def test_titles_of_one_place_are_one_merchant(alice):
    for title in ("TESCO STORES 3297", "Tesco stores 2841", "Cinema"):
        spend(alice, "10.00", title=title)
    titles = load(alice, MARCH)[MARCH].titles
    assert len(titles) == 3
    merchants = join_merchants(convert_title(title, "ILS", lambda *_: None) for title in titles)
    assert sorted((row.count, row.amount) for row in merchants) == [(1, "10.00"), (2, "20.00")]


def test_the_biggest_of_a_category_are_kept_without_refunds(alice):
    for amount in range(1, 12):
        spend(alice, amount, title=f"No. {amount}")
    spend(alice, "-500")
    biggest = load(alice, MARCH)[MARCH].biggest
    assert [Decimal(row.amount) for row in biggest] == [11, 10, 9, 8, 7, 6, 5, 4]


def test_a_month_is_summed_once_and_again_only_when_it_changed(alice, summed):
    for item in SPRING:
        item.add(alice)
    first = load(alice, MARCH, APRIL, MAY)
    assert summed == [[MARCH, APRIL, MAY]]
    assert load(alice, MARCH, APRIL, MAY) == first
    assert len(summed) == 1
    spend(alice, day=date(2024, 4, 30))
    assert load(alice, MARCH, APRIL, MAY)[MAY] == first[MAY]
    assert summed[1:] == [[APRIL]]


def test_months_nobody_wrote_to_cost_nothing(alice, summed, count_cache):
    with count_cache() as calls:
        assert load(alice, MARCH)[MARCH].sums == ()
    assert summed == []
    assert len(calls) == 0


def test_separate_months_are_summed_without_those_between(alice, summed):
    for item in SPRING:
        item.add(alice)
    found = load(alice, MARCH, MAY)
    assert summed == [[MARCH, MAY]]
    assert {row.category for row in found[MAY].sums} == {"transportation", "other"}


def test_an_answer_that_is_too_large_is_asked_for_in_halves(alice, monkeypatch):
    for item in SPRING:
        item.add(alice)
    whole = load(alice, MARCH, APRIL, MAY)
    forget()
    original = sums.sum_pipeline
    too_large = [{"$match": {"$expr": {"$divide": [1, 0]}}}, {"$facet": {"sums": []}}]
    monkeypatch.setattr(sums, "sum_pipeline", lambda o, m, *t: too_large if len(m) > 1 else original(o, m, *t))
    halves = load(alice, MARCH, APRIL, MAY)
    assert {m: sorted(s.sums) for m, s in halves.items()} == {m: sorted(s.sums) for m, s in whole.items()}


@pytest.mark.parametrize(("error", "calls"), [(NetworkTimeout("timed out"), 1), (ExecutionTimeout("too slow", 50), 2)])
def test_a_database_that_does_not_answer_is_asked_once_and_a_slow_one_for_less(alice, monkeypatch, error, calls):
    for item in SPRING:
        item.add(alice)
    asked = []

    def fail(self, *args, **options):
        asked.append(args)
        raise error

    monkeypatch.setattr(Collection, "aggregate", fail)
    with pytest.raises(type(error)):
        load(alice, MARCH, MAY)
    assert len(asked) == calls


@pytest.mark.parametrize("display", ["ILS", "USD", "EUR", "JPY"])
def test_converted_sums_are_those_of_the_ecb(alice, display):
    for item in SPRING:
        item.add(alice)
    spring = {(2024, 3), (2024, 4), (2024, 5)}
    assert shown(alice, [MARCH, APRIL, MAY], display) == by_category(SPRING, display, spring)
    assert shown(alice, [MARCH], display) == by_category(SPRING, display, {(2024, 3)})
    forget()
    assert shown(alice, [MARCH, APRIL, MAY], display) == by_category(SPRING, display, spring)


def test_what_was_summed_before_time_ran_out_is_kept(alice, monkeypatch, summed):
    months = [date(2022 + number // 12, number % 12 + 1, 1) for number in range(30)]
    for month in months:
        spend(alice, day=month)
    forget()
    spied = sums.sum_months

    def slow(owner_id, part, *args):
        if len(summed) == 2:
            raise NetworkTimeout
        return spied(owner_id, part, *args)

    monkeypatch.setattr(sums, "sum_months", slow)
    with pytest.raises(NetworkTimeout):
        load(alice, *months)
    assert summed == [months[:12], months[12:24]]
    monkeypatch.setattr(sums, "sum_months", spied)
    assert len(load(alice, *months)) == 30
    assert summed[2:] == [months[24:]]


def test_a_cache_that_is_away_only_slows(alice, monkeypatch):
    spend(alice)

    asked = []

    def away(*args, **kwargs):
        asked.append(args)
        raise ConnectionError

    for name in ("get", "get_many", "set", "set_many"):
        monkeypatch.setattr(type(cache._connections[cache._alias]), name, away)
    assert shown(alice, [MARCH]) == {"other": Decimal("10.00")}
    assert asked


KILLED = """
import os, sys
import django
django.setup()
from decimal import Decimal
from datetime import date
from accounts.models import User
from expenses.ledger import entries as services
from expenses.people.ledger_settings import personal_ledger

commit = services.run_in_transaction

def commit_and_die(work):
    commit(work)
    os._exit(42)

services.run_in_transaction = commit_and_die
alice = User.objects.get(email="alice@example.com")
new = services.NewExpense("Last words", Decimal("5.00"), "ILS", date(2024, 3, 20), category="other")
services.add_expense(personal_ledger(alice), new)
"""


@pytest.mark.slow
def test_a_process_that_dies_after_its_commit_leaves_no_old_total(alice, other_processes_write):
    spend(alice, "10.00")
    assert shown(alice, [MARCH]) == {"other": Decimal("10.00")}
    environment = os.environ | {"MONGODB_NAME": connection.settings_dict["NAME"], "MONGODB_TIMEOUT_MS": "0"}
    died = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True)
    assert died.returncode == 42, died.stderr
    assert shown(alice, [MARCH]) == {"other": Decimal("15.00")}


class Ledger:
    """The expected state: every live expense, tracked apart from the database."""

    def __init__(self, owner, chance):
        self.owner, self.chance = owner, chance
        self.live: dict[Expense, Spent] = {}
        self.trash: dict[Expense, Spent] = {}

    def write(self):
        action = self.chance.choice(["add", "add", "category", "delete", "restore"])
        if action == "add" or not self.live:
            self.add()
        elif action == "category":
            expense = self.chance.choice(list(self.live))
            slug = self.chance.choice(SLUGS)
            set_categories(personal_ledger(self.owner), [expense.pk], slug)
            before = self.live[expense]
            self.live[expense] = Spent(before.amount, before.currency, before.day, slug)
        elif action == "delete":
            expense = self.chance.choice(list(self.live))
            delete_expenses(personal_ledger(self.owner), [expense.pk])
            self.trash[expense] = self.live.pop(expense)
        elif self.trash:
            expense = self.chance.choice(list(self.trash))
            restore_expenses(personal_ledger(self.owner), [expense.pk])
            self.live[expense] = self.trash.pop(expense)

    def add(self):
        day = date(2024, self.chance.randrange(3, 6), self.chance.randrange(1, 29))
        amount = str(Decimal(self.chance.randrange(1, 99_999)) / 100)
        spent = Spent(amount, self.chance.choice(["ILS", "ILS", "USD"]), day, self.chance.choice(SLUGS))
        expense = spend(self.owner, spent.amount, spent.day, spent.category, spent.currency)
        self.live[expense] = spent


@pytest.mark.long
def test_totals_are_true_a_thousand_times_while_the_cache_gets_lost(alice):
    chance = random.Random(6)
    ledger = Ledger(alice, chance)
    for _ in range(1000):
        if chance.random() < 0.3:
            ledger.write()
        if chance.random() < 0.2:
            forget()
        months = chance.choice([[MARCH], [APRIL], [MAY], month_range(MARCH, MAY)])
        display = chance.choice(["ILS", "EUR"])
        truth = by_category(list(ledger.live.values()), display, {(month.year, month.month) for month in months})
        assert shown(alice, months, display) == truth


@pytest.mark.slow
def test_who_reads_while_others_write_never_sees_an_old_total(alice):
    committed = [0]
    failures = []
    done = threading.Event()

    def read():
        while not done.is_set():
            at_least = committed[0]
            seen = shown(alice, [MARCH]).get("other", Decimal(0))
            if seen < at_least:
                failures.append((seen, at_least))
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 61):
        spend(alice, "1.00")
        committed[0] = number
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert shown(alice, [MARCH]) == {"other": Decimal("60.00")}
