"""Changing an expense in the panel beside the list: the place, what is typed, and undo stay."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from expenses.tests.making import make_expense, make_expenses
from finbrain.tests.browser.expense_states import fill
from finbrain.tests.browser.holding import Requests

pytestmark = pytest.mark.browser

EDIT = re.compile("/edit/$")


def test_editing_keeps_the_place(page_alice: Page, alice):
    make_expenses(alice, [{"title": f"Tea {n}", "amount": 5, "spent_on": date(2026, 8, 20)} for n in range(90)])
    page_alice.goto("/expenses/?month=2026-08")
    rows = page_alice.locator("#rows .row")
    page_alice.locator("#more").scroll_into_view_if_needed()
    expect(rows).to_have_count(90)
    link = rows.nth(70).locator(".row-title a")
    link.scroll_into_view_if_needed()
    name, place = link.get_attribute("id"), page_alice.evaluate("scrollY")
    assert place > 1000
    panel = page_alice.locator("#panel")
    requests = Requests(page_alice, EDIT)
    with requests.held("/edit/"):
        link.click()
    page_alice.keyboard.press("i")  # on the page, the key for the inbox
    requests.let_go()
    expect(panel.locator("[name=title]")).to_be_focused()
    panel.locator("[name=amount]").fill("1e9")
    panel.get_by_role("button", name="Save").click()
    expect(panel.locator("[name=amount]")).to_be_focused()
    panel.locator("[name=amount]").fill("6")
    panel.get_by_role("button", name="Save").click()
    expect(panel).to_be_hidden()
    expect(page_alice.locator("#list-total")).to_contain_text("₪451.00")
    expect(page_alice.locator("#rows .day .num")).to_have_text("₪451.00")
    expect(rows).to_have_count(90)
    expect(page_alice.locator(f"#{name}")).to_be_focused()
    assert abs(page_alice.evaluate("scrollY") - place) < 20
    page_alice.locator(f"#{name}").click()
    panel.get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(89)
    expect(panel).to_be_hidden()


def test_what_is_typed_into_the_panel_during_a_save_stays(page_alice: Page, alice):
    make_expense(alice, "Tea")
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#rows .row-title a").click()
    panel = page_alice.locator("#panel")
    amount, note, category = (panel.locator(f"[name={name}]") for name in ("amount", "note", "category"))
    once = panel.locator("[name=one_off][type=checkbox]")
    save = panel.get_by_role("button", name="Save")
    requests = Requests(page_alice, EDIT)
    for typed, answer, chosen in (
        ("1e9", panel.locator(".errorlist"), "transportation"),
        ("6", page_alice.locator("#rows").get_by_text("₪6.00"), "other"),
    ):
        amount.fill(typed)
        with requests.held("/edit/"):
            save.click()
        note.fill(f"after {typed}")
        category.select_option(chosen)
        once.set_checked(chosen != "other")
        requests.let_go()
        expect(answer.first).to_be_visible()
        expect(note).to_have_value(f"after {typed}")
        expect(category).to_have_value(chosen)
        expect(once).to_be_checked(checked=chosen != "other")
    save.click()
    expect(panel).to_be_hidden()
    expect(page_alice.locator("#rows .row-note")).to_have_text("after 6")


def test_undo_stays_until_it_is_used(page_alice: Page, alice):
    fill(alice, 12)
    page_alice.clock.install()
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#rows .row-title a").first.focus()
    page_alice.keyboard.press("Delete")
    expect(page_alice.locator("#rows .row")).to_have_count(11)
    page_alice.clock.run_for(60 * 60 * 1000)
    page_alice.keyboard.press("u")
    expect(page_alice.locator("#rows .row")).to_have_count(12)
    page_alice.goto("/expenses/inbox/")
    card = page_alice.locator(".inbox-card")
    first = card.get_attribute("data-expense")
    page_alice.keyboard.press("s")
    expect(card).not_to_have_attribute("data-expense", first)
    page_alice.keyboard.press("u")
    expect(card).to_have_attribute("data-expense", first)
