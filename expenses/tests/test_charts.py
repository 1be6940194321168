"""Chart.js comes with django-unfold, and a new version may move it or change its major version."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from expenses.templatetags.chartjs import _CHART_JS, chartjs_path


def test_chart_js_is_there_in_the_version_that_our_charts_are_written_for():
    text = Path(finders.find(_CHART_JS)).read_text()
    [version] = set(re.findall(r'static version="([\d.]+)"', text))
    assert version.split(".")[0] == "4"
    assert chartjs_path().endswith(_CHART_JS)
