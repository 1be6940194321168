"""Which halves belong together. Pure: no database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from bson import ObjectId
from hypothesis import given
from hypothesis import strategies as st

from expenses.ledger.pair_matching import DAYS_APART, Half, choose_matches, find_matches

DAY = date(2026, 11, 3)
ACCOUNT, CARD = ObjectId(), ObjectId()


def half(amount: str, kind: str = "moved", *, batch: ObjectId | None = None, after: int = 0, **others) -> Half:
    values = {"title": "x", "currency": "EUR", "account": "", "is_sure": False} | others
    day, value = DAY + timedelta(days=after), values.pop("value", amount)
    batch = batch or (ACCOUNT if Decimal(amount) > 0 else CARD)
    values |= {"amount": Decimal(amount), "order_value": value and Decimal(value)}
    return Half(ObjectId(), day=day, batch=batch, kind=kind, **values)


def pairs(new: list[Half], stored: list[Half], rejected=()) -> set[tuple[ObjectId, ObjectId]]:
    return {(one.out.id, one.came.id) for one in choose_matches(find_matches(new, stored), rejected)}


@pytest.mark.parametrize("days", range(-DAYS_APART, DAYS_APART + 1))
@pytest.mark.parametrize("reverse", [False, True])
def test_the_same_amount_within_four_days(days, reverse):
    out, came = half("800"), half("-800", after=days)
    new, stored = ([came], [out]) if reverse else ([out], [came])
    assert pairs(new, stored) == {(out.id, came.id)}


@pytest.mark.parametrize(
    "other",
    [
        half("-800", after=DAYS_APART + 1),
        half("-800", after=-DAYS_APART - 1),
        half("-800.01"),
        half("800", batch=CARD),
        half("-800", batch=ACCOUNT),
        half("-800", account="Giro"),
        half("-800", currency="USD", value="-700"),
    ],
)
def test_what_is_no_other_half(other):
    assert pairs([half("800", account="Giro")], [other]) == set()


def test_two_accounts_of_one_file_and_two_files_of_one_account():
    out = half("50", account="Giro")
    assert pairs([out, came := half("-50", batch=ACCOUNT, account="Savings")], []) == {(out.id, came.id)}
    assert pairs([out, half("-50", batch=CARD, account="Giro")], []) == set()


@pytest.mark.parametrize(
    ("out", "came", "sure", "fits"),
    [
        ("spent", "spent", (False, False), True),
        ("spent", "received", (True, False), False),
        ("spent", "spent", (True, True), False),
        ("moved", "spent", (True, True), True),
        ("spent", "moved", (True, True), True),
    ],
)
def test_what_nobody_takes_for_moved_is_no_pair(out, came, sure, fits):
    first, second = half("40", out, is_sure=sure[0]), half("-40", came, is_sure=sure[1])
    assert bool(pairs([first], [second])) == fits


@pytest.mark.parametrize(("value", "fits"), [("-90.01", True), ("-111", True), ("-89", False), ("-112", False)])
def test_another_currency_may_differ_by_a_tenth(value, fits):
    out = half("100", value="100")
    assert bool(pairs([out], [half("-350", currency="ILS", value=value)])) == fits


@pytest.mark.parametrize("value", [None, "-100"])
def test_without_a_rate_another_currency_is_no_pair(value):
    out, came = half("100", value=None), half("-350", currency="UAH", value=value)
    assert pairs([out], [came]) == pairs([came], [out]) == set()


def test_in_another_currency_one_half_must_look_moved():
    assert pairs([half("100", "spent")], [half("-350", "spent", currency="ILS", value="-100")]) == set()


def test_the_likelier_half_wins_then_the_nearer_one():
    out = half("75")
    refund, later, sooner = half("-75", "spent"), half("-75", after=3), half("-75", after=2)
    assert pairs([out], [refund, later, sooner]) == {(out.id, sooner.id)}


def test_a_rejected_pair_never_comes_back_under_other_ids():
    out, came = half("60", title="To Anna"), half("-60", title="Deposit")
    [match] = find_matches([out], [came])
    assert pairs([out], [came], {match.key}) == set()
    assert pairs([half("60.00", title="to anna")], [half("-60", title="DEPOSIT")], {match.key}) == set()
    assert pairs([out], [half("-60", title="Cash")], {match.key})


HALVES = st.builds(
    half,
    st.sampled_from(["10", "-10", "20", "-20"]),
    st.sampled_from(["moved", "spent", "received"]),
    batch=st.sampled_from([ACCOUNT, CARD, ObjectId()]),
    after=st.integers(0, 9),
)


@given(st.lists(HALVES, max_size=12), st.lists(HALVES, max_size=12))
def test_no_half_is_in_two_pairs_and_each_pair_adds_up_to_nothing(new, stored):
    known = {one.id: one for one in (*new, *stored)}
    found = pairs(new, stored)
    assert len({one for pair in found for one in pair}) == 2 * len(found)
    for out, came in found:
        assert known[out].amount == -known[came].amount > 0
        assert {out, came} & {one.id for one in new}, "stored halves are paired already, if they can be"
