"""Where Chart.js lies: django-unfold ships it, so nothing is vendored here."""

from django import template
from django.templatetags.static import static

_CHART_JS = "unfold/js/chart/chart.js"
register = template.Library()


@register.simple_tag
def chartjs_path() -> str:
    """The URL of Chart.js."""
    return static(_CHART_JS)
