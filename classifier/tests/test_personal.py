import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.categories import SLUGS
from classifier.kinds import LABELS, Direction
from classifier.pack import Pack, Remembered, text_key
from classifier.personal import Neighbour, PersonalMemory, blend, decided_kind, evidence, evidence_of_kind

NOTHING = Pack.of([])


def row(text: str, category: str = "food-drinks") -> Remembered:
    return Remembered(text.title(), category, text=text)


def memory(*rows: Remembered, gone=()) -> PersonalMemory:
    return PersonalMemory(Pack.of(rows), NOTHING, gone)


def test_the_same_text_has_likeness_one_and_comes_first():
    found = memory(row("coffee"), row("coffee shop"), row("rent", "housing-bills")).nearest("coffee")
    assert found[0] == Neighbour("Coffee", "food-drinks", likeness=pytest.approx(1))
    assert [each.title for each in found] == ["Coffee", "Coffee Shop"]


def test_likeness_is_the_cosine_of_tf_idf():
    """Compare with scikit-learn, with the same runs of characters and idf."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from classifier.features import character_ngrams

    texts = ["coffee with dana", "coffee shop", "dana birthday gift", "rent for may", "קפה עם דנה"]
    vectoriser = TfidfVectorizer(analyzer=lambda text: character_ngrams(text, 2, 4), binary=True)
    expected = (vectoriser.fit_transform(texts) @ vectoriser.transform(["coffee shop"]).T).toarray().ravel()
    found = {each.title: each.likeness for each in memory(*map(row, texts)).nearest("coffee shop")}
    assert found == {
        text.title(): pytest.approx(value) for text, value in zip(texts, expected, strict=True) if value > 0.25
    }


def test_at_most_seven_neighbours():
    assert len(memory(*(row(f"coffee {letter}") for letter in "abcdefghij")).nearest("coffee")) == 7


def test_recent_rows_replace_old_ones_and_gone_rows_do_not_count():
    base = Pack.of([row("coffee"), row("taxi", "transportation")])
    recent = Pack.of([row("coffee", "leisure-gifts")])
    found = PersonalMemory(base, recent).nearest("coffee")
    assert [(each.category, round(each.likeness, 6)) for each in found] == [("leisure-gifts", 1)]
    assert not PersonalMemory(base, NOTHING, [text_key("coffee")]).nearest("coffee")
    assert not PersonalMemory(base, NOTHING).nearest("coffee", but_not=text_key("coffee"))


def test_merging_and_storing_keep_every_row():
    merged = Pack.of([row("coffee"), row("taxi")]).plus(Pack.of([row("taxi", "transportation"), row("rent", "other")]))
    stored = Pack.from_bytes(merged.to_bytes())
    assert stored.titles == ["Coffee", "Taxi", "Rent"]
    found = [PersonalMemory(stored, NOTHING).nearest(text)[0].category for text in ("coffee", "taxi", "rent")]
    assert found == ["food-drinks", "transportation", "other"]


def test_evidence_is_four_times_the_cube_and_the_same_text_decides_alone():
    near = [Neighbour("a", "other", likeness=0.5), Neighbour("b", "food-drinks", likeness=0.4)]
    assert evidence(near)[SLUGS.index("other")] == pytest.approx(0.5)
    assert evidence(near)[SLUGS.index("food-drinks")] == pytest.approx(0.256)
    many = [Neighbour("x", "transportation", likeness=1.0)] + [Neighbour("y", "other", likeness=0.99)] * 6
    assert evidence(many).argmax() == SLUGS.index("transportation")
    assert evidence([]).sum() == 0


def test_a_decision_about_a_kind_is_for_its_direction_and_changes_no_category():
    stored = Pack.from_bytes(
        Pack.of([Remembered("To Dana", "", ("moved", ""), text="to dana"), row("taxi")]).to_bytes()
    )
    found = PersonalMemory(stored, NOTHING).nearest("to dana")
    assert (found[0].title, found[0].category, found[0].kinds) == ("To Dana", "", ("moved", ""))
    assert LABELS[Direction.OUT][evidence_of_kind(found, Direction.OUT).argmax()] == "moved"
    assert not evidence_of_kind(found, Direction.IN).any()
    assert not evidence(found).any()


@pytest.mark.parametrize(
    ("category", "likeness", "direction", "label"),
    [
        ("food-drinks", 1.0, Direction.OUT, "spent"),
        ("food-drinks", 0.9, Direction.OUT, ""),
        ("food-drinks", 1.0, Direction.IN, ""),
        ("other", 1.0, Direction.OUT, ""),
        ("", 1.0, Direction.OUT, ""),
    ],
)
def test_the_same_text_with_a_category_is_spent(category, likeness, direction, label):
    assert decided_kind(Neighbour("Dana", category, likeness=likeness), direction) == label


def test_a_decided_kind_counts_more_than_what_a_category_says():
    assert decided_kind(Neighbour("Dana", "food-drinks", ("moved", ""), likeness=1.0), Direction.OUT) == "moved"


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=8), max_size=12, unique=True), st.text(max_size=12))
def test_likeness_stays_between_the_floor_and_one(texts, query):
    found = memory(*map(row, texts)).nearest(query)
    assert all(0.25 < each.likeness <= 1 for each in found)
    together = blend(np.full(len(SLUGS), 1 / len(SLUGS)), evidence(found))
    assert together.sum() == pytest.approx(1)
