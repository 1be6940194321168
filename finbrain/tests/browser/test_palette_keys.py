"""The palette by keyboard, also while it is loading and after it failed to load."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from expenses.models import Expense
from expenses.tests.making import make_expense
from finbrain.tests.browser.holding import Requests

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "typed"), [("en", "dash"), ("he", "תמונת")])
def test_the_palette_by_keyboard(page_alice: Page, alice, language, typed):
    alice.language = language
    alice.save()
    make_expense(alice, "Zumba", spent_on=date(2026, 2, 3))
    field, chosen = page_alice.locator("#palette input"), page_alice.locator("#palette [aria-selected=true]")
    requests = Requests(page_alice, re.compile("palette"))
    for requests.refused in ("/expenses/palette/", "/palette."):
        page_alice.goto("/expenses/")
        page_alice.keyboard.press("ControlOrMeta+k")
        expect(page_alice.locator(".toast-error")).to_be_visible()
        expect(field).to_be_hidden()
    requests.refused = ""
    page_alice.goto("/expenses/")
    with requests.held("/expenses/palette/"):
        page_alice.keyboard.press("ControlOrMeta+k")
    page_alice.keyboard.type("i")  # on the page, the key for the inbox
    expect(field).to_have_value("i")
    requests.let_go()
    expect(chosen).to_have_count(1)
    page_alice.keyboard.press("Backspace")
    expect(chosen).to_have_id("go-add")
    page_alice.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "go-expenses-list")
    expect(chosen).to_have_id("go-expenses-list")
    page_alice.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page_alice.keyboard.press("ControlOrMeta+k")
    page_alice.keyboard.type(typed)
    expect(chosen).to_have_id("go-dashboard")
    page_alice.keyboard.press("Enter")
    page_alice.wait_for_url("**/dashboard/")
    last = str(timezone.localdate().year - 1)
    for keys, url in ((last, rf"/dashboard/\?month={last}-12"), ("JPY", r"/dashboard/\?.*currency=JPY")):
        page_alice.keyboard.press("ControlOrMeta+k")
        expect(field).to_be_focused()
        page_alice.keyboard.type(keys)
        page_alice.keyboard.press("Enter")
        page_alice.wait_for_url(re.compile(url))
    with requests.held("/expenses/palette/"):
        page_alice.keyboard.press("ControlOrMeta+k")
    page_alice.keyboard.type("Zumba")
    page_alice.keyboard.press("Enter")
    requests.let_go()
    page_alice.wait_for_url("**q=Zumba")
    expect(page_alice.locator("#rows .row")).to_have_count(1)
    page_alice.keyboard.press("ControlOrMeta+k")
    expect(field).to_be_focused()
    page_alice.locator("#go-dark").click()
    expect(page_alice.locator("html")).to_have_attribute("data-theme", "dark")
    assert Expense.objects.count() == 1


def test_the_options_are_shown_once_a_click_on_them_works(page_alice: Page):
    requests, dark = Requests(page_alice, re.compile("palette")), page_alice.locator("#go-dark")
    page_alice.goto("/expenses/")
    with requests.held("/palette."):
        page_alice.keyboard.press("ControlOrMeta+k")
    expect(dark).to_be_attached()
    expect(dark).to_be_hidden()
    requests.let_go()
    dark.click()
    expect(page_alice.locator("html")).to_have_attribute("data-theme", "dark")
