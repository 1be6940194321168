"""What a template prints of a category beside its name."""

from django import template

from classifier.categories import CATEGORIES

register = template.Library()


@register.filter
def palette(slug: str) -> int:
    """Which colour of the palette a category has: `<i class="cat cat-{{ slug|palette }}">`."""
    return CATEGORIES[slug].palette
