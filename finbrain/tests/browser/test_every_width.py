"""On every width, everything is inside the screen: pages, and every menu, sheet and panel when it is open."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from expenses.tests.budgets.made import budget, plan
from expenses.tests.making import make_expense, make_expenses
from finbrain.tests.browser.axe import OPTIONS
from finbrain.tests.browser.expense_states import fill
from finbrain.tests.browser.placing import CONTROLS, CUT_OFF, OUTSIDE, SPILLS

pytestmark = pytest.mark.browser

WIDTHS = (360, 390, 768, 1440, 2560)
# Where the head of a page begins on a phone.
UNDER_THE_BAR = 60
PAGES = (
    *("/expenses/?month=all", "/dashboard/", "/dashboard/?view=comparison", "/dashboard/?view=cashflow"),
    *("/expenses/inbox/", "/expenses/import/", "/expenses/budgets/", "/expenses/rules/", "/expenses/recurring/"),
    *("/expenses/learned/", "/accounts/settings/", "/help/"),
)
ON_TOP = """(control) => {
  const { x, y, width, height } = control.getBoundingClientRect();
  return !document.elementFromPoint(x + width / 2, y + height / 2)?.closest(".toasts");
}"""
OPEN = "(menu) => { for (const other of document.querySelectorAll('details.menu')) other.open = other === menu; }"


def axe(page: Page, part: dict[str, list[list[str]]] | None = None) -> list[tuple[str, str]]:
    found = Axe().run(page, part, options=OPTIONS).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]


def extremes(owner) -> None:
    """Long words, amounts of twelve digits and unsure expenses, in two directions."""
    today = timezone.localdate()
    rows = [
        {"title": "Donaudampfschifffahrtsgesellsch", "amount": "999999999999.99", "note": "R" * 40},
        {"title": "ממתקיםותכשיטיםומתנותלכלהמשפחה", "amount": "123456789012.34", "currency": "USD", "unsure": 0.4},
        {"title": "x" * 30, "amount": "-999999999999", "category": "education-growth", "unsure": 0.5},
    ]
    # Half of them two months ago, so that periods differ.
    days = [today - timedelta(days=60 * (n % 2)) for n in range(len(rows))]
    make_expenses(owner, [row | {"spent_on": day} for row, day in zip(rows, days, strict=True)])
    plan(owner, *(budget(scope, amount="999999999999.99") for scope in ("all", "education-growth")))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "he"])
def test_nothing_lies_outside_at_any_width(page_alice: Page, alice, language):
    alice.language = language
    alice.save()
    fill(alice, 12)
    extremes(alice)
    found, heads = [], set()
    for path in PAGES:
        page_alice.goto(path)
        for width in WIDTHS:
            page_alice.set_viewport_size({"width": width, "height": 844})
            found += [(path, width, fault) for fault in page_alice.evaluate(OUTSIDE) + page_alice.evaluate(SPILLS)]
            for menu in page_alice.locator("details.menu").element_handles():
                menu.evaluate(OPEN)
                found += [(path, width, fault) for fault in page_alice.evaluate(OUTSIDE) + page_alice.evaluate(CUT_OFF)]
            page_alice.evaluate(f"({OPEN})(null)")
            if width >= 768:
                heads.add((width, page_alice.locator("h1").first.evaluate("head => getComputedStyle(head).fontSize")))
    assert not found, "\n".join(map(str, found))
    assert len({width for width, _size in heads}) == len(heads), "pages have heads of one size"


@pytest.mark.slow
def test_axe_finds_nothing_in_what_opens(page_alice: Page, alice):
    fill(alice, 12)
    for width, scheme in ((390, "dark"), (1440, "light")):
        page_alice.set_viewport_size({"width": width, "height": 844})
        page_alice.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page_alice.goto("/expenses/?month=all")
        for menu in page_alice.locator("details.menu").element_handles():
            menu.evaluate(OPEN)
            assert axe(page_alice) == []
        page_alice.evaluate(f"({OPEN})(null)")
        page_alice.locator("#rows .row-title a").first.click()
        expect(page_alice.locator("#panel")).to_be_visible()
        assert axe(page_alice) == []
        page_alice.keyboard.press("Escape")
        page_alice.locator("#rows .row-cat > .chip").first.click()
        expect(page_alice.locator("#category-picker")).to_be_visible()
        assert axe(page_alice) == []
        assert page_alice.evaluate(CUT_OFF) == []
        page_alice.keyboard.press("Escape")
        for keys, opened in (("?", "#shortcuts"), ("ControlOrMeta+k", "#palette [aria-selected=true]")):
            page_alice.keyboard.press(keys)
            expect(page_alice.locator(opened)).to_be_visible()
            assert axe(page_alice) == []
            assert page_alice.evaluate(CUT_OFF) == []
            page_alice.keyboard.press("Escape")
        page_alice.locator("#session").evaluate("dialog => dialog.showModal()")
        assert axe(page_alice) == []
        assert page_alice.evaluate(CUT_OFF) == []
        page_alice.goto("/dashboard/")
        if width == 390:
            page_alice.locator(".dash-more").click()
        assert axe(page_alice) == []
        assert page_alice.evaluate(CUT_OFF) == []
        for menu in page_alice.locator("details.menu").element_handles():
            menu.evaluate(OPEN)
            assert axe(page_alice, {"include": [["details.menu[open]"]]}) == []


def top(page: Page, selector: str) -> float:
    """Where an element begins on a page without a notice above its head, such as that FinBrain is still learning."""
    head, element = (page.locator(each).first.bounding_box()["y"] for each in (".page-head", selector))
    return element - head + UNDER_THE_BAR


def test_a_phone_shows_expenses_and_the_total_at_once(page_alice: Page, alice):
    fill(alice, 24)
    make_expense(alice, "ATM", "600", category="cash", spent_on=timezone.localdate())
    page_alice.set_viewport_size({"width": 390, "height": 844})
    page_alice.goto("/expenses/")
    row = page_alice.locator("#rows .row").first
    assert top(page_alice, "#rows .row") < 360
    assert row.locator(".row-actions").is_hidden()
    chip, amount = row.locator(".row-cat > .chip").bounding_box(), row.locator(".row-amount").bounding_box()
    assert chip["y"] < amount["y"] + amount["height"]
    assert amount["y"] < chip["y"] + chip["height"]
    asking = page_alice.locator("#rows .row:has(.ask)").first
    expect(asking.locator(".ask .chip:visible")).to_have_count(1)
    page_alice.locator("#id_title").focus()
    expect(page_alice.locator("#id_amount")).to_be_visible()
    row.locator(".row-cat > .chip").click()
    page_alice.locator("#category-picker [data-delete]").click()
    expect(page_alice.locator(".toast")).to_contain_text("Deleted")
    page_alice.goto("/dashboard/")
    assert top(page_alice, "#total") < 220
    expect(page_alice.locator("#dash-controls")).to_be_hidden()
    page_alice.locator(".dash-more").click()
    expect(page_alice.locator("#dash-controls .pill").first).to_be_in_viewport()
    page_alice.set_viewport_size({"width": 360, "height": 800})
    page_alice.goto("/dashboard/?view=cashflow")
    assert page_alice.locator(".dash-cashflow .table-scroll").evaluate("box => box.scrollWidth <= box.clientWidth")


@pytest.mark.parametrize(
    ("path", "said", "across"),
    [
        ("/expenses/?month=all&category=food-drinks", ("All time", "Food & Drinks", "expenses", "Groceries"), "#rows"),
        (
            "/dashboard/?view=comparison&currency=USD",
            ("Months compared", "Day by day", "Biggest expenses"),
            "#chart, #chart-table, .dash-trend",
        ),
    ],
    ids=["list", "dashboard"],
)
def test_on_paper_everything_is_said_and_nothing_can_be_used(page_alice: Page, alice, path, said, across):
    fill(alice, 24)
    page_alice.goto(path)
    page_alice.emulate_media(media="print")
    page_alice.set_viewport_size({"width": 794, "height": 1123})
    main = page_alice.locator("main")
    for text in said:
        expect(main.get_by_text(text).locator("visible=true").first).to_be_visible()
    expect(page_alice.locator("#list-total, #total").first).to_contain_text(re.compile("[₪$]"))
    assert page_alice.evaluate(CONTROLS) == []
    width = main.bounding_box()["width"]
    assert width > 750
    for part in page_alice.locator(across).all():
        assert part.bounding_box()["width"] > width * 0.95
    assert page_alice.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("width", [360, 1440])
def test_toasts_leave_the_bulk_actions_free(page_alice: Page, alice, width):
    fill(alice, 40)
    page_alice.set_viewport_size({"width": width, "height": 800})
    page_alice.goto("/expenses/?month=all")
    page_alice.locator("#rows .row-title a").nth(1).focus()
    page_alice.keyboard.press("Delete")
    expect(page_alice.locator(".toast")).to_be_visible()
    page_alice.locator("#rows [name=ids]").first.check()
    expect(page_alice.locator(".several")).to_be_visible()
    for control in page_alice.locator(".several :is(button, select, input):visible").all():
        assert control.evaluate(ON_TOP), control.evaluate("(control) => control.outerHTML")
