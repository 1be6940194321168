"""The quality of the model by version, for the chart in the admin."""

import json

from django.utils.translation import gettext_lazy as _

from .models import ModelVersion

MOST = 30
LINES = (
    ("accuracy", _("accuracy"), "#2563eb"),
    ("macro_f1", _("macro-F1"), "#d97706"),
    ("sure_accuracy", _("accuracy when sure"), "#059669"),
)


def quality_chart() -> dict[str, object]:
    """chart: Chart.js data as JSON. rows: the same numbers as (version, values…). headings: of the columns."""
    versions = list(ModelVersion.objects.order_by("-number").defer("artifact")[:MOST])[::-1]
    labels = [str(version.number) for version in versions]
    values = {name: [version.metrics.get(name) for version in versions] for name, _label, _colour in LINES}
    datasets = [
        {"label": str(label), "data": values[name], "borderColor": colour, "backgroundColor": colour}
        for name, label, colour in LINES
    ]
    return {
        "chart": json.dumps({"labels": labels, "datasets": datasets}),
        "headings": [label for _name, label, _colour in LINES],
        "rows": list(zip(labels, zip(*values.values(), strict=True), strict=True)),
    }
