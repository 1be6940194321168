"""The kinds of entries and their categories. Slugs are stored and names are shown.

Every category belongs to one kind, so choosing a category decides the kind. `CATEGORIES`, the seven base categories of
spending, are all that the common model for categories, its training and shared corrections know.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
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

    slug: the stored identifier. name: the name to show, translated lazily. icon: its name in the site's icon set.
    palette: the number of its colour, `--palette-<n>` in static/css/tokens.css. kind: of its entries.
    """

    slug: str
    name: Promise
    icon: str
    palette: int
    kind: Kind = Kind.SPENT

    @classmethod
    def choices(cls) -> list[tuple[str, Promise]]:
        """Return (slug, name) pairs of the base categories in display order, for Django's `choices`."""
        return [(category.slug, category.name) for category in CATEGORIES.values()]

    @classmethod
    def all_choices(cls) -> list[tuple[str, Promise]]:
        """Return (slug, name) pairs of the categories of every kind in display order."""
        return [(category.slug, category.name) for category in ALL_CATEGORIES.values()]

    @classmethod
    def grouped_choices(cls) -> list[tuple[str, list[tuple[str, Promise]]]]:
        """Return (name of the kind, pairs of its categories), for Django's `choices` and for menus."""
        return [
            (str(kind.label), [(each.slug, each.name) for each in ALL_CATEGORIES.values() if each.kind == kind])
            for kind in Kind
        ]


def _by_slug(*categories: Category) -> dict[str, Category]:
    return {category.slug: category for category in categories}


CATEGORIES: dict[str, Category] = _by_slug(
    Category("food-drinks", _("Food & Drinks"), "utensils", 1),
    Category("housing-bills", _("Housing & Bills"), "home", 2),
    Category("transportation", _("Transportation"), "car", 3),
    Category("education-growth", _("Education & Personal Growth"), "book", 4),
    Category("health-essentials", _("Health & Essentials"), "heart", 5),
    Category("leisure-gifts", _("Leisure & Gifts"), "gift", 6),
    Category("other", _("Other"), "dots", 7),
)
MOVED_CATEGORIES: dict[str, Category] = _by_slug(
    Category("transfer", _("Between own accounts"), "arrows", 7, Kind.MOVED),
    Category("cash", _("Cash withdrawal"), "banknote", 7, Kind.MOVED),
)
INCOME_CATEGORIES: dict[str, Category] = _by_slug(
    Category("salary", _("Salary"), "briefcase", 5, Kind.RECEIVED),
    Category("interest", _("Interest"), "percent", 5, Kind.RECEIVED),
    Category("gift", _("Gift"), "gift", 5, Kind.RECEIVED),
    Category("sale", _("Sale"), "tag", 5, Kind.RECEIVED),
    Category("tax-refund", _("Tax refund"), "receipt", 5, Kind.RECEIVED),
    Category("other-income", _("Other income"), "dots", 5, Kind.RECEIVED),
)
ALL_CATEGORIES: dict[str, Category] = CATEGORIES | MOVED_CATEGORIES | INCOME_CATEGORIES

SLUGS: tuple[str, ...] = tuple(CATEGORIES)
# The category of cash withdrawals.
CASH = "cash"
# The category of an entry whose kind is known, but nothing more.
FALLBACKS = {Kind.SPENT: "other", Kind.MOVED: "transfer", Kind.RECEIVED: "other-income"}


def kind_of(slug: str) -> Kind:
    """Return the kind of a category. An unknown category counts as spending."""
    category = ALL_CATEGORIES.get(slug)
    return category.kind if category else Kind.SPENT


def category_of_kind(kind: Kind, slugs: Iterable[str]) -> str:
    """Return the first of `slugs` that is a category of the kind, or else the kind's fallback."""
    return next((slug for slug in slugs if slug in ALL_CATEGORIES and kind_of(slug) == kind), FALLBACKS[kind])


def category_of(slug: str) -> Category:
    """Return the category with a stored slug. One that only another release knows is named by its slug."""
    if slug in ALL_CATEGORIES:
        return ALL_CATEGORIES[slug]
    other = CATEGORIES["other"]
    name = format_lazy("{} ({})", _("Unknown category"), slug) if slug else _("Unknown category")
    return Category(slug, name, other.icon, other.palette)
