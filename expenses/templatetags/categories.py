"""Template filters for categories."""

from django import template

from classifier.categories import category_of

register = template.Library()


@register.filter
def palette(slug: str) -> int:
    """Return the number of a category's colour in the palette: `<i class="cat cat-{{ slug|palette }}">`."""
    return category_of(slug).palette
