"""The estimate of how a threshold would have worked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import hindsight, memory
from classifier.hindsight import FiledSample, outcome

sample = st.builds(FiledSample, st.floats(0, 1), st.integers(0, 30), st.integers(0, 30))


def test_shares():
    samples = [FiledSample(0.95, 8, 0), FiledSample(0.85, 1, 1), FiledSample(0.4, 1, 9)]
    assert outcome(samples, 0.9) == hindsight.FilingOutcome(20, 8 / 20, 0.0)
    assert outcome(samples, 0.8) == hindsight.FilingOutcome(20, 10 / 20, 1 / 10)
    assert outcome(samples, 0.0) == hindsight.FilingOutcome(20, 1.0, 10 / 20)
    assert outcome(samples, 0.99) == hindsight.FilingOutcome(20, 0.0, 0.0)


def test_a_handful_says_nothing():
    assert outcome([FiledSample(0.9, 9, 0)], 0.5) is None
    assert outcome([], 0.5) is None


@given(st.lists(sample, max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_files_more(samples, one, other):
    low, high = sorted((one, other))
    if found := outcome(samples, low):
        assert 0 <= found.wrong <= 1
        assert outcome(samples, high).filed <= found.filed <= 1


@given(st.dictionaries(st.sampled_from(["other", "food-drinks", "transportation"]), st.integers(1, 9), min_size=1))
def test_every_repetition_counts_once(counts):
    found = hindsight.repeated("other", 0.9, counts)
    assert found.right + found.wrong == sum(counts.values()) - 1
    assert found.right <= counts.get("other", 0)


def test_a_text_is_judged_as_if_it_were_new(alice):
    """Only its own row in the memory knows the text, and that row must not count."""
    memory.learn_many(alice.pk, [("Llama shearing", "leisure-gifts")])
    (only,) = hindsight.own_samples(alice.pk)
    assert only.confidence < 0.5


def test_repetitions_are_known(alice):
    memory.learn_many(alice.pk, [("Llama shearing", "leisure-gifts")] * 10)
    first, again = hindsight.own_samples(alice.pk)
    assert first.confidence < 0.5
    assert (again.right, again.wrong) == (9, 0)
    assert again.confidence > 0.7
    assert hindsight.outcome([first, again], 0.7) == hindsight.FilingOutcome(10, 0.9, 0.0)


def test_near_texts_help_each_other_and_mistakes_are_seen(alice):
    merchants = [(f"Zwick bakery {name}", "food-drinks") for name in ("north", "south", "east", "west", "central")]
    memory.learn_many(alice.pk, [*merchants, ("Zwick bakery museum", "leisure-gifts")])
    samples = hindsight.own_samples(alice.pk)
    assert sum(sample.right for sample in samples) == 5
    assert sum(sample.wrong for sample in samples) == 1


def test_samples_are_computed_once(alice, count_db):
    memory.learn_many(alice.pk, [(f"Shop {letter * 3}", "other") for letter in "abcdefghij"])
    before = hindsight.own_samples(alice.pk)
    with count_db() as calls:
        assert hindsight.own_samples(alice.pk) == before
    assert len(calls) <= 1, calls.names
    memory.learn(alice.pk, "Shop xyz", "other")
    assert len(hindsight.own_samples(alice.pk)) == len(before) + 1


@pytest.mark.parametrize("text", ["12:30", "🦆", "‏"])
def test_texts_of_nothing_do_no_harm(alice, text):
    memory.learn_many(alice.pk, [(text, "other"), ("Bread", "food-drinks")])
    assert hindsight.own_samples(alice.pk)
