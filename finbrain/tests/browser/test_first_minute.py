"""The first minute in a browser: from sign-up to typing, errors that go, settings that save themselves."""

import re

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from conftest import PASSWORD
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser

NO_PASSKEYS = "delete window.PublicKeyCredential"


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def test_from_sign_up_to_the_first_letter(new_context, live_server, db):
    context = new_context(locale="en-US", timezone_id="Asia/Jerusalem")
    page = context.new_page()
    page.goto("/accounts/signup/")
    expect(page.locator("[name=first_name]")).to_be_focused()
    page.keyboard.type("Ann")
    page.locator("[name=email]").fill("ann@example.com")
    page.locator("[name=password1]").fill("abc")
    page.locator("[name=password2]").fill("abc")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".errorlist li")).to_have_count(1)
    expect(page.locator("[name=password1]")).to_be_focused()
    page.keyboard.type(PASSWORD)
    expect(page.locator(".errorlist li")).to_have_count(0)
    page.locator("[name=password2]").fill("something else")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#id_password2_error li")).to_have_count(1)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").press_sequentially(PASSWORD[:5])
    expect(page.locator("#id_password2_error li")).to_have_count(1)
    page.locator("[name=password2]").fill(PASSWORD)
    expect(page.locator(".errorlist")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/expenses/#add")
    expect(page.locator("#id_title")).to_be_focused()
    expect(page.locator("#id_currency")).to_have_value("ILS")
    page.keyboard.type("Taxi home 58")
    page.keyboard.press("Enter")
    expect(page.locator("[data-expense]")).to_have_count(1)
    assert get_user_model().objects.get().week_start == "sun"


def test_passkeys_are_offered_only_where_they_work(new_context, live_server, alice, client_alice):
    able = new_context().new_page()
    able.goto("/accounts/login/")
    expect(able.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    context = new_context()
    context.add_init_script(NO_PASSKEYS)
    page = context.new_page()
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type("alice@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".shell")).to_be_visible()
    for path in ("settings/", "2fa/"):
        page.goto(f"/accounts/{path}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_text("Passkeys", exact=True).first).to_be_hidden()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("This browser can't use passkeys here.")).to_be_visible()
    expect(page.get_by_role("link", name="Add a passkey")).to_be_hidden()


def test_settings_save_themselves_and_other_forms_ask(page_alice, alice):
    page = page_alice
    page.goto("/accounts/settings/")
    page.locator("[name=first_name]").fill("Ali")
    page.locator("[name=last_name]").fill("")
    first = page.locator(".field", has=page.locator("[name=first_name]"))
    expect(first.locator(".said")).to_have_text("✓ Saved")
    page.locator("[name=home_currency]").select_option("JPY")
    expect(page.locator(".field", has=page.locator("[name=home_currency]")).locator(".said")).to_have_text("✓ Saved")
    page.locator("[name=first_name]").fill("")
    page.locator("[name=first_name]").blur()
    expect(first.locator(".said-error")).to_have_text("Fill this in.")
    page.locator("[name=first_name]").fill("Alina")
    page.goto("/accounts/settings/rates/")  # without leaving the field first
    until(lambda: get_user_model().objects.get().first_name == "Alina", "the last letters to be saved")
    saved = get_user_model().objects.get()
    assert (saved.last_name, saved.home_currency) == ("", "JPY")

    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto("/expenses/rules/new/")
    page.locator("main input[type=text]").first.fill("Taxi")
    page.get_by_role("link", name="Dashboard").click()
    until(lambda: asked == ["beforeunload"], "the question", pause=lambda s: page.wait_for_timeout(s * 1000))
    expect(page.locator("main input[type=text]").first).to_have_value("Taxi")
    page.get_by_role("main").get_by_role("link", name="Cancel").click()
    page.wait_for_url(re.compile("/expenses/rules/$"))
    assert asked == ["beforeunload"]


def test_a_demo_is_there_again_after_the_session_ended(page, db):
    page.goto("/")
    page.get_by_role("button", name="Try the demo").first.click()
    page.wait_for_url("**/dashboard/")
    demo = get_user_model().objects.get()
    page.context.clear_cookies(name="sessionid")
    page.goto("/expenses/?q=taxi")
    page.get_by_role("button", name="Return to your demo").click()
    page.wait_for_url("**/expenses/?q=taxi")
    assert get_user_model().objects.get() == demo
