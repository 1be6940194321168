"""The export's menu in a real browser."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from expenses.statements import read_file
from expenses.tests.making import make_expenses
from finbrain.tests.browser import axe
from finbrain.tests.browser.expense_states import fill

pytestmark = pytest.mark.browser


def download(page: Page, label: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.locator("#export .menu-item", has_text=label).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def signed_in(context: BrowserContext, live_server, client_alice) -> Page:
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize("label", ["CSV", "XLSX", "JSON", "OFX"])
def test_with_the_keyboard_each_format_is_a_download(page_alice, alice, label):
    fill(alice)
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#export summary").focus()
    page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#export .menu-panel")).to_be_visible()
    name, data = download(page_alice, label)
    assert name.endswith(f".{label.lower()}")
    assert read_file(data, name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_menu(new_context, live_server, alice, client_alice, scheme):
    fill(alice)
    page = signed_in(new_context(color_scheme=scheme), live_server, client_alice)
    page.goto("/expenses/?month=all")
    page.click("#export summary")
    found = Axe().run(page, context="#filters", options=axe.OPTIONS).response["violations"]
    assert [violation["id"] for violation in found] == []


def test_what_is_filtered_now_is_what_comes(page_alice, alice):
    make_expenses(alice, [{"title": "Taxi home", "amount": "58"}, {"title": "Tea", "amount": "3"}])
    page_alice.goto("/expenses/?month=all")
    page_alice.fill("#q", "taxi")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    page_alice.click("#export summary")
    _name, data = download(page_alice, "CSV")
    assert [row[1] for row in read_file(data, "finbrain.csv").rows] == ["Taxi home"]


@pytest.mark.parametrize("language", ["en", "he"])
def test_without_javascript_on_a_small_screen(new_context, live_server, alice, client_alice, language):
    make_expenses(alice, [{"title": "Taxi home", "amount": "58"}])
    alice.language = language
    alice.save()
    context = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = signed_in(context, live_server, client_alice)
    page.goto("/expenses/?month=all")
    page.click("#export summary")
    panel = page.locator("#export .menu-panel")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    _name, data = download(page, "JSON")
    assert b"Taxi home" in data
