"""Template filters for categories."""

from django import template

from classifier.categories import ALL_CATEGORIES

register = template.Library()


@register.filter
def palette(slug: str) -> int:
    """Return the number of a category's colour in the palette: `<i class="cat cat-{{ slug|palette }}">`."""
    return ALL_CATEGORIES[slug].palette
