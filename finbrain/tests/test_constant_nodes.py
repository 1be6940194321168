"""What never changes in a template is rendered once per language."""

from unittest.mock import patch

import pytest
from django.template import Context, Template
from django.template.base import TextNode
from django.template.defaulttags import URLNode
from django.template.loader import get_template, render_to_string
from django.utils.translation import override

from finbrain.constant_nodes import render_constants

TAGS = (
    "{% load i18n static page %}",
    "{% comment %}A note{% endcomment %}",
    "{% translate 'Delete' %}",
    "{% blocktranslate %}Delete{% endblocktranslate %}",
    "{% url 'expenses:list' %}",
    "{% static 'img/logo.svg' %}",
    "{% icon 'plus' 'icon-sm' %}",
)
DEPENDING = (
    "{% translate name %}",
    "{% translate 'Delete'|upper %}",
    "{% translate _('Delete') %}",
    "{% blocktranslate %}Delete {{ name }}{% endblocktranslate %}",
    "{% blocktranslate count n=n %}{{ n }} expense{% plural %}{{ n }} expenses{% endblocktranslate %}",
    "{% url 'expenses:edit' name %}",
    "{% icon name %}",
    "{{ name }}",
)
LOADED = "{% load i18n static page %}"
CONTEXT = {"name": "plus", "n": 2}


def folded(source: str) -> Template:
    template = Template(LOADED + source)
    render_constants(template)
    return template


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("tag", TAGS)
def test_constants_become_text(tag, language):
    source = f"<p>{tag}</p>{{% if n %}}{tag}{{% else %}}{{% for i in name %}}{tag}{{% endfor %}}{{% endif %}}"
    with override(language):
        template = folded(source)
        assert template.render(Context(CONTEXT)) == Template(LOADED + source).render(Context(CONTEXT))
    first, condition = template.nodelist
    assert isinstance(first, TextNode)
    assert [[type(node) for node in nodes] for _, nodes in condition.conditions_nodelists[:1]] in ([[TextNode]], [[]])


@pytest.mark.parametrize("tag", DEPENDING)
def test_what_depends_on_the_context_stays(tag):
    template = folded(f"{tag}, ")
    assert len(template.nodelist) == 2
    assert template.render(Context(CONTEXT)) == Template(f"{LOADED}{tag}, ").render(Context(CONTEXT))


def test_a_constant_variable_is_looked_up_once():
    template = folded("{% url 'expenses:list' as here %}{% translate 'Delete' as word %}{{ here }} {{ word }}")
    with patch("django.urls.reverse", side_effect=AssertionError):
        assert template.render(Context()) == "/expenses/ Delete"


def test_an_address_behind_a_condition_may_be_missing():
    assert folded("{% if n %}{% url 'no-such-page' %}{% endif %}a").render(Context()) == "a"


def test_the_words_of_another_language_block_stay_its_own():
    source = "{% language 'he' %}{% translate 'Delete' %}{% endlanguage %}"
    assert folded(source).render(Context()) == Template(LOADED + source).render(Context()) != "Delete"


def test_each_language_has_its_own_template():
    with override("he"):
        hebrew = render_to_string("405.html")
    assert hebrew != render_to_string("405.html")
    with override("he"):
        assert render_to_string("405.html") == hebrew


def test_templates_are_folded_when_they_are_loaded():
    [text, *_] = get_template("expenses/_empty.html").template.nodelist
    assert isinstance(text, TextNode)
    [_text, condition, *_] = get_template("expenses/_empty.html").template.nodelist
    assert not condition.get_nodes_by_type(URLNode)
