"""The in-process cache of months."""

from datetime import date
from decimal import Decimal

from expenses.sums import loading_figures
from expenses.sums.month_tokens import month_tokens
from expenses.tests.making import make_expense
from finbrain.core.lru import LRU

MONTH = date(2026, 8, 1)


def test_the_values_used_last_stay():
    recent: LRU[str, int] = LRU(size=2)
    recent.put_many({"a": 1, "b": 2})
    recent.get_many(["a"])
    recent.put_many({"c": 3})
    assert recent.get_many("abc") == {"a": 1, "c": 3}


def test_heavy_values_push_out_more_than_one_and_the_last_one_always_stays():
    texts: LRU[str, str] = LRU(size=6, weigh=len)
    texts.put_many({"a": "aa", "b": "bb", "c": "cc"})
    texts.put("d", "dddd")
    assert texts.get_many("abcd") == {"c": "cc", "d": "dddd"}
    texts.put("d", "d")
    texts.put("e", "eee")
    assert texts.get_many("cde") == {"c": "cc", "d": "d", "e": "eee"}
    texts.put("huge", "h" * 100)
    assert texts.get("huge") == "h" * 100
    texts.drop("huge")
    assert texts.get("huge") is None


def load(owner):
    tokens = month_tokens(owner.pk, [MONTH])
    return loading_figures.load_figures(owner.pk, tokens, 0.7, "ILS", "")[MONTH]


def test_the_same_from_sums_cache_and_memory_and_never_an_old_one(alice, count_cache):
    make_expense(alice, amount="58")
    summed = load(alice)
    with count_cache() as calls:
        remembered = load(alice)
    assert len(calls) == 0
    loading_figures.forget_figures()
    decoded = load(alice)
    assert summed.to_json() == remembered.to_json()
    assert {slug: one.total() for slug, one in decoded.categories.items()} == {"transportation": Decimal(58)}
    make_expense(alice, amount="2")
    assert load(alice).categories["transportation"].total() == Decimal(60)
