from collections import Counter

import pytest
from bson import ObjectId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier import memory, recall
from classifier.models import Memory, MemoryState
from classifier.text import normalise
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import collection


def remembered(owner, title: str) -> str | None:
    """Return the category that the owner's memory has for exactly this title."""
    [near] = recall.nearest(owner.pk, [normalise(title)])
    return near[0].category if near and near[0].likeness > 0.9999 else None


def test_one_row_for_each_person_and_distinct_text(alice, bob):
    for number in range(5):
        memory.learn(alice.pk, f"TESCO STORES {number}371 LONDON GB", "food-drinks")
    memory.learn(bob.pk, "Tesco stores London", "other")
    row = Memory.objects.get(ledger_id=alice.pk)
    assert (row.text, row.category, row.counts) == ("tesco stores london", "food-drinks", {"food-drinks": 5})
    assert Memory.objects.count() == 2


def test_unlearning_restores_the_category_confirmed_before(alice):
    memory.learn(alice.pk, "Starbucks", "food-drinks")
    memory.learn(alice.pk, "Starbucks", "leisure-gifts")
    assert remembered(alice, "Starbucks") == "leisure-gifts"
    memory.unlearn(alice.pk, "Starbucks", "leisure-gifts")
    assert remembered(alice, "Starbucks") == "food-drinks"
    memory.unlearn(alice.pk, "Starbucks", "food-drinks")
    assert remembered(alice, "Starbucks") is None
    assert not Memory.objects.exists()


def test_unlearning_what_was_never_learned_changes_nothing(alice):
    memory.unlearn(alice.pk, "Starbucks", "food-drinks")
    memory.learn(alice.pk, "Starbucks", "food-drinks")
    memory.unlearn(alice.pk, "Starbucks", "other")
    assert remembered(alice, "Starbucks") == "food-drinks"


def test_a_category_that_only_another_release_knows_is_not_learned(alice):
    memory.learn(alice.pk, "Starbucks", "coffee")
    assert remembered(alice, "Starbucks") is None


@pytest.mark.parametrize("damage", [{"counts": "x"}, {"counts": None}, {"revision": []}, {"category": 7}])
def test_a_damaged_memory_learns_again(alice, damage):
    memory.learn(alice.pk, "Starbucks", "food-drinks")
    assert remembered(alice, "Starbucks") == "food-drinks"  # keeps a copy
    collection(Memory).update_one({}, {"$set": damage})
    collection(MemoryState).update_one({}, {"$set": {"revision": "x", "removed": 7}})
    memory.learn(alice.pk, "Starbucks", "other")
    assert remembered(alice, "Starbucks") == "other"
    memory.unlearn(alice.pk, "Starbucks", "other")


def test_forgetting_leaves_nothing_behind(alice, bob):
    memory.learn(alice.pk, "Starbucks", "food-drinks")
    memory.learn(bob.pk, "Starbucks", "food-drinks")
    assert remembered(alice, "Starbucks")
    memory.forget_ledger(alice.pk)
    assert remembered(alice, "Starbucks") is None
    assert remembered(bob, "Starbucks") == "food-drinks"
    assert MemoryState.objects.count() == 1


def test_a_long_memory_is_forgotten_in_parts(alice, bob, monkeypatch, count_db):
    monkeypatch.setattr(memory, "PART", 10)
    memory.learn_many(alice.pk, [(f"place {chr(97 + number)}", "other") for number in range(25)])
    memory.learn(bob.pk, "coffee", "food-drinks")
    with count_db() as calls:
        memory.forget_ledger(alice.pk)
    assert calls.names.count("delete classifier_memory") == 3
    assert [row.ledger_id for row in Memory.objects.all()] == [bob.pk]


def test_removing_more_than_are_listed_still_removes(alice):
    pairs = [(f"shop {chr(97 + number // 26)}{chr(97 + number % 26)}", "other") for number in range(300)]
    memory.learn_many(alice.pk, pairs)
    assert remembered(alice, pairs[7][0]) == "other"
    memory.unlearn_many(alice.pk, pairs[:250])
    assert remembered(alice, pairs[7][0]) is None
    assert remembered(alice, pairs[270][0]) == "other"


def test_a_copy_from_the_cache_is_brought_up_to_date(alice):
    memory.learn(alice.pk, "Starbucks", "food-drinks")
    memory.learn(alice.pk, "Aroma", "food-drinks")
    assert remembered(alice, "Starbucks")
    memory.unlearn(alice.pk, "Aroma", "food-drinks")
    memory.learn(alice.pk, "Starbucks", "other")
    recall.here.drop(alice.pk)
    assert remembered(alice, "Starbucks") == "other"
    assert remembered(alice, "Aroma") is None


def test_a_damaged_copy_in_the_cache_is_rebuilt(alice):
    memory.learn(alice.pk, "Starbucks", "food-drinks")
    key = recall._cache_key(alice.pk)
    tolerant_cache.set_bytes(key, (1).to_bytes(8, "big") + b"rubbish", 60)
    assert remembered(alice, "Starbucks") == "food-drinks"


TITLES = ("Coffee", "Taxi home", "Rent", "דלק", "Starbucks Haifa")
STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(TITLES), st.sampled_from(("food-drinks", "other"))), max_size=25
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, most_recent=st.sampled_from((1, 3, 100)), most_removed=st.sampled_from((1, 4, 100)))
def test_whatever_is_learned_and_unlearned_the_copy_agrees_with_the_rows(
    db, monkeypatch, steps, most_recent, most_removed
):
    monkeypatch.setattr(recall, "MOST_RECENT", most_recent)
    monkeypatch.setattr(memory, "MOST_REMOVED", most_removed)
    owner_id = ObjectId()
    learned: Counter = Counter()
    for is_new, title, category in steps:
        (memory.learn if is_new else memory.unlearn)(owner_id, title, category)
        learned[title, category] = max(0, learned[title, category] + (1 if is_new else -1))
        found = recall.memory_of(owner_id)
        for one in TITLES:
            near = [each for each in found.nearest(normalise(one)) if each.likeness > 0.9999] if found else []
            categories = {category for (name, category), count in learned.items() if name == one and count}
            assert len(near) == bool(categories)
            assert not near or near[0].category in categories


def test_a_text_older_than_the_rows_in_the_copy_is_still_right(alice, bob, monkeypatch, count_db):
    monkeypatch.setattr(recall, "MOST_ROWS", 20)
    memory.learn(alice.pk, "Starbucks", "education-growth")
    memory.learn_many(alice.pk, [(f"place {chr(97 + number)}", "other") for number in range(26)])
    recall.forget_copies(alice.pk)
    memory.learn(bob.pk, "Starbucks", "other")
    assert len(recall.memory_of(alice.pk)) == 20
    assert remembered(alice, "Starbucks 12") == "education-growth"
    with count_db() as calls:
        recall.nearest(alice.pk, ["place z", "starbucks", "tea", "coffee"])
    assert calls.names == ["find classifier_memorystate", "find classifier_memory"]
    with count_db() as calls:
        recall.nearest(bob.pk, ["tea"])
    assert calls.names == [
        "find classifier_memorystate",
        "find classifier_memory",
    ]  # read once, then kept in this process
    with count_db() as calls:
        recall.nearest(bob.pk, ["tea"])
    assert calls.names == ["find classifier_memorystate"]
