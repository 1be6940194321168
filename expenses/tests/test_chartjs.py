"""Chart.js comes with django-unfold, and a new version may move it or change its version."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from expenses.templatetags.chartjs import chartjs_path

# A new minor version may draw differently: look at the charts before you change it.
PATH, VERSION = "unfold/js/chart/chart.js", "4.4.0"


def test_chart_js_is_there_in_the_version_that_our_charts_are_written_for():
    text = Path(finders.find(PATH)).read_text()
    assert set(re.findall(r'static version="([\d.]+)"', text)) == {VERSION}
    assert chartjs_path().endswith(PATH)
