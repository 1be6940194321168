"""The drawn dashboard: charts and tables match sums computed from the expenses."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from classifier.categories import CATEGORIES
from expenses.months import add_months
from expenses.tests.spending import SPRING, Spent, by_category
from finbrain.tests.browser import axe

pytestmark = [pytest.mark.browser]

NAMES = {str(category.name): slug for slug, category in CATEGORIES.items()}
SPRING_RANGE = "from=2024-03&to=2024-05"
DRAWN = """id => {
    const chart = Chart.getChart(document.getElementById(id));
    return { labels: chart.data.labels, datasets: chart.data.datasets.map(({ label, data }) => ({ label, data })) };
}"""


TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("main *")]
        .filter(item => item.getBoundingClientRect().right > innerWidth + 1)
        .filter(item => !item.parentElement.closest(".pills, .table-scroll, .visually-hidden"))
        .map(item => item.outerHTML.slice(0, 120))"""


SETTLED = """async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 12; frame++) await new Promise(requestAnimationFrame);
}"""


@pytest.fixture
def spring(alice):
    for item in SPRING:
        item.add(alice)
    return alice


@pytest.fixture
def open_alice(new_context, client_alice, live_server):
    """A function that opens a page of Alice's in its own context: `open_alice(locale="he")`."""

    def open_page(**options) -> Page:
        context = new_context(**options)
        cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    return open_page


def drawn(page: Page, chart: str) -> dict:
    page.locator(f"#{chart}").scroll_into_view_if_needed()  # charts are drawn when they are about to be seen
    page.wait_for_function("id => window.Chart?.getChart(document.getElementById(id))", arg=chart)
    return page.evaluate(DRAWN, chart)


def amount_of(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d.-]", "", text.replace("−", "-")))


def table_breakdown(page: Page) -> dict[str, Decimal]:
    page.wait_for_load_state("domcontentloaded")  # an address is new before its page is there
    rows = page.locator("#chart-table tbody tr").all()
    return {row.get_attribute("data-category"): amount_of(row.locator("td").first.inner_text()) for row in rows}


@pytest.mark.parametrize("currency", ["ILS", "USD", "JPY"])
@pytest.mark.parametrize("months", [[3], [3, 4, 5]])
def test_breakdown_is_written_as_spent(page_alice, spring, currency, months):
    query = "&".join(f"month=2024-{month:02}" for month in months)
    page_alice.goto(f"/dashboard/?{query}&currency={currency}")
    expected = by_category(SPRING, currency, {(2024, month) for month in months})
    assert table_breakdown(page_alice) == expected
    assert amount_of(page_alice.locator("#total").inner_text()) == sum(expected.values())
    assert amount_of(page_alice.locator("#chart-table tfoot td").first.inner_text()) == sum(expected.values())


@pytest.mark.parametrize("currency", ["ILS", "EUR"])
def test_comparison_is_drawn_and_written_as_spent(page_alice, spring, currency):
    page_alice.goto(f"/dashboard/?{SPRING_RANGE}&view=comparison&currency={currency}")
    data = drawn(page_alice, "chart")
    assert data["labels"] == ["Mar 2024", "Apr 2024", "May 2024"]
    slugs = [NAMES[dataset["label"]] for dataset in data["datasets"]]
    for place, month in enumerate((3, 4, 5)):
        expected = by_category(SPRING, currency, {(2024, month)})
        bars = [Decimal(str(dataset["data"][place])).quantize(Decimal("0.01")) for dataset in data["datasets"]]
        cells = page_alice.locator("#chart-table tbody tr").nth(place).locator("td").all_inner_texts()
        assert {slug: bar for slug, bar in zip(slugs, bars, strict=True) if bar} == expected
        assert [amount_of(text) for text in cells] == [*bars, sum(bars)]


def test_trend_is_drawn_and_written_as_spent(page_alice, spring):
    page_alice.goto("/dashboard/?month=2024-03&currency=ILS")
    spent, average = drawn(page_alice, "trend")["datasets"]
    by_day = dict.fromkeys(range(1, 32), Decimal(0))
    for item in SPRING:
        if item.day.month == 3:
            by_day[item.day.day] += item.value("ILS")
    assert [Decimal(str(value)) for value in spent["data"]] == [round(value, 2) for value in by_day.values()]
    week = sum((by_day[day] for day in range(9, 16)), Decimal(0)) / 7
    assert abs(Decimal(str(average["data"][14])) - week) < Decimal("0.02")
    page_alice.get_by_text("Show as table").click()
    cells = page_alice.locator("#trend-table tbody tr td:nth-child(2)").all_inner_texts()
    assert [amount_of(cell) for cell in cells] == [round(value, 2) for value in by_day.values()]


def click_bar(page: Page, chart: str, dataset: int, index: int) -> None:
    drawn(page, chart)
    place = page.evaluate(
        """([id, set, index]) => {
            const canvas = document.getElementById(id);
            const middle = Chart.getChart(canvas).getDatasetMeta(set).data[index].getCenterPoint();
            return [middle.x, middle.y];
        }""",
        [chart, dataset, index],
    )
    page.locator(f"#{chart}").click(position={"x": place[0], "y": place[1]})


def test_bar_and_day_lead_to_their_expenses(page_alice, spring):
    page_alice.goto("/dashboard/?month=2024-03")
    page_alice.locator("#chart-table a", has_text="Food & Drinks").click()
    expect(page_alice).to_have_url(re.compile(r"/expenses/\?month=2024-03&category=food-drinks"))
    expect(page_alice.locator("[data-expense]")).to_have_count(3)
    page_alice.go_back()
    page_alice.locator(".calendar a", has_text="15").click()
    expect(page_alice).to_have_url(re.compile(r"/expenses/\?month=2024-03&kind=spent&day=2024-03-15"))
    page_alice.goto(f"/dashboard/?{SPRING_RANGE}&view=comparison")
    click_bar(page_alice, "chart", 0, 1)
    expect(page_alice).to_have_url(re.compile(r"/expenses/\?month=2024-04&kind=spent&category=food-drinks"))


def test_currency_view_categories_and_months_are_one_click_and_in_the_url(page_alice, spring):
    page_alice.goto("/dashboard/?month=2024-03")
    page_alice.get_by_role("navigation", name="Currency").get_by_role("link", name="USD").click()
    expect(page_alice).to_have_url(re.compile("currency=USD"))
    assert table_breakdown(page_alice) == by_category(SPRING, "USD", {(2024, 3)})
    page_alice.get_by_role("navigation", name="Categories").get_by_role("link", name="Food & Drinks").click()
    expect(page_alice).to_have_url(re.compile("category=food-drinks"))
    assert set(table_breakdown(page_alice)) == {"food-drinks"}
    page_alice.get_by_role("link", name="Later").click()
    expect(page_alice).to_have_url(re.compile("month=2024-04.*currency=USD.*category=food-drinks"))
    page_alice.get_by_role("link", name="Comparison").click()
    expect(page_alice).to_have_url(re.compile("view=comparison"))
    assert [row["label"] for row in drawn(page_alice, "chart")["datasets"]] == ["Food & Drinks"]
    page_alice.get_by_text("Other months").click(force=True)
    page_alice.locator("#from").fill("2024-03")
    page_alice.locator("#to").fill("2024-05")
    page_alice.get_by_role("button", name="Show", exact=True).first.click()
    expect(page_alice.locator("#chart-table tbody tr")).to_have_count(3)
    expect(page_alice).to_have_url(re.compile("view=comparison.*currency=USD.*category=food-drinks"))
    assert drawn(page_alice, "chart")["labels"] == ["Mar 2024", "Apr 2024", "May 2024"]
    page_alice.locator("#currency").select_option("CHF")
    expect(page_alice).to_have_url(re.compile("currency=CHF"))
    expect(page_alice.locator("#currency option:checked")).to_have_text("Other…")


def test_tables_and_links_work_without_javascript(open_alice, spring):
    page = open_alice(java_script_enabled=False)
    page.goto("/dashboard/?month=2024-03")
    assert table_breakdown(page) == by_category(SPRING, "ILS", {(2024, 3)})
    expect(page.locator("canvas").first).to_be_hidden()
    expect(page.locator("#summary")).to_contain_text("Most went to Housing & Bills: ₪3,200.00")
    page.locator("#chart-table a", has_text="Transportation").click()
    expect(page).to_have_url(re.compile("category=transportation"))


def test_colours_follow_the_theme_and_the_numbers_stay(page_alice, spring):
    page_alice.goto("/dashboard/?month=2024-03&view=comparison")
    colors = "id => Chart.getChart(document.getElementById(id)).data.datasets.map(set => set.backgroundColor)"
    numbers, before = drawn(page_alice, "chart"), page_alice.evaluate(colors, "chart")
    page_alice.evaluate("document.querySelector('[data-theme-set=dark]').click()")
    after = page_alice.evaluate(colors, "chart")
    assert len(set(after)) == len(after) == len(before)
    assert after != before
    assert drawn(page_alice, "chart") == numbers


def test_a_chart_is_saved_as_a_picture_and_the_table_as_csv(page_alice, spring, tmp_path):
    page_alice.goto("/dashboard/?month=2024-03")
    with page_alice.expect_download() as saved:
        page_alice.locator("[data-save=chart]").click()
    path = Path(tmp_path / "chart.png")
    saved.value.save_as(path)
    assert saved.value.suggested_filename == "finbrain-chart-2024-03.png"
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size > 5_000
    with page_alice.expect_download() as saved:
        page_alice.get_by_role("link", name="Table as CSV").click()
    assert "Housing & Bills,3200.00" in Path(saved.value.path()).read_text("utf-8-sig")


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("query", ["month=2024-03", f"{SPRING_RANGE}&view=comparison", "from=2023-01&to=2024-12"])
def test_nothing_overflows_and_nothing_shifts(page_alice, spring, width, query):
    page_alice.add_init_script(
        """window.shift = 0;
        new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value; })
            .observe({ type: "layout-shift", buffered: true });"""
    )
    page_alice.set_viewport_size({"width": width, "height": 900})
    page_alice.goto(f"/dashboard/?{query}")
    drawn(page_alice, "trend")
    page_alice.evaluate(SETTLED)
    assert page_alice.evaluate(TOO_WIDE) == []
    assert page_alice.evaluate("window.shift") < 0.01


def test_right_to_left(open_alice, spring):
    page = open_alice(locale="he")
    page.goto("/dashboard/?month=2024-03")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_contain_text("מרץ")
    drawn(page, "trend")
    assert page.evaluate("Chart.getChart(document.getElementById('trend')).options.scales.x.reverse") is True
    assert sum(drawn(page, "trend")["datasets"][0]["data"]) == pytest.approx(
        float(sum(by_category(SPRING, "ILS", {(2024, 3)}).values()))
    )


def test_a_new_expense_is_drawn_at_once(page_alice, alice):
    for count in (1, 2):
        Spent("25.00", "ILS", date(2024, 3, 9), "other").add(alice)
        page_alice.goto("/dashboard/?month=2024-03")
        assert table_breakdown(page_alice) == {"other": Decimal(25 * count)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "query", ["month=2024-03", f"{SPRING_RANGE}&view=comparison&currency=USD", "month=2023-01&view=x"]
)
def test_axe_finds_nothing(open_alice, spring, scheme, query):
    page = open_alice(color_scheme=scheme)
    page.goto(f"/dashboard/?{query}")
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = !part.matches('.menu'))")
    found = Axe().run(page, options=axe.OPTIONS).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_months_of_five_weeks_are_not_stretched(page_alice, spring):
    page_alice.goto("/dashboard/?from=2024-03&to=2024-06&view=comparison")
    heights = page_alice.locator(".calendar td").evaluate_all(
        "cells => [...new Set(cells.map((cell) => Math.round(cell.getBoundingClientRect().height)))]"
    )
    assert len(heights) == 1


def test_a_long_title_keeps_its_beginning_in_hebrew(page_alice, alice, spring):
    alice.language = "he"
    alice.save()
    Spent("9000.00", "ILS", date(2024, 3, 5), "other", "Beginning of a title " + "that goes on " * 7).add(alice)
    page_alice.goto("/dashboard/?month=2024-03")
    link, text = page_alice.locator("#biggest .top-text a").first, page_alice.locator("#biggest .top-text").first
    assert link.evaluate("link => getComputedStyle(link).direction") == "ltr"
    assert link.evaluate("link => link.scrollHeight > link.clientHeight")
    short = page_alice.locator("#biggest .top-text a").nth(1).bounding_box()
    box = text.bounding_box()
    assert abs(short["x"] + short["width"] - box["x"] - box["width"]) < 2


def test_a_tooltip_beside_the_bars_has_all_categories_and_their_sum(page_alice, spring):
    page_alice.goto(f"/dashboard/?{SPRING_RANGE}&view=comparison")
    drawn(page_alice, "chart")
    box = page_alice.locator("#chart").bounding_box()
    page_alice.locator("#chart").hover(position={"x": box["width"] * 0.2, "y": 20})
    tooltip = "Chart.getChart(document.getElementById('chart')).tooltip"
    page_alice.wait_for_function(f"() => {tooltip}.opacity > 0")
    shown = page_alice.evaluate(f"() => [{tooltip}.title, {tooltip}.dataPoints.length, {tooltip}.footer]")
    total = sum(by_category(SPRING, "ILS", {(2024, 3)}).values())
    assert shown == [["Mar 2024"], page_alice.locator("#chart-table thead th").count() - 2, [f"Total: ₪{total:,.2f}"]]


def test_the_question_about_food_is_two_clicks_and_a_view_is_saved_with_three_more(page_alice, alice):
    this = timezone.localdate().replace(day=1)
    Spent("50.00", "ILS", this, "food-drinks", "Market").add(alice)
    Spent("40.00", "ILS", add_months(this, -3), "food-drinks", "Market").add(alice)
    page_alice.goto("/dashboard/")
    page_alice.get_by_role("link", name="3 months", exact=True).click()
    page_alice.get_by_role("navigation", name="Categories").get_by_role("link", name="Food & Drinks").click()
    answer = re.compile(r"On Food & Drinks, you spent ₪10\.00 \(25%\) more than (by the same day )?in")
    expect(page_alice.locator("#answer")).to_contain_text(answer)
    page_alice.get_by_text("Saved views", exact=True).click()
    page_alice.get_by_label("Name").fill("Food")
    page_alice.get_by_role("button", name="Save this view").click()
    expect(page_alice.locator("#answer")).to_contain_text("₪10.00 (25%) more")
    page_alice.get_by_text("Saved views", exact=True).click()
    assert Axe().run(page_alice, options=axe.OPTIONS).response["violations"] == []
    page_alice.get_by_role("link", name="Change saved views").click()
    page_alice.get_by_role("button", name="Start page").click()
    expect(page_alice.get_by_role("button", name="Start page")).to_have_attribute("aria-pressed", "true")
    assert Axe().run(page_alice, options=axe.OPTIONS).response["violations"] == []
    page_alice.goto("/")
    expect(page_alice.locator("#answer")).to_contain_text("On Food & Drinks")
