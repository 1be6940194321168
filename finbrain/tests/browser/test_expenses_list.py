"""The expenses page in a real browser: capture, find, fix."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from pymongo.errors import ExecutionTimeout

from expenses.listing import by_month, totals
from expenses.models import Expense
from expenses.tests.making import make_expenses
from finbrain.tests.browser.expense_states import fill
from finbrain.tests.browser.holding import Requests

pytestmark = pytest.mark.browser


def rows(page: Page):
    return page.locator("#rows [data-expense]")


def titles(page: Page) -> list[str]:
    return page.locator("#rows .row-title a").all_text_contents()


def quick_add(page: Page, title: str, amount: str) -> None:
    page.fill("#id_title", title)
    page.fill("#id_amount", amount)
    page.press("#id_amount", "Enter")


def test_enter_saves_and_the_cursor_is_back_in_the_title(page_alice):
    page_alice.goto("/expenses/")
    quick_add(page_alice, "Taxi home", "58")
    expect(rows(page_alice)).to_have_count(1)
    expect(page_alice.locator("#id_title")).to_be_focused()
    expect(page_alice.locator("#id_title")).to_have_value("")
    expect(page_alice.locator("#list-total")).to_contain_text("₪58.00")
    page_alice.keyboard.type("Bus")
    page_alice.keyboard.press("Tab")
    page_alice.keyboard.type("5,90")
    page_alice.keyboard.press("Enter")
    expect(rows(page_alice)).to_have_count(2)
    expect(page_alice.locator("#list-total")).to_contain_text("₪63.90")
    assert Expense.objects.count() == 2


def test_the_suggestion_appears_while_typing_and_can_be_overridden(page_alice, client_alice):
    known = {"title": "Zumba", "amount": "9", "currency": "EUR", "spent_on": "2026-08-20", "category": "leisure-gifts"}
    client_alice.post("/expenses/add/", known)
    page_alice.goto("/expenses/")
    page_alice.locator("#id_title").press_sequentially("Zumba")
    chip = page_alice.locator("#suggestion [data-category]")
    expect(chip).to_have_attribute("data-category", "leisure-gifts")
    expect(chip).to_contain_text("%")
    expect(page_alice.locator("#suggestion")).to_contain_text("like your “Zumba”")
    expect(page_alice.locator("#id_currency")).to_have_value("EUR")
    page_alice.locator("#suggestion [data-choose]").first.click()
    chosen = page_alice.locator("#id_category").input_value()
    assert chosen not in ("", "leisure-gifts")
    page_alice.keyboard.type("8")
    page_alice.keyboard.press("Enter")
    expect(rows(page_alice)).to_have_count(1)
    assert Expense.objects.get(amount=8).category == chosen


def test_own_titles_complete_what_is_typed(page_alice, client_alice):
    known = {"title": "Zumba with Noa", "amount": "9", "currency": "ILS", "spent_on": "2026-08-20"}
    client_alice.post("/expenses/add/", known)
    page_alice.goto("/expenses/")
    page_alice.locator("#id_title").press_sequentially("zum")
    expect(page_alice.locator("#titles option")).to_have_attribute("value", "Zumba with Noa")


def test_refused_input_stays_with_its_message(page_alice):
    page_alice.goto("/expenses/")
    quick_add(page_alice, "Taxi <b>home</b> 🚕", "1e9")
    expect(page_alice.locator("#quick-add .errorlist")).to_contain_text("isn't an amount")
    expect(page_alice.locator("#id_title")).to_have_value("Taxi <b>home</b> 🚕")
    expect(page_alice.locator("#id_amount")).to_have_value("1e9")
    page_alice.fill("#id_amount", "9")
    page_alice.press("#id_amount", "Enter")
    expect(rows(page_alice)).to_have_count(1)


@pytest.mark.parametrize("away", ["no server", "error"])
def test_with_the_server_away_nothing_typed_is_lost(page_alice, away):
    page_alice.goto("/expenses/")
    answer = (lambda route: route.abort()) if away == "no server" else (lambda route: route.fulfill(status=500))
    page_alice.route("**/expenses/add/", answer)
    page_alice.route("**/expenses/suggest/*", answer)
    with page_alice.expect_request("**/expenses/suggest/*"):
        page_alice.fill("#id_title", "Taxi home")
    page_alice.fill("#id_amount", "58")
    expect(page_alice.locator(".toast-error")).to_have_count(0)
    page_alice.press("#id_amount", "Enter")
    expect(page_alice.locator(".toast-error")).to_contain_text("Not saved")
    expect(page_alice.locator("#id_title")).to_have_value("Taxi home")
    page_alice.unroute("**/expenses/add/")
    page_alice.press("#id_amount", "Enter")
    expect(rows(page_alice)).to_have_count(1)
    assert Expense.objects.count() == 1


def test_a_category_in_one_click_and_undo(page_alice, alice):
    make_expenses(alice, [{"title": "Yoga", "amount": 9, "unsure": 0.4, "spent_on": timezone.localdate()}])
    page_alice.goto("/expenses/")
    page_alice.get_by_role("group", name="Is this Transportation?").get_by_role("button", name="Food & Drinks").click()
    row = rows(page_alice).first
    expect(row).to_have_attribute("data-category", "food-drinks")
    expect(row.locator(".ask")).to_have_count(0)
    row.locator(".row-cat > a").click()
    page_alice.get_by_role("menuitemradio", name="Other", exact=True).click()
    expect(row).to_have_attribute("data-category", "other")
    page_alice.locator(".toast-undo").last.click()
    expect(rows(page_alice).first).to_have_attribute("data-category", "food-drinks")


def test_delete_and_undo(page_alice, alice):
    fill(alice, 6)
    page_alice.goto("/expenses/?month=all")
    first = titles(page_alice)[0]
    rows(page_alice).first.hover()
    rows(page_alice).first.locator(".row-actions button").click()
    expect(rows(page_alice)).to_have_count(5)
    expect(page_alice.locator("#list-total")).to_contain_text("5 expenses")
    page_alice.locator(".toast-undo").click()
    expect(rows(page_alice)).to_have_count(6)
    assert titles(page_alice)[0] == first


def test_search_as_you_type_filters_and_the_back_button(page_alice, alice):
    fill(alice, 60)
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#q").press_sequentially("netf")
    expect(rows(page_alice)).to_have_count(6)
    expect(page_alice).to_have_url(re.compile(r"/expenses/\?month=all&q=netf$"))
    expect(page_alice.locator("#list-total")).to_contain_text("6 expenses")
    page_alice.locator("#filters [data-key=f]").click()
    page_alice.locator("#filters [value=food-drinks]").check()
    page_alice.locator("#filters [type=submit]").click()
    expect(page_alice.locator("#empty")).to_contain_text("No matching expenses")
    page_alice.locator(".pill", has_text="Food & Drinks").click()
    expect(rows(page_alice)).to_have_count(6)
    page_alice.go_back()
    expect(page_alice.locator("#empty")).to_contain_text("No matching expenses")
    page_alice.go_back()
    expect(rows(page_alice)).to_have_count(6)


def test_every_column_sorts(page_alice, alice):
    fill(alice, 10)
    page_alice.set_viewport_size({"width": 1280, "height": 800})
    page_alice.goto("/expenses/?month=all")
    for name in ("Date", "Title", "Category", "Amount"):
        heading = page_alice.get_by_role("columnheader", name=name)
        orders = []
        for _ in range(2):
            before = heading.get_attribute("aria-sort")
            heading.get_by_role("link").click()
            expect(heading).to_have_attribute("aria-sort", re.compile(rf"^(?!{before}$)(ascending|descending)$"))
            orders.append(titles(page_alice))
        assert orders[1] == orders[0][::-1]


def test_scrolling_brings_more_under_a_header_that_stays(page_alice, alice):
    fill(alice, 130)
    page_alice.set_viewport_size({"width": 1280, "height": 800})
    page_alice.goto("/expenses/?month=all")
    expect(rows(page_alice)).to_have_count(50)
    for count in (100, 130):
        page_alice.locator("#more, #rows .row >> nth=-1").last.scroll_into_view_if_needed()
        expect(rows(page_alice)).to_have_count(count)
    expect(page_alice.locator("#more")).to_have_count(0)
    page_alice.mouse.wheel(0, 20_000)
    expect(page_alice.get_by_role("columnheader", name="Title")).to_be_in_viewport()


def test_shift_click_selects_a_range_which_is_deleted_and_comes_back(page_alice, alice):
    fill(alice, 10)
    page_alice.goto("/expenses/?month=all")
    boxes = page_alice.locator("#rows [name=ids]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page_alice.locator("#selected")).to_have_text("4")
    page_alice.locator("#several").get_by_role("button", name="Delete").click()
    expect(rows(page_alice)).to_have_count(6)
    page_alice.locator(".toast-undo").click()
    expect(rows(page_alice)).to_have_count(10)


def test_cancelling_a_selection_empties_and_hides_its_bar(page_alice, alice):
    fill(alice, 3)
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#rows [name=ids]").first.check()
    expect(page_alice.locator("#selected")).to_have_text("1")
    page_alice.locator("#several").get_by_role("button", name="Cancel").click()
    expect(page_alice.locator("#several")).to_be_hidden()
    expect(page_alice.locator("#selected")).to_have_text("0")


def test_all_that_match_change_category_and_back(page_alice, alice):
    fill(alice, 120)
    page_alice.goto("/expenses/?month=all&q=taxi")
    assert rows(page_alice).count() == 12
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#rows [name=ids]").first.check()
    page_alice.get_by_label("All 120 matching expenses").check()
    page_alice.locator("#several-category").select_option("other")
    page_alice.locator("#several").get_by_role("button", name="Change").click()
    expect(page_alice.locator(".toast")).to_contain_text("are now in Other")
    assert Expense.objects.exclude(category="other").count() == 0
    page_alice.locator(".toast-undo").click()
    expect(page_alice.locator("#rows [data-category=transportation]").first).to_be_visible()
    assert Expense.objects.filter(category="transportation").count() == 12


def test_toasts_leave_with_their_undo_and_are_two_at_most(page_alice, alice):
    make_expenses(alice, [{"title": f"Tea {n}", "amount": "5"} for n in range(4)])
    page_alice.goto("/expenses/?month=all")
    for left in (3, 2, 1):
        page_alice.locator("#rows .row-title a").first.focus()
        page_alice.keyboard.press("Delete")
        expect(rows(page_alice)).to_have_count(left)
    toasts = page_alice.locator(".toast")
    expect(toasts).to_have_count(2)
    page_alice.keyboard.press("u")
    expect(rows(page_alice)).to_have_count(2)
    expect(toasts.last).to_contain_text("Restored")
    page_alice.keyboard.press("u")
    expect(rows(page_alice)).to_have_count(3)
    expect(page_alice.locator(".toast-undo")).to_have_count(0)


def test_signed_out_says_only_that(page_alice):
    page_alice.goto("/expenses/")
    page_alice.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    quick_add(page_alice, "Taxi home 58", "")
    expect(page_alice.locator(".toast-error")).to_have_count(1)
    expect(page_alice.locator(".toast-error")).to_contain_text("signed out")
    expect(page_alice.locator("#id_title")).to_have_value("Taxi home 58")


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_filters_lie_inside_a_narrow_screen(page_alice, alice, language):
    alice.language = language
    alice.save()
    page_alice.set_viewport_size({"width": 360, "height": 800})
    page_alice.goto("/expenses/")
    page_alice.locator(".filters > summary").click()
    panel = page_alice.locator(".filter-panel")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    expect(panel.locator("[name=category]").first).to_be_in_viewport()
    panel.locator("#f-currency").select_option("KZT")
    panel.locator("#f-display").select_option("JPY")
    panel.locator("[type=submit]").click()
    page_alice.wait_for_url("**currency=KZT&display=JPY**")


def test_a_total_that_takes_long_follows_the_page(page_alice, alice, monkeypatch):
    make_expenses(alice, [{"title": "Tea", "amount": 2}] * 60)
    monkeypatch.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
    page_alice.goto("/expenses/?month=all&q=tea")
    expect(page_alice.locator("#list-total")).to_contain_text("₪120.00")
    expect(page_alice.locator("#list-total")).not_to_contain_text("Adding up")
    page_alice.locator("#rows [name=ids]").first.check()
    expect(page_alice.locator("#several-all")).to_contain_text("All 60 matching expenses")


def test_a_late_total_does_not_replace_that_of_another_list(page_alice, alice, monkeypatch):
    make_expenses(alice, [{"title": "Tea", "amount": 2}, {"title": "Bus", "amount": 5}])
    requests = Requests(page_alice, re.compile(r"/expenses/\?"))
    with monkeypatch.context() as slow, requests.held("/expenses/?month=all"):
        slow.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
        page_alice.goto("/expenses/?q=&month=all")
    total, busy = page_alice.locator("#list-total"), page_alice.locator("#loading-bar.is-busy")
    expect(total.get_by_text("Adding up…")).to_be_visible()
    page_alice.fill("#q", "tea")
    expect(total).to_contain_text("₪2.00")
    expect(busy).to_have_count(1)
    with page_alice.expect_response(re.compile(r"/expenses/\?month=all$")) as late:
        requests.let_go()
    assert "₪7.00" in late.value.text()
    expect(busy).to_have_count(0)
    assert "₪2.00" in total.inner_text()


def test_a_total_that_follows_does_not_take_the_focus_of_a_deleted_row(page_alice, alice, monkeypatch):
    rows = [{"title": title, "amount": 2, "spent_on": date(2026, 3, 9)} for title in ("Bus", "Pie", "Tea")]
    make_expenses(alice, rows)
    monkeypatch.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
    page_alice.goto("/expenses/?month=all")
    total = page_alice.locator("#list-total")
    expect(total).to_contain_text("₪6.00")
    page_alice.locator("#rows .row-title a").nth(1).focus()
    page_alice.keyboard.press("Delete")
    expect(total).to_contain_text("₪4.00")
    expect(page_alice.locator("#rows .row-title a").nth(1)).to_be_focused()


def test_a_page_whose_total_fails_does_not_say_that_it_is_being_added_up(page_alice, alice, monkeypatch):
    make_expenses(alice, [{"title": "Tea", "amount": 2}])
    requests = Requests(page_alice, re.compile(r"/expenses/\?"))
    requests.refused = "/expenses/?month=all"
    monkeypatch.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
    page_alice.goto("/expenses/?q=&month=all")
    expect(page_alice.locator(".toast-error")).to_be_visible()
    expect(page_alice.get_by_text("Adding up…")).to_be_hidden()


def test_a_total_follows_in_steps_after_other_filters_and_an_added_expense(page_alice, alice, monkeypatch):
    rows = [{"title": "Tea", "amount": 2, "spent_on": date(2025, month, 9)} for month in range(1, 13)]
    make_expenses(alice, [*rows, {"title": "Bus", "amount": 5, "spent_on": date(2025, 3, 9)}])
    reads, done = by_month.read_groups, []

    def in_time_once(*args, **options):
        if len(done) % 2:
            done.append("too late")
            raise ExecutionTimeout("operation exceeded time limit", 50)
        found = reads(*args, **options)
        done.append("in time")
        return found

    monkeypatch.setattr(totals, "SECONDS_WITH_PAGE", 1e-6)
    monkeypatch.setattr(by_month, "read_groups", in_time_once)
    total = page_alice.locator("#list-total")
    page_alice.goto("/expenses/?month=all")
    expect(total).to_contain_text("₪29.00")
    page_alice.fill("#q", "tea")
    expect(total).to_contain_text("₪24.00")
    quick_add(page_alice, "Green tea", "30")
    expect(total).to_contain_text("₪54.00")
    assert done.count("too late") >= 2
