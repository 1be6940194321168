"""No form says one of Django's or allauth's own sentences, whatever somebody sends."""

import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import pytest
from django import forms
from django.contrib import auth
from django.test import Client
from django.utils import translation

from expenses.tests.making import make_expense
from finbrain import translations
from finbrain.tests.introspection import Forms, every_address

GARBAGE = ("", "x" * 6000, "☃ nonsense\x00")
SPOKEN = {"accounts", "allauth", "expenses", "finbrain"}
KEPT = {"section", "action"}  # what a form is about
# What ends the session or the account, or sends nothing that a person types.
LEFT_OUT = {"/accounts/logout/", "/accounts/delete/", "/accounts/demo/", "/accounts/sessions/", "/admin/logout/"}
PLACEHOLDER = re.compile(r"%\\\([a-z_]+\\\)[ds]|%[sd]|\\\{\w*\\\}")


def stock_sentences(language: str) -> re.Pattern[str]:
    """What Django and allauth say in a language, as a pattern."""
    roots = [Path(package.__file__).parent for package in (django, auth, allauth)]
    sources = [root / "locale" / language / "LC_MESSAGES" / "django.po" for root in [roots[0] / "conf", *roots[1:]]]
    said = set()
    for message in (message for source in sources for message in translations.read_catalogue(source) if message.id):
        texts = (message.id, message.string)
        said |= {text for each in texts for text in (each if isinstance(each, list | tuple) else [each]) if text}
    said -= {message.id for source in translations.sources() for message in translations.read_catalogue(source)}
    return re.compile("|".join(PLACEHOLDER.sub(".+", re.escape(text)) for text in sorted(said)))


@pytest.fixture
def errors(monkeypatch) -> set[tuple[str, str, str]]:
    """What forms find wrong: the form, the field and the sentence."""
    found = set()
    clean = forms.BaseForm.full_clean

    def watched(form: forms.BaseForm) -> None:
        clean(form)
        name = f"{type(form).__module__}.{type(form).__name__}"
        found.update((name, field, str(said)) for field, several in form.errors.items() for said in several)

    monkeypatch.setattr(forms.BaseForm, "full_clean", watched)
    return found


def forms_of(client: Client, paths: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The forms of some pages that post, each once: the path and the fields."""
    known = set()
    for path in paths:
        answer = client.get(path)
        is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
        for method, action, values in Forms(answer.content.decode(), path).forms if is_page else []:
            key = (action, *sorted(values), values.get("section"))
            if method == "POST" and action not in LEFT_OUT and key not in known:
                known.add(key)
                yield action, values


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "he"])
def test_every_form_answers_in_our_words(client_alice, alice, errors, settings, language):
    settings.ACCOUNT_RATE_LIMITS = False
    alice.language = language
    alice.save()
    expense = make_expense(alice)
    paths = [each.route for each in every_address() if not each.names] + [f"/expenses/{expense.pk}/edit/"]
    for client in (client_alice, Client(headers={"accept-language": language})):
        for action, values in list(forms_of(client, paths)):
            for text in GARBAGE:
                sent = {name: value if name in KEPT else text for name, value in values.items()}
                client.post(action, sent).close()
    with translation.override(language):
        stock = stock_sentences(language)
    assert len({form for form, _field, _said in errors}) > 18
    assert sorted(each for each in errors if stock.fullmatch(each[2])) == []


def test_fields_that_exist_have_our_words():
    """No field was made before Django's messages were replaced, not even one that no request reaches."""
    every_address()  # imports every view, and so every form
    known = [form for form in _subclasses(forms.BaseForm) if form.__module__.partition(".")[0] in SPOKEN]
    assert len(known) > 30
    for form in known:
        for name, field in getattr(form, "base_fields", {}).items():
            assert str(field.error_messages["required"]) != "This field is required.", (form, name)


def _subclasses(one: type) -> Iterator[type]:
    for each in one.__subclasses__():
        yield each
        yield from _subclasses(each)
