"""After a write to a long month, only what changed is converted again, and the figures are those of an empty cache."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bson import ObjectId
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from expenses import rates
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate
from expenses.months import months_starting
from expenses.people.ledger_settings import personal_ledger
from expenses.rates.rate_series import rates_version
from expenses.sums import converting, loading_figures, loading_sums
from expenses.sums.converting import convert_month, rates_needed
from expenses.sums.figures import MonthFigures
from expenses.sums.loading_figures import figures_of
from expenses.sums.loading_sums import sum_months
from expenses.sums.month_tokens import all_tokens, tokens_for
from expenses.tests.making import make_expenses
from expenses.tests.test_by_day import APRIL, MARCH, WHICH, WRITES, write

TODAY, DAY = date(2024, 4, 30), date(2024, 4, 20)
# With refunds, own rates, a currency without rates, and entries of every kind. FinBrain is unsure of those without a
# category, because there is no model.
ENTRIES = st.builds(
    NewExpense,
    title=st.sampled_from(["Lunch", "LUNCH 42", "Cinema"]),
    amount=st.integers(-300_000, 300_000).filter(bool).map(lambda cents: Decimal(cents) / 100),
    currency=st.sampled_from(["ILS", "USD", "EUR", "JPY", "AFN"]),
    spent_on=st.dates(date(2024, 3, 28), date(2024, 4, 30)),
    category=st.sampled_from(["", "other", "food-drinks", "cash", "transfer", "salary"]),
    own_rate=st.sampled_from([None, Decimal("3.7"), Decimal("0.271828")]),
    own_rate_currency=st.sampled_from(["ILS", "EUR"]),
    one_off=st.booleans(),
)
PAIRS = st.tuples(st.just("pair"), st.integers(1, 300_000), st.integers(1, 25), st.integers(0, 4))
MORE_WRITES = st.one_of(
    WRITES,
    st.tuples(st.just("add"), ENTRIES),
    st.tuples(st.just("import"), st.lists(ENTRIES, min_size=2, max_size=6)),
    st.tuples(st.just("edit"), WHICH, ENTRIES),
    PAIRS,
)
OWN_RATES = (LedgerRate(date(2024, 4, 10), "ILS", Decimal("4.1"), "USD", "USD"),)


@pytest.fixture
def long_months(monkeypatch):
    """Today is the last of April, and all months are long."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    monkeypatch.setattr(loading_sums, "LONG", 0)


@pytest.fixture
def converted(monkeypatch):
    """Record the categories and the titles whose sums are converted."""
    found: list[str] = []
    category, title = converting._convert_category, converting.convert_title

    def of_category(sums, *args):
        found.append(sums[0].category)
        return category(sums, *args)

    def of_title(row, *args):
        found.append(row.title)
        return title(row, *args)

    monkeypatch.setattr(converting, "_convert_category", of_category)
    monkeypatch.setattr(converting, "convert_title", of_title)
    return found


def load(ledger: Ledger, month: date, tokens=None, display="ILS") -> MonthFigures:
    every = all_tokens(ledger.id) if tokens is None else tokens
    return figures_of(ledger, tokens_for([month], every), display, rates_version())[month]


def of_empty_cache(ledger: Ledger, month: date, display="ILS") -> MonthFigures:
    sums = sum_months(ledger.id, [month], ledger.threshold, display)[month].counted(
        cash_withdrawn=ledger.cash_withdrawn
    )
    book = rates.rates_for(rates_needed({month: sums.sums}, display), ledger.own_rates)
    return convert_month(month, replace(sums, sums=sums.sums[::-1]), display, book).figures(month)


def digits(figures: MonthFigures) -> str:
    """All digits of figures. Of big expenses that are worth the same, any may come first."""
    return json.dumps(replace(figures, biggest=sorted(map(list, figures.biggest), key=str)).to_json(), sort_keys=True)


def store_pair(ledger: Ledger, cents: int, day: int, later: int) -> None:
    shared = {"title": "Card", "currency": "USD", "category": "transfer", "pair": ObjectId()}
    halves = [(Decimal(cents) / 100, day), (-Decimal(cents) / 100, day + later)]
    rows = [shared | {"amount": amount, "spent_on": APRIL.replace(day=number)} for amount, number in halves]
    make_expenses(User(pk=ledger.id), rows)


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(MORE_WRITES, min_size=2, max_size=8),
    st.sampled_from([1, 10]),
    st.sampled_from(["ILS", "EUR"]),
    st.booleans(),
    st.sampled_from([(), OWN_RATES]),
)
def test_figures_are_those_of_an_empty_cache_after_any_writes(
    alice, long_months, writes, start, display, cash_withdrawn, own_rates
):
    """To the last digit, also if a page that read older tokens loads them after the write, and again from the cache."""
    ledger = replace(personal_ledger(alice), id=ObjectId(), shares_corrections=False)
    ledger = replace(ledger, cash_withdrawn=cash_withdrawn, own_rates=own_rates)
    with months_starting(start):
        write(ledger, "import", [NewExpense("Bus", Decimal(6), "USD", day, category="other") for day in (MARCH, APRIL)])
        for what, *about in writes:
            before = all_tokens(ledger.id)
            load(ledger, APRIL, before, display)
            if what == "pair":
                store_pair(ledger, *about)
            else:
                write(ledger, what, *about)
            for month in (MARCH, APRIL):
                load(ledger, month, before, display)
                found = load(ledger, month, None, display)
                assert digits(found) == digits(of_empty_cache(ledger, month, display)), what
                assert MonthFigures.from_json(month, json.loads(json.dumps(found.to_json()))) == found
                spent = found.categories.values()
                count = sum(figures.count + sum(figures.excluded.values()) for figures in spent)
                assert sum(row.count for row in found.merchants) == count


def test_only_what_changed_is_converted_again_and_nothing_is_cached(alice, long_months, converted, count_cache):
    rows = [{"title": "Bus", "amount": 6, "currency": "USD", "spent_on": date(2024, 4, day)} for day in range(1, 20)]
    made = make_expenses(alice, [*rows, {"title": "Tea", "amount": 2, "category": "food-drinks", "spent_on": DAY}])
    ledger = personal_ledger(alice)
    load(ledger, APRIL)
    del converted[:]
    new = NewExpense("Cinema", Decimal(7), "EUR", DAY, category="other")
    add_expense(ledger, new)
    with count_cache() as calls:
        added = load(ledger, APRIL)
    assert (len(calls), converted) == (0, ["other", "Cinema"])
    edit_expense(ledger, made[17].pk, new)
    del converted[:]
    edited = load(ledger, APRIL)
    assert sorted(converted) == ["Bus", "Cinema", "other", "transportation"]
    assert [figures.categories["other"].count for figures in (added, edited)] == [1, 2]
    assert digits(edited) == digits(of_empty_cache(ledger, APRIL))


def test_another_process_reads_the_cached_sums_and_those_of_the_changed_days(alice, long_months, monkeypatch):
    make_expenses(alice, [{"title": "Bus", "amount": 6, "spent_on": date(2024, 4, day)} for day in (3, 4)])
    ledger = personal_ledger(alice)
    load(ledger, APRIL)
    add_expense(ledger, NewExpense("Cinema", Decimal(7), "EUR", DAY, category="other"))
    load(ledger, APRIL)
    for memory in (loading_figures.recent, loading_figures.kept_parts, loading_sums.remembered):
        memory.clear()
    days, original = [], loading_sums.sum_months

    def spy(*args):
        days.append(args[4:])
        return original(*args)

    monkeypatch.setattr(loading_sums, "sum_months", spy)
    found = load(ledger, APRIL)
    assert days == [((DAY, DAY),)]
    assert digits(found) == digits(of_empty_cache(ledger, APRIL))


def test_the_largest_amounts_are_converted(alice):
    """They have more digits than Python's default precision."""
    make_expenses(alice, [{"title": "Jet", "amount": "999999999999.99", "currency": "USD", "spent_on": DAY}])
    assert load(personal_ledger(alice), APRIL, display="IDR").biggest[0].value


def test_a_withdrawal_and_an_expense_with_the_same_title_are_both_converted(alice):
    rows = [{"title": "Kiosk", "amount": 5, "spent_on": DAY, "category": category} for category in ("cash", "other")]
    make_expenses(alice, rows)
    (merchant,) = load(replace(personal_ledger(alice), cash_withdrawn=True), APRIL).merchants
    assert (merchant.count, Decimal(merchant.amount)) == (2, 10)
