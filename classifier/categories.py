"""The seven categories: slugs are stored, names are shown."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Category:
    """One category.

    slug: what is stored. name: what is shown, lazily translated. icon: the name of an icon of the site's icon set.
    palette: which of the site's colours it has, `--palette-<n>` in static/css/tokens.css.
    """

    slug: str
    name: Promise
    icon: str
    palette: int

    @classmethod
    def choices(cls) -> list[tuple[str, Promise]]:
        """(slug, name) pairs in display order, as Django's choices want them."""
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
