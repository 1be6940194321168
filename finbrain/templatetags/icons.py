"""The tags `{% icon "plus" %}` and `{% category_icon slug %}`, which need no `{% load %}`: the settings load them."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from classifier.category_set import category_of

_SPRITE = "img/icons.svg"
register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> SafeString:
    """Render an icon of the sprite, hidden from screen readers. classes: further CSS classes, such as for the size."""
    more = f" {classes}" if classes else ""
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', more, static(_SPRITE), name)


@register.simple_tag
def category_icon(slug: str) -> SafeString:
    """Render the icon of a category, with its name for screen readers and the pointer."""
    category = category_of(slug)
    html = '<span class="cat-icon" title="{0}">{1}<span class="visually-hidden">{0}</span></span>'
    return format_html(html, category.name, icon(category.icon))
