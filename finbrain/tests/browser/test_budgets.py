"""Budgets: axe finds nothing, nothing is wider than the screen, and the keyboard reaches everything."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from expenses.models.budgets import Goal
from expenses.months import add_months, month_of
from expenses.tests.budgets.made import budget, plan
from expenses.tests.making import make_expenses
from finbrain.tests.browser import axe

pytestmark = pytest.mark.browser
PAGE = "/expenses/budgets/"
SCREENS = [(360, "dark", "he"), (1440, "light", "en"), (1440, "dark", "he"), (360, "light", "en")]


@pytest.fixture
def planned(alice):
    """Alice's two budgets, one of them exceeded, her goal, and months that make proposals."""
    this = month_of(timezone.localdate())
    rows = [
        {"title": title, "amount": amount, "category": category, "spent_on": add_months(this, -n).replace(day=1)}
        for n in range(8)
        for title, amount, category in (
            ("Market", f"{700 + 37 * n}", "food-drinks"),
            ("Cinema", "210.50", "leisure-gifts"),
            ("Bus", "96", "transportation"),
        )
    ]
    unsure = {"title": "Bakery", "amount": "240", "category": "food-drinks", "spent_on": this, "unsure": 0.3}
    make_expenses(alice, [*rows, unsure])
    start = add_months(this, -7)
    goal = Goal("g", "Trip to the north", "save", Decimal(2000), "ILS", start, add_months(this, 6))
    about = {"rollover": "both", "note": "Only what we eat at home"}
    food = budget("food-drinks", amount="1100", starts_on=start, id="f", **about)
    plan(alice, food, budget("leisure-gifts", amount="150", starts_on=start, id="l"), goals=[goal])


def test_on_every_screen(page_alice, alice, planned):
    """One page, so that it is opened once for each screen."""
    for width, scheme, language in SCREENS:
        alice.language = language
        alice.save(update_fields=["language"])
        page_alice.set_viewport_size({"width": width, "height": 800})
        page_alice.emulate_media(color_scheme=scheme)
        for path in (PAGE, f"{PAGE}new/", f"{PAGE}f/", f"{PAGE}goals/new/", "/dashboard/"):
            page_alice.goto(path)
            for summary in page_alice.locator(".budget-actions summary").all():
                summary.press("Enter")
            assert page_alice.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            found = Axe().run(page_alice, options=axe.OPTIONS).response["violations"]
            assert [each["id"] for each in found] == [], (path, width)


def test_a_proposal_is_accepted_with_the_keyboard(page_alice, planned):
    page_alice.goto(PAGE)
    with page_alice.expect_navigation():
        page_alice.get_by_role("button", name="Accept Transportation").press("Enter")
    expect(page_alice.get_by_role("region", name="Transportation, per month")).to_contain_text("96")
    page_alice.get_by_role("link", name="Change Transportation").press("Enter")
    page_alice.get_by_label("Amount", exact=True).fill("0")
    page_alice.keyboard.press("Enter")
    expect(page_alice.get_by_label("Amount", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page_alice.get_by_label("Amount", exact=True)).to_have_value("0")
