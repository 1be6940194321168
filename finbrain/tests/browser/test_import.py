"""Importing a statement in a real browser: choose, preview, correct how it is read, import, undo."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from expenses.importing import writing
from expenses.models import Expense, ImportBatch
from expenses.tests.importing.uploading import BANK, import_statement, statement, upload_statement
from expenses.tests.making import make_expense
from finbrain.tests.browser.test_accounts_pages import RULES

pytestmark = pytest.mark.browser

TWISTED = """Konto;Tag;Wer;Wieviel;Was
1;03.08.2026;ALDI SÜD;32,40;Brot & Butter
1;04.08.2026;שופרסל;120,00;
1;05.08.2026;ein sehr langer Name eines Ladens, der gar kein Ende nehmen will und deshalb umgebrochen wird;7,50;
1;32.08.2026;Kaputt;1,00;
"""


def choose(page: Page, text: str, name: str = "bank.csv") -> None:
    page.goto("/expenses/import/")
    page.locator("input[type=file]").set_input_files([{"name": name, "mimeType": "text/csv", "buffer": text.encode()}])
    page.get_by_role("button", name="Preview").click()
    page.locator("#look, main .errorlist").first.wait_for()
    page.wait_for_load_state()  # its scripts may come later


def faults(page: Page) -> list[str]:
    found = [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, "wider than the screen"] if wider else found


def test_the_chosen_file_has_a_name_a_size_and_progress(page_alice):
    page = page_alice
    page.goto("/expenses/import/")
    file = {"name": "bank.csv", "mimeType": "text/csv", "buffer": b"x" * 2460}
    page.locator("input[type=file]").set_input_files([file])
    expect(page.locator("#drop-file")).to_have_text("bank.csv 2.5 kB")
    tell = "(loaded) => document.dispatchEvent(new CustomEvent('htmx:xhr:progress', { detail: { loaded, total: 4 } }))"
    for loaded, said in ((1, "Uploading…"), (4, "Reading the file…")):
        page.evaluate(tell, loaded)
        expect(page.locator("#drop-progress")).to_have_text(said)
        expect(page.locator("#drop-progress progress")).to_have_js_property("value", loaded / 4)


def test_from_the_file_to_the_list_and_back(page_alice):
    page = page_alice
    page.goto("/expenses/")
    page.locator("#empty").get_by_role("link", name="Import a statement").click()
    choose(page, BANK)
    expect(page.get_by_role("heading", level=1)).to_have_text("bank.csv")
    expect(page.locator(".preview-counts li").first).to_have_text("6 new")
    expect(page.locator("section .import-rows .row")).to_have_count(6)
    page.get_by_role("button", name="Import 6 entries").click()
    expect(page.locator(".import-summary")).to_have_text("6 added")
    page.get_by_role("link", name="Show the expenses").click()
    expect(page.locator("#rows [data-expense]")).to_have_count(6)
    choose(page, BANK, "again.csv")
    expect(page.locator(".preview-counts")).to_contain_text("Nothing to import")
    page.goto("/expenses/import/")
    page.get_by_role("button", name="Undo: bank.csv").click()
    expect(page.locator(".toast").first).to_contain_text("6 expenses deleted")
    assert not Expense.objects.filter(deleted_at=None).exists()


def test_how_it_is_read_is_corrected_with_a_preview_at_once(page_alice):
    page = page_alice
    choose(page, TWISTED)
    if page.locator("#how:not([open])").count():
        page.locator("#how > summary").click()
    for name, value in (("date", "1"), ("title", "2"), ("amount", "3"), ("note", "4")):
        page.locator(f"#id_column_{name}").select_option(value)
    page.locator("#id_sign").select_option("positive")
    page.locator("#id_currency").focus()
    page.locator("#id_currency").select_option("EUR")
    expect(page.locator(".import-rows .row-amount").first).to_have_text("€32.40")
    expect(page.locator("#id_currency")).to_be_focused()
    expect(page.locator("#preview-said")).to_have_text("New: 3")
    expect(page.locator("section", has_text="Unreadable rows")).to_contain_text("32.08.2026")
    page.get_by_role("button", name="Import 3 entries").click()
    expect(page.locator(".import-summary")).to_have_text("3 added, 1 could not be read")
    assert set(Expense.objects.values_list("title", "note")) >= {("ALDI SÜD", "Brot & Butter"), ("שופרסל", "")}


def test_what_looks_alike_comes_in_when_ticked(page_alice, alice):
    page = page_alice
    make_expense(alice, "Power", "89.00", spent_on=date(2026, 8, 30))
    choose(page, BANK)
    expect(page.locator(".row-note")).to_have_text("You already have “Power” from Aug 30, 2026")
    expect(page.get_by_role("button", name="Import 5 entries")).to_be_visible()
    page.get_by_role("checkbox", name="Import this expense: STADTWERKE STROM").check()
    page.get_by_role("button", name="Import 6 entries").click()
    expect(page.locator(".import-summary")).to_have_text("6 added")


def test_ticks_are_counted_and_stay(page_alice):
    page = page_alice
    choose(page, BANK)
    page.get_by_role("checkbox", name="Import this expense: ALDI SUED 4711").uncheck()
    expect(page.get_by_role("button", name="Import 5 entries")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="Import this expense: ALDI SUED 4711")).not_to_be_checked()


def test_a_row_is_mended_in_its_place(page_alice):
    page = page_alice
    choose(page, BANK + "2026-13-45,Bread,-3.20\n")
    page.get_by_role("button", name="Edit: ALDI SUED 4711").click()
    expect(page.locator("#id_row-title")).to_be_focused()
    page.locator("#id_row-title").fill("Groceries")
    page.locator("#id_row-amount").fill("nothing")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".row-mend .errorlist")).to_be_visible()
    page.locator("#id_row-amount").fill("30")
    page.locator("#id_row-amount").press("Enter")
    expect(page.get_by_role("button", name="Edit: Groceries")).to_be_focused()
    page.get_by_role("button", name="Edit: line 8").click()
    page.locator("#id_row-spent_on").fill("2026-08-13")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Import 7 entries").click()
    expect(page.locator(".import-summary")).to_have_text("7 added")
    assert set(Expense.objects.values_list("title", flat=True)) >= {"Groceries", "Bread"}


def test_what_is_undecided_is_answered_in_one_click(page_alice):
    page = page_alice
    choose(page, "Date,Title,Amount\n01/02/2026,Tea,5.00\n05/04/2026,Bus,6.00\n")
    expect(page.get_by_role("heading", name="Which dates are right?")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="This is right").nth(1).click()
    expect(page.get_by_role("heading", name="Which dates are right?")).to_have_count(0)
    page.get_by_role("button", name="Import 2 entries").click()
    expect(page.locator(".import-summary")).to_have_text("2 added")
    assert set(Expense.objects.values_list("spent_on", flat=True)) == {date(2026, 1, 2), date(2026, 5, 4)}


def test_a_long_import_goes_on_by_itself(page_alice, client_alice, alice, monkeypatch):
    monkeypatch.setattr(writing, "STEP_SECONDS", 0.01)
    page = page_alice
    choose(page, statement(900))
    page.get_by_role("button", name="Import 900 entries").click()
    expect(page.locator(".import-summary")).to_have_text("900 added")
    expect(page.locator("#import-said")).to_have_text("Done: 900 added")
    expect(page.locator("#inbox-count")).to_contain_text("900")
    assert Expense.objects.count() == 900


def test_an_import_goes_on_after_an_answer_that_was_lost(page_alice, monkeypatch):
    monkeypatch.setattr(writing, "STEP_SECONDS", 0.01)
    page, lost = page_alice, []

    def lose_two(route: Route) -> None:
        asked_by_page = "hx-request" in route.request.headers
        if asked_by_page and len(lost) < 2:
            lost.append(route.request.url)
            route.fulfill(status=503) if len(lost) == 1 else route.abort()
        else:
            route.continue_()

    page.route("**/run/", lose_two)
    choose(page, statement(500))
    page.get_by_role("button", name="Import 500 entries").click()
    expect(page.locator(".toast-error").first).to_be_visible()
    expect(page.locator(".import-summary")).to_have_text("500 added")
    assert len(lost) == 2
    assert Expense.objects.count() == 500


def test_without_javascript(new_context, client_alice, live_server, monkeypatch):
    monkeypatch.setattr(writing, "STEP_SECONDS", 0.01)
    context = new_context(java_script_enabled=False)
    cookie = client_alice.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    choose(page, statement(500))
    page.locator("#how > summary").click()
    page.locator("#id_currency").select_option("EUR")
    page.get_by_role("button", name="Update the preview").click()
    expect(page.locator(".import-rows .row-amount").first).to_have_text("€1.50")
    page.get_by_role("checkbox", name="Import this expense: Shop 1", exact=True).uncheck()
    page.get_by_role("button", name="Edit: Shop 0").click()
    page.locator("#id_row-title").fill("Kiosk")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".preview-pager")).to_contain_text("101–200 of 500")
    page.get_by_role("button", name="Import 499 entries").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".import-summary")).to_have_text("499 added, 1 not ticked")
    assert Expense.objects.filter(title="Kiosk").count() == 1


def test_a_bad_file_is_told_at_the_field(page_alice):
    choose(page_alice, "%PDF-1.7", "statement.pdf")
    expect(page_alice.locator(".errorlist")).to_contain_text("PDF")
    expect(page_alice.locator("input[type=file]")).to_have_attribute("aria-invalid", "true")
    assert faults(page_alice) == []


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "dark", "he"), (1440, "light", "en")])
def test_axe_finds_nothing(page_alice, client_alice, alice, width, scheme, language):
    page = page_alice
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    alice.language = language
    alice.save()
    make_expense(alice, "Power", "89.00", spent_on=date(2026, 8, 30))
    begun, draft = upload_statement(client_alice, statement(9)), upload_statement(client_alice, BANK + "x,y,z\n")
    ImportBatch.objects.filter(pk=begun.pk).update(state="running", total=9, position=4)
    done = import_statement(client_alice, statement(3, first=50), "a-very-long-name-without-any-space-" * 3 + ".csv")
    page.route("**/run/", lambda route: None)  # keeps the import running during the test
    found = {}
    for path in ("", f"{draft.pk}/", f"{begun.pk}/", f"{done.pk}/"):
        page.goto(f"/expenses/import/{path}")
        for details in page.locator("details.card").all():
            details.locator("summary").click()
        page.evaluate("scrollTo(0, 0)")  # the sticky head covers whatever the last click scrolled under it
        found[path] = faults(page)
    assert not any(found.values()), found


# The lines of each word of the elements' text, as [word, lines].
WORDS = """names => names.flatMap(name => {
  const text = name.firstChild, words = [...text.data.matchAll(/\\S+/g)];
  return words.map(word => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return [word[0], new Set([...range.getClientRects()].map(box => Math.round(box.top))).size];
  });
})"""


@pytest.mark.parametrize("language", ["en", "he"])
def test_no_category_breaks_inside_a_word_on_a_phone(page_alice, client_alice, alice, language):
    alice.language = language
    alice.save()
    page_alice.set_viewport_size({"width": 360, "height": 800})
    rows = "2026-08-20,Taxi home,-123456789.50,Transportation\n2026-08-21,Train ticket,-12345.00,Transportation\n"
    draft = upload_statement(client_alice, f"Date,Description,Amount,Category\n{rows}")
    page_alice.goto(f"/expenses/import/{draft.pk}/")
    names = page_alice.locator(".import-rows .chip .cat-name")
    expect(names).to_have_count(2)
    assert [word for word, lines in names.evaluate_all(WORDS) if lines > 1] == []
    chosen = page_alice.locator("#file-categories select")
    assert chosen.bounding_box()["width"] > 180
    assert page_alice.locator("#file-categories .table-scroll").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert not page_alice.evaluate("document.documentElement.scrollWidth > innerWidth")
