"""What README and the docs point to is there."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "classifier" / "data" / "README.md",
]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
TARGET = re.compile(r"`make ([a-z]+)")
GUIDE = ROOT / "docs" / "images" / "guide"
LISTED = tomllib.loads((ROOT / "docs" / "images" / "pictures.toml").read_text())["picture"]
PICTURES = [GUIDE / f"{picture['name']}.png" for picture in LISTED]


def path_of(page: Path, target: str) -> Path:
    return (page.parent / target).resolve()


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text()):
        path = path_of(page, target)
        assert path in PICTURES or path.exists(), f"{page.name} links to {target}"


def test_the_guide_shows_each_listed_picture_once():
    guide = (ROOT / "docs" / "guide").glob("*.md")
    shown = [path_of(page, target) for page in guide for target in LINK.findall(page.read_text())]
    assert sorted(path for path in shown if path.parent == GUIDE) == sorted(PICTURES)


def test_what_pictures_need_is_there():
    uploads = [step["file"] for picture in LISTED for step in picture.get("do", []) if "upload" in step]
    assert uploads
    assert all((ROOT / file).is_file() for file in uploads)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_has_the_targets_that_are_named(page):
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(TARGET.findall(page.read_text())) <= known
