"""The expenses pages by keyboard alone, without JavaScript, on any screen, and with a screen reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from expenses.models import Expense
from finbrain.tests.browser import axe
from finbrain.tests.browser.expense_states import STATES, fill
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser


def test_shortcuts(page_alice: Page, alice):
    fill(alice, 12)
    page_alice.goto("/expenses/?month=all")
    page_alice.keyboard.press("?")
    expect(page_alice.locator("#shortcuts")).to_be_visible()
    page_alice.keyboard.press("Escape")
    expect(page_alice.locator("#shortcuts")).to_be_hidden()
    page_alice.keyboard.press("n")
    expect(page_alice.locator("#id_title")).to_be_focused()
    page_alice.keyboard.type("/?n")
    expect(page_alice.locator("#id_title")).to_have_value("/?n")
    page_alice.keyboard.press("Escape")
    page_alice.keyboard.press("/")
    expect(page_alice.locator("#q")).to_be_focused()
    page_alice.keyboard.press("Escape")
    links = page_alice.locator("#rows .row-title a")
    page_alice.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page_alice.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page_alice.keyboard.press("k")
    page_alice.keyboard.press("x")
    expect(page_alice.locator("#rows [name=ids]").first).to_be_checked()


def test_a_row_is_filed_and_deleted_by_keys_and_the_focus_stays_near(page_alice: Page, alice):
    fill(alice, 12)
    page_alice.goto("/expenses/?month=all")
    links = page_alice.locator("#rows .row-title a")
    page_alice.keyboard.press("j")
    page_alice.keyboard.press("c")
    expect(page_alice.locator("#category-picker")).to_be_visible()
    page_alice.keyboard.press("7")
    expect(page_alice.locator("#rows .row").first).to_have_attribute("data-category", "other")
    page_alice.keyboard.press("j")
    second = links.nth(1).text_content()
    expect(links.nth(1)).to_be_focused()
    page_alice.keyboard.press("Delete")
    expect(page_alice.locator("#rows .row")).to_have_count(11)
    assert links.nth(1).text_content() != second
    expect(links.nth(1)).to_be_focused()
    page_alice.keyboard.press("u")
    expect(page_alice.locator("#rows .row")).to_have_count(12)


def test_a_row_is_moved_or_received_by_keys_and_comes_back(page_alice: Page, alice):
    fill(alice, 12)
    page_alice.goto("/expenses/?month=all")
    row = page_alice.locator("#rows .row").first
    before = row.get_attribute("data-category")
    page_alice.keyboard.press("j")
    page_alice.keyboard.press("m")
    expect(row).to_have_attribute("data-kind", "moved")
    page_alice.keyboard.press("u")
    expect(row).to_have_attribute("data-category", before)
    row.locator(".row-title a").focus()
    page_alice.keyboard.press("r")
    expect(row).to_have_attribute("data-kind", "received")
    expect(row.locator(".row-amount")).to_contain_text("+")
    page_alice.keyboard.press("u")
    expect(row).to_have_attribute("data-kind", "spent")


def test_the_inbox_takes_a_kind_by_key(page_alice: Page, alice):
    fill(alice, 30)
    page_alice.goto("/expenses/inbox/")
    bar = page_alice.locator(".inbox-progress")
    expect(bar).to_contain_text("0 of 6")
    asked = page_alice.locator(".inbox-card").get_attribute("data-expense")
    page_alice.keyboard.press("m")
    expect(bar).to_contain_text("3 of 6")
    assert Expense.objects.get(pk=asked).kind == "moved"
    page_alice.keyboard.press("u")
    expect(bar).to_contain_text("0 of 6")
    assert Expense.objects.get(pk=asked).kind == "spent"
    page_alice.keyboard.press("r")
    expect(bar).to_contain_text("3 of 6")
    assert Expense.objects.get(pk=asked).kind == "received"


def test_the_inbox_by_keys(page_alice: Page, alice):
    fill(alice, 30)
    page_alice.goto("/expenses/inbox/")
    bar = page_alice.locator(".inbox-progress")
    card = page_alice.locator(".inbox-card")
    expect(bar).to_contain_text("0 of 6")
    expect(card).to_contain_text("and 2 more like it")
    first = card.get_attribute("data-expense")
    card.locator(".inbox-members input").last.uncheck()
    page_alice.keyboard.press("3")
    expect(bar).to_contain_text("2 of 6")
    assert Expense.objects.get(pk=first).category == "transportation"
    second = card.get_attribute("data-expense")
    guessed = card.get_attribute("data-category")
    page_alice.keyboard.press("Enter")
    expect(bar).to_contain_text("5 of 6")
    assert Expense.objects.get(pk=second).category == guessed
    assert Expense.objects.get(pk=second).reviewed
    page_alice.keyboard.press("u")
    expect(bar).to_contain_text("2 of 6")
    expect(card).to_have_attribute("data-expense", second)
    page_alice.keyboard.press("s")
    expect(card).not_to_have_attribute("data-expense", second)
    page_alice.keyboard.press("Enter")
    expect(bar).to_contain_text("3 of 6")
    page_alice.get_by_role("link", name="Review skipped expenses").click()
    page_alice.wait_for_url("**/inbox/?done=3")
    page_alice.wait_for_load_state()
    page_alice.keyboard.press("1")
    expect(page_alice.locator("#inbox")).to_contain_text("All caught up")


def test_twins_by_key(page_alice: Page, alice):
    fill(alice, 30)
    page_alice.goto("/expenses/?month=all")
    asks = page_alice.locator("#rows .row:has(.ask)")
    expect(asks).to_have_count(6)
    asks.first.locator(".row-title a").focus()
    page_alice.keyboard.press("y")
    expect(page_alice.locator(".toast .twins")).to_contain_text("2 more like it")
    expect(asks).to_have_count(5)
    page_alice.keyboard.press("t")
    expect(page_alice.locator(".toast")).to_contain_text("3 expenses are now in")
    expect(asks).to_have_count(3)
    page_alice.keyboard.press("u")
    expect(asks).to_have_count(6)


def test_without_javascript(new_context, client_alice, live_server, alice):
    context = new_context(java_script_enabled=False)
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    fill(alice, 55)
    page.goto("/expenses/?month=all")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#rows .row")).to_have_count(5)
    page.goto("/expenses/")
    page.fill("#id_title", "Taxi home")
    page.fill("#id_amount", "nonsense")
    page.press("#id_amount", "Enter")
    expect(page.locator("#quick-add .errorlist")).to_contain_text("isn't an amount")
    expect(page.locator("#id_title")).to_have_value("Taxi home")
    page.fill("#id_amount", "58")
    page.press("#id_amount", "Enter")
    expect(page.locator(".toast")).to_contain_text("Added Taxi home")
    row = page.locator("#rows .row", has_text="Taxi home").first
    row.locator(".chip").first.click()
    page.locator("main form [name=category]").select_option("health-essentials")
    page.get_by_role("button", name="Save").click()
    changed = Expense.objects.filter(ledger_id=alice.pk, category="health-essentials", title="Taxi home")
    expense = until(changed.first, "the change to be stored")
    row = page.locator(f'[data-expense="{expense.pk}"]')
    row.hover()
    row.locator(".row-actions button").click()
    expect(page.locator(f'[data-expense="{expense.pk}"]')).to_have_count(0)
    page.locator(".toast-undo").click()
    until(lambda: Expense.objects.get(pk=expense.pk).deleted_at is None, "the deletion to be undone")
    page.locator("#rows [name=ids]").first.check()
    page.locator("#several").get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("1 expense deleted")


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_fits_every_screen(page_alice: Page, alice, state):
    page_alice.set_viewport_size({"width": 1440, "height": 900})
    STATES[state](page_alice, alice)
    for theme, width in (("light", 1440), ("dark", 768), ("dark", 360)):
        page_alice.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page_alice.set_viewport_size({"width": width, "height": 800})
        too_wide = page_alice.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0
        if width != 768:
            found = Axe().run(page_alice, options=axe.OPTIONS)
            assert found.violations_count == 0, found.generate_report()
