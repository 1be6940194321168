"""Long files: read, previewed and imported piece by piece, as if they were read at once."""

from datetime import date
from decimal import Decimal

import pytest

from expenses.forms.imports import preview_values
from expenses.importing import packing, pieces, plan_steps, workbooks, writing
from expenses.importing.choices import Choices
from expenses.importing.drafts import read_on
from expenses.importing.packing import unpack_file
from expenses.models import Expense, ImportBatch
from expenses.people.ledger_settings import personal_ledger
from expenses.statements import Table, long_files, read_file, sheets
from expenses.statements.guess import guess
from expenses.statements.sheets import LongWorkbook
from expenses.tests.importing.uploading import fields, import_statement, plan_of, run, statement, upload_statement
from expenses.tests.making import make_expense
from expenses.tests.test_statement_long import BOOK, MT940, camt

URL = "/expenses/import/"


def set_piece(monkeypatch, rows: int) -> None:
    monkeypatch.setattr(packing, "PIECE", rows)
    monkeypatch.setattr(pieces, "PIECE", rows)


@pytest.fixture
def short_pieces(monkeypatch):
    """Make each step read one piece of three rows."""
    set_piece(monkeypatch, 3)
    monkeypatch.setattr(plan_steps, "STEP_SECONDS", 0)


BALANCE = """Date,Text,Amount,Balance
2026-08-01,Bakery,12.40,987.60
2026-08-02,Bakery,12.40,975.20
2026-08-02,Bakery,12.40,962.80
2026-08-02,Bakery,12.40,950.40
2026-08-03,Refund,20.00,970.40
2026-08-04,Books,20.40,950.00
2026-08-05,Salary,500.00,1450.00
2026-08-06,Gym,50.00,1400.00
"""
PENDING = """Date,Text,Amount
2026-08-01,Bakery,-12.40
2026-08-02,Bakery,-12.40
2026-08-03,Books,-20.40
,Pending,
2026-08-04,Gym,-50.00
2026-08-05,Gym,-51.00
2026-08-06,Cinema,x
2026-08-07,Cinema,-9.00
Total,,-155.20
"""
ACCOUNTS = """Account,Date,Payee,Category,Amount
Giro,2026-08-01,Bakery,Food,-12.40
Giro,2026-08-02,Transfer: Savings,,-100.00
Giro,2026-08-03,Books,Leisure,-20.40
Giro,2026-08-04,Bakery,Food,-12.40
Giro,2026-08-05,Salary,Income,500.00
Savings,2026-08-06,Transfer: Giro,,100.00
Savings,2026-08-07,Interest,Interest,1.00
"""
UNDECIDED = "Date,Text,Amount\n" + "".join(f"{n:02}/{n:02}/2026,Shop {n},-1.50\n" for n in (2, 3, 4, 5, 6))
OFX = "<OFX><CURDEF>EUR" + "".join(
    f"<STMTTRN><DTPOSTED>2026080{n}<TRNAMT>-{n}.50<FITID>{n}<NAME>Shop {n}</STMTTRN>" for n in (1, 2, 3, 4, 1, 5)
)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [OFX, MT940, camt("ns2:")])
def test_a_plan_of_parts_is_the_plan(alice, monkeypatch, text):
    whole = plan_of(alice, read_file(text.encode(), "bank")).whole()
    monkeypatch.setattr(long_files, "MOST_IN_A_PART", 2)
    kept = plan_of(alice, read_file(text.encode(), "bank"))
    assert kept.pieces > 1
    assert kept.whole() == whole


def test_a_long_file_of_movements_is_imported_part_by_part(client_alice, short_pieces, monkeypatch):
    monkeypatch.setattr(long_files, "MOST_IN_A_PART", 2)
    batch = upload_statement(client_alice, OFX, "bank.ofx")
    assert "33%" in client_alice.get(f"{URL}{batch.pk}/").content.decode()
    looked_at(client_alice, batch)
    batch = run(client_alice, batch)
    assert (batch.state, batch.added, Expense.objects.count()) == ("done", 5, 5)  # one is in the file twice


@pytest.fixture
def short_windows(monkeypatch):
    """Make each step read three rows of any workbook."""
    monkeypatch.setattr(sheets, "_LONG", 0)
    monkeypatch.setattr(workbooks, "_ROWS_OF_A_WINDOW", 3)


def test_a_long_workbook_is_read_in_steps(client_alice, alice, short_windows):
    batch = upload_statement(client_alice, BOOK, "book.xlsx")
    page = f"{URL}{batch.pk}/"
    assert "18%" in client_alice.get(page).content.decode()
    assert "37%" in client_alice.post(f"{page}run/").content.decode()
    stale = ImportBatch.objects.get(pk=batch.pk)
    for percent in ("56%", "75%", "93%", "100%"):
        assert percent in client_alice.get(page, headers={"HX-Request": "true"}).content.decode()
    read_on(personal_ledger(alice), stale)  # another tab changes nothing
    assert "Reading the file…" in client_alice.get(page).content.decode()
    assert client_alice.get(page).context["counts"]["new"] == 7
    batch.refresh_from_db()
    assert (batch.table["sheets"], len(unpack_file(batch.content).rows)) == (["Sheet1", "Sheet2"], 7)
    assert run(client_alice, batch).added == 7


def test_a_long_workbook_that_is_damaged_is_discarded(client_alice, short_windows):
    batch = upload_statement(client_alice, BOOK, "book.xlsx")
    broken = workbooks.unread_values(LongWorkbook(b"PK damaged", "book.xlsx"))
    ImportBatch.objects.filter(pk=batch.pk).update(**broken)
    [message] = client_alice.get(f"{URL}{batch.pk}/", follow=True).context["messages"]
    assert "can't read this spreadsheet" in str(message)
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("text", [BALANCE, PENDING, ACCOUNTS, UNDECIDED + "07/04/2026,Shop 7,-1.50\n", OFX])
def test_a_plan_in_pieces_is_the_plan(alice, monkeypatch, text, newest_first):
    head, *rows = text.splitlines(keepends=True)
    text = head + "".join(rows[::-1]) if newest_first and text == BALANCE else text
    read = read_file(text.encode(), "bank.csv")
    guessed = guess(read, "EUR") if isinstance(read, Table) else None
    choices = Choices(guessed.mapping, asks=guessed.asks) if guessed else Choices(None)
    whole = plan_of(alice, read, choices).whole()
    set_piece(monkeypatch, 3)
    kept = plan_of(alice, read, choices)
    assert kept.pieces > 1
    assert kept.whole() == whole
    assert sum(whole.counts.values()) >= 5


def test_a_long_file_shows_how_far_it_is_read(client_alice, short_pieces):
    batch = upload_statement(client_alice, statement(8))
    page = f"{URL}{batch.pk}/"
    assert "33%" in client_alice.get(page).content.decode()
    fragment = client_alice.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "66%" in fragment
    assert "<html" not in fragment
    shown = client_alice.get(page)
    assert shown.context["counts"]["new"] == 8
    assert [row["title"] for row in shown.context["groups"]["new"]] == [f"Shop {n}" for n in range(8)]


def test_importing_before_all_is_read_shows_how_far_it_is(client_alice, short_pieces):
    batch = upload_statement(client_alice, statement(8))
    answer = client_alice.post(f"{URL}{batch.pk}/run/", preview_values(Choices.of(batch.choices)))
    assert "33%" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "draft"


def looked_at(client, batch) -> dict[str, str]:
    """The form data of a draft's page, once the file is read."""
    for _ in range(5):
        if "form" in client.get(f"{URL}{batch.pk}/").context:
            break
    return fields(client, batch)


def test_each_row_is_imported_once(client_alice, short_pieces, monkeypatch):
    monkeypatch.setattr(writing, "PART", 2)
    monkeypatch.setattr(writing, "STEP_SECONDS", 1e-9)
    batch = upload_statement(client_alice, statement(8))
    looked_at(client_alice, batch)
    batch = run(client_alice, batch)
    assert (batch.state, batch.added, batch.known, batch.position) == ("done", 8, 0, 8)
    assert (str(batch.first_day), str(batch.last_day)) == ("2026-01-01", "2026-01-08")
    assert Expense.objects.count() == 8
    again = upload_statement(client_alice, statement(8))
    looked_at(client_alice, again)
    assert client_alice.get(f"{URL}{again.pk}/").context["counts"]["known"] == 8


def test_an_expense_is_the_duplicate_of_one_row(client_alice, alice, short_pieces):
    make_expense(alice, title="Cash", amount="7.00", currency="ILS", spent_on=date(2026, 8, 2))
    rows = "".join(f"2026-08-0{1 + n // 3},Shop {n},-7.00\n" for n in range(6))
    batch = upload_statement(client_alice, f"Date,Description,Amount\n{rows}")
    looked_at(client_alice, batch)
    counts = client_alice.get(f"{URL}{batch.pk}/").context["counts"]
    assert (counts["alike"], counts["new"]) == (1, 5)


def test_ticks_and_mended_rows_of_all_pieces(client_alice, short_pieces):
    batch = upload_statement(client_alice, PENDING)
    sent = looked_at(client_alice, batch)
    page = f"{URL}{batch.pk}/"
    rows = client_alice.get(page).context["groups"]
    assert [row["title"] for row in rows["unbooked"]] == ["Gym", "Gym", "Cinema"]
    numbers = {name: [row["number"] for row in group] for name, group in rows.items()}
    mended = {"title": "Cinema", "amount": "8", "currency": "EUR", "spent_on": "2026-08-06", "kind": "spent"}
    mended = {f"row-{name}": value for name, value in (mended | {"category": "leisure-gifts"}).items()}
    client_alice.post(page, sent | mended | {"mending": "-1"})
    shown = "new:" + " ".join(map(str, numbers["new"]))
    client_alice.post(page, sent | {"shown": shown, "take": f"new:{numbers['new'][0]}"})
    client_alice.post(page, sent | {"take": f"unbooked:{numbers['unbooked'][-1]}"})
    batch = run(client_alice, batch)
    assert (batch.state, batch.added, batch.left_out, batch.unreadable) == ("done", 3, 4, 0)
    titles = [(one.title, one.amount) for one in Expense.objects.order_by("spent_on")]
    assert titles == [("Bakery", Decimal("12.40")), ("Cinema", Decimal(8)), ("Cinema", Decimal("9.00"))]


def test_a_change_of_the_list_begins_the_reading_again(client_alice, short_pieces):
    batch = upload_statement(client_alice, statement(8))
    client_alice.get(f"{URL}{batch.pk}/")
    import_statement(client_alice, statement(1))
    assert "33%" in client_alice.get(f"{URL}{batch.pk}/").content.decode()
    looked_at(client_alice, batch)
    assert client_alice.get(f"{URL}{batch.pk}/").context["counts"]["known"] == 1
