"""The categories of a ledger: the base categories as it names them, and below each its own.

`showing` makes a ledger's set the current one, as Django does with a language; `shown_categories` returns it. Without
a ledger, as in the training, the set is BASE.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from classifier.categories import ALL_CATEGORIES, CATEGORIES, OWN, Category, Kind, base_slug
from finbrain.core.current import as_current

Choices = list[tuple[str, str]]
# The keys of own categories: letters that are no shortcut (static/js/shortcuts.js).
_LETTERS = "abdeghlopqtvwz"


@dataclass(frozen=True)
class CategorySet:
    """The categories of a ledger, two sets with the same `version` being equal.

    categories: by slug in display order, each base category followed by its own. merged: the slug of a merged category
    -> the category that it counts as. What is stored never changes: it is read through `slug_of`.
    """

    version: str
    categories: Mapping[str, Category] = field(repr=False, compare=False)
    merged: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __contains__(self, slug: object) -> bool:
        return slug in self.categories

    def slug_of(self, stored: str) -> str:
        """Return the category that a stored slug counts as."""
        return self.merged.get(stored, stored)

    def category_of(self, stored: str) -> Category:
        """Return the category that a stored slug counts as. An unknown one is named by its slug."""
        slug = self.slug_of(stored)
        if slug in self.categories:
            return self.categories[slug]
        base = self.categories.get(slug.removesuffix(OWN))
        if base:
            return Category(slug, format_lazy(_("{}: the rest"), base.name), base.icon, base.palette, base.kind)
        other = CATEGORIES["other"]
        name = format_lazy("{} ({})", _("Unknown category"), slug) if slug else _("Unknown category")
        return Category(slug, name, other.icon, other.palette)

    def base_of(self, stored: str) -> str:
        """Return the base category that a stored slug counts under. An unknown one stands for itself."""
        slug = self.slug_of(stored)
        return base_slug(slug) if slug in self.categories else slug

    def own_of(self, base: str) -> tuple[str, ...]:
        """Return the own categories of a base category in display order."""
        return tuple(slug for slug in self.categories if slug.startswith(base + OWN))

    def stored_slugs(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return every stored slug that counts under one of the categories: a base category includes its own ones.

        `rest_of` a base category is that category without its own ones.
        """
        wanted: dict[str, None] = {}
        for slug in slugs:
            of_base = () if slug.endswith(OWN) else self.own_of(slug)
            wanted |= dict.fromkeys((slug.removesuffix(OWN), *of_base))
        return (*wanted, *(old for old, new in self.merged.items() if new in wanted))

    def chosen(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return the categories that slugs name, in display order. Unknown ones are left out."""
        wanted = {self.slug_of(slug) for slug in slugs}
        return tuple(name for slug in self.categories for name in (slug, rest_of(slug)) if name in wanted)

    @cached_property
    def _offered(self) -> tuple[Category, ...]:
        return tuple(each for each in self.categories.values() if not each.hidden)

    def choices(self, kind: Kind = Kind.SPENT) -> Choices:
        """Return (slug, name) pairs of the categories that aren't hidden, in display order."""
        language = get_language() or "en"
        return [(each.slug, name_in(self, each.slug, language)) for each in self._offered if each.kind == kind]

    def grouped_choices(self) -> list[tuple[str, Choices]]:
        """Return (name of the kind, pairs of its categories), for Django's `choices` and for menus."""
        return [(str(kind.label), self.choices(kind)) for kind in Kind]

    def keyed_choices(self) -> list[tuple[str, str, str]]:
        """Return (slug, name, key) of what was spent: a base category has a number as its key, an own one a letter."""
        numbers, letters = iter("123456789"), iter(_LETTERS)
        return [(slug, name, next(letters if is_own(slug) else numbers, "")) for slug, name in self.choices()]

    def select_choices(self) -> list[tuple[str, Choices]]:
        """Return `grouped_choices` for a `<select>`, which has only one level: own categories are indented."""
        return [
            (kind, [(slug, indented(slug, name)) for slug, name in pairs]) for kind, pairs in self.grouped_choices()
        ]


BASE = CategorySet("", ALL_CATEGORIES)
_current: ContextVar[CategorySet] = ContextVar("categories", default=BASE)


def shown_categories() -> CategorySet:
    """Return the current set."""
    return _current.get()


def showing(categories: CategorySet) -> AbstractContextManager[None]:
    """Make a ledger's set the current one in a block."""
    return as_current(_current, categories)


def category_of(stored: str) -> Category:
    """Return the category that a stored slug counts as in the current set."""
    return shown_categories().category_of(stored)


@lru_cache(maxsize=2048)
def name_in(categories: CategorySet, slug: str, language: str) -> str:
    """Return a category's name in the active language. `language` must be that language: it is a cache key."""
    return str(categories.category_of(slug).name)


def rest_of(base: str) -> str:
    """Return the slug that stands for a base category without its own ones. It is never stored."""
    return base + OWN


def is_own(slug: str) -> bool:
    """Whether a slug is that of an own category."""
    return bool(slug.partition(OWN)[2])


def indented(slug: str, name: str) -> str:
    """Return the name of a category as an option below that of its base category."""
    return f"\u2003{name}" if is_own(slug) else name
