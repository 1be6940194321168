"""Help: axe finds nothing, nothing is wider than the screen, pictures are shown, signed in or not."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from finbrain.tests.browser import axe

pytestmark = pytest.mark.browser

SCREENS = [(360, "dark"), (1280, "light")]
PAGES = ["/help/", "/help/importing/", "/help/keyboard/", "/help/security/"]
BROKEN = """() => [...document.querySelectorAll("article img")].map((image) => {
  image.loading = "eager";
  return image.decode().then(() => "", () => image.src);
})"""


def check(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert [src for src in page.evaluate(f"Promise.all(({BROKEN})())") if src] == []
    assert [violation["id"] for violation in Axe().run(page, options=axe.OPTIONS).response["violations"]] == []


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_for_visitors(new_context, live_server, width, scheme):
    page = new_context(viewport={"width": width, "height": 720}, color_scheme=scheme).new_page()
    for path in PAGES:
        check(page, path)


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_for_people_in_hebrew(new_context, live_server, alice, client_alice, width, scheme):
    alice.language = "he"
    alice.save()
    context = new_context(viewport={"width": width, "height": 720}, color_scheme=scheme, locale="he-IL")
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    for path in PAGES[:2]:
        check(page, path)


def test_from_the_menu_through_the_guide(page_alice):
    page_alice.goto("/expenses/")
    page_alice.locator(".account > summary").click()
    page_alice.locator(".account a[href='/help/']").click()
    page_alice.locator("article a[href='/help/importing/']").click()
    page_alice.locator("article a[href='/help/teaching-finbrain/#the-inbox']").click()
    expect(page_alice.locator("#the-inbox")).to_be_in_viewport()
