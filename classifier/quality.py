"""The quality of model versions, as a chart and as a table, for the admin."""

import json
from collections.abc import Sequence
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from classifier.categories import CATEGORIES
from classifier.models import ModelVersion

_MOST = 30
_OPTIONS = {"maintainAspectRatio": False, "plugins": {"legend": {"display": True, "position": "top"}}}
_LINES = (
    ("accuracy", _("accuracy"), "#2563eb"),
    ("macro_f1", _("macro-F1"), "#d97706"),
    ("sure_accuracy", _("accuracy when sure"), "#059669"),
)


class QualityTable(TypedDict):
    """The data of the admin's table component. Headers may be translated lazily."""

    headers: list[str | Promise]
    rows: list[list[str]]


class QualityChart(TypedDict):
    """The data of the chart. chart, options: JSON for Chart.js. table: the same numbers."""

    chart: str
    options: str
    table: QualityTable


def quality_chart() -> QualityChart:
    """Return the figures of the newest 30 versions, the oldest first."""
    versions = list(ModelVersion.objects.order_by("-number").defer("artifact")[:_MOST])[::-1]
    labels = [str(version.number) for version in versions]
    values = {name: [version.metrics.get(name) for version in versions] for name, _label, _colour in _LINES}
    datasets = [
        {"label": str(label), "data": values[name], "borderColor": colour, "backgroundColor": colour}
        for name, label, colour in _LINES
    ]
    rows = zip(labels, zip(*values.values(), strict=True), strict=True)
    return {
        "chart": json.dumps({"labels": labels, "datasets": datasets}),
        "options": json.dumps(_OPTIONS),
        "table": {
            "headers": [_("Version"), *(label for _name, label, _colour in _LINES)],
            "rows": [[label, *("–" if value is None else f"{value:.3f}" for value in line)] for label, line in rows],
        },
    }


def confusion_table(confusion: Sequence[Sequence[float]]) -> SafeString:
    """Return a table of true categories by answers. confusion: how many held-out texts each cell has."""
    lines = zip(CATEGORIES.values(), confusion, strict=False)
    head = format_html_join("", '<th class="px-3">{}</th>', ((category.name,) for category in CATEGORIES.values()))
    body = format_html_join("", "<tr><th>{}</th>{}</tr>", ((category.name, _cells(cells)) for category, cells in lines))
    return format_html("<table><tr><td></td>{}</tr>{}</table>", head, body)


def _cells(cells: Sequence[float]) -> SafeString:
    """Return the cells of a row in percent of the row."""
    total = sum(cells) or 1.0
    return format_html_join(
        "", '<td class="px-3 text-right">{}</td>', ((f"{100 * cell / total:.1f}",) for cell in cells)
    )
