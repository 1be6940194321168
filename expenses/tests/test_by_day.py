"""After a write, a month's list adds up only the changed days again, and shows the same as the full sums."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from bson import ObjectId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense, build_expense, store_together
from expenses.ledger.set_categories import set_categories
from expenses.ledger.trash import delete_expenses, restore_expenses
from expenses.listing import by_day
from expenses.listing.list_page import match_of
from expenses.listing.list_query import ListQuery
from expenses.listing.reading_sums import Span
from expenses.listing.totals import ListSums, TotalsAsked, count_and_sum, list_totals
from expenses.models import Expense, MonthVersion, month_key
from expenses.models.ledger import Ledger
from expenses.months import first_of, last_of, month_of, months_starting
from expenses.people.checked_sums import check_sums
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from expenses.sums.changed_days import changed_days
from expenses.sums.month_tokens import all_tokens
from expenses.tests.making import make_expense, make_expenses
from finbrain.core.past_the_orm import LEDGER, collection
from finbrain.core.transactions import run_in_transaction

MARCH, APRIL, AUGUST = date(2024, 3, 1), date(2024, 4, 1), date(2026, 8, 1)
ENTRIES = st.builds(
    NewExpense,
    title=st.just("Lunch"),
    amount=st.integers(-300_000, 300_000).filter(bool).map(lambda cents: Decimal(cents) / 100),
    currency=st.sampled_from(["ILS", "USD", "EUR"]),
    spent_on=st.dates(MARCH, date(2024, 4, 30)),
    category=st.sampled_from(["other", "food-drinks", "cash", "salary"]),
)
WHICH = st.integers(0, 30)
WRITES = st.one_of(
    st.tuples(st.just("add"), ENTRIES),
    st.tuples(st.just("import"), st.lists(ENTRIES, min_size=2, max_size=4)),
    st.tuples(st.just("edit"), WHICH, ENTRIES),
    st.tuples(st.just("file"), WHICH, st.sampled_from(["transportation", "transfer"])),
    st.tuples(st.just("delete"), WHICH),
    st.tuples(st.just("restore"), WHICH),
    st.tuples(st.just("write as before"), WHICH),
)


@pytest.fixture
def read(monkeypatch):
    """Record how sums are read: the filter and the index."""
    found = []
    original = by_day.read_groups

    def spy(match, *args, hint, **more):
        found.append((match, hint))
        return original(match, *args, hint=hint, **more)

    monkeypatch.setattr(by_day, "read_groups", spy)
    return found


def write(ledger: Ledger, what: str, *about) -> None:
    """Change the ledger. With a number, change one of its entries."""
    if what == "add":
        add_expense(ledger, about[0])
    elif what == "import":
        rows = [build_expense(ledger.id, new, None) for new in about[0]]
        run_in_transaction(lambda: store_together(rows))
    elif entries := list(Expense.objects.of(ledger).in_trash(what == "restore").order_by("pk")):
        entry = entries[about[0] % len(entries)]
        if what == "edit":
            edit_expense(ledger, entry.pk, about[1])
        elif what == "file":
            set_categories(ledger, [entry.pk], about[1])
        elif what == "delete":
            delete_expenses(ledger, [entry.pk])
        elif what == "restore":
            restore_expenses(ledger, [entry.pk])
        else:
            write_as_before(ledger.id, entry)


def write_as_before(ledger_id: ObjectId, entry: Expense) -> None:
    """Write as a release does that doesn't store which days it changes."""
    collection(Expense).update_one({LEDGER: ledger_id, "_id": entry.pk}, {"$set": {"currency": "GBP"}})
    token = {"$set": {"token": str(ObjectId())}}
    collection(MonthVersion).update_one({"_id": month_key(ledger_id, entry.spent_on)}, token)


def listed(ledger: Ledger, month: date, tokens=None, *, after_write=True) -> ListSums:
    query = ListQuery(month)
    whole = Span(first_of(month), last_of(month))
    tokens = all_tokens(ledger.id) if tokens is None else tokens
    asked = TotalsAsked(ledger, query, match_of(ledger, query), "ILS", tokens, whole, after_write)
    return list_totals(asked)[0]


def in_full(ledger: Ledger, month: date) -> ListSums:
    span = Span(first_of(month), last_of(month))
    counting = {"cash_withdrawn": ledger.cash_withdrawn, "own_rates": ledger.own_rates}
    return count_and_sum(match_of(ledger, ListQuery(month)), "ILS", **counting, span=span)


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WRITES, min_size=2, max_size=8), st.booleans(), st.sampled_from([1, 10]))
def test_a_list_shows_the_full_sums_after_any_writes(alice, writes, cash_withdrawn, start):
    """Also if a page that read older tokens adds up after the write, and keeps what it found."""
    ledger = replace(personal_ledger(alice), id=ObjectId(), cash_withdrawn=cash_withdrawn, shares_corrections=False)
    with months_starting(start):
        write(ledger, "import", [NewExpense("Bus", Decimal(6), "ILS", day, category="other") for day in (MARCH, APRIL)])
        for what in writes:
            before = all_tokens(ledger.id)
            write(ledger, *what)
            for month in (MARCH, APRIL):
                listed(ledger, month, before)
                assert listed(ledger, month) == in_full(ledger, month), what
            every, days = ListQuery(None), Span(MARCH, date(2024, 4, 30))
            asked = TotalsAsked(ledger, every, match_of(ledger, every), "ILS", all_tokens(ledger.id), days)
            shown = list_totals(asked)[0]
            assert shown == count_and_sum(match_of(ledger, every), "ILS", **ledger.counting, span=days), what


def test_only_the_days_of_a_write_are_read_again(alice, read):
    rows = [{"title": "Bus", "amount": 6, "spent_on": AUGUST + timedelta(days=n % 31)} for n in range(310)]
    made = make_expenses(alice, rows)
    ledger = personal_ledger(alice)
    listed(ledger, AUGUST)
    new = NewExpense("Bus", Decimal(7), "ILS", date(2026, 8, 20), category="other")
    add_expense(ledger, new)
    assert listed(ledger, AUGUST) == in_full(ledger, AUGUST)
    edit_expense(ledger, made[4].pk, replace(new, spent_on=date(2026, 8, 7)))  # from the 5th to the 7th
    assert listed(ledger, AUGUST) == in_full(ledger, AUGUST)
    listed(ledger, AUGUST)
    plans = [collection(Expense).find(match).hint(hint).explain() for match, hint in read]
    assert [plan["executionStats"]["totalDocsExamined"] for plan in plans] == [311, 11, 30]


def test_only_the_days_that_are_shown_or_changed_are_decoded(alice, monkeypatch):
    rows = [{"title": "Bus", "amount": 6, "spent_on": AUGUST + timedelta(days=n)} for n in range(31)]
    make_expenses(alice, rows)
    ledger, query = personal_ledger(alice), ListQuery(AUGUST)
    match, day = match_of(ledger, query), date(2026, 8, 20)
    listed(ledger, AUGUST)
    add_expense(ledger, NewExpense("Bus", Decimal(7), "ILS", day, category="other"))
    decoded = []
    original = by_day.MonthDays.cells
    monkeypatch.setattr(
        by_day.MonthDays, "cells", lambda days, number: decoded.append(number) or original(days, number)
    )
    tokens, shown = all_tokens(ledger.id), Span(day, day)
    sums, _waiting = list_totals(TotalsAsked(ledger, query, match, "ILS", tokens, shown, after_write=True))
    assert (sums.total, {**sums.days}) == (193, {"2026-08-20": ("13.00", 0)})
    assert decoded == [20, 20]


def test_only_a_write_makes_lists_keep_their_sums_by_day(alice, read):
    """Adding up by day takes longer, and a reader who writes nothing gains nothing."""
    make_expense(alice)
    ledger = personal_ledger(alice)
    assert listed(ledger, AUGUST, after_write=False) == in_full(ledger, AUGUST)
    assert read == []
    make_expense(alice)
    assert listed(ledger, AUGUST) == in_full(ledger, AUGUST)
    make_expense(alice)
    assert listed(ledger, AUGUST, after_write=False) == in_full(ledger, AUGUST)
    assert len(read) == 2


def test_sums_are_kept_separately_for_other_settings(alice):
    make_expense(alice, amount="60", category="cash")
    ledger = personal_ledger(alice)
    assert listed(ledger, AUGUST).total == 0
    assert listed(replace(ledger, cash_withdrawn=True), AUGUST).total == 60


def test_after_many_writes_the_month_is_read_in_full(alice, read):
    entry = make_expense(alice)
    ledger = personal_ledger(alice)
    listed(ledger, AUGUST)
    before = all_tokens(ledger.id)[AUGUST]
    for amount in range(1, 22):
        add_expense(ledger, NewExpense("Bus", Decimal(amount), "ILS", entry.spent_on, category="other"))
    assert changed_days(ledger.id, AUGUST, before, all_tokens(ledger.id)[AUGUST]) is None
    assert listed(ledger, AUGUST).total == 58 + sum(range(1, 22))
    assert len(read) == 2


@pytest.mark.parametrize(
    "changes",
    [
        *(None, "pets", ["x"], [None], {"x": 1}, [{"before": 1}]),
        [{"before": "a", "after": "b", "first": 0, "last": 10**9}],
        [{"before": "a", "after": "b", "first": "1", "last": 1}],
    ],
)
def test_what_changed_is_unknown_if_it_cant_be_read(alice, changes):
    key = month_key(alice.pk, AUGUST)
    collection(MonthVersion).insert_one({"_id": key, "token": "b", "changes": changes})
    assert changed_days(alice.pk, AUGUST, "a", "b") is None
    entry = make_expense(alice)  # writes to that document
    token = collection(MonthVersion).find_one({"_id": key})["token"]
    assert changed_days(alice.pk, AUGUST, "b", token) == [entry.spent_on, entry.spent_on]


def test_a_month_from_payday_knows_the_days_of_both_calendar_months(alice):
    with months_starting(25):
        make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": date(2026, 8, day)} for day in (20, 26)])
        before = all_tokens(alice.pk)
        make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": date(2026, 9, day)} for day in (2, 27)])
        now = all_tokens(alice.pk)
        assert changed_days(alice.pk, AUGUST, before[AUGUST], now[AUGUST]) is None  # September had no token
        make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": date(2026, 9, 3)}])
        days = changed_days(alice.pk, AUGUST, now[AUGUST], all_tokens(alice.pk)[AUGUST])
        assert days == [date(2026, 9, 3)] * 2
        later = all_tokens(alice.pk)[AUGUST]
        make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": date(2026, 9, day)} for day in (23, 28)])
        days = changed_days(alice.pk, AUGUST, later, all_tokens(alice.pk)[AUGUST])
        assert days == [date(2026, 9, 23), date(2026, 9, 24)]  # its last day
    with months_starting(26):
        assert changed_days(alice.pk, AUGUST, later, all_tokens(alice.pk)[AUGUST]) is None


@pytest.mark.parametrize(("start", "day", "checked"), [("", 20, 2), ("25", 3, 3), ("25", 27, 3)])
def test_the_nightly_check_mends_sums_that_are_wrong(alice, bob, caplog, start, day, checked):
    """Also of months that don't begin on the 1st: a calendar month has days of two of them."""
    User.objects.filter(pk=alice.pk).update(month_start=start)
    alice.refresh_from_db()
    ledger = personal_ledger(alice)
    make_expense(bob)
    entry = make_expense(alice, spent_on=date(2026, 8, day))
    with showing_ledger(ledger):
        month = month_of(entry.spent_on)
        assert listed(ledger, month).total == 58
        now = datetime.now(UTC)
        assert check_sums(now) == f"{checked} months checked, 0 wrong"
        collection(Expense).update_one({"_id": entry.pk}, {"$set": {"category": "other", "currency": "EUR"}})
        assert listed(ledger, month) != in_full(ledger, month)
        assert check_sums(now) == f"{checked} months checked, 1 wrong"
        assert f"The sums of {month} differ from its entries" in caplog.text
        assert listed(ledger, month) == in_full(ledger, month)
        assert check_sums(now + timedelta(days=2)) == ""
