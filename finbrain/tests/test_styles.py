"""Rules for the style sheets."""

import re

import pytest
from django.conf import settings

from classifier.categories import CATEGORIES
from expenses.models.own_categories import HUES

SHEETS = {sheet.name: sheet.read_text() for sheet in (settings.BASE_DIR / "static" / "css").glob("*.css")}


def test_only_hidden_elements_need_important():
    found = [line for text in SHEETS.values() for line in text.splitlines() if "!important" in line]
    assert found == ["[hidden] { display: none !important; }"]


def test_categories_have_colours_by_number():
    assert sorted(category.palette for category in CATEGORIES.values()) == list(range(1, len(CATEGORIES) + 1))
    assert not [name for name, text in SHEETS.items() if any(slug in text for slug in CATEGORIES if slug != "other")]


@pytest.mark.parametrize("number", range(1, HUES + 1))
def test_each_number_has_a_class_and_three_colours(number):
    assert f".cat-{number} {{ --cat: var(--palette-{number}); " in SHEETS["components.css"]
    for name in (f"--palette-{number}", f"--palette-{number}-ink", f"--palette-{number}-soft"):
        assert re.search(rf"^  {name}: light-dark\(", SHEETS["tokens.css"], re.MULTILINE)


def test_what_is_used_of_the_tokens_is_defined():
    defined = {name for text in SHEETS.values() for name in re.findall(r"(--[\w-]+):", text)}
    used = {name for text in SHEETS.values() for name in re.findall(r"var\((--[\w-]+)", text)}
    assert used <= defined
