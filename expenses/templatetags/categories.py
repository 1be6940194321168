"""Template filters for categories."""

from django import template

from classifier.category_set import category_of, is_own
from expenses.models.own_categories import palette_class

register = template.Library()


@register.filter
def palette(slug: str) -> str:
    """Return a category's colour in the palette, and its pattern: `<i class="cat cat-{{ slug|palette }}">`."""
    return palette_class(category_of(slug).palette)


@register.filter
def icon_of(slug: str) -> str:
    """Return the name of a category's icon: `{% icon slug|icon_of %}`."""
    return category_of(slug).icon


@register.filter
def own(slug: str) -> bool:
    """Whether a category is one of the ledger's own, below a base category."""
    return is_own(slug)


@register.filter
def palette_number(number: str) -> str:
    """Return the classes of a colour number, like `palette`."""
    return palette_class(int(number))
