"""The pictures of the documents, docs/images/pictures.toml: they are there, and what they show still exists."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.urls import get_resolver, resolve

ROOT = Path(settings.BASE_DIR)
IMAGES = ROOT / "docs" / "images"
LISTED = tomllib.loads((IMAGES / "pictures.toml").read_text())
FILES = {
    folder / f"{picture['name']}.png": LISTED["defaults"] | picture
    for kind, folder in (("picture", IMAGES / "guide"), ("readme", IMAGES), ("landing", ROOT / "static/img/landing"))
    for picture in LISTED[kind]
}
LARGEST = 250_000
ELEMENTS = {"click", "wait", "fill", "select", "upload"}
# What makes elements: templates, the rows of the list, scripts.
MAKERS = [
    *(ROOT / "templates").rglob("*.html"),
    ROOT / "expenses/listing/row_html.py",
    *(ROOT / "static/js").glob("*.js"),
]
SOURCE = "\n".join(maker.read_text() for maker in MAKERS)
PART = re.compile(r"#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)|\[(?P<attribute>[\w-]+)")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


every_picture = pytest.mark.parametrize("file", FILES, ids=name_of)


def paths(picture: dict) -> Iterator[str]:
    yield picture["path"]
    yield from (step["goto"] for step in picture.get("do", ()) if "goto" in step)


def selectors(picture: dict) -> Iterator[str]:
    for step in picture.get("do", ()):
        yield from (step[kind] for kind in ELEMENTS & step.keys())
    if "of" in picture:
        yield picture["of"]


def ids_of_fields() -> set[str]:
    """The ids of the fields of all our forms."""
    assert get_resolver().url_patterns  # imports the views, and with them the forms

    def below(form: type) -> Iterator[type]:
        for child in form.__subclasses__():
            yield child
            yield from below(child)

    return {f"id_{name}" for form in below(forms.BaseForm) for name in getattr(form, "base_fields", ())}


def unknown(selector: str) -> list[str]:
    """The ids, classes and attributes of the selector that no element has."""
    return [part[0] for part in PART.finditer(selector) if not is_known(part)]


def is_known(part: re.Match) -> bool:
    if part["id"]:
        return f'id="{part["id"]}"' in SOURCE or part["id"] in ids_of_fields()
    before, name = (r'class="[^"]*', part["class"]) if part["class"] else ("", part["attribute"])
    return re.search(rf"{before}(?<![\w-]){name}(?![\w-])", SOURCE) is not None


@every_picture
def test_it_is_there_and_small(file):
    assert file.is_file()
    assert file.stat().st_size <= LARGEST


def test_no_other_picture_is_there():
    assert {*IMAGES.rglob("*.png"), *(ROOT / "static/img/landing").glob("*.png")} == set(FILES)


@every_picture
def test_its_pages_exist(file):
    for path in paths(FILES[file]):
        resolve(path.partition("?")[0])


@every_picture
def test_its_elements_exist(file):
    assert [part for selector in selectors(FILES[file]) for part in unknown(selector)] == []


@pytest.mark.parametrize(
    ("selector", "missing"),
    [
        ("#id_title", []),
        ("#id_own_rate_currency", []),
        ("main .card > summary", []),
        ("#no-such-id > summary", ["#no-such-id"]),
        ("#id_no_such_field", ["#id_no_such_field"]),
        ("#rows .row-titl a", [".row-titl"]),
        ("form[data-no-such=food]", ["[data-no-such"]),
    ],
)
def test_an_element_that_does_not_exist_is_found_out(selector, missing):
    assert unknown(selector) == missing
