"""Sessions: every tab warns, a click keeps them, inactivity ends them, and no typed text is lost.

The browser's clock jumps and Redis is told how long the session has left. The times themselves are long, so that a slow
machine ends no session.
"""

import re

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from playwright.sync_api import BrowserContext, Page, expect

from conftest import PASSWORD
from expenses.tests.making import make_expense
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser

LOGIN = re.compile(r"/accounts/login/")
LIST = re.compile(r"/expenses/")
IDLE, WARNING, GRACE, BEAT = 1800, 900, 900, 60
# `tick()` is what session.js does every second, called by the test instead.
BY_HAND = "window.setInterval = (work) => { window.tick = work; };"
LISTEN = """() => {
    window.heard = 0;
    new BroadcastChannel("finbrain-session").onmessage = ({ data }) => { window.heard += data.type === "contact"; };
}"""
# Keeps what the dialog says when it opens.
WATCH_OPENING = """() => {
    const dialog = document.getElementById("session");
    const read = () => { window.atOpening = document.getElementById("session-count").textContent; };
    new MutationObserver(read).observe(dialog, { attributeFilter: ["open"] });
}"""


@pytest.fixture(autouse=True)
def _long_times(settings):
    settings.SESSION_IDLE_SECONDS = IDLE
    settings.SESSION_WARNING_SECONDS = WARNING
    settings.SESSION_GRACE_SECONDS = GRACE
    settings.SESSION_HEARTBEAT_SECONDS = BEAT
    settings.SESSION_COOKIE_AGE = IDLE + WARNING + GRACE


@pytest.fixture
def pass_time(page_alice, client_alice):
    """`pass_time(seconds)`: Alice's browser is silent that long, while time goes on in its tabs."""
    page_alice.clock.install()

    def let_go_by(seconds: int) -> None:
        sessions, key = caches["sessions"], session_key(client_alice)
        sessions.expire(key, sessions.ttl(key) - seconds)
        page_alice.clock.fast_forward(seconds * 1000)

    return let_go_by


def dialog(page: Page):
    return page.locator("#session[open]")


def open_list(page: Page) -> Page:
    page.goto("/expenses/")
    return page


def type_title(page: Page, text: str) -> None:
    """Type it, until the suggestion for it has come: asking for one is activity."""
    title = page.locator("#quick-add [name=title]")
    with page.expect_response(re.compile("/suggest/")):
        title.fill(text)
    expect(title).not_to_have_class(re.compile("htmx-request"))


def session_key(client) -> str:
    return client.session.cache_key


def a_beat(answer) -> bool:
    return "heartbeat" in answer.url and answer.request.method == "POST"


def beats_of(context: BrowserContext) -> list[str]:
    """The addresses of all beats from now on."""
    beats: list[str] = []
    context.on("request", lambda sent: "heartbeat" in sent.url and sent.method == "POST" and beats.append(sent.url))
    return beats


def test_both_tabs_warn_and_one_click_keeps_both(page_alice, pass_time):
    first = open_list(page_alice)
    second = open_list(page_alice.context.new_page())
    pass_time(IDLE)
    expect(dialog(first)).to_be_visible()
    expect(dialog(second)).to_be_visible()
    expect(first.locator("#session-count")).to_have_text(re.compile(r"^[1-9]\d\d$"))
    first.locator("#session-stay").click()
    expect(dialog(first)).to_have_count(0)
    expect(dialog(second)).to_have_count(0)
    expect(second).to_have_url(LIST)


def test_the_warning_shows_its_seconds_from_the_first_moment(page_alice, pass_time):
    open_list(page_alice)
    page_alice.evaluate(WATCH_OPENING)
    pass_time(IDLE)
    expect(dialog(page_alice)).to_be_visible()
    assert page_alice.evaluate("window.atOpening") == str(WARNING)


def ignore_warning(page: Page, pass_time) -> None:
    pass_time(IDLE)
    expect(dialog(page)).to_be_visible()
    pass_time(WARNING)
    expect(page).to_have_url(LOGIN)


def test_ignored_warnings_sign_out_everywhere_and_typed_text_comes_back(page_alice, client_alice, pass_time):
    key = session_key(client_alice)
    first = open_list(page_alice)
    type_title(first, "Half a sentence")
    second = open_list(page_alice.context.new_page())
    ignore_warning(first, pass_time)
    expect(second).to_have_url(LOGIN)
    assert not caches["sessions"].get(key)
    sign_in(first)
    expect(first).to_have_url(LIST)
    first.locator("[data-kept=restore]").click()
    expect(first.locator("#quick-add [name=title]")).to_have_value("Half a sentence")
    expect(first.locator("#kept-text")).to_have_count(0)


def test_text_typed_into_the_panel_is_asked_about_and_comes_back(page_alice, alice, pass_time):
    expense = make_expense(alice, "Tea")
    page_alice.goto("/expenses/?month=all")
    title = page_alice.locator("#panel [name=title]")
    page_alice.locator("#rows .row-title a").click()
    page_alice.locator("#panel .form-actions [data-close]").click()  # means what was typed until now
    page_alice.locator("#rows .row-title a").click()
    title.fill("Green tea")
    asked = []
    page_alice.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page_alice.evaluate("location.assign('/dashboard/')")
    until(lambda: asked == ["beforeunload"], "the question", pause=lambda s: page_alice.wait_for_timeout(s * 1000))
    expect(title).to_have_value("Green tea")
    ignore_warning(page_alice, pass_time)
    sign_in(page_alice)
    expect(page_alice).to_have_url(re.compile(f"/{expense.pk}/edit/$"))
    page_alice.locator("[data-kept=restore]").click()
    expect(page_alice.locator("[name=title]")).to_have_value("Green tea")
    assert asked == ["beforeunload"]


def test_the_next_person_is_not_offered_what_the_last_one_typed(page_alice, bob, pass_time):
    type_title(open_list(page_alice), "Alice's secret")
    ignore_warning(page_alice, pass_time)
    sign_in(page_alice, bob.email)
    expect(page_alice).to_have_url(LIST)
    expect(page_alice.locator("#kept-text")).to_be_hidden()


def test_activity_keeps_the_session_alive_without_a_warning(page_alice, pass_time):
    open_list(page_alice)
    for step in range(4):
        page_alice.mouse.move(10 + step, 20)
        with page_alice.expect_response(a_beat):
            pass_time(IDLE // 2)
        assert dialog(page_alice).count() == 0
    expect(page_alice).to_have_url(LIST)


def test_what_is_done_while_a_beat_is_answered_counts(page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    held = []
    page_alice.route("**/heartbeat/", lambda route: held.append(route))
    page_alice.mouse.move(10, 20)
    page_alice.clock.fast_forward(BEAT * 1000)
    until(lambda: held, "the first beat", pause=lambda s: page_alice.wait_for_timeout(s * 1000))
    page_alice.mouse.move(11, 20)
    with page_alice.expect_response(a_beat):
        held[0].continue_()
    page_alice.clock.fast_forward(BEAT * 1000)
    until(lambda: len(held) == 2, "another beat", pause=lambda s: page_alice.wait_for_timeout(s * 1000))
    held[1].continue_()


def test_active_tabs_beat_once_for_the_browser(page_alice):
    page_alice.clock.install()
    page_alice.context.add_init_script(BY_HAND)
    tabs = [open_list(tab) for tab in (page_alice, *(page_alice.context.new_page() for _ in range(3)))]
    for tab in tabs:
        tab.evaluate(LISTEN)
        tab.mouse.move(30, 30)
    page_alice.clock.fast_forward(BEAT * 1000)
    beats = beats_of(page_alice.context)
    tabs[0].evaluate("tick()")
    for tab in tabs[1:]:
        tab.wait_for_function("() => heard === 1")
        tab.evaluate("tick()")
    assert len(beats) == 1, "one beat for the browser, not one for each of four tabs"


def test_without_network_nobody_is_signed_out(page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    page_alice.context.set_offline(True)
    for seconds in (IDLE, WARNING):
        with page_alice.expect_event("requestfailed", lambda sent: "heartbeat" in sent.url):
            page_alice.clock.fast_forward(seconds * 1000)
    expect(page_alice).to_have_url(LIST)
    page_alice.context.set_offline(False)
    page_alice.mouse.move(5, 5)
    with page_alice.expect_response(lambda answer: "heartbeat" in answer.url and answer.ok):
        page_alice.clock.fast_forward(BEAT * 1000)
    page_alice.clock.run_for(3000)
    expect(page_alice).to_have_url(LIST)


def test_a_session_that_ended_while_the_laptop_slept_leads_to_sign_in(page_alice, client_alice):
    page_alice.clock.install()
    open_list(page_alice)
    caches["sessions"].delete(session_key(client_alice))
    page_alice.clock.fast_forward(3600 * 1000)
    expect(page_alice).to_have_url(LOGIN)


def test_a_clock_that_jumps_signs_nobody_out(page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    with page_alice.expect_response(lambda answer: "heartbeat" in answer.url):
        page_alice.clock.fast_forward(5 * 3600 * 1000)
    page_alice.clock.run_for(3000)
    assert dialog(page_alice).count() == 0
    expect(page_alice).to_have_url(LIST)


def test_a_clock_that_is_set_back_signs_nobody_out(page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    page_alice.clock.set_system_time(0)
    page_alice.clock.run_for(3000)
    assert dialog(page_alice).count() == 0
    expect(page_alice).to_have_url(LIST)


def test_a_clock_that_is_set_back_leaves_nobody_active(page_alice):
    page_alice.clock.install()
    open_list(page_alice)
    page_alice.mouse.move(5, 5)
    page_alice.clock.set_system_time(0)
    page_alice.clock.run_for(3000)
    beats = beats_of(page_alice.context)
    page_alice.clock.fast_forward(BEAT * 1000)
    page_alice.clock.run_for(3000)
    assert beats == [], "what was done lies in the clock's future, and would count for hours"


def test_refresh_second_tab_and_closed_tab_keep_the_person_signed_in(page_alice):
    open_list(page_alice)
    page_alice.reload()
    second = open_list(page_alice.context.new_page())
    page_alice.close()
    second.reload()
    expect(second).to_have_url(LIST)


def test_without_javascript_the_time_to_live_holds(new_context, client_alice, live_server):
    context = new_context(java_script_enabled=False)
    cookie = client_alice.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = open_list(context.new_page())
    expect(page).to_have_url(LIST)
    sessions, key = caches["sessions"], session_key(client_alice)
    left = sessions.ttl(key)
    assert IDLE < left <= IDLE + WARNING + GRACE
    sessions.expire(key, 1)
    until(lambda: not sessions.get(key), "the session to expire")
    page.reload()
    expect(page).to_have_url(LOGIN)


def test_who_asked_to_stay_signed_in_is_never_warned(page, alice):
    page.clock.install()
    page.goto("/accounts/login/?next=/expenses/")
    page.locator("#id_remember").check()
    sign_in(page)
    expect(page).to_have_url(LIST)
    page.wait_for_load_state()
    page.clock.fast_forward((IDLE + WARNING + GRACE) * 1000)
    page.clock.run_for(3000)
    assert page.locator("#session").count() == 0
    expect(page).to_have_url(LIST)
    cookie = next(c for c in page.context.cookies() if c["name"] == django_settings.SESSION_COOKIE_NAME)
    assert cookie["expires"] > 0


def sign_in(page: Page, email: str = "alice@example.com") -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
