import csv
from hashlib import sha256
from pathlib import Path

import pytest

from classifier.features import FEATURES_VERSION, character_ngrams, hashed, readable_ngrams, script_of, word_ngrams
from classifier.text import normalise

HELD_OUT = [Path(__file__).parent / "data" / name for name in ("held_out.csv", "world.csv", "fresh.csv")]
KNOWN = {4: "21b4953ecf197f57"}


def test_words_pairs_and_characters():
    assert word_ngrams("dark milk dark") == ["w:dark", "w:milk", "w:darkmilk", "w:milkdark"]
    assert character_ngrams("abc", 3, 5) == ["c: ab", "c:abc", "c:bc ", "c: abc", "c:abc ", "c: abc "]
    assert word_ngrams("") == character_ngrams("") == []


def test_two_words_share_an_ngram_with_the_same_words_joined():
    assert "w:walmart" in word_ngrams("wal mart")


def test_words_of_dense_scripts_also_have_their_characters_and_pairs():
    assert set(character_ngrams("房租")) == {"c:房", "c:租", "c:房租", "c: 房租", "c:房租 "}
    assert "c:택시" in character_ngrams("택시비")
    assert "c:к" not in character_ngrams("кофе")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", 0),
        ("coffee", 0),
        ("đo xang łodz", 0),
        ("קפה", 1),
        ("coffee קפה", 1),
        ("кофе", 2),
        ("eneos 渋谷", 2),
        ("قهوة", 2),
        ("택시", 2),
        ("กาแฟ", 2),
    ],
)
def test_the_script_of_a_text(text, script):
    assert script_of(text) == script


def test_every_ngram_can_be_shown():
    text = normalise("Dark chocolate מהמכולת 電気代")
    labels = readable_ngrams(text)
    assert set(labels) == {*word_ngrams(text), *character_ngrams(text)}
    assert labels["w:darkchocolate"] == "dark chocolate"
    assert labels["c: dar"] == "dar-"
    assert labels["c:hoco"] == "-hoco-"


def test_the_version_is_raised_when_a_text_becomes_something_else():
    """If this fails, stored models would read texts differently than in training. Raise FEATURES_VERSION, then pin."""
    digest = sha256()
    for path in HELD_OUT:
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            text = normalise(row["text"])
            for gram in (*word_ngrams(text), *character_ngrams(text)):
                digest.update(hashed(gram).to_bytes(8, "big"))
    assert {FEATURES_VERSION: digest.hexdigest()[:16]} == KNOWN
