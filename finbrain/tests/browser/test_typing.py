"""Typing expenses fast, on a slow network, with mistakes: nothing typed is lost or mixed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from expenses.models import Expense

pytestmark = pytest.mark.browser
ADD = "**/expenses/add/"
# Milliseconds between two keys.
FAST = 30


def stored() -> list[tuple[str, str]]:
    return [(each.title, f"{each.amount:.2f}") for each in Expense.objects.order_by("created_at", "pk")]


def type_entry(page: Page, title: str, amount: str) -> None:
    page.keyboard.type(title, delay=FAST)
    page.keyboard.press("Enter")
    page.keyboard.type(amount, delay=FAST)
    page.keyboard.press("Enter")


def hold(page: Page) -> list[Route]:
    """Keep the answers to saves back until the test lets them go."""
    held: list[Route] = []
    page.route(ADD, lambda route: held.append(route))
    return held


def test_a_pasted_title_that_is_too_long_stays_whole_and_says_so(page_alice: Page):
    page_alice.goto("/expenses/#add")
    page_alice.keyboard.insert_text("x" * 300)
    page_alice.keyboard.insert_text(" 58")
    page_alice.keyboard.press("Enter")
    said = page_alice.locator("#quick-add .errorlist")
    expect(said).to_contain_text("Use at most 120 characters. This has 303.")
    expect(page_alice.locator("#id_title")).to_have_value("x" * 300 + " 58")
    page_alice.fill("#id_title", "Short 58")
    page_alice.press("#id_title", "Enter")
    expect(page_alice.locator("#rows .row")).to_have_count(1)
    assert stored() == [("Short", "58.00")]


@pytest.mark.parametrize("start", ["link from another page", "#add", "n", "link on the list, reload"])
def test_the_cursor_is_in_the_title(page_alice: Page, start):
    if start == "link from another page":
        page_alice.goto("/dashboard/")
        page_alice.locator("a[href*='#add']").first.click()
        page_alice.wait_for_url("**/expenses/#add")
    else:
        page_alice.goto("/expenses/#add" if start == "#add" else "/expenses/")
    if start == "n":
        page_alice.keyboard.press("n")
    if start == "link on the list, reload":
        page_alice.locator(".nav-add").click()
        page_alice.reload()
    expect(page_alice.locator("#id_title")).to_be_focused()
    expect(page_alice.locator(".month-head h1")).to_be_in_viewport()
    page_alice.keyboard.type("Taxi")
    expect(page_alice.locator("#id_title")).to_have_value("Taxi")


def test_the_first_save_on_add_does_not_reload_the_page(page_alice: Page):
    page_alice.goto("/expenses/#add")
    page_alice.evaluate("window.same = true")
    type_entry(page_alice, "Taxi", "58")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    assert page_alice.evaluate("window.same")


@pytest.mark.parametrize("latency", [0, 300, None], ids=["0", "300", "all are typed first"])
def test_ten_expenses_typed_fast_are_stored_as_typed(page_alice: Page, latency):
    page_alice.goto("/expenses/")
    page_alice.evaluate(
        """(wait) => {
        const { open, send } = XMLHttpRequest.prototype;
        const typed = new Promise((done) => { window.allTyped = done; });
        const slowly = () => wait === null ? typed : new Promise((done) => { setTimeout(done, wait); });
        XMLHttpRequest.prototype.open = function (...all) { this.path = all[1]; return open.apply(this, all); };
        XMLHttpRequest.prototype.send = async function (...body) {
            if (this.path.includes("/add/")) await slowly();
            send.apply(this, body);
        };
        }""",
        latency,
    )
    page_alice.locator("#id_title").focus()
    wanted = [(f"Milk {chr(97 + number) * 3}", f"{number + 1}.50") for number in range(10)]
    for title, amount in wanted:
        type_entry(page_alice, title, amount)
    page_alice.evaluate("allTyped()")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(10)
    assert stored() == wanted


def test_five_expenses_take_at_most_fifty_keys(page_alice: Page):
    """Each is one line and Enter, however fast they are typed."""
    page_alice.goto("/expenses/")
    page_alice.locator("#id_title").focus()
    lines = ["Taxi 58", "Groceries 212", "Coffee 9", "Rent 4200", "Bus 5.90"]
    for line in lines:
        page_alice.keyboard.type(line)
        page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(5)
    wanted = [line.split() for line in lines]
    assert stored() == [(title, f"{float(amount):.2f}") for title, amount in wanted]
    assert sum(len(line) + 1 for line in lines) <= 50


def test_what_is_typed_during_a_save_stays(page_alice: Page):
    page_alice.goto("/expenses/")
    held = hold(page_alice)
    page_alice.locator("#id_title").focus()
    with page_alice.expect_request(ADD):
        type_entry(page_alice, "Bread", "7")
    page_alice.keyboard.type("Milk")
    held[0].continue_()
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    expect(page_alice.locator("#id_title")).to_have_value("Milk")
    expect(page_alice.locator("#id_title")).to_be_focused()


def test_a_refused_entry_waits_while_another_is_typed(page_alice: Page):
    page_alice.goto("/expenses/")
    held = hold(page_alice)
    page_alice.locator("#id_title").focus()
    with page_alice.expect_request(ADD):
        type_entry(page_alice, "Bread", "7 8")
    page_alice.keyboard.type("Milk")
    held[0].continue_()
    unsaved = page_alice.locator("#unsaved")
    expect(unsaved).to_contain_text("Bread 7 8")
    expect(page_alice.locator("#id_title")).to_have_value("Milk")
    page_alice.unroute(ADD)
    unsaved.get_by_role("button").click()
    expect(page_alice.locator("#id_amount")).to_be_focused()
    expect(page_alice.locator("#quick-add .errorlist")).to_be_visible()
    page_alice.fill("#id_amount", "7.80")
    page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#id_title")).to_have_value("Milk")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    expect(unsaved).to_be_hidden()
    assert stored() == [("Bread", "7.80")]


def test_enter_in_a_title_without_an_amount_goes_to_the_amount(page_alice: Page):
    page_alice.goto("/expenses/")
    sent = []
    page_alice.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page_alice.locator("#id_title").focus()
    page_alice.keyboard.type("Taxi")
    page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#id_amount")).to_be_focused()
    assert not [url for url in sent if "/add/" in url]


@pytest.mark.parametrize(
    ("title", "amount", "day", "wrong"),
    [("", "5", "", "title"), ("Taxi", "x", "", "amount"), ("Taxi", "5", "1200-01-01", "spent_on")],
)
def test_a_refused_form_has_the_cursor_in_its_first_wrong_field(page_alice: Page, title, amount, day, wrong):
    page_alice.goto("/expenses/")
    page_alice.fill("#id_title", title)
    page_alice.fill("#id_amount", amount)
    if day:
        page_alice.fill("#id_spent_on", day)
    page_alice.press("#id_amount", "Enter")
    expect(page_alice.locator(f"#id_{wrong}")).to_be_focused()


def test_a_refused_page_has_the_cursor_in_its_first_wrong_field(page: Page):
    page.goto("/accounts/signup/")
    page.evaluate("document.querySelector('main form[method=post]').noValidate = true")
    page.fill("[name=first_name]", "Ada")
    page.fill("[name=email]", "nonsense")
    page.locator("main form[method=post] [type=submit]").first.click()
    expect(page.locator("main [aria-invalid=true]").first).to_be_focused()


def test_the_amount_in_the_title_shows_in_its_field_and_is_saved_once(page_alice: Page):
    page_alice.goto("/expenses/")
    page_alice.locator("#id_title").press_sequentially("Burger 62")
    expect(page_alice.locator("#id_amount")).to_have_value("62")
    page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    assert stored() == [("Burger", "62.00")]


def test_a_sum_is_shown_before_it_is_saved(page_alice: Page):
    page_alice.goto("/expenses/")
    page_alice.fill("#id_title", "Milk")
    page_alice.locator("#id_amount").press_sequentially("3*4.50")
    expect(page_alice.locator("#sum")).to_have_text("= ₪13.50")
    page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    assert stored() == [("Milk", "13.50")]
    expect(page_alice.locator("#sum")).to_be_empty()


def test_the_currency_returns_home_unless_it_is_chosen_twice_in_a_row(page_alice: Page):
    page_alice.goto("/expenses/")
    currency = page_alice.locator("#id_currency")
    for number, after in enumerate(("ILS", "USD", "USD", "USD"), start=1):
        if number <= 2:
            currency.select_option("USD")
        page_alice.locator("#id_title").focus()
        type_entry(page_alice, f"Milk {chr(96 + number)}", "5")
        expect(page_alice.locator("#rows [data-expense]")).to_have_count(number)
        expect(currency).to_have_value(after)
    currency.select_option("ILS")
    page_alice.locator("#id_title").focus()
    type_entry(page_alice, "Bread", "5")
    expect(currency).to_have_value("ILS")


def test_the_loading_bar_ends_with_the_last_request(page_alice: Page):
    page_alice.goto("/expenses/")
    bar = page_alice.locator("#loading-bar")
    held = hold(page_alice)
    page_alice.locator("#id_title").focus()
    with page_alice.expect_request(ADD):
        type_entry(page_alice, "Bread", "7")
    type_entry(page_alice, "Milk", "8")
    expect(bar).to_have_class(re.compile("is-busy"))
    held[0].abort()
    while len(held) < 2:
        page_alice.evaluate("0")  # lets the browser tell of its requests
    held[1].continue_()
    expect(page_alice.locator("#rows [data-expense]")).to_have_count(1)
    expect(bar).not_to_have_class(re.compile("is-busy"))
    expect(page_alice.locator("#unsaved")).to_contain_text("Bread 7")


def test_an_expense_of_another_month_brings_back_today(page_alice: Page):
    page_alice.goto("/expenses/")
    page_alice.fill("#id_spent_on", "2020-01-05")
    page_alice.locator("#id_title").focus()
    type_entry(page_alice, "Old", "5")
    expect(page_alice.locator(".toast")).to_contain_text("Show January 2020")
    expect(page_alice.locator("#id_spent_on")).to_have_value(timezone.localdate().isoformat())
