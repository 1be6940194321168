"""Chart the quality of the model versions for the admin."""

import json
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
