"""A ledger's own categories, and its changes of the base ones. Pure: stored with the person as JSON."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from classifier.categories import ALL_CATEGORIES, OWN, Category, Kind, base_slug
from classifier.category_set import BASE, CategorySet

NAME_LENGTH = 40
# Colours, then the same colours with each pattern. static/css/tokens.css and charts.js have as many.
HUES, _PATTERNS = 12, 4
PALETTE = HUES * _PATTERNS
# Icons of the sprite to choose from, besides those of the base categories.
ICONS = (
    *(category.icon for category in ALL_CATEGORIES.values()),
    *("paw", "plane", "cup", "baby", "shirt", "phone", "wrench", "film", "ball", "bag", "leaf", "music"),
)
# Own categories of a ledger, merged ones included.
MOST = 200


def palette_class(palette: int) -> str:
    """Return the classes of a colour number after `cat-`: `3` for a plain one, `3 pattern-1` for one with a pattern."""
    pattern, hue = divmod(palette - 1, HUES)
    return f"{hue + 1} pattern-{pattern}" if pattern else str(hue + 1)


class CategoryRow(NamedTuple):
    """A stored category: a base one or an own one, by its slug.

    name, icon, palette: "" or 0 for what the base category has. into: the slug it was merged into, "" if it wasn't.
    """

    slug: str
    name: str = ""
    icon: str = ""
    palette: int = 0
    hidden: bool = False
    into: str = ""

    @property
    def base(self) -> str:
        return base_slug(self.slug)

    @property
    def is_own(self) -> bool:
        return self.slug != self.base


# Whatever was moved has its meaning in code, so its categories can't be changed.
_DEFAULTS = tuple(CategoryRow(each.slug) for each in ALL_CATEGORIES.values() if each.kind != Kind.MOVED)


class Stored(NamedTuple):
    """What is stored. rows: in display order, with all base categories that can be changed. declined: proposals."""

    rows: tuple[CategoryRow, ...]
    declined: tuple[str, ...] = ()

    def to_text(self) -> str:
        return json.dumps({"categories": [row._asdict() for row in self.rows], "declined": self.declined})


def read_stored(text: str) -> Stored:
    """Read what is stored. A row that can't be read, because another release wrote it, is left out."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = {}
    listed, declined = (_list_in(found, name) for name in ("categories", "declined"))
    rows = {row.slug: row for each in listed if (row := _read_row(each))}
    rows |= {row.slug: row for row in _DEFAULTS if row.slug not in rows}
    return Stored(tuple(rows.values()), tuple(each for each in declined if isinstance(each, str)))


def _list_in(found: Any, name: str) -> list[Any]:
    listed = found.get(name) if isinstance(found, dict) else None
    return listed if isinstance(listed, list) else []


def _read_row(each: Any) -> CategoryRow | None:
    if not isinstance(each, dict) or not isinstance(each.get("slug"), str):
        return None
    known = {
        name: each[name]
        for name, default in CategoryRow._field_defaults.items()
        if type(each.get(name)) is type(default)
    }
    row = CategoryRow(each["slug"], **known)
    base, own, rest = row.slug.partition(OWN)
    readable = base in ALL_CATEGORIES and bool(own) == bool(rest) and bool(row.name or not own)
    return row if readable and 0 <= row.palette <= PALETTE else None


@lru_cache(maxsize=512)
def read_categories(text: str) -> CategorySet:
    """Return the categories that are stored with a person. They are built once in each process for each content."""
    return category_set(read_stored(text).rows, text) if text else BASE


def category_set(rows: Sequence[CategoryRow], version: str) -> CategorySet:
    """Return the categories of rows: of each kind, the base categories in their order, each followed by its own."""
    bases = {row.slug: _as_category(row) for row in rows if not row.is_own}
    own = [row for row in rows if row.is_own and not row.into]
    found: dict[str, Category] = {}
    for kind in Kind:
        of_kind = [base for base in (bases | _moved()).values() if base.kind == kind]
        for base in of_kind:
            found[base.slug] = base
            found |= {row.slug: _as_category(row) for row in own if row.base == base.slug}
    return CategorySet(version, found, _merged(rows, found))


def _moved() -> dict[str, Category]:
    return {slug: category for slug, category in ALL_CATEGORIES.items() if category.kind == Kind.MOVED}


def _as_category(row: CategoryRow) -> Category:
    base = ALL_CATEGORIES[row.base]
    look = row.icon if row.icon in ICONS else base.icon, row.palette or base.palette
    return Category(row.slug, row.name or base.name, *look, base.kind, row.hidden)


def _merged(rows: Sequence[CategoryRow], found: dict[str, Category]) -> dict[str, str]:
    """Return merged slug -> the category that it counts as at last. A chain that leads nowhere is left out."""
    into = {row.slug: row.into for row in rows if row.into}
    ends: dict[str, str] = {}
    for slug in into:
        at, seen = slug, {slug}
        while (at := into.get(at, at)) not in seen:
            seen.add(at)
        if at in found:
            ends[slug] = at
    return ends
