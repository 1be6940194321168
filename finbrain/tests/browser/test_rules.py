"""Rules in a real browser: from the list to a rule, their order by keyboard, and every screen, theme and language."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from expenses.models.rules import How, Rule, read_rules
from expenses.people.ledger_settings import personal_ledger, save_rules
from expenses.tests.making import make_expense, make_expenses
from finbrain.tests.browser.test_accounts_pages import RULES as AXE_RULES
from finbrain.tests.browser.test_accounts_pages import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST = "/expenses/?month=2026-08"
LONG = Rule(
    f"{1:024x}",
    *(How.CONTAINS.value, "amazon marketplace europe"),
    *(Decimal(10), Decimal(250), "EUR", "Visa gold", "out"),
    category="leisure-gifts",
    title="Amazon",
    one_off=True,
)
HEBREW = Rule(f"{2:024x}", How.MERCHANT.value, "שופרסל", category="food-drinks")
OFF = Rule(f"{3:024x}", How.STARTS.value, "rent", category="housing-bills", off=True)


def rules_of(person: User) -> list[str]:
    return [rule.text for rule in read_rules(User.objects.get(pk=person.pk).rules)]


def test_a_rule_in_two_clicks_from_the_list(page_alice: Page, alice):
    make_expense(alice, "TESCO STORES 3297", category="food-drinks")
    page_alice.goto(LIST)
    page_alice.locator(".row-cat > a").click()
    page_alice.get_by_role("menuitem", name="Always…").click()
    expect(page_alice.locator("#preview-title")).to_have_text("merchant is “tesco stores”")
    page_alice.get_by_role("button", name="Save rule").click()
    expect(page_alice.locator("#toasts")).to_contain_text("Rule saved")
    assert rules_of(alice) == ["tesco stores"]
    assert page_alice.url.endswith(LIST)


def test_the_menu_leads_there_by_keys(page_alice: Page, alice):
    make_expense(alice, "TESCO STORES 3297", category="food-drinks")
    page_alice.goto(LIST)
    page_alice.locator(".row-cat > a").click()
    page_alice.keyboard.press("ArrowUp")  # the last one is Delete
    page_alice.keyboard.press("ArrowUp")
    expect(page_alice.get_by_role("menuitem", name="Always…")).to_be_focused()
    page_alice.keyboard.press("Enter")
    expect(page_alice.locator("#preview-title")).to_be_visible()


def test_the_order_by_keyboard(page_alice: Page, alice):
    save_rules(personal_ledger(alice), [LONG, HEBREW, OFF])
    page_alice.goto("/expenses/rules/")
    page_alice.get_by_role("button", name="Move up: title starts with “rent”").focus()
    for order in ([LONG.text, "rent", HEBREW.text], ["rent", LONG.text, HEBREW.text]):
        with page_alice.expect_navigation():
            page_alice.keyboard.press("Enter")
        expect(page_alice.locator(f"#rule-{OFF.id} :focus")).to_be_visible()
        assert rules_of(alice) == order


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(360, "dark", "en"), (360, "light", "he"), (1280, "light", "en")]
)
def test_every_page_is_accessible_and_fits(page_alice: Page, alice, width, scheme, language):
    save_rules(personal_ledger(alice), [LONG, HEBREW, OFF])
    rows = [{"title": f"AMZN Mktp {at}", "amount": "20", "unsure": 0.4, "shown_title": "Amazon"} for at in range(3)]
    by_rule = {"category_source": "rule", "kind_source": "rule", "rule": LONG.id, "confidence": 1.0}
    [first, *_] = make_expenses(alice, [row | by_rule for row in rows])
    User.objects.filter(pk=alice.pk).update(language=language)
    page_alice.set_viewport_size({"width": width, "height": 900})
    page_alice.emulate_media(color_scheme=scheme)
    found = []
    addresses = (
        "rules/",
        "rules/new/",
        f"rules/{LONG.id}/",
        f"{first.pk}/always/",
        f"{first.pk}/edit/",
        "?month=2026-08",
    )
    for address in addresses:
        page_alice.goto(f"/expenses/{address}")
        found += [f"{address}: {one['id']}" for one in Axe().run(page_alice, options=AXE_RULES).response["violations"]]
        if page_alice.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address}: wider than the screen")
    assert found == []
