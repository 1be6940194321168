"""The reason for a suggestion, in whole words."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.features import readable_ngrams
from classifier.text import normalise
from expenses.views.suggestion import words_behind


def test_whole_words_without_dashes_each_once():
    parts = ["-taxi-", "taxi-", "-axi", "taxi home", "hom-"]
    assert words_behind(parts, "Taxi home, late") == ["Taxi", "home"]


def test_a_word_with_a_dash_of_its_own_stays_whole():
    assert words_behind(["coca"], "Coca-Cola 2L") == ["Coca-Cola"]


@given(st.text(max_size=40))
def test_any_title_gives_words_of_its_own(title):
    words = words_behind(list(readable_ngrams(normalise(title)).values()), title)
    assert len(words) == len(set(words))
    assert all(word and word in title for word in words)


def test_kind_and_category_are_looked_up_together(client_alice, count_db):
    url = "/expenses/suggest/?title=quokka"
    client_alice.get(url)
    with count_db() as calls:
        assert client_alice.get(url).status_code == 200
    assert calls.names.count("find classifier_memorystate") == 1
