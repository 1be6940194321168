import pytest

from classifier import memory
from classifier.kinds import Direction
from classifier.suggest import explain, suggest, suggest_many
from classifier.suggest_kinds import suggest_kinds


def test_without_a_model_and_without_memory_there_is_no_suggestion(alice, fresh_serving):
    assert suggest("coffee", alice.pk) is None
    assert explain("coffee", alice.pk).suggestion is None


def test_without_a_model_the_memory_still_suggests(alice, fresh_serving):
    memory.learn(alice.pk, "Coffee with Dana", "leisure-gifts")
    suggestion = suggest("coffee with dana", alice.pk)
    assert (suggestion.category, suggestion.source, suggestion.model_version) == ("leisure-gifts", "memory", None)


def test_the_model_suggests_with_all_categories_best_first(model):
    suggestion = suggest("coffee")
    assert suggestion.category == "food-drinks"
    assert suggestion.source == "model"
    assert suggestion.model_version == model.number
    values = [value for _, value in suggestion.candidates]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1)
    assert suggestion.confidence == values[0]


def test_a_correction_decides_for_the_very_next_expense_and_for_its_owner_alone(model, alice, bob):
    assert suggest("Coffee", alice.pk).category == "food-drinks"
    memory.learn(alice.pk, "Coffee", "education-growth")
    assert suggest("  COFFEE 12 ", alice.pk).category == "education-growth"
    assert suggest("Coffee", alice.pk).source == "memory"
    assert suggest("Coffee", alice.pk).confidence > 0.7
    assert suggest("Coffee", bob.pk).category == "food-drinks"
    memory.unlearn(alice.pk, "Coffee", "education-growth")
    assert suggest("Coffee", alice.pk).category == "food-drinks"


def test_custom_wording_in_any_language_is_learned(model, alice):
    memory.learn(alice.pk, "Fika hos mormor", "leisure-gifts")
    assert suggest("fika hos mormor igen", alice.pk).category == "leisure-gifts"


def test_the_latest_choice_wins_against_near_texts(model, alice):
    memory.learn_many(alice.pk, [(f"coffee {name}", "food-drinks") for name in ("bar", "shop", "bean", "cup", "mug")])
    memory.learn(alice.pk, "coffee", "housing-bills")
    assert suggest("coffee", alice.pk).category == "housing-bills"


@pytest.mark.parametrize("answers", [("food-drinks", "housing-bills"), ("leisure-gifts", "transportation", "other")])
def test_each_contradiction_lowers_the_confidence_and_the_latest_choice_still_wins(model, alice, answers):
    confidences = []
    for category in (answers * 4)[:4]:
        memory.learn(alice.pk, "amazon", category)
        found = suggest("amazon", alice.pk)
        assert (found.category, found.source) == (category, "memory")
        confidences.append(found.confidence)
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == 4
    assert confidences[0] > 0.7 > confidences[1]


def test_four_alternating_corrections_are_not_enough_even_where_the_model_agrees(model, alice):
    for category in ("other", "food-drinks") * 2:
        memory.learn(alice.pk, "coffee", category)
    assert suggest("coffee", alice.pk).category == "food-drinks"
    assert suggest("coffee", alice.pk).confidence < 0.7


def test_agreement_brings_the_confidence_back(model, alice):
    memory.learn(alice.pk, "amazon", "other")
    memory.learn_many(alice.pk, [("amazon", "food-drinks")] * 20)
    assert suggest("amazon", alice.pk).confidence > 0.7


def test_a_contradicted_kind_is_asked_again(model, alice):
    for category in ("transfer", "food-drinks") * 2:
        memory.learn_entries(alice.pk, [("bit dana", Direction.OUT, category)])
    [kind] = suggest_kinds(alice.pk, [("bit dana", Direction.OUT)])
    assert kind.kind == "spent"
    assert kind.confidence < 0.7


def test_many_titles_cost_as_many_round_trips_as_one(model, alice, count_db, count_cache):
    memory.learn(alice.pk, "coffee", "food-drinks")
    suggest("look for the model", alice.pk)
    with count_db() as calls, count_cache() as cached:
        many = suggest_many([f"coffee {number}" for number in range(300)], alice.pk)
    assert calls.names == ["find classifier_memorystate"]
    assert not cached.names
    assert {one.category for one in many} == {"food-drinks"}


@pytest.mark.parametrize("size", [20, 400])
def test_after_a_change_only_what_is_new_is_read(model, alice, count_db, size):
    memory.learn_many(alice.pk, [(f"place {letters(number)}", "other") for number in range(size)])
    suggest("place", alice.pk)
    memory.learn(alice.pk, "coffee", "leisure-gifts")
    with count_db() as calls:
        assert suggest("coffee", alice.pk).category == "leisure-gifts"
    assert calls.names == ["find classifier_memorystate", "find classifier_memory"]


def letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")


def test_explanation_names_ngrams_and_own_expenses(model, alice):
    memory.learn(alice.pk, "Coffee at college", "food-drinks")
    why = explain("coffee in college", alice.pk)
    assert why.suggestion.category == "food-drinks"
    assert "coffee" in dict(why.ngrams)
    assert why.neighbours[0][:2] == ("Coffee at college", "food-drinks")
    assert 0.25 < why.neighbours[0][2] <= 1


@pytest.mark.parametrize(
    "text", ["", " ", "x" * 10_000, "12345", "😀😀", "\u200f\u200e", "\0", "a\0b", "?!*", "qzxvj wkpfy", "\ud800"]
)
def test_odd_titles_get_a_sane_answer_with_low_confidence(model, alice, text):
    memory.learn(alice.pk, "coffee", "food-drinks")
    suggestion = suggest(text, alice.pk)
    assert len(suggestion.candidates) == 7
    assert suggestion.confidence < 0.7
    explain(text, alice.pk)
