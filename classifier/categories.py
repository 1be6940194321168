"""The kinds of entries and their categories. Slugs are stored and names are shown.

Every category belongs to one kind, so choosing a category decides the kind. `CATEGORIES`, the seven base categories of
spending, are all that the common model for categories, its training and shared corrections know.

A ledger may rename base categories and have categories of its own below them (`category_set`). The slug of an own
category begins with that of its base: `other_6f1c2a`. So its kind is known without the ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """The kinds of an entry. Only what was spent counts as spending.

    SPENT: also refunds, which are negative. MOVED: between a person's own accounts: transfers, payments of their card,
    savings, cash withdrawals. RECEIVED: income.
    """

    SPENT = "spent", _("Spent")
    MOVED = "moved", _("Moved")
    RECEIVED = "received", _("Received")


@dataclass(frozen=True)
class Category:
    """A category.

    slug: the stored identifier. name: the name to show, translated lazily unless a person typed it. icon: its name in
    the site's icon set. palette: the number of its colour, `--palette-<n>` in static/css/tokens.css. kind: of its
    entries. hidden: whether menus leave it out and FinBrain never suggests it.
    """

    slug: str
    name: Promise | str
    icon: str
    palette: int
    kind: Kind = Kind.SPENT
    hidden: bool = False

    @classmethod
    def choices(cls) -> list[tuple[str, Promise | str]]:
        """Return (slug, name) pairs of the base categories in display order, for Django's `choices`."""
        return [(category.slug, category.name) for category in CATEGORIES.values()]

    @classmethod
    def all_choices(cls) -> list[tuple[str, Promise | str]]:
        """Return (slug, name) pairs of the base categories of every kind in display order."""
        return [(category.slug, category.name) for category in ALL_CATEGORIES.values()]


def _by_slug(*categories: Category) -> dict[str, Category]:
    return {category.slug: category for category in categories}


CATEGORIES: dict[str, Category] = _by_slug(
    Category("food-drinks", _("Food & Drinks"), "food-drinks", 1),
    Category("housing-bills", _("Housing & Bills"), "housing-bills", 2),
    Category("transportation", _("Transportation"), "transportation", 3),
    Category("education-growth", _("Education & Personal Growth"), "education-growth", 4),
    Category("health-essentials", _("Health & Essentials"), "health-essentials", 5),
    Category("leisure-gifts", _("Leisure & Gifts"), "leisure-gifts", 6),
    Category("other", _("Other"), "other", 7),
)
_MOVED_CATEGORIES: dict[str, Category] = _by_slug(
    Category("transfer", _("Between own accounts"), "transfer", 7, Kind.MOVED),
    Category("cash", _("Cash withdrawal"), "cash", 7, Kind.MOVED),
)
INCOME_CATEGORIES: dict[str, Category] = _by_slug(
    Category("salary", _("Salary"), "salary", 5, Kind.RECEIVED),
    Category("interest", _("Interest"), "interest", 5, Kind.RECEIVED),
    Category("gift", _("Gift"), "gift", 5, Kind.RECEIVED),
    Category("sale", _("Sale"), "sale", 5, Kind.RECEIVED),
    Category("tax-refund", _("Tax refund"), "tax-refund", 5, Kind.RECEIVED),
    Category("other-income", _("Other income"), "other-income", 5, Kind.RECEIVED),
)
ALL_CATEGORIES: dict[str, Category] = CATEGORIES | _MOVED_CATEGORIES | INCOME_CATEGORIES

SLUGS: tuple[str, ...] = tuple(CATEGORIES)
# What stands between a base category and the rest of an own category's slug.
OWN = "_"
# The category of cash withdrawals.
CASH = "cash"
# The category of an entry whose kind is known, but nothing more.
FALLBACKS = {Kind.SPENT: "other", Kind.MOVED: "transfer", Kind.RECEIVED: "other-income"}


def base_slug(slug: str) -> str:
    """Return the slug of the base category that a slug begins with, or the slug itself if it begins with none."""
    base = slug.partition(OWN)[0]
    return base if base in ALL_CATEGORIES else slug


def kind_of(slug: str) -> Kind:
    """Return the kind of a category. An unknown category counts as spending."""
    category = ALL_CATEGORIES.get(base_slug(slug))
    return category.kind if category else Kind.SPENT


def category_of_kind(kind: Kind, slugs: Iterable[str]) -> str:
    """Return the first of `slugs` that is a category of the kind, or else the kind's fallback."""
    return next(
        (slug for slug in slugs if base_slug(slug) in ALL_CATEGORIES and kind_of(slug) == kind), FALLBACKS[kind]
    )
