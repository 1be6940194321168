"""The seven base categories. Slugs are stored and names are shown."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Category:
    """A category.

    slug: the stored identifier. name: the name to show, translated lazily. icon: its name in the site's icon set.
    palette: the number of its colour, `--palette-<n>` in static/css/tokens.css.
    """

    slug: str
    name: Promise
    icon: str
    palette: int

    @classmethod
    def choices(cls) -> list[tuple[str, Promise]]:
        """Return (slug, name) pairs in display order, for Django's `choices`."""
        return [(category.slug, category.name) for category in CATEGORIES.values()]


CATEGORIES: dict[str, Category] = {
    category.slug: category
    for category in (
        Category("food-drinks", _("Food & Drinks"), "utensils", 1),
        Category("housing-bills", _("Housing & Bills"), "home", 2),
        Category("transportation", _("Transportation"), "car", 3),
        Category("education-growth", _("Education & Personal Growth"), "book", 4),
        Category("health-essentials", _("Health & Essentials"), "heart", 5),
        Category("leisure-gifts", _("Leisure & Gifts"), "gift", 6),
        Category("other", _("Other"), "dots", 7),
    )
}

SLUGS: tuple[str, ...] = tuple(CATEGORIES)


def category_of(slug: str) -> Category:
    """Return the category with a stored slug. One that only another release knows is named by its slug."""
    if slug in CATEGORIES:
        return CATEGORIES[slug]
    other = CATEGORIES["other"]
    name = format_lazy("{} ({})", _("Unknown category"), slug) if slug else _("Unknown category")
    return Category(slug, name, other.icon, other.palette)
