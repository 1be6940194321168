"""From a click on the landing page to an own account, without losing anything on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from expenses.models import Expense

pytestmark = pytest.mark.browser

PASSWORD = "a demo that is worth keeping"


def test_from_the_demo_to_an_account_of_ones_own(page: Page, db):
    page.goto("/")
    page.get_by_role("button", name="Try the demo").first.click()
    expect(page).to_have_url(re.compile("/dashboard/"))
    expect(page.locator(".demo-bar")).to_contain_text("made-up expenses")
    page.wait_for_load_state()
    total = page.evaluate("JSON.parse(document.getElementById('chart-data').textContent).total")
    assert float(total) > 0

    page.goto("/expenses/")
    page.locator("#quick-add [name=title]").fill("My own lunch")
    page.locator("#quick-add [name=amount]").fill("41")
    page.locator("#quick-add [name=amount]").press("Enter")
    expect(page.locator("[data-expense]", has_text="My own lunch")).to_have_count(1)
    count = Expense.objects.count()

    page.get_by_role("link", name="Keep this account").click()
    for name, value in {
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@example.com",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Keep this account").click()
    expect(page).to_have_url(re.compile("/dashboard/"))
    expect(page.locator(".demo-bar")).to_have_count(0)
    assert Expense.objects.count() == count

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/expenses/")
    page.locator("[name=login]").fill("ann@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").first.click()
    expect(page.locator("[data-expense]", has_text="My own lunch")).to_have_count(1)
