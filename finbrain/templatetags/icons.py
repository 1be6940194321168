"""`{% icon "plus" %}`, in every template without `{% load %}`: settings name this library among the built-in ones."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

_SPRITE = "img/icons.svg"
register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, classes: str = "") -> SafeString:
    """The icon `name` of the sprite, which screen readers skip; more `classes` say how large it is."""
    more = f" {classes}" if classes else ""
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', more, static(_SPRITE), name)
