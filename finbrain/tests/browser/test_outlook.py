"""Where the month is heading and what is odd this week, as drawn: chart and table have the same numbers."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from expenses.tests.forecast.test_outlook import lived  # noqa: F401 - a fixture
from expenses.tests.insights.test_weekly import odd  # noqa: F401 - a fixture
from finbrain.tests.browser import axe
from finbrain.tests.browser.test_dashboard import TOO_WIDE, drawn

pytestmark = [pytest.mark.browser]

# The labels below the chart that aren't inside it.
CUT_LABELS = """() => {
    const { ctx, width, scales: { x } } = Chart.getChart(document.getElementById("outlook"));
    ctx.font = `${Chart.defaults.font.size}px ${Chart.defaults.font.family}`;
    return x.ticks.map(({ label }) => label).filter((label, n) => {
        const [at, half] = [x.getPixelForTick(n), ctx.measureText(label).width / 2];
        return at - half < 0 || at + half > width;
    });
}"""


def test_the_outlook_and_the_insights(lived, odd, new_context, client_alice, live_server):  # noqa: F811
    context = new_context(viewport={"width": 360, "height": 800})
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/dashboard/")
    chart = drawn(page, "outlook")
    assert [each["label"] for each in chart["datasets"]] == ["Highest", "Most likely", "Lowest"]
    for column, dataset in zip((3, 2, 1), chart["datasets"], strict=True):
        cells = page.locator(f"#outlook-table tbody td:nth-child({column + 1})").all_inner_texts()
        assert [Decimal(cell.strip("₪").replace(",", "")) for cell in cells] == dataset["data"]
    assert not page.evaluate(TOO_WIDE)
    assert page.locator(".dash-outlook .table-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
    ink = "Chart.getChart(document.getElementById('outlook')).data.datasets[1].borderColor"
    light = page.evaluate(ink)
    page.evaluate("document.documentElement.dataset.theme = 'dark'; document.dispatchEvent(new Event('themechange'))")
    dark = page.evaluate(ink)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(ink) == light != dark
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(ink) == dark
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    problems = Axe().run(page, {"include": [[".dash-outlook"], [".dash-insights"]]}, options=axe.OPTIONS)
    assert not problems.response["violations"], problems.generate_report()
    page.get_by_role("button", name="Dismiss").first.click()
    expect(page.locator(".dash-insights")).to_have_count(0)
    expect(page.get_by_text("Dismissed.")).to_be_visible()
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "he", "url": live_server.url}])
    page.goto("/dashboard/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    drawn(page, "outlook")
    assert page.evaluate(CUT_LABELS) == []
