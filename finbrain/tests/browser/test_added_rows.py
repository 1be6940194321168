"""The row that an added expense brings, in a real browser."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from expenses.ledger.trash import delete_expenses
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expense, make_expenses
from finbrain.tests.waiting import until

pytestmark = pytest.mark.browser

ADD = "**/expenses/add/"
SHOWN = """() => [
    ...[...document.querySelectorAll("#rows > tr")].map((row) => row.innerText + row.dataset.expense),
    document.getElementById("list-total").innerText,
    document.getElementById("inbox-count").innerText,
].map((text) => text.replace(/\\s+/g, " "))"""


def quick_add(page: Page, title: str, amount: str, day: date) -> None:
    page.fill("#id_title", title)
    page.fill("#id_amount", amount)
    page.fill("#id_spent_on", day.isoformat())
    page.press("#id_amount", "Enter")


def show_all(page: Page, count: int) -> list[str]:
    """Scroll until the page shows this many rows, and return what it shows."""
    page.evaluate("document.getElementById('more')?.scrollIntoView()")
    expect(page.locator("#rows [data-expense]")).to_have_count(count)
    return page.evaluate(SHOWN)


@pytest.mark.parametrize("query", ["", "?sort=date", "?month=all&sort=-amount"])
def test_rows_are_where_they_belong(page_alice, alice, query):
    today = timezone.localdate()
    first = today.replace(day=1)
    make_expenses(alice, [{"title": "Tea", "amount": n + 1, "spent_on": first, "unsure": 0.4} for n in range(60)])
    page_alice.goto(f"/expenses/{query}")
    page_alice.locator("#rows .row-select input").nth(2).check()
    with page_alice.expect_response(ADD) as answered:
        quick_add(page_alice, "Coffee", "45", today)
    assert answered.value.headers["x-list"]
    expect(page_alice.locator("#list-total")).to_contain_text("61 expenses")
    expect(page_alice.locator("#rows .row", has_text="Coffee")).to_have_count(0 if query == "?sort=date" else 1)
    expect(page_alice.locator("#selected")).to_have_text("1")
    expect(page_alice.locator("#id_title")).to_be_focused()
    for amount in ("46", "47"):  # the second one may have to wait for the first one's answer
        quick_add(page_alice, "Bus", amount, first)
    expect(page_alice.locator("#list-total")).to_contain_text("63 expenses")
    shown = show_all(page_alice, 63)
    page_alice.reload()
    assert shown == show_all(page_alice, 63)


def test_an_answer_for_a_list_that_has_changed(page_alice, alice):
    """Another change arrives before the answer. The page then gets the whole list, and shows nothing twice."""
    today = timezone.localdate()
    make_expense(alice, "Tea", "3", spent_on=today)
    page_alice.goto("/expenses/")
    held: list[Route] = []
    page_alice.route(ADD, lambda route: held.append(route))
    quick_add(page_alice, "Coffee", "4", today)
    until(lambda: held, "the request", pause=lambda seconds: page_alice.wait_for_timeout(1000 * seconds))
    answer = held[0].fetch()
    page_alice.get_by_role("button", name="Delete: Tea").click()
    rows = page_alice.locator("#rows [data-expense]")
    expect(rows).to_contain_text(["Coffee"])
    with page_alice.expect_response(lambda response: response.request.headers.get("hx-target") == "list"):
        held[0].fulfill(response=answer)
    shown = show_all(page_alice, 1)
    page_alice.reload()
    assert shown == show_all(page_alice, 1)


def test_what_was_added_elsewhere_comes_with_the_next(page_alice, alice):
    today = timezone.localdate()
    tea = make_expense(alice, "Tea", "3", spent_on=today)
    page_alice.goto("/expenses/")
    make_expense(alice, "In another tab", "5", spent_on=today)
    delete_expenses(personal_ledger(alice), [tea.pk])
    quick_add(page_alice, "Coffee", "4", today)
    expect(page_alice.locator("#rows [data-expense]")).to_contain_text(["Coffee", "In another tab"])
    shown = show_all(page_alice, 2)
    page_alice.reload()
    assert shown == show_all(page_alice, 2)


def test_the_back_button_brings_what_was_added(page_alice, alice):
    make_expense(alice, "Tea", spent_on=timezone.localdate())
    for _each in range(2):  # once the cookies are set, the browser keeps the page
        page_alice.goto("/expenses/")
    with page_alice.expect_response(ADD):
        quick_add(page_alice, "Coffee", "45", timezone.localdate())
    expect(page_alice.locator("#rows .row", has_text="Coffee")).to_have_count(1)
    page_alice.goto("/expenses/trash/")
    page_alice.go_back()
    expect(page_alice.locator("#rows .row", has_text="Coffee")).to_have_count(1)
    expect(page_alice.locator("#list-total")).to_contain_text("2 expenses")
