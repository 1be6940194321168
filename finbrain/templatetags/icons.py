"""The tag `{% icon "plus" %}`. It needs no `{% load %}`, because the settings make it a built-in tag."""

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
    """Render an icon of the sprite, hidden from screen readers. classes: further CSS classes, such as for the size."""
    more = f" {classes}" if classes else ""
    return format_html('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', more, static(_SPRITE), name)
