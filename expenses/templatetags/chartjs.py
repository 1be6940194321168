"""The location of Chart.js. It is part of django-unfold, so FinBrain needs no copy."""

from django import template
from django.templatetags.static import static

_CHART_JS = "unfold/js/chart/chart.js"
register = template.Library()


@register.simple_tag
def chartjs_path() -> str:
    """Return the URL of Chart.js."""
    return static(_CHART_JS)
