"""The checker finds words that FinBrain doesn't use in texts for people, but not in code."""

import pytest

from scripts import check_words
from scripts.check_words import Prose, misses


def found_in(text: str, path: str = "docs/page.md") -> list[str]:
    return [miss.found for miss in misses(Prose(path, 1, text))]


@pytest.mark.parametrize(
    "word",
    ["anew", "Meanwhile", "the same once more", "bring in", "brought it in", "handed in", "thrown away", "taken back"],
)
def test_an_archaic_or_translated_turn_is_found(word):
    assert word in found_in(f"You {word} a file.")


@pytest.mark.parametrize("word", ["e-mail", "mails", "spare codes", "look-alikes", "second factor", "the clock"])
def test_a_second_word_for_the_same_thing_is_found(word):
    assert found_in(f"This has {word}, and more.") == [word]


@pytest.mark.parametrize("text", ["The emails.", "Newness", "mailto", "Sign in", "An hour later", "Thanks, for now"])
def test_other_words_are_not(text):
    assert found_in(text) == []


def test_words_may_be_on_two_lines():
    [miss] = misses(Prose("docs/page.md", 7, "First.\nNow hand\nin the file."))
    assert (miss.line, miss.found) == (8, "hand in")


def test_allowed_words_are_allowed_only_where_they_are():
    assert found_in("The embedded engines and the engines.") == ["engines"]
    assert found_in("Both engines.", "finbrain/embedded/valkey.py") == []
    assert found_in("Both engines.", "finbrain/health.py") == ["engines"]


def test_in_documents_code_may_say_anything():
    text = "Write `e-mail`.\n```\nanew\n```\n[a link](mail.md) and https://mail.example.org\n\nAnew."
    [miss] = misses(Prose("docs/page.md", 1, check_words.document_prose(text)))
    assert (miss.line, miss.found) == (7, "Anew")


def test_in_templates_what_people_see_is_read():
    text = '<p class="mail">\n{% include "mail/summary.html" %}{# no mails here #}{{ mail }} anew</p>'
    found = list(misses(Prose("templates/page.html", 1, check_words.template_prose(text))))
    assert [(miss.line, miss.found) for miss in found] == [(2, "anew"), (2, "mails")]


def test_in_python_docstrings_and_comments_are_read():
    text = '''"""Sums, made anew."""
from mail import mails  # not by mail

def send(mail):
    """Sends it: `mail`.

    Nothing is thrown
    away.
    """
    # Then it is taken
    # back.
    return "anew"
'''
    found = list(misses(Prose("expenses/code.py", 1, check_words.python_prose(text))))
    assert sorted((miss.line, miss.found) for miss in found) == [
        (1, "anew"),
        (2, "mail"),
        (7, "thrown away"),
        (10, "taken back"),
    ]


def test_every_kind_of_text_is_read():
    assert len(list(check_words.documents())) > 20
    assert len(list(check_words.messages())) > 600
    assert len(list(check_words.templates())) > 100
    assert len(list(check_words.code())) > 200


def test_documents_are_clean():
    assert [str(miss) for prose in check_words.documents() for miss in misses(prose)] == []
