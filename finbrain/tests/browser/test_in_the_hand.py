"""On every width, everything is inside the screen: pages, and every menu, sheet and panel when it is open."""

import re
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from expenses.models import Expense
from expenses.tests.budgets.made import budget, plan
from expenses.tests.making import make_expense, make_expenses
from finbrain.tests.browser.axe import OPTIONS
from finbrain.tests.browser.expense_states import fill
from finbrain.tests.browser.holding import Requests
from finbrain.tests.browser.placing import CONTROLS, CUT_OFF, OUTSIDE, SPILLS

pytestmark = pytest.mark.browser

WIDTHS = (360, 390, 768, 1440, 2560)
# Where the head of a page begins on a phone.
UNDER_THE_BAR = 60
EDIT = re.compile("/edit/$")
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


@pytest.mark.parametrize(("language", "typed"), [("en", "dash"), ("he", "תמונת")])
def test_the_palette_by_keyboard(page_alice: Page, alice, language, typed):
    alice.language = language
    alice.save()
    make_expense(alice, "Zumba", spent_on=date(2026, 2, 3))
    field, chosen = page_alice.locator("#palette input"), page_alice.locator("#palette [aria-selected=true]")
    requests = Requests(page_alice, re.compile("palette"))
    for requests.refused in ("/expenses/palette/", "/palette."):
        page_alice.goto("/expenses/")
        page_alice.keyboard.press("ControlOrMeta+k")
        expect(page_alice.locator(".toast-error")).to_be_visible()
        expect(field).to_be_hidden()
    requests.refused = ""
    page_alice.goto("/expenses/")
    with requests.held("/expenses/palette/"):
        page_alice.keyboard.press("ControlOrMeta+k")
    page_alice.keyboard.type("i")  # on the page, the key for the inbox
    expect(field).to_have_value("i")
    requests.let_go()
    expect(chosen).to_have_count(1)
    page_alice.keyboard.press("Backspace")
    expect(chosen).to_have_id("go-add")
    page_alice.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "go-expenses-list")
    expect(chosen).to_have_id("go-expenses-list")
    page_alice.keyboard.press("Escape")
    expect(field).to_be_hidden()
    page_alice.keyboard.press("ControlOrMeta+k")
    page_alice.keyboard.type(typed)
    expect(chosen).to_have_id("go-dashboard")
    page_alice.keyboard.press("Enter")
    page_alice.wait_for_url("**/dashboard/")
    last = str(timezone.localdate().year - 1)
    for keys, url in ((last, rf"/dashboard/\?month={last}-12"), ("JPY", r"/dashboard/\?.*currency=JPY")):
        page_alice.keyboard.press("ControlOrMeta+k")
        expect(field).to_be_focused()
        page_alice.keyboard.type(keys)
        page_alice.keyboard.press("Enter")
        page_alice.wait_for_url(re.compile(url))
    with requests.held("/expenses/palette/"):
        page_alice.keyboard.press("ControlOrMeta+k")
    page_alice.keyboard.type("Zumba")
    page_alice.keyboard.press("Enter")
    requests.let_go()
    page_alice.wait_for_url("**q=Zumba")
    expect(page_alice.locator("#rows .row")).to_have_count(1)
    page_alice.keyboard.press("ControlOrMeta+k")
    expect(field).to_be_focused()
    page_alice.locator("#go-dark").click()
    expect(page_alice.locator("html")).to_have_attribute("data-theme", "dark")
    assert Expense.objects.count() == 1
