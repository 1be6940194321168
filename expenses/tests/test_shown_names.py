"""The name of a merchant beside the bank's text: FinBrain's, or the person's own."""

import re
from datetime import date

import pytest

from expenses.models import Expense
from expenses.tests.making import make_expense, make_expenses

BANK = "TESCO STORES 3297"


def edit(client, expense, **values):
    return client.post(f"/expenses/{expense.pk}/edit/", values)


def listed(client) -> str:
    return client.get("/expenses/?month=2026-08").content.decode()


def test_the_name_comes_first_and_the_banks_text_below(client_alice, alice):
    make_expense(alice, BANK, note="weekly")
    text = listed(client_alice)
    assert "Tesco Stores</a>" in text
    assert f'<span class="row-note" dir="auto">{BANK} · weekly</span>' in text


def test_a_person_chooses_another_and_goes_back(client_alice, alice):
    expense = make_expense(alice, BANK)
    page = client_alice.get(f"/expenses/{expense.pk}/edit/").content.decode()
    assert re.search(r'name="shown_title"[^>]*placeholder="Tesco Stores"', page)
    edit(client_alice, expense, shown_title="Groceries")
    assert "Groceries</a>" in listed(client_alice)
    assert "Groceries</a>" in client_alice.get("/expenses/?month=2026-08&q=grocer").content.decode()
    edit(client_alice, expense, note="weekly")
    assert Expense.objects.get().shown_title == "Groceries"
    edit(client_alice, expense, shown_title="")
    assert "Tesco Stores</a>" in listed(client_alice)
    assert Expense.objects.get().title == BANK


def test_another_title_needs_another_name(client_alice, alice):
    expense = make_expense(alice, BANK, shown_title="Groceries")
    edit(client_alice, expense, title="ALDI 1234", shown_title="Groceries")
    assert "Aldi</a>" in listed(client_alice)


def test_top_lists_use_it(client_alice, alice):
    make_expenses(alice, [{"title": title, "amount": 900} for title in (BANK, "TESCO STORES 1111")])
    make_expenses(alice, [{"title": "ALDI 1234", "amount": 5, "shown_title": "Corner shop"} for _ in range(3)])
    page = client_alice.get("/dashboard/?month=2026-08")
    assert [row["title"] for row in page.context["merchants"]["rows"]] == ["Corner shop", "Tesco Stores"]
    assert {row["title"] for row in page.context["biggest"]["rows"]} == {"Corner shop", "Tesco Stores"}
    for row in page.context["merchants"]["rows"]:
        assert client_alice.get(row["url"]).context["count"] == row["count"]


def test_what_a_person_typed_is_shown_as_it_is(client_alice, alice):
    expense = make_expense(alice, "Taxi home")
    assert "Taxi home</a>" in listed(client_alice)
    assert "shown_title" not in client_alice.get(f"/expenses/{expense.pk}/edit/").content.decode()


@pytest.mark.parametrize("size", [10, 70])
def test_the_list_after_a_change_is_as_long_as_before(client_alice, alice, size):
    made = make_expenses(alice, [{"title": f"t{n}", "amount": 1, "spent_on": date(2026, 8, 20)} for n in range(90)])
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=2026-08", "X-Rows": str(size)}
    answer = client_alice.post(f"/expenses/{made[0].pk}/edit/", {"note": "x"}, headers=headers)
    assert answer.headers["HX-Reswap"] == "none"
    assert answer.content.decode().count("data-expense=") == max(50, size)


def test_the_panel_has_only_the_form_and_keeps_its_mistakes(client_alice, alice):
    expense = make_expense(alice)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/expenses/?month=2026-08"}
    panel = client_alice.get(f"/expenses/{expense.pk}/edit/", headers=headers).content.decode()
    assert "<html" not in panel
    assert 'id="edit_title"' in panel
    refused = client_alice.post(f"/expenses/{expense.pk}/edit/", {"amount": "1e9"}, headers=headers)
    assert refused.status_code == 422
    assert "isn&#x27;t an amount" in refused.content.decode()
    expense.deleted_at = expense.created_at
    expense.save()
    gone = client_alice.post(f"/expenses/{expense.pk}/edit/", {"note": "x"}, headers=headers)
    assert gone.status_code == 422
    assert 'name="restore"' in gone.content.decode()
