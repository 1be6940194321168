"""The layout of the expenses page's rows on wide and narrow screens."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from expenses.tests.making import make_expenses
from finbrain.tests.browser.expense_states import fill, full, kinds

pytestmark = pytest.mark.browser
CUT_OFF = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"


def test_a_row_that_asks_is_two_lines_of_chips_at_most(page_alice: Page, alice):
    page_alice.set_viewport_size({"width": 1440, "height": 900})
    long = {"category": "education-growth", "alternatives": "health-essentials,leisure-gifts", "unsure": 0.5}
    longest = {"category": "leisure-gifts", "alternatives": "education-growth,health-essentials", "unsure": 0.5}
    make_expenses(alice, [{"title": "Ballet", "amount": "50", **values} for values in (long, longest)])
    full(page_alice, alice)
    heights = page_alice.locator(".row:has(.ask)").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert heights
    assert max(heights) <= 84


def test_no_category_is_cut_off_on_a_phone(page_alice: Page, alice):
    page_alice.set_viewport_size({"width": 360, "height": 800})
    full(page_alice, alice)
    assert page_alice.locator("#rows .row-cat > .chip .cat-name").evaluate_all(CUT_OFF) == []


def test_the_month_is_one_line_on_a_phone(page_alice: Page, alice):
    page_alice.set_viewport_size({"width": 360, "height": 800})
    make_expenses(alice, [{"title": "Rent", "amount": "12345.67", "spent_on": date(2026, 9, 2)}])
    page_alice.goto("/expenses/?month=2026-09")
    head, total = page_alice.locator("#month-head").bounding_box(), page_alice.locator("#list-total").bounding_box()
    assert head["x"] + head["width"] <= total["x"]
    assert total["x"] + total["width"] <= 360
    heading = page_alice.locator(".month-head h1")
    assert heading.evaluate("one => one.offsetHeight < 1.9 * parseFloat(getComputedStyle(one).lineHeight)")


def test_the_line_under_the_total_is_below_the_month_on_a_phone(page_alice: Page, alice):
    page_alice.set_viewport_size({"width": 360, "height": 800})
    kinds(page_alice, alice)
    head, total = page_alice.locator("#month-head").bounding_box(), page_alice.locator("#list-total").bounding_box()
    assert head["y"] + head["height"] <= total["y"]
    assert total["x"] + total["width"] <= 360
    page_alice.locator("#list-total a").last.click()
    expect(page_alice.locator("#rows .row")).to_have_count(1)
    expect(page_alice.locator("#rows .row")).to_have_attribute("data-kind", "received")


def test_the_inbox_tells_its_keys(page_alice: Page, alice):
    fill(alice)
    page_alice.goto("/expenses/inbox/")
    page_alice.keyboard.press("?")
    expect(page_alice.locator("#shortcuts")).to_be_visible()
    expect(page_alice.locator("#shortcuts")).to_contain_text("Undo the last one")
