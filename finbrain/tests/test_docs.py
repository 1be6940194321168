"""Everything that the README and the docs link to exists."""

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
TARGET = re.compile(r"`make ([a-z-]+)")
IMAGES = ROOT / "docs" / "images"
LISTED = tomllib.loads((IMAGES / "pictures.toml").read_text())
OF_GUIDE = [IMAGES / "guide" / f"{picture['name']}.png" for picture in LISTED["picture"]]
OF_README = [IMAGES / f"{picture['name']}.png" for picture in LISTED["readme"]]
PICTURES = OF_GUIDE + OF_README


def path_of(page: Path, target: str) -> Path:
    return (page.parent / target).resolve()


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text()):
        path = path_of(page, target)
        assert path in PICTURES or path.exists(), f"{page.name} links to {target}"


def test_every_decision_is_listed():
    decisions = ROOT / "docs" / "decisions"
    listed = LINK.findall((decisions / "README.md").read_text())
    assert {path.name for path in decisions.glob("*.md")} - {"README.md"} <= set(listed)


def test_every_test_that_security_names_exists():
    tables = [line for line in (ROOT / "SECURITY.md").read_text().splitlines() if re.match(r"\| \d+ \|", line)]
    assert [line.split("|")[1].strip() for line in tables] == [str(number) for number in range(1, 16)]
    for line in tables:
        named = re.findall(r"`([^`]+)`", line)
        assert named
        for path in named:
            assert "def test_" in (ROOT / path).read_text(), path


def test_the_guide_shows_each_listed_picture_once():
    guide = (ROOT / "docs" / "guide").glob("*.md")
    shown = [path_of(page, target) for page in guide for target in LINK.findall(page.read_text())]
    assert sorted(path for path in shown if path.parent == IMAGES / "guide") == sorted(OF_GUIDE)


def test_readme_shows_each_of_its_listed_pictures_once():
    readme = ROOT / "README.md"
    shown = [path_of(readme, target) for target in LINK.findall(readme.read_text())]
    assert sorted(path for path in shown if path.parent == IMAGES) == sorted(OF_README)


def test_what_pictures_need_is_there():
    pictures = LISTED["picture"] + LISTED["readme"]
    uploads = [step["file"] for picture in pictures for step in picture.get("do", []) if "upload" in step]
    assert uploads
    assert all((ROOT / file).is_file() for file in uploads)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_has_the_targets_that_are_named(page):
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(TARGET.findall(page.read_text())) <= known
