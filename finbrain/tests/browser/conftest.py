"""A real Chromium for this folder's tests: `page` for a new visitor, `page_alice` with Alice signed in.

Needs Chromium on PATH, but no network: the browser can't resolve any name except localhost.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from finbrain.tests import isolation
from finbrain.tests.waiting import until

RESULTS = Path(settings.BASE_DIR) / "test-results"
ARGUMENTS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PATIENCE_MS = 120_000
# Without transitions a colour or a place has its last value at once, whenever a test looks.
STILL = {"locale": "en-GB", "reduced_motion": "reduce"}
# Toasts, which leave a page after some seconds, stay for a slow test. Other timers, such as htmx's, keep their time.
NOTHING_LEAVES = """
const later = window.setTimeout;
window.setTimeout = (work, wait, ...more) => later(work, work.name === "leave" ? wait * 1000 : wait, ...more);
"""


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    missing = "Chromium is not installed (Debian, Ubuntu: apt-get install chromium)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def browser() -> Browser:
    """One Chromium for all tests. Each test gets its own context."""
    program = _chromium()
    # Playwright keeps an event loop in this thread, in which Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS + sandbox)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser, live_server, request):
    """A function that opens another context, for another person or device: `new_context(locale="he")`.

    Relative addresses such as `page.goto("/expenses/")` lead to the live server. At the end, the test fails if a page's
    script failed or the content security policy blocked something.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_context(**options) -> BrowserContext:
        context = browser.new_context(**{"base_url": live_server.url, **STILL, **options})
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(NOTHING_LEAVES)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda said: "Content Security Policy" in said.text and faults.append(said.text))
        contexts.append(context)
        return context

    yield open_context
    if getattr(request.node, "failed_call", False):
        _keep_screenshots(request.node.name, contexts)
    for context in contexts:
        context.close()
    until(isolation.nobody_is_served, "the live server to finish what the pages had asked for")
    assert not faults


@pytest.fixture
def context(new_context) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context) -> Page:
    """A page of a first-time visitor."""
    return context.new_page()


@pytest.fixture
def page_alice(new_context, client_alice, live_server) -> Page:
    """A page where Alice is signed in."""
    context = new_context()
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def _keep_screenshots(test: str, contexts: list[BrowserContext]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w-]+", "_", test)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed_call = report.failed
    return report
