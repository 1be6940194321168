"""What mended rows and ticks change besides their rows: duplicates, sums, pages and the closing balance."""

import pytest

from expenses.importing import preview
from expenses.models import Expense
from expenses.tests.importing.uploading import fields, import_statement, run, statement, upload_statement
from expenses.views import import_rows

pytestmark = pytest.mark.django_db
URL = "/expenses/import/"
HEAD = "Date,Description,Amount\n"


def send(client, batch, **sent):
    return client.post(f"{URL}{batch.pk}/", fields(client, batch) | sent)


def mend(client, batch, number: int, amount: str, day: str, title: str = "Bakery", **sent):
    row = {"row-title": title, "row-amount": amount, "row-currency": "ILS", "row-spent_on": day}
    return send(client, batch, mending=str(number), **row, **sent)


def row(page, group: str, number: int = 0):
    return page.context["groups"][group][number]


def test_a_duplicate_that_is_mended_into_another_row_is_imported(client_alice):
    import_statement(client_alice, HEAD + "2026-08-03,Baker,-4.50\n")
    batch = upload_statement(client_alice, HEAD + "2026-08-03,Bakery,-4.50\n2026-08-04,Bus,-2.00\n")
    page = mend(client_alice, batch, 0, "5.50", "2026-08-03")
    assert (row(page, "alike").get("like"), page.context["wanted"]) == (None, 2)
    page = mend(client_alice, batch, 0, "4.50", "2026-08-03")
    assert (row(page, "alike")["like"]["title"], page.context["wanted"]) == ("Baker", 1)
    page = mend(client_alice, batch, 0, "4.50", "2026-08-03", title="Bakery Corner", take="alike:0")
    assert page.context["wanted"] == 2, "still a duplicate, which the person wants"
    run(client_alice, batch)
    assert Expense.objects.filter(title="Bakery Corner").count() == 1


def test_a_row_that_is_mended_into_a_duplicate_stays_out(client_alice):
    import_statement(client_alice, HEAD + "2026-08-03,Baker,-4.50\n2026-08-09,Kiosk,-7.70\n")
    batch = upload_statement(client_alice, HEAD + "2026-08-05,Bus,-2.00\n2026-13-45,Gum,-9.00\n2026-08-06,Tram,-2.20\n")
    page = mend(client_alice, batch, 0, "4.50", "2026-08-03")
    assert (row(page, "new")["like"]["title"], row(page, "new")["wanted"]) == ("Baker", False)
    page = mend(client_alice, batch, -1, "7.70", "2026-08-09")
    assert (row(page, "new")["like"]["title"], row(page, "new")["wanted"]) == ("Kiosk", False)
    assert "You already have “Kiosk”" in page.content.decode()
    run(client_alice, batch)
    assert (batch.added, batch.left_out) == (1, 2)


def test_an_unreadable_row_keeps_its_note_and_account(client_alice):
    text = "Date,Description,Amount,Note\n2026-08-05,Bus,-2.00,\n2026-13-45,Gum,-9.00,strawberry\n"
    batch = upload_statement(client_alice, text)
    sent = fields(client_alice, batch) | {"account": "Giro"}
    client_alice.post(f"{URL}{batch.pk}/", sent)
    mend(client_alice, batch, -1, "9.00", "2026-08-09", title="Gum")
    run(client_alice, batch)
    gum = Expense.objects.get(title="Gum")
    assert (gum.note, gum.account) == ("strawberry", "Giro")


def test_the_sums_of_a_long_file_follow_ticks_and_mended_rows(client_alice, monkeypatch):
    import_statement(client_alice, statement(1))
    for module in (preview, import_rows):
        monkeypatch.setattr(module, "SHOWN", 3)
    batch = upload_statement(client_alice, statement(6))
    assert send(client_alice, batch).context["sum_line"] == "5 went out, ₪22.50"
    assert send(client_alice, batch, shown="new:1 2 3", take="new:1").context["sum_line"] == "3 went out, ₪14.50"
    page = mend(client_alice, batch, 4, "100", "2026-08-03", page="new:2")
    assert page.context["sum_line"] == "3 went out, ₪109.00"
    page = mend(client_alice, batch, 4, "-100", "2026-08-03", page="new:2")
    assert page.context["sum_line"] == "2 went out, ₪9.00; 1 came in, ₪100.00"
    assert (
        send(client_alice, batch, shown="known:0", take="known:0").context["sum_line"].startswith("3 went out, ₪10.50")
    )
    assert send(client_alice, batch, all="new:off").context["sum_line"] == "1 went out, ₪1.50"
    assert run(client_alice, batch).added == 1


def test_later_pages_of_unreadable_rows_stay_reachable(client_alice, monkeypatch):
    for module in (preview, import_rows):
        monkeypatch.setattr(module, "SHOWN", 3)
    bad = "".join(f"2026-13-45,Bad {number},-1.00\n" for number in range(5))
    batch = upload_statement(client_alice, statement(20) + bad)
    for number in (-1, -2, -3):
        page = mend(client_alice, batch, number, f"{-number}.10", "2026-08-03")
    assert page.context["unreadable"] == []
    assert 'value="unreadable:2"' in page.content.decode()
    page = send(client_alice, batch, page="unreadable:2")
    assert [one["number"] for one in page.context["unreadable"]] == [-4, -5]
    page = mend(client_alice, batch, -5, "9.10", "2026-08-03", page="unreadable:2")
    assert page.context["counts"] == {"new": 24, "alike": 0, "known": 0, "unbooked": 0, "unreadable": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Amount,Balance\n2026-08-01,A,-4.50,95.50\n2026-08-02,B,-5.50,90.00\n2026-08-03,C,x,80.00\n"
        "2026-08-04,D,-1.00,79.00\n2026-08-05,E,-1.00,78.00\n",
        "Opening balance,100.00\nClosing balance,122.00\n\nDate,Description,Amount\n2026-08-01,A,4.50\n"
        "2026-08-02,B,5.50\n2026-08-03,C,x\n2026-08-04,D,1.00\n2026-08-05,E,1.00\n",
    ],
)
def test_mended_amounts_count_for_the_closing_balance(client_alice, text):
    batch = upload_statement(client_alice, text)
    assert send(client_alice, batch).context["gap"] == {"is_none": False, "amount_text": "₪10.00"}
    page = mend(client_alice, batch, -1, "10", "2026-08-03")
    assert page.context["gap"]["is_none"]
    page = mend(client_alice, batch, 1, "6.50", "2026-08-02")
    assert page.context["gap"] == {"is_none": False, "amount_text": "₪1.00"}
