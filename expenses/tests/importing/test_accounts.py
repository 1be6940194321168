"""The same movement in two accounts is two expenses, and a file that was imported before is known."""

import pytest

from expenses.importing.fingerprints import file_rows
from expenses.importing.packing import unpack_file
from expenses.models import Expense, Fingerprint, ImportBatch
from expenses.statements import apply_mapping, guess_mapping
from expenses.tests.importing.uploading import import_statement, import_statement_as, upload_statement
from expenses.tests.test_statement_readers import MT940

pytestmark = pytest.mark.django_db
FEE = "Date;Description;Amount;IBAN\n2026-03-31;Monthly account fee;-3.00;{0}\n2026-03-{1};Bakery {1};-4.00;{0}\n"
PLAIN = "Date;Description;Amount\n2026-03-31;Monthly account fee;-3.00\n2026-03-{0};Bakery {0};-4.00\n"


def counts(client, text: str | bytes, name: str = "bank.csv", **changes: object) -> dict[str, int]:
    batch = upload_statement(client, text, name)
    page = client.get(f"/expenses/import/{batch.pk}/")
    if changes:
        page = client.post(f"/expenses/import/{batch.pk}/", dict(page.context["form"].data) | changes)
    found = page.context["counts"]
    return {kind: count for kind, count in found.items() if count}


@pytest.mark.parametrize("accounts", [("XX01", "XX02"), ("DE02120300000000202051", "DE02120300000000202069")])
def test_the_same_fee_of_two_accounts_that_the_files_name(client_alice, accounts):
    one, other = accounts
    assert import_statement(client_alice, FEE.format(one, 30)).added == 2
    assert import_statement(client_alice, FEE.format(other, 29)).added == 2
    for account, day in ((one, 30), (other, 29)):
        assert counts(client_alice, FEE.format(account, day)) == {"known": 2}


def test_numbers_of_accounts_may_have_the_same_last_digits(client_alice):
    """One label stands for both, so the fee is offered as a possible duplicate, but it isn't counted as imported."""
    import_statement(client_alice, FEE.format("DE02 1203 0000 0000 2020 51", 30))
    assert counts(client_alice, FEE.format("DE41 2005 0550 1234 2020 51", 29)) == {"new": 1, "alike": 1}
    assert counts(client_alice, FEE.format("DE02120300000000202051", 30)) == {"known": 2}


def test_the_same_fee_of_two_accounts_in_one_file(client_alice):
    text = FEE.format("XX01", 30) + FEE.format("XX02", 29).partition("\n")[2]
    assert import_statement(client_alice, text).added == 4
    assert counts(client_alice, text) == {"known": 4}


def test_accounts_in_the_lines_above_the_table(client_alice):
    text = "IBAN: DE02 1203 0000 0000 2020 51;;\n;;\n" + PLAIN.format(30)
    assert import_statement(client_alice, text).added == 2
    assert set(Expense.objects.values_list("account", flat=True)) == {"…2051"}
    assert import_statement(client_alice, text.replace("20 51", "20 69").replace("-30", "-29")).added == 2


def test_accounts_of_mt940(client_alice):
    first = import_statement(client_alice, MT940, "one.sta")
    assert first.added > 0
    assert import_statement(client_alice, MT940.replace("1234567", "7654321"), "two.sta").added == first.added
    assert counts(client_alice, MT940, "one.sta") == {"known": first.added}


def test_accounts_that_the_person_names_leave_the_choice_to_them(client_alice):
    """A renamed account must not double a statement, so the fee is offered as a possible duplicate."""
    import_statement_as(client_alice, PLAIN.format(30), account="Giro")
    assert counts(client_alice, PLAIN.format(29), account="Savings") == {"new": 1, "alike": 1}
    assert counts(client_alice, PLAIN.format(30), account="Savings") == {"alike": 2}
    assert counts(client_alice, PLAIN.format(30), account="Giro") == {"known": 2}


def test_the_same_fee_of_two_accounts_that_the_person_names(client_alice):
    """Most of the other rows show that it is another account, and not another name for the same one."""
    rows = [f"2026-03-{day:02};{{0}} {day};-{day}.20\n" for day in range(3, 20)]
    head, fee = PLAIN.splitlines(keepends=True)[:2]
    giro, savings = (head + fee + "".join(rows).format(shop) for shop in ("Bakery", "Kiosk"))
    savings = savings.replace(".20\n", ".70\n")
    import_statement_as(client_alice, giro, account="Giro")
    assert counts(client_alice, savings, account="Savings") == {"new": 18}
    assert counts(client_alice, giro, account="My giro") == {"alike": 18}
    assert import_statement_as(client_alice, savings, account="Savings").added == 18
    assert counts(client_alice, savings, account="Savings") == {"known": 18}


def test_digits_in_the_name_of_a_file_are_no_account(client_alice):
    import_statement(client_alice, PLAIN.format(30), "export_0331.csv")
    assert counts(client_alice, PLAIN.format(30), "export_0430.csv") == {"known": 2}


def import_as_the_last_release(client, owner, text: str) -> None:
    """Import a file, then store the fingerprints as the last release made them, without accounts."""
    batch = import_statement(client, text)
    rows = Expense.objects.filter(import_batch=batch.pk)
    assert rows.count() == Fingerprint.objects.filter(batch=batch.pk).count()
    plan = upload_statement(client, text)
    read = client.get(f"/expenses/import/{plan.pk}/").context["counts"]
    assert read["known"] == rows.count()
    entries = apply_mapping(table := unpack_file(plan.content), guess_mapping(table, "ILS")).entries
    Fingerprint.objects.filter(batch=batch.pk).delete()
    for row in file_rows(owner.pk, entries):
        Fingerprint.objects.create(ledger_id=owner.pk, fingerprint=row.bare, batch=batch.pk)
    ImportBatch.objects.filter(pk=batch.pk).update(choices={"mapping": None, "account": "", "money_in": False})
    plan.delete()


def test_what_the_last_release_imported_is_known(client_alice, alice):
    import_as_the_last_release(client_alice, alice, FEE.format("XX01", 30))
    assert counts(client_alice, FEE.format("XX01", 30)) == {"known": 2}
    assert counts(client_alice, FEE.format("XX02", 29)) == {"new": 1, "alike": 1}
    unnamed = PLAIN.format(28).replace("Monthly", "Yearly")
    import_as_the_last_release(client_alice, alice, unnamed)
    assert counts(client_alice, unnamed, account="Giro") == {"known": 2}


def test_a_pending_payment_and_its_booking_are_offered_as_one(client_alice):
    pending = "Date,Payee,Amount\n2026-06-14,{0} CORNER BAKERY,-4.20\n2026-06-13,Greengrocer,-20.00\n"
    booked = "Date,Payee,Amount\n2026-06-15,{0},-4.20\n2026-06-13,Greengrocer,-20.00\n"
    import_statement(client_alice, pending.format("Pending:"), take="unbooked:0")
    assert Expense.objects.count() == 2
    assert counts(client_alice, booked.format("CORNER BAKERY BERLIN")) == {"known": 1, "alike": 1}
    assert counts(client_alice, booked.format("Card payment 0815 Corner Bákery Berlin")) == {"known": 1, "alike": 1}
    assert counts(client_alice, booked.format("SCORNER BAKERY")) == {"known": 1, "new": 1}
    assert counts(client_alice, booked.format("HARBOUR BOOKS")) == {"known": 1, "new": 1}
