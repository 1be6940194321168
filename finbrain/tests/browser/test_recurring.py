"""What comes again: one key for each answer, axe finds nothing, nothing is wider than the screen."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from expenses.models import Series
from expenses.people.calendar_address import make_address
from expenses.recurring.cycles import Cycle, day_after
from expenses.recurring.refreshing import refresh
from expenses.tests.making import make_expenses
from finbrain.tests.browser import axe
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser
PAGE = "/expenses/recurring/"


@pytest.fixture
def series(alice):
    """Alice's proposals, of which one is kept and late."""
    today = timezone.localdate()
    plans = (
        ("Netflix", "15.49", "USD", 20, "leisure-gifts"),
        ("שכר דירה", "4800", "ILS", 34, "housing-bills"),
        ("Gym membership with a name that is far too long for a phone", "199", "ILS", 12, "health-essentials"),
        ("Payroll", "-14800", "ILS", 25, "salary"),
    )
    for title, amount, currency, ago, category in plans:
        days = [day_after(today - timedelta(days=ago), Cycle.MONTHLY, -n) for n in range(14)]
        each = {"title": title, "amount": amount, "currency": currency, "category": category}
        make_expenses(alice, [{**each, "spent_on": day} for day in days])
    refresh(alice.pk, today)
    Series.objects.filter(name="שכר דירה").update(state="kept")


def test_one_key_for_each_answer(page_alice, series):
    page_alice.goto(PAGE)
    for key, state in (("k", "kept"), ("d", "dismissed")):
        name = page_alice.locator(".series-proposals h3").first.inner_text()
        with page_alice.expect_navigation():
            page_alice.keyboard.press(key)
        expect(page_alice.locator(".series-proposals", has_text=name)).to_have_count(0)
        assert Series.objects.get(name=name).state == state
    page_alice.keyboard.press("e")
    expect(page_alice.locator("#id_name")).to_be_visible()


SCREENS = [(360, "dark", "he"), (360, "light", "en"), (1280, "light", "he")]


@pytest.mark.parametrize(("width", "scheme", "language"), SCREENS)
def test_on_every_screen(new_context, live_server, alice, client_alice, series, width, scheme, language):
    alice.language = language
    alice.save()
    context = new_context(viewport={"width": width, "height": 720}, color_scheme=scheme)
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    make_address(alice)
    for path in (PAGE, f"{PAGE}new/", f"{PAGE}calendar/", f"{PAGE}{Series.objects.first().pk}/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert [each["id"] for each in Axe().run(page, options=axe.OPTIONS).response["violations"]] == []


def test_without_javascript(new_context, live_server, client_alice, series):
    context = new_context(java_script_enabled=False)
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(PAGE)
    name = page.locator(".series-proposals h3").first.inner_text()
    page.locator(".series-proposals [value=kept]").first.click()
    until(lambda: Series.objects.get(name=name).state == "kept", "the answer to be stored")
    page.locator(".series-list button", has_text="Paid").first.click()
    today = timezone.localdate()
    until(lambda: Series.objects.get(name="שכר דירה").next_on > today, "the payment to be stored")
    page.goto(f"{PAGE}calendar/")
    page.get_by_role("button", name="Make an address").click()
    expect(page.locator("#feed-address")).to_contain_text("/expenses/recurring/calendar/")
