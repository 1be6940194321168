"""For any history, every entry has one kind, and breakdown, comparison, days and list have the same total."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from bson import ObjectId
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.categories import ALL_CATEGORIES, SLUGS, Kind, kind_of
from expenses.dashboard import shape
from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.loading import dashboard_scope, load_before, months_needed
from expenses.dashboard.merchants import merchant_changes
from expenses.dashboard.period_change import change_of_period, same_day
from expenses.ledger.touch import touch_months
from expenses.listing.find_rows import find_ids
from expenses.listing.list_page import match_of
from expenses.listing.list_query import parse_list_query
from expenses.listing.totals import ListSums, count_and_sum
from expenses.models import Expense
from expenses.models.ledger import Ledger
from expenses.months import Period, first_of, months_starting
from expenses.sums.besides import add_besides
from expenses.sums.loading_figures import load_figures
from expenses.sums.month_tokens import month_tokens
from expenses.tests.making import make_expenses

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
CENTS = st.integers(min_value=-300_000, max_value=300_000).filter(bool)
PAIR = ObjectId()
ENTRIES = st.fixed_dictionaries(
    {
        "amount": CENTS.map(lambda cents: Decimal(cents) / 100),
        "currency": st.sampled_from(["ILS", "USD", "EUR", "GBP"]),
        "spent_on": st.dates(MARCH, date(2024, 4, 30)),
        "category": st.sampled_from(list(ALL_CATEGORIES)),
        "title": st.just("Lunch"),
        "one_off": st.booleans(),
        "account": st.sampled_from(["", "Visa"]),
    }
)
# What a later release may have stored: kinds that this one doesn't know, which count as spent.
OF_A_LATER_RELEASE = st.builds(
    lambda entry, slug: entry | {"category": slug, "kind": "borrowed"}, ENTRIES, st.sampled_from(SLUGS)
)
HISTORIES = st.lists(ENTRIES | OF_A_LATER_RELEASE, min_size=1, max_size=25)
# (amount, day it left an account, days until it came into another one)
PAIRS = st.lists(st.tuples(CENTS.map(abs), st.dates(MARCH, date(2024, 4, 26)), st.integers(0, 4)), max_size=4)
SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def store(alice, rows) -> None:
    Expense.objects.filter(ledger_id=alice.pk).delete()
    make_expenses(alice, rows)
    touch_months(alice.pk, [MARCH, APRIL])


def halves_of(pairs) -> list[dict[str, object]]:
    """The two entries of each pair."""
    halves = []
    for cents, day, later in pairs:
        shared = {"currency": "ILS", "category": "transfer", "title": "Transfer", "pair": ObjectId()}
        amount = Decimal(cents) / 100
        halves.append(shared | {"amount": amount, "spent_on": day})
        halves.append(shared | {"amount": -amount, "spent_on": day + timedelta(days=later)})
    return halves


def counted_kind(row) -> Kind:
    return Kind.SPENT if "kind" in row else kind_of(row["category"])


def ledger_of(alice, *, cash_withdrawn=False) -> Ledger:
    return Ledger(alice.pk, "ILS", 0.7, shares_corrections=False, is_demo=False, cash_withdrawn=cash_withdrawn)


def listed(ledger: Ledger, text: str, display: str) -> ListSums:
    query = parse_list_query(QueryDict(f"month=all&{text}"), MARCH)
    return count_and_sum(match_of(ledger, query), display, cash_withdrawn=ledger.cash_withdrawn)


@pytest.mark.django_db
@SLOW
@given(HISTORIES, st.sampled_from(["ILS", "EUR", "JPY"]), st.booleans())
def test_totals_agree(alice, rows, display, cash_withdrawn):
    store(alice, rows)
    ledger = ledger_of(alice, cash_withdrawn=cash_withdrawn)
    total_of = {}
    for months in ([MARCH], [APRIL], [MARCH, APRIL]):
        limits = f"from={months[0]:%Y-%m}&to={months[-1]:%Y-%m}"
        for categories in ((), ("other",), ("food-drinks", "leisure-gifts")):
            query = DashboardQuery(Period(tuple(months)), categories=categories)
            tokens = month_tokens(alice.pk, months)
            figures = load_figures(alice.pk, tokens, 0.7, display, "rates", cash_withdrawn=cash_withdrawn)
            scope = dashboard_scope(figures, query, display)
            total = sum(part.amount for part in shape.breakdown(scope))
            assert total == shape.comparison(scope).total()
            assert total == sum(sum(scope.day_totals(month).values()) for month in months)
            assert total == sum(amount for amount, _level in shape.heat_levels(scope).values())
            chosen = "".join(f"&category={slug}" for slug in categories)
            assert total == listed(ledger, limits + chosen, display).total
            total_of[tuple(months), categories] = total
    assert total_of[(MARCH, APRIL), ()] == total_of[(MARCH,), ()] + total_of[(APRIL,), ()]


@pytest.mark.django_db
@SLOW
@given(HISTORIES, st.sampled_from(["ILS", "EUR", "JPY"]), st.booleans(), st.booleans())
def test_a_comparison_is_the_difference_of_two_dashboards(alice, rows, display, cash_withdrawn, with_one_off):
    store(alice, rows)
    counting: dict[str, Any] = {"cash_withdrawn": cash_withdrawn}
    for categories in ((), ("other",), ("food-drinks", "leisure-gifts")):
        total_of = {}
        for month in (MARCH, APRIL):
            query = DashboardQuery(Period((month,)), categories=categories)
            figures = load_figures(alice.pk, month_tokens(alice.pk, [month]), 0.7, display, "rates", **counting)
            scope = dashboard_scope(figures, query, display)
            total_of[month] = {part.slug: part.amount for part in shape.breakdown(scope)}
        query = DashboardQuery(Period((APRIL,)), categories=categories)
        tokens = month_tokens(alice.pk, months_needed(query))
        now = dashboard_scope(load_figures(alice.pk, tokens, 0.7, display, "rates", **counting), query, display)
        before = replace(now, months=query.compared)
        change = change_of_period(now, before, None, lambda code: None, with_one_off=with_one_off)
        if change is None:
            assert not any(total_of[MARCH].values())
            continue
        total, total_before = (sum(found.values(), Decimal(0)) for found in (total_of[APRIL], total_of[MARCH]))
        assert change.difference == total - total_before == sum(each.difference for each in change.by_category)
        causes = change.causes
        assert change.difference == causes.number + causes.price + causes.one_off + (causes.rates or 0)
        if with_one_off:
            slugs = total_of[APRIL].keys() | total_of[MARCH].keys()
            differences = {slug: total_of[APRIL].get(slug, 0) - total_of[MARCH].get(slug, 0) for slug in slugs}
            found = {each.slug: each.difference for each in change.by_category}
            assert found == {slug: amount for slug, amount in differences.items() if amount}


@pytest.mark.django_db
@SLOW
@given(HISTORIES, st.sampled_from(["ILS", "EUR"]), st.booleans(), st.sampled_from([1, 10]), st.integers(10, 30))
def test_a_month_that_isnt_over_is_compared_with_the_same_days(alice, rows, display, with_one_off, start, day):
    """Its total, its categories, its causes, its merchants and the list of the days before say the same."""
    with months_starting(start):
        store(alice, rows)
        touch_months(alice.pk, [row["spent_on"] for row in rows])
        query, today = DashboardQuery(Period((APRIL,))), date(2024, 4, day)
        tokens = month_tokens(alice.pk, months_needed(query))
        now = dashboard_scope(load_figures(alice.pk, tokens, 0.7, display, "rates"), query, display)

        def first_days(month, until):
            return load_figures(alice.pk, {month: tokens[month]}, 0.7, display, "rates", until=until)

        before = load_before(now, query, first_days, today)
        until = same_day(now.months, before.months, today)
        assert until == date(2024, 3, day)
        change = change_of_period(now, before, until, lambda code: None, with_one_off=with_one_off)
        days = f"since={first_of(MARCH)}&until={until}&kind=spent"
        assert before.total() == listed(ledger_of(alice), days, display).total
        if change is None:
            assert not before.total()
            return
        assert change.difference == now.total() - before.total() == sum(each.difference for each in change.by_category)
        causes = change.causes
        assert change.difference == causes.number + causes.price + causes.one_off + (causes.rates or 0)
        assert sum(each.difference for each in merchant_changes(now, before)) == change.difference


@pytest.mark.django_db
@SLOW
@given(HISTORIES, st.booleans(), st.sampled_from(["", "&account=Visa", "&currency=ILS", "&min=10", "&q=lunch"]))
def test_every_entry_is_of_one_kind(alice, rows, cash_withdrawn, filters):
    """The kinds' entries are those of the list without a kind, and their stored amounts add up to its amounts."""
    store(alice, rows)
    ledger = ledger_of(alice, cash_withdrawn=cash_withdrawn)
    every, seen = listed(ledger, filters, "ILS"), Counter()
    amounts = Decimal(0)
    for kind in Kind:
        match = match_of(ledger, parse_list_query(QueryDict(f"month=all&kind={kind}{filters}"), MARCH))
        found = list(Expense.objects.filter(pk__in=find_ids(match)))
        seen.update(entry.pk for entry in found)
        amounts += sum(entry.amount for entry in found)
    if "min" not in filters:  # a list of income has limits of what it shows
        everything = find_ids(match_of(ledger, parse_list_query(QueryDict(f"month=all{filters}"), MARCH)))
        assert seen == Counter(everything)
        assert amounts == sum(entry.amount for entry in Expense.objects.filter(pk__in=everything))
    assert listed(ledger, f"kind=spent{filters}", "ILS").total == every.total
    if "min" not in filters:
        assert listed(ledger, f"kind=received{filters}", "ILS").besides.received == every.besides.received
    assert listed(ledger, f"kind=moved{filters}", "ILS").besides.moved == every.besides.moved


@pytest.mark.django_db
@SLOW
@given(HISTORIES)
def test_the_sums_of_the_kinds_add_up_to_the_stored_amounts(alice, rows):
    rows = [row | {"currency": "ILS"} for row in rows]
    store(alice, rows)
    months = (MARCH, APRIL)
    figures = load_figures(alice.pk, month_tokens(alice.pk, months), 0.7, "ILS", "rates").values()
    of_kind = {
        kind: sum(cell.total() for month in figures for cell in getattr(month, name).values())
        for kind, name in ((Kind.SPENT, "categories"), (Kind.MOVED, "moved"), (Kind.RECEIVED, "received"))
    }
    for kind, total in of_kind.items():
        assert total == sum(row["amount"] for row in rows if counted_kind(row) == kind)
    assert sum(of_kind.values()) == sum(row["amount"] for row in rows)
    assert {slug for month in figures for slug in month.categories} <= set(SLUGS)


@pytest.mark.django_db
@SLOW
@given(HISTORIES, PAIRS, st.booleans())
def test_what_pairs_move_counts_once_in_any_history(alice, rows, pairs, cash_withdrawn):
    """Beside any other entries, and on the dashboard as in the list. Pairs change no other sum."""
    rows, halves = [row | {"currency": "ILS"} for row in rows], halves_of(pairs)
    store(alice, rows)
    ledger = ledger_of(alice, cash_withdrawn=cash_withdrawn)
    before = listed(ledger, "", "ILS")
    make_expenses(alice, halves)
    after = listed(ledger, "", "ILS")
    slugs = ["transfer"] if cash_withdrawn else ["transfer", "cash"]
    moved = [row for row in rows if row["category"] in slugs]
    once = sum(abs(row["amount"]) for row in moved) + sum(Decimal(cents) / 100 for cents, _day, _later in pairs)
    assert after.besides.moved == once
    assert (after.total, after.besides.received) == (before.total, before.besides.received)
    tokens = month_tokens(alice.pk, (MARCH, APRIL))
    figures = load_figures(alice.pk, tokens, 0.7, "ILS", "rates", cash_withdrawn=cash_withdrawn).values()
    assert add_besides([(month.moved, month.received) for month in figures], "ILS") == after.besides


def test_a_pair_moves_its_amount_once(alice):
    rows = [
        {"title": "Card payment", "amount": "800", "category": "transfer", "pair": PAIR},
        {"title": "Payment received", "amount": "-800", "category": "transfer", "pair": PAIR},
        {"title": "To savings", "amount": "300", "category": "transfer"},
        {"title": "From savings", "amount": "-40", "category": "transfer"},
        {"title": "ATM", "amount": "60", "category": "cash"},
        {"title": "Salary", "amount": "-9000", "category": "salary"},
        {"title": "Bus", "amount": "6", "category": "transportation"},
        {"title": "Refund", "amount": "-1", "category": "transportation"},
    ]
    make_expenses(alice, rows)
    sums = listed(ledger_of(alice), "", "ILS")
    assert (sums.total, sums.spent, sums.count) == (5, 2, 8)
    assert (sums.besides.moved, sums.besides.cash, sums.besides.received) == (1200, 60, 9000)
    withdrawn = listed(ledger_of(alice, cash_withdrawn=True), "", "ILS")
    assert (withdrawn.total, withdrawn.besides.moved, withdrawn.besides.cash) == (65, 1140, 0)
    assert listed(ledger_of(alice, cash_withdrawn=True), "category=other", "ILS").total == 60
