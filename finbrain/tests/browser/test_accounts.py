"""Accounts in a real browser: password reset, second step, passkeys, sessions, settings, deletion."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from conftest import PASSWORD
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser

NEW_PASSWORD = "nine green bottles on the wall"


def submit(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("alice@example.com")
    page.locator("[name=password]").fill(password)
    submit(page)


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    submit(page)
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def show_who_it_is(page: Page) -> None:
    expect(page.get_by_role("heading", name="Confirm it's you")).to_be_visible()
    page.locator("[name=password]").fill(PASSWORD)
    submit(page)


def code_for(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def test_a_forgotten_password_is_reset_by_email(page, alice, live_server, mailoutbox, settings):
    settings.SITE_URL = live_server.url
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.locator("[name=email]").fill("Alice@example.com")
    submit(page)
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    until(lambda: mailoutbox, "the email, which is sent after the answer")
    link = re.search(r"https?://\S+/reset/key/\S+", mailoutbox[0].body)[0]
    page.goto(link)
    page.locator("[name=password1]").fill(NEW_PASSWORD)
    page.locator("[name=password2]").fill(NEW_PASSWORD)
    submit(page)
    expect(page.get_by_role("heading", name="Your password was changed")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link has already been used")).to_be_visible()
    sign_in(page, NEW_PASSWORD)
    expect(page.locator(".shell")).to_be_visible()


def test_the_meter_follows_what_is_typed(page, live_server, db):
    page.goto("/accounts/signup/")
    page.locator("[name=first_name]").fill("Wilhelmina")
    field = page.locator("[name=password1]")
    field.press_sequentially("Wilhelmina1")
    expect(page.locator(".strength")).to_contain_text("very weak. Your name and email are easy to guess.")
    field.fill("a walk in the park at noon")
    expect(page.locator(".strength")).to_contain_text("Strength: strong.")
    page.locator(".password", has=field).get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")


def test_an_authenticator_app_and_its_recovery_codes(page_alice, alice):
    page = page_alice
    page.goto("/accounts/settings/")
    page.get_by_role("link", name="Manage Second step at sign-in").click()
    page.get_by_role("link", name="Set up").click()
    show_who_it_is(page)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_text("Can't scan it?").click()
    secret = page.locator(".secret").inner_text()
    page.locator("[name=code]").fill("000000")
    submit(page)
    expect(page.locator(".errorlist")).to_be_visible()
    page.locator("[name=code]").fill(code_for(secret))
    submit(page)
    expect(page.locator("#recovery_codes code")).to_have_count(10)
    codes = page.locator("#recovery_codes code").all_inner_texts()
    assert len(set(codes)) == 10

    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.goto("/expenses/")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.locator("[name=code]").fill(codes[0])
    submit(page)
    expect(page.locator(".shell")).to_be_visible()

    sign_out(page)
    sign_in(page)
    page.locator("[name=code]").fill(codes[0])
    submit(page)
    expect(page.locator(".errorlist")).to_be_visible()
    page.locator("[name=code]").fill(code_for(secret))
    submit(page)
    expect(page.locator(".shell")).to_be_visible()


@pytest.fixture
def passkeys(page_alice):
    """Alice's page on a device with passkeys: (page, device, id of its authenticator)."""
    device = page_alice.context.new_cdp_session(page_alice)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page_alice, device, made["authenticatorId"]


def add_passkey(page: Page, name: str) -> None:
    page.goto("/accounts/2fa/webauthn/add/")
    if page.locator("[name=password]").count():
        show_who_it_is(page)
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "/add/" not in url)


def test_a_passkey_from_adding_to_removing(passkeys, alice):
    page = passkeys[0]
    add_passkey(page, "Alice's laptop")
    expect(page.locator("#recovery_codes")).to_be_visible()
    sign_out(page)

    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Signed-in devices")).to_be_visible()
    assert Authenticator.objects.get(user=alice, type="webauthn").last_used_at
    cookies = {cookie["name"]: cookie["expires"] for cookie in page.context.cookies()}
    assert cookies["sessionid"] > 0, "the tick beside the password counts for the passkey, too"

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename").click()
    page.wait_for_load_state()
    if page.locator("[name=password]").count():
        show_who_it_is(page)
    page.locator("[name=name]").fill("מחשב נייד")
    submit(page)
    expect(page.locator(".keys")).to_contain_text("מחשב נייד")
    expect(page.locator(".keys")).to_contain_text("Last used")

    page.get_by_role("link", name="Remove").click()
    submit(page)
    expect(page.get_by_text("You have no passkeys yet.")).to_be_visible()
    assert not Authenticator.objects.filter(user=alice).exists()

    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".toast, .alert-danger:visible, .errorlist").first).to_be_visible()
    sign_in(page)
    expect(page.locator(".shell")).to_be_visible()


def test_a_passkey_button_waits_for_its_scripts(page, live_server, db):
    held = []
    page.route(re.compile(r"/onload[^/]*\.js"), lambda route: held.append(route))
    page.goto("/accounts/login/", wait_until="commit")
    button = page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_be_disabled()
    until(lambda: held, "the last script to be asked for", pause=lambda s: page.wait_for_timeout(s * 1000))
    held[0].continue_()
    expect(button).to_be_enabled()


def test_a_passkey_is_a_second_step_after_the_password(passkeys):
    page = passkeys[0]
    add_passkey(page, "Key")
    sign_out(page)
    sign_in(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.locator(".shell")).to_be_visible()


def test_a_device_that_says_no_is_no_dead_end(passkeys):
    page, device, authenticator = passkeys
    page.goto("/accounts/2fa/webauthn/add/")
    show_who_it_is(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-passkey-error]")).to_contain_text("cancelled or timed out")


def test_signing_the_other_devices_out(page, new_context, alice, live_server):
    sign_in(page)
    other = new_context(user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0").new_page()
    sign_in(other)
    expect(other.locator(".shell")).to_be_visible()
    page.goto("/accounts/sessions/")
    expect(page.locator("[data-session]")).to_have_count(2)
    expect(page.locator("[data-session]", has_text="Firefox on Linux")).to_be_visible()
    page.get_by_role("button", name="Sign out other devices").click()
    expect(page.locator("[data-session]")).to_have_count(1)
    other.goto("/expenses/")
    expect(other.locator("[name=login]")).to_be_visible()


def test_settings_apply_at_once(page_alice, alice):
    page = page_alice
    page.goto("/accounts/settings/")
    page.locator("#id_threshold").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#threshold-value")).to_have_text("75%")
    expect(page.locator(".said", has_text="Saved")).to_have_count(1)
    with page.expect_navigation():
        page.locator("[name=theme]").select_option("dark")
    expect(page.locator("html[data-theme=dark]")).to_be_attached()
    with page.expect_navigation():
        page.locator("[name=language]").select_option("he")
    expect(page.locator("html[lang=he][dir=rtl][data-theme=dark]")).to_be_attached()
    alice.refresh_from_db()
    assert (alice.auto_file_threshold, alice.theme) == (0.75, "dark")


def test_an_account_is_deleted_after_one_showed_who_one_is(page_alice, alice):
    page = page_alice
    page.goto("/accounts/settings/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Delete the account").click()
    show_who_it_is(page)
    expect(page.get_by_role("heading", name="Account deletion")).to_be_visible()
    page.locator("[name=understood]").check()
    page.get_by_role("button", name="Delete my account").click()
    expect(page.locator(".toast")).to_contain_text("everything in it have been deleted")
    assert not get_user_model().objects.filter(pk=alice.pk).exists()
    page.goto("/expenses/")
    expect(page.locator("[name=login]")).to_be_visible()


def test_a_late_script_does_not_take_the_password_field_away(page):
    held = []
    page.route("**/js/password*.js", lambda route: held.append(route))
    page.goto("/accounts/login/", wait_until="commit")
    page.locator("[name=password]").focus()
    until(lambda: held, "the page to ask for the script", pause=lambda seconds: page.wait_for_timeout(seconds * 1000))
    held[0].continue_()
    expect(page.get_by_role("button", name="Show")).to_be_visible()
    expect(page.locator("[name=password]")).to_be_focused()
