"""What was chosen for one bank is never used for the file of another."""

from decimal import Decimal

import pytest

from expenses.importing.kept_mappings import header_key
from expenses.models import ColumnMapping, Expense
from expenses.statements import read_file
from expenses.tests.importing.uploading import fields, import_statement, import_statement_as, upload_statement

pytestmark = pytest.mark.django_db
FIRST = "16-11-2026;Dankort BAGER;16-11-2026;-48,00;26550,33\n26-10-2026;Dankort CAFE;26-10-2026;-79,00;26054,54\n"
SECOND = (
    "01234567890;22/01/2026;CARTE BOULANGERIE;0000037;-10,00\n01234567890;23/01/2026;CARTE LIBRAIRIE;0000038;-5,76\n"
    "01234567890;24/01/2026;CARTE ESSENCE;00X0X0X;-105,90\n"
)
HEAD = "Date,Description,Amount\n"
BANK = HEAD + "03/13/2026,PAY,1500.00\n03/14/2026,BAKERY,-3.20\n03/15/2026,BUS,-2.80\n"
CARD = (
    HEAD + "".join(f"04/{n}/2026,SHOP {n},{n}.50\n" for n in range(13, 19)) + "04/25/2026,PAYMENT THANK YOU,-140.00\n"
)


def titles(batch) -> dict[str, str]:
    return {row.title: f"{row.amount:.2f}" for row in Expense.objects.filter(import_batch=batch.pk)}


def test_two_banks_without_names_of_columns(client_alice):
    for again in range(2):
        import_statement(client_alice, FIRST.replace("2026", f"{2025 + again}"))
        found = import_statement(client_alice, SECOND.replace("2026", f"{2025 + again}"))
        assert titles(found) == {"CARTE BOULANGERIE": "10.00", "CARTE LIBRAIRIE": "5.76", "CARTE ESSENCE": "105.90"}
    assert ColumnMapping.objects.count() == 2


@pytest.mark.parametrize("first", ["kinds", "places"])
def test_banks_without_names_of_columns_with_texts_in_other_columns(client_alice, first):
    kinds = "03.08.2026;Card;OAK BAKERY;-3,20\n04.08.2026;Debit;CITY POWER;-80,00\n05.08.2026;Credit;ACME;250,00\n"
    places = "03.08.2026;GATE KIOSK;Oslo;-4,20\n04.08.2026;STAR CINEMA;Oslo;-12,00\n06.08.2026;BOOKS;Oslo;-22,00\n"
    for text in (kinds, places) if first == "kinds" else (places, kinds):
        wanted = {"OAK BAKERY", "CITY POWER", "ACME"} if text == kinds else {"GATE KIOSK", "STAR CINEMA", "BOOKS"}
        assert {*titles(import_statement(client_alice, text))} == wanted


@pytest.mark.parametrize("first", ["bank", "card"])
def test_a_bank_and_its_card_with_equal_names_of_columns(client_alice, first):
    order = (BANK, CARD) if first == "bank" else (CARD, BANK)
    for text in order:
        import_statement_as(client_alice, text, account="Giro" if text == BANK else "Visa")
    amounts = {row.title: row.amount for row in Expense.objects.all()}
    wanted = {"PAY": "-1500", "BAKERY": "3.20", "SHOP 13": "13.50", "PAYMENT THANK YOU": "-140"}
    assert {title: amounts[title] for title in wanted} == {title: Decimal(text) for title, text in wanted.items()}
    assert fields(client_alice, upload_statement(client_alice, BANK.replace("03/", "05/")))["account"] == "Giro"
    assert fields(client_alice, upload_statement(client_alice, CARD.replace("04/", "06/")))["account"] == "Visa"


def test_a_few_rows_that_may_be_of_either_are_asked_about(client_alice):
    for text in (BANK, CARD):
        import_statement(client_alice, text)
        batch = upload_statement(client_alice, HEAD + "05/13/2026,SHOE SHOP,16.50\n")
        [question] = client_alice.get(f"/expenses/import/{batch.pk}/").context["questions"]
        assert question["name"] == "sign"


def test_accounts_that_the_file_names_have_mappings_of_their_own(client_alice):
    text = "Day,What,Who,Sum,IBAN\n2026-08-01,Bread,Berta,-3.20,DE{0}1203000000002020{0}\n"
    one, other = text.format("02"), text.format("99")
    batch = upload_statement(client_alice, one)
    sent = fields(client_alice, batch) | {"column_title": "1", "column_note": "2", "account": "Ours"}
    for action in ("", "run/"):
        client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    later = fields(client_alice, upload_statement(client_alice, one.replace("08-01", "09-01")))
    assert (later["column_title"], later["account"]) == ("1", "Ours")
    assert fields(client_alice, upload_statement(client_alice, other))["account"] != "Ours"


def test_a_kept_mapping_that_reads_worse_than_a_guess_is_not_used(client_alice):
    head = "Posted,Info,Charge,Rest\n"
    text = f"{head}2026-08-01,Bread,-3.20,96.80\n2026-08-02,Tea,-1.80,95.00\n2026-08-03,Bus,-5.00,90.00\n"
    batch = upload_statement(client_alice, text)
    sent = fields(client_alice, batch) | {"column_amount": "3"}
    for action in ("", "run/"):
        client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    swapped = f"{head}2026-09-01,Bread,-3.20,unknown\n2026-09-02,Tea,-1.80,unknown\n"
    assert fields(client_alice, upload_statement(client_alice, swapped))["column_amount"] == "2"


def test_a_mapping_that_the_last_release_kept_is_used_and_replaced(client_alice, alice):
    kept = {
        "mapping": {
            "columns": {"date": 0, "title": 2, "amount": 3},
            "date_order": "ymd",
            "decimal": ".",
            "sign": "positive",
            "currency": "EUR",
        },
        "account": "Giro",
        "money_in": False,
    }
    text = "When,What,Where,Sum\n2026-08-01,Bread,Berlin,3.20\n2026-08-02,Tea,Paris,3.30\n"
    key = header_key(read_file(text.encode(), "bank.csv"))
    ColumnMapping.objects.create(ledger_id=alice.pk, header=key, choices=kept)
    sent = fields(client_alice, upload_statement(client_alice, text))
    assert (sent["column_title"], sent["currency"], sent["account"]) == ("2", "EUR", "Giro")
    import_statement(client_alice, text)
    assert ColumnMapping.objects.exclude(header=key).count() == ColumnMapping.objects.count() == 1
    assert fields(client_alice, upload_statement(client_alice, text.replace("-08-", "-09-")))["column_title"] == "2"


def test_two_accounts_of_a_bank_whose_files_do_not_tell_them_apart(client_alice):
    """No account is filled in that may be wrong. Both are offered."""
    rows = "2026-0{0}-03,Oak Bakery,-3.20\n2026-0{0}-04,City Power,-80.00\n"
    for month, account in ((1, "Giro"), (2, "Savings")):
        assert import_statement_as(client_alice, HEAD + rows.format(month), account=account).added == 2
    page = client_alice.get(f"/expenses/import/{upload_statement(client_alice, HEAD + rows.format(3)).pk}/")
    assert not page.context["form"].data.get("account")
    assert page.context["labels"] == ["Giro", "Savings"]
    assert '<option value="Savings">' in page.content.decode()


def test_digits_in_the_names_of_files_tell_accounts_of_a_bank_apart(client_alice):
    rows = "2026-0{0}-03,Oak Bakery,-3.20\n2026-0{0}-04,City Power,-80.00\n"
    accounts = {"list_4321.csv": "Giro", "list_9876.csv": "Savings"}
    for month, (name, account) in enumerate(accounts.items(), 1):
        batch = upload_statement(client_alice, HEAD + rows.format(month), name)
        sent = fields(client_alice, batch) | {"account": account}
        for action in ("", "run/"):
            client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    for name, account in accounts.items():
        later = upload_statement(client_alice, HEAD + rows.format(4), name)
        assert fields(client_alice, later)["account"] == account
