"""Templates have short lines with one element each, and are served without indentation."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

from finbrain.template_loader import without_indentation
from finbrain.templatetags.icons import icon

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(ROOT.rglob("*.html"))
EMAILS = sorted(ROOT.rglob("*.txt"))
LONGEST = 140
BLOCKS = "button|dd|details|div|dl|dt|form|h[1-6]|label|li|nav|ol|option|p|section|select|summary|t[dhr]|tbody|ul"
TWO_ELEMENTS = re.compile(rf"</({BLOCKS})>\s*<[a-z]|<[a-z][^<]*>\s*<({BLOCKS})\b[^<]*>\s*<[a-z]")
TRANSLATED = re.compile(r"{% blocktranslate(?P<arguments>.*?) %}(?P<text>.*?){% endblocktranslate %}", re.DOTALL)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_lines(path):
    lines = path.read_text().splitlines()
    assert [line for line in lines if len(line) > LONGEST] == []
    assert [line for line in lines if TWO_ELEMENTS.search(line)] == [], "one element a line"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_translations_over_several_lines_are_trimmed(path):
    """Otherwise the indentation would be part of the message."""
    found = [match for match in TRANSLATED.finditer(path.read_text()) if "\n" in match["text"]]
    assert [match[0] for match in found if "trimmed" not in match["arguments"].split()] == []


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("<ul>\n  <li>a</li>\n\n  <li>b</li>\n</ul>\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        (
            '<a\n  href="x"\n  {% if y %}class="z"{% endif %}\n>\n  b\n</a>',
            '<a href="x"{% if y %} class="z"{% endif %}>\nb\n</a>',
        ),
        (
            '<p\n  title="a > b"\n  {% if c == ">" %}lang=\'d\'{% endif %}>',
            '<p title="a > b" {% if c == ">" %}lang=\'d\'{% endif %}>',
        ),
        ("<i\n  {% if a %}b{% else %}c{% endif %}\n>", "<i {% if a %}b{% else %}c{% endif %}>"),
        ("a {b\n  <i\n    id='{'\n  >", "a {b\n<i id='{'>"),
        ("a < b\n  and more", "a < b\nand more"),
        ("  <pre\n  id=a>\n   x\n</pre>\n  b", "  <pre\n  id=a>\n   x\n</pre>\nb"),
        (
            "<textarea>\n  x</textarea>\n  <textarea>\n  y</textarea>",
            "<textarea>\n  x</textarea>\n<textarea>\n  y</textarea>",
        ),
    ],
)
def test_indentation_is_not_served(source, served):
    assert without_indentation(source) == served


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_but_white_space_is_left_out(path):
    source = path.read_text()
    served = get_template(name(path)).template.source
    assert served == without_indentation(source)
    assert "".join(served.split()) == "".join(source.split())


@pytest.mark.parametrize("path", EMAILS, ids=name)
def test_text_emails_are_served_as_they_are(path):
    assert get_template(name(path)).template.source == path.read_text()


def test_icons():
    assert Template('{% icon "plus" %}').render(Context()) == icon("plus")
    assert '<svg class="icon" aria-hidden="true">' in icon("plus")
    assert '#plus"/>' in icon("plus")
    assert 'class="icon icon-sm"' in icon("plus", "icon-sm")
    assert "<b>" not in Template("{% icon name %}").render(Context({"name": '"><b>'}))


def test_every_icon_that_a_template_names_exists():
    sprite = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text()
    named = {found for path in PAGES for found in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert len(named) > 20
    assert {found for found in named if f'id="{found}"' not in sprite} == set()
