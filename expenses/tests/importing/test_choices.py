"""The choices for a table are reused for the next one with its header, unless its format has clearly changed."""

from datetime import date
from decimal import Decimal

import pytest

from expenses.models import ColumnMapping, Expense, ImportBatch
from expenses.models.limits import ACCOUNT_LENGTH
from expenses.tests.importing.uploading import fields, import_statement, run, upload_statement

pytestmark = pytest.mark.django_db
HEAD = "Date;Description;Amount\n"
AUGUST = HEAD + "01/08/2026;a;-5,10\n22/08/2026;b;-6,10\n"


def test_how_a_header_was_read_is_kept(client_alice, alice):
    swapped = "When,What,Where,Sum\n2026-08-01,Bread,Berlin,3.20\n"
    batch = upload_statement(client_alice, swapped)
    sent = fields(client_alice, batch) | {
        "column_date": "0", "column_title": "2", "column_note": "1", "column_amount": "3", "sign": "positive",
        "currency": "EUR",
    }  # fmt: skip
    client_alice.post(f"/expenses/import/{batch.pk}/", sent)
    client_alice.post(f"/expenses/import/{batch.pk}/run/", sent)
    [row] = Expense.objects.all()
    assert (row.spent_on, row.title, row.amount, row.currency) == (date(2026, 8, 1), "Berlin", Decimal("3.20"), "EUR")
    again = fields(client_alice, upload_statement(client_alice, swapped.replace("3.20", "4.20")))
    assert {name: again[name] for name in ("column_title", "column_note", "currency")} == {
        "column_title": "2", "column_note": "1", "currency": "EUR",
    }  # fmt: skip
    assert ColumnMapping.objects.count() == 1


def notation(client, text: str) -> tuple[str, str, str]:
    sent = fields(client, upload_statement(client, text))
    return sent["date_order"], sent["decimal"], sent["sign"]


def test_a_bank_that_writes_otherwise_now_is_read_as_it_writes(client_alice):
    import_statement(client_alice, AUGUST)
    batch = upload_statement(client_alice, HEAD + "2026-09-13;a;1,234.50\n2026-09-14;b;6.10\n")
    assert client_alice.get(f"/expenses/import/{batch.pk}/").context["counts"]["new"] == 2
    assert notation(client_alice, HEAD + "09/13/2026;a;6,10\n") == ("mdy", ",", "positive")
    assert notation(client_alice, HEAD + "".join(f"1{n}/09/2026;a;{n},10\n" for n in range(1, 6)))[2] == "positive"


def test_a_file_of_nothing_but_salaries_is_money_that_came_in(client_alice):
    import_statement(client_alice, AUGUST)
    salaries = HEAD + "".join(f"{day}/09/2026;Salary {day};{day}00,00\n" for day in range(11, 17))
    assert notation(client_alice, salaries) == ("dmy", ",", "negative")
    assert import_statement(client_alice, salaries).added == 6
    assert Expense.objects.filter(amount__lt=0).count() == 6


IBAN = "DE02 1203 0000 0000 2020 51"


@pytest.mark.parametrize(
    ("name", "account", "guess"),
    [
        ("bank.csv", IBAN, "…2051"),
        ("bank.csv", "Joint account", "Joint account"),
        ("card_4711.csv", "", "…4711"),
        ("card_4711_2026.csv", "", "…4711"),
        ("4711_to_4712.csv", "", ""),
        ("2026.csv", "", ""),
    ],
)
def test_the_account_is_guessed_from_the_file(client_alice, name, account, guess):
    text = f"Date;Account;Description;Amount\n2026-08-01;{account};Bread;-5.10\n2026-08-02;{account};Tea;-6.10\n"
    assert fields(client_alice, upload_statement(client_alice, text, name))["account"] == guess
    assert import_statement(client_alice, text, name).added == 2
    assert set(Expense.objects.values_list("account", flat=True)) == {guess}


def test_an_account_that_a_person_wrote_is_remembered_for_the_header(client_alice):
    sent = fields(client_alice, batch := upload_statement(client_alice, AUGUST)) | {"account": "Giro"}
    for action in ("", "run/"):
        client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    assert set(Expense.objects.values_list("account", flat=True)) == {"Giro"}
    assert fields(client_alice, upload_statement(client_alice, AUGUST.replace("/08/", "/09/")))["account"] == "Giro"
    other = AUGUST.replace("Description", "Text")
    assert fields(client_alice, upload_statement(client_alice, other))["account"] == ""


def test_an_account_longer_than_allowed_is_told_at_its_field(client_alice):
    batch = upload_statement(client_alice, AUGUST)
    sent = fields(client_alice, batch) | {"account": "x" * (ACCOUNT_LENGTH + 1)}
    page = client_alice.post(f"/expenses/import/{batch.pk}/", sent)
    assert "account" in page.context["form"].errors
    assert "counts" not in page.context


def test_choices_that_the_last_release_stored_are_read(client_alice):
    """Those of drafts and of headers have `money_in` and no account."""
    import_statement(client_alice, AUGUST)
    batch = upload_statement(client_alice, AUGUST.replace("/08/", "/09/"))
    for stored in (ColumnMapping.objects.get(), ImportBatch.objects.get(pk=batch.pk)):
        stored.choices = {"mapping": stored.choices["mapping"], "money_in": True}
        stored.save()
    assert fields(client_alice, batch)["account"] == ""
    assert run(client_alice, batch).added == 2
    assert notation(client_alice, AUGUST.replace("/08/", "/10/")) == ("dmy", ",", "negative")


@pytest.mark.parametrize(
    "rows", ["05/09/2026;a;-1.234\n", "05/09/2026;Salary;1.234,00\n", "05/09/2026;Salary;12\n06/09/2026;a;-3,10\n"]
)
def test_a_table_that_could_be_either_is_read_as_before(client_alice, alice, rows):
    alice.home_currency = "USD"
    alice.save()
    sent = fields(client_alice, batch := upload_statement(client_alice, AUGUST)) | {"currency": "EUR"}
    for action in ("", "run/"):
        client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    assert notation(client_alice, HEAD + rows) == ("dmy", ",", "negative")
    assert fields(client_alice, upload_statement(client_alice, HEAD + rows))["currency"] == "EUR"
