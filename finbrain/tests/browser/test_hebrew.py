"""Right-to-left layout in a real browser."""

from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from expenses.tests.spending import Spent
from finbrain.tests.browser.expense_states import fill

pytestmark = pytest.mark.browser

PRESS = """([key, code]) =>
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true }))"""
# Where the sign and the first digit of an element's text begin, from the left.
SIGN_AND_DIGIT = """element => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    return [/[+−-]/, /\\d/].map((wanted) => {
        const range = document.createRange();
        const at = text.data.search(wanted);
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
    });
}"""


@pytest.fixture
def page_hebrew(new_context, client_alice, live_server) -> Page:
    """A page on Alice's phone, whose browser is set to Hebrew."""
    context = new_context(locale="he-IL", viewport={"width": 360, "height": 720})
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize(
    "address",
    [
        "/expenses/?month=all&q=a&category=food-drinks&min=1",
        "/dashboard/?month=2024-03",
        "/dashboard/?view=comparison&from=2024-01&to=2024-06",
        "/expenses/inbox/",
        "/accounts/settings/",
        "/accounts/settings/rates/",
        "/accounts/signup/",
    ],
)
def test_nothing_is_wider_than_a_phone(page_hebrew: Page, alice, address):
    fill(alice, 30)
    Spent("1234567.89", "ILS", date(2024, 3, 5), "education-growth").add(alice)
    if "signup" in address:
        page_hebrew.context.clear_cookies()
    page_hebrew.goto(address)
    expect(page_hebrew.locator("html[dir=rtl][lang=he]")).to_be_attached()
    assert page_hebrew.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_signs_are_left_of_their_numbers(page_hebrew: Page, alice):
    for amount, day in (("100.00", date(2024, 2, 5)), ("30.00", date(2024, 3, 5)), ("-12.00", date(2024, 3, 6))):
        Spent(amount, "ILS", day, "other").add(alice)
    for address, place in (
        ("/dashboard/?month=2024-03", "#change-table tbody td:last-child"),
        ("/expenses/?month=2024-03", "[data-amount^='-'] .num"),
    ):
        page_hebrew.goto(address)
        sign, digit = page_hebrew.locator(place).first.evaluate(SIGN_AND_DIGIT)
        assert sign < digit


def test_shortcuts_on_a_hebrew_keyboard(page_hebrew: Page, alice):
    fill(alice, 6)
    page_hebrew.goto("/expenses/?month=all")
    page_hebrew.evaluate(PRESS, ["ח", "KeyJ"])
    expect(page_hebrew.locator("#rows .row-title a").first).to_be_focused()
    page_hebrew.evaluate(PRESS, ["ס", "KeyX"])
    expect(page_hebrew.locator("#rows [name=ids]").first).to_be_checked()
    page_hebrew.evaluate(PRESS, ["מ", "KeyN"])
    expect(page_hebrew.locator("#id_title")).to_be_focused()
