"""Session life with short times: warned in every tab, kept by a click, ended for who is gone; nothing typed is lost."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from playwright.sync_api import Page, expect

from conftest import PASSWORD

pytestmark = pytest.mark.browser

LOGIN = re.compile(r"/accounts/login/")
LIST = re.compile(r"/expenses/")
IDLE, WARNING, GRACE = 2, 3, 3
SECONDS_AT_OPENING = """() => new Promise((done) => {
  const seen = () => done(document.getElementById("session-count").textContent);
  new MutationObserver(seen).observe(document.getElementById("session"), { attributeFilter: ["open"] });
})"""


@pytest.fixture
def short_times(settings):
    settings.SESSION_IDLE_SECONDS = IDLE
    settings.SESSION_WARNING_SECONDS = WARNING
    settings.SESSION_GRACE_SECONDS = GRACE
    settings.SESSION_HEARTBEAT_SECONDS = 1
    settings.SESSION_COOKIE_AGE = IDLE + WARNING + GRACE


@pytest.fixture
def long_times(settings):
    settings.SESSION_IDLE_SECONDS = 1800
    settings.SESSION_COOKIE_AGE = 1890


def dialog(page: Page):
    return page.locator("#session[open]")


def open_list(page: Page) -> Page:
    page.goto("/expenses/")
    return page


def session_key(client) -> str:
    return client.session.cache_key


def test_both_tabs_warn_and_one_click_keeps_both(short_times, page_alice):
    first = open_list(page_alice)
    second = open_list(page_alice.context.new_page())
    expect(dialog(first)).to_be_visible()
    expect(dialog(second)).to_be_visible()
    expect(first.locator("#session-count")).to_have_text(re.compile(r"[0-3]"))
    first.locator("#session-stay").click()
    expect(dialog(first)).to_have_count(0)
    expect(dialog(second)).to_have_count(0)
    expect(second).to_have_url(LIST)


def test_the_warning_shows_its_seconds_from_the_first_moment(short_times, page_alice):
    open_list(page_alice)
    for _ in range(2):
        assert page_alice.evaluate(SECONDS_AT_OPENING) == str(WARNING)
        page_alice.locator("#session-stay").click()
        expect(dialog(page_alice)).to_have_count(0)


def test_ignored_warnings_sign_out_everywhere_and_typed_text_comes_back(short_times, page_alice, client_alice):
    first = open_list(page_alice)
    first.locator("#quick-add [name=title]").fill("Half a sentence")
    second = open_list(page_alice.context.new_page())
    expect(first).to_have_url(LOGIN, timeout=15_000)
    expect(second).to_have_url(LOGIN, timeout=15_000)
    assert not caches["sessions"].get(session_key(client_alice))
    sign_in(first)
    expect(first).to_have_url(LIST)
    first.locator("[data-kept=restore]").click()
    expect(first.locator("#quick-add [name=title]")).to_have_value("Half a sentence")
    expect(first.locator("#kept-text")).to_have_count(0)


def test_the_next_person_is_not_offered_what_the_last_one_typed(short_times, page_alice, bob):
    open_list(page_alice).locator("#quick-add [name=title]").fill("Alice's secret")
    expect(page_alice).to_have_url(LOGIN, timeout=15_000)
    sign_in(page_alice, bob.email)
    expect(page_alice).to_have_url(LIST)
    expect(page_alice.locator("#kept-text")).to_be_hidden()


def test_activity_keeps_the_session_alive_without_a_warning(short_times, page_alice):
    open_list(page_alice)
    for step in range(12):
        page_alice.mouse.move(10 + step, 20)
        page_alice.wait_for_timeout(400)
        assert dialog(page_alice).count() == 0
    expect(page_alice).to_have_url(LIST)


def test_active_tabs_beat_once_for_the_browser(short_times, page_alice):
    beats = []
    page_alice.context.on("request", lambda sent: "heartbeat" in sent.url and sent.method == "POST" and beats.append(1))
    first = open_list(page_alice)
    tabs = [first, *(open_list(page_alice.context.new_page()) for _ in range(3))]
    for step in range(8):
        tabs[step % 4].mouse.move(step, 30)
        first.wait_for_timeout(400)
    assert 1 <= len(beats) <= 5, "one beat a second for the browser, not for each of four tabs"


def test_without_network_nobody_is_signed_out(short_times, page_alice, client_alice):
    open_list(page_alice)
    page_alice.context.set_offline(True)
    page_alice.wait_for_timeout((IDLE + WARNING) * 1000 + 1500)
    expect(page_alice).to_have_url(LIST)
    caches["sessions"].touch(session_key(client_alice), 60)
    page_alice.context.set_offline(False)
    page_alice.mouse.move(5, 5)
    page_alice.wait_for_timeout(2500)
    expect(page_alice).to_have_url(LIST)


def test_a_session_that_ended_while_the_laptop_slept_leads_to_sign_in(long_times, page_alice, client_alice):
    page_alice.clock.install()
    open_list(page_alice)
    caches["sessions"].delete(session_key(client_alice))
    page_alice.clock.fast_forward(3600 * 1000)
    expect(page_alice).to_have_url(LOGIN)


def test_a_clock_that_jumps_signs_nobody_out(long_times, page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    page_alice.clock.fast_forward(5 * 3600 * 1000)
    page_alice.clock.run_for(3000)
    page_alice.wait_for_timeout(500)
    assert dialog(page_alice).count() == 0
    expect(page_alice).to_have_url(LIST)


def test_a_clock_that_is_set_back_signs_nobody_out(long_times, page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    page_alice.clock.set_system_time(0)
    page_alice.clock.run_for(3000)
    assert dialog(page_alice).count() == 0
    expect(page_alice).to_have_url(LIST)


def test_refresh_second_tab_and_closed_tab_keep_the_person_signed_in(long_times, page_alice):
    open_list(page_alice)
    page_alice.reload()
    second = open_list(page_alice.context.new_page())
    page_alice.close()
    second.reload()
    expect(second).to_have_url(LIST)


def test_without_javascript_the_time_to_live_holds(short_times, new_context, client_alice, live_server):
    context = new_context(java_script_enabled=False)
    cookie = client_alice.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = open_list(context.new_page())
    expect(page).to_have_url(LIST)
    page.wait_for_timeout((IDLE + WARNING + GRACE) * 1000 + 500)
    page.reload()
    expect(page).to_have_url(LOGIN)


def test_who_asked_to_stay_signed_in_is_never_warned(short_times, page, alice):
    page.goto("/accounts/login/?next=/expenses/")
    page.locator("[name=remember]").check()
    sign_in(page)
    expect(page).to_have_url(LIST)
    page.wait_for_timeout((IDLE + 1) * 1000)
    assert page.locator("#session").count() == 0
    cookie = next(c for c in page.context.cookies() if c["name"] == django_settings.SESSION_COOKIE_NAME)
    assert cookie["expires"] > 0


def sign_in(page: Page, email: str = "alice@example.com") -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
