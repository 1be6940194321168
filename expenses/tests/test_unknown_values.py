"""What another release stored is shown as unknown, counted, kept, and can be mended."""

import html

import pytest

from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.tests.making import DAY, make_expense
from finbrain.core.past_the_orm import collection

LIST = "/expenses/?month=2026-08"
ALL = "/expenses/?month=all"
EVERYTHING = {"title": "Tea", "amount": "3", "currency": "ILS", "spent_on": "2026-08-20", "category": "other"}


@pytest.fixture
def stored(alice):
    """A function that stores an expense with some columns as another release left them; None removes a column."""

    def store(**columns: object) -> str:
        key = make_expense(alice).pk
        gone = {name: "" for name, value in columns.items() if value is None}
        kept = {name: value for name, value in columns.items() if value is not None}
        changes = {"$set": kept} if kept else {}
        collection(Expense).update_one({"_id": key}, changes | ({"$unset": gone} if gone else {}))
        touch_months(alice.pk, [DAY])
        return str(key)

    return store


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("columns", "path", "said"),
    [
        ({"category": "pets"}, LIST, "Unknown category (pets)"),
        ({"category": None}, LIST, "Unknown category"),
        ({"category": "<b>"}, LIST, "Unknown category (<b>)"),
        ({"currency": "XAU"}, LIST, "XAU"),
        ({"currency": None}, LIST, "?58.00"),
        ({"title": None}, LIST, "No title"),
        ({"amount": None}, LIST, "No amount"),
        ({"amount": "58"}, LIST, "No amount"),
        ({"spent_on": None}, ALL, "No date"),
        ({"spent_on": "2026-08-20"}, ALL, "No date"),
        ({"category_source": "oracle"}, LIST, "Taxi home"),
    ],
)
def test_it_is_shown_as_unknown(client_alice, stored, columns, path, said):
    stored(**columns)
    assert said in page(client_alice, path)


@pytest.mark.parametrize("category", ["pets", None])
def test_an_unknown_category_is_in_the_totals_of_list_and_dashboard(client_alice, stored, category):
    stored(category=category)
    assert "₪58.00" in page(client_alice, LIST)
    for path in ("/dashboard/?month=2026-08", "/dashboard/?month=2026-08&view=comparison"):
        shown = page(client_alice, path)
        assert "Unknown category" in shown
        assert "₪58.00" in shown


def test_an_amount_in_an_unknown_currency_is_left_out_and_said_so(client_alice, stored):
    stored(currency="XAU")
    assert "1 amount in XAU is left out" in page(client_alice, "/dashboard/?month=2026-08")


def test_a_note_can_be_changed_without_losing_the_unknown_category(client_alice, stored):
    """After a rollback the older release keeps what only the newer one knows."""
    key = stored(category="pets")
    assert '<option value="pets" selected>' in page(client_alice, f"/expenses/{key}/edit/")
    answer = client_alice.post(f"/expenses/{key}/edit/", {**EVERYTHING, "category": "pets", "note": "new"})
    assert answer.status_code == 302
    found = Expense.objects.get(pk=key)
    assert (found.category, found.note) == ("pets", "new")


@pytest.mark.parametrize("name", ["title", "amount", "currency", "spent_on"])
def test_what_is_missing_must_be_filled_in_before_saving(client_alice, stored, name):
    key = stored(**{name: None})
    left = {field: value for field, value in EVERYTHING.items() if field != name}
    assert client_alice.post(f"/expenses/{key}/edit/", left).status_code == 422
    assert client_alice.post(f"/expenses/{key}/edit/", EVERYTHING).status_code == 302
    found = Expense.objects.get(pk=key)
    assert (found.title, found.amount, found.currency, found.spent_on) == ("Tea", 3, "ILS", DAY)


@pytest.mark.parametrize("columns", [{"category": "pets"}, {"spent_on": None}, {"reviewed": None}, {"title": None}])
def test_it_can_be_filed_deleted_and_restored(client_alice, stored, columns):
    key = stored(**columns)
    several = {"ids": [key], "action": "category", "category": "food-drinks"}
    assert client_alice.post("/expenses/several/", several).status_code == 302
    assert Expense.objects.get(pk=key).category == "food-drinks"
    assert client_alice.post(f"/expenses/{key}/delete/").status_code == 302
    assert "Restore" in page(client_alice, "/expenses/trash/")
    assert client_alice.post(f"/expenses/{key}/restore/").status_code == 302
    assert Expense.objects.get(pk=key).deleted_at is None


def test_an_unknown_home_currency_is_the_euro_until_it_is_mended(client_alice, alice):
    make_expense(alice)
    alice.home_currency = "XAU"
    alice.save()
    assert "€" in page(client_alice, "/dashboard/?month=2026-08")
    assert '<option value="XAU" selected>' in page(client_alice, "/accounts/settings/")
    sent = {"section": "preferences", "home_currency": "XAU", "language": "", "theme": "auto"}
    assert client_alice.post("/accounts/settings/", sent).status_code == 422
    assert client_alice.post("/accounts/settings/", sent | {"home_currency": "ILS"}).status_code == 302
