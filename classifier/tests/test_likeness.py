import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.likeness import ALIKE, Likeness, is_contradicted
from classifier.pack import Pack, Remembered, Rival
from classifier.personal import Neighbour, PersonalMemory

TEXTS = [
    "coffee with dana",
    "coffee shop",
    "dana birthday gift",
    "קפה עם דנה",
    "日本 咖啡店",
    "咖啡店 x",
    "a",
    "",
    "ab ab",
]
NONE = Rival()


def by_memory(texts: list[str], query: str) -> dict[str, float]:
    memory = PersonalMemory(Pack.of([Remembered(text, "", text=text) for text in texts]), Pack.of([]))
    return {each.title: each.likeness for each in memory.nearest(query)}


@pytest.mark.parametrize("query", [text for text in TEXTS if text])
def test_it_is_the_likeness_of_the_memory(query):
    found = Likeness(TEXTS).to(TEXTS.index(query))
    near = {text: value for text, value in zip(TEXTS, found.tolist(), strict=True) if value > 0.25}
    assert near == pytest.approx(by_memory(TEXTS, query), abs=1e-5)


@given(st.lists(st.text(alphabet="ab כ咖", max_size=8).map(str.strip), max_size=12, unique=True))
def test_sums_are_those_of_the_likeness_to_each(texts):
    texts = [" ".join(text.split()) for text in texts]
    likeness, values = Likeness(texts), np.arange(1.0, 1 + len(texts))
    each = [likeness.to(place) @ values for place in range(len(texts))]
    assert likeness.summed(values) == pytest.approx(np.array(each))


@pytest.mark.parametrize(
    ("neighbours", "contradicted"),
    [
        ([], False),
        ([Neighbour("a", "other", likeness=1.0), Neighbour("b", "other", likeness=0.7)], False),
        ([Neighbour("a", "other", likeness=1.0), Neighbour("b", "food-drinks", likeness=0.7)], True),
        ([Neighbour("a", "other", likeness=1.0), Neighbour("b", "food-drinks", likeness=ALIKE - 0.01)], False),
        ([Neighbour("a", "other", ("spent", ""), likeness=1.0), Neighbour("b", "", ("moved", ""), likeness=0.9)], True),
        ([Neighbour("a", "other", ("", ""), (Rival("food-drinks", 0.5), NONE, NONE), likeness=1.0)], True),
        ([Neighbour("a", "other", ("spent", ""), (NONE, Rival("moved", 0.5), NONE), likeness=1.0)], True),
    ],
)
def test_what_was_filed_in_two_ways_is_contradicted(neighbours, contradicted):
    assert is_contradicted(neighbours) == contradicted
