from classifier import memory
from classifier.hindsight import Outcome, Share, at_threshold, outcomes


def test_nothing_reviewed_gives_nothing(alice, model):
    assert outcomes(alice.pk) == []
    assert at_threshold([], 0.7) == Share(0, 0.0, 0.0)


def test_a_text_is_first_filed_without_itself_and_then_with_it(alice, model):
    for _ in range(3):
        memory.learn(alice.pk, "Coffee", "housing-bills")
    first, again = outcomes(alice.pk)
    assert not first.right
    assert (again.right, again.times) == (True, 2)


def test_the_cost_stays_the_same_with_more_texts(alice, model, count_db):
    memory.learn(alice.pk, "Coffee", "food-drinks")
    outcomes(alice.pk)
    with count_db() as few:
        outcomes(alice.pk)
    memory.learn_many(alice.pk, [(f"Coffee {letter}", "food-drinks") for letter in "abcdefghijkl"])
    outcomes(alice.pk)
    with count_db() as many:
        outcomes(alice.pk)
    assert len(many) == len(few) == 2


def test_shares_at_a_threshold():
    found = [Outcome(0.9, True, 6), Outcome(0.85, False, 2), Outcome(0.4, False, 2)]
    assert at_threshold(found, 0.8) == Share(10, 0.8, 0.25)
    assert at_threshold(found, 0.0) == Share(10, 1.0, 0.4)
    assert at_threshold(found, 0.95) == Share(10, 0.0, 0.0)
