"""The back button brings pages with what was added since, in a real browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from expenses.tests.making import make_expense

pytestmark = pytest.mark.browser


@pytest.fixture
def shown_before(page_alice, alice):
    """A function that opens a page, adds an expense to review elsewhere, and returns to the page."""
    make_expense(alice, "Tea", 12, spent_on=timezone.localdate())

    def open_page(address: str):
        for _each in range(2):  # once the cookies are set, the browser keeps the page
            page_alice.goto(address)
        page_alice.goto("/expenses/trash/")
        make_expense(alice, "Coffee", 30, spent_on=timezone.localdate(), unsure=0.4)
        page_alice.go_back()
        return page_alice

    return open_page


def test_the_dashboard_has_its_figures(shown_before):
    page = shown_before("/dashboard/")
    expect(page.locator("main")).to_contain_text("₪42")
    expect(page.locator("#chart-table")).to_contain_text("30")
    expect(page.locator("#inbox-count")).to_contain_text("1")


@pytest.mark.parametrize("address", ["/expenses/", "/expenses/inbox/"])
def test_lists_have_its_row(shown_before, address):
    page = shown_before(address)
    expect(page.locator("main")).to_contain_text("Coffee")
    expect(page.locator("#inbox-count")).to_contain_text("1")


def test_a_dashboard_that_the_browser_kept_alive_is_loaded_again(shown_before):
    """Playwright's Chromium keeps no page alive, so the event of one is sent."""
    page = shown_before("/dashboard/")
    expect(page.locator("#inbox-count")).to_contain_text("1")
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
