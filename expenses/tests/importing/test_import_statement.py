"""`manage.py import_statement`: the same reading and the same import as the pages, and its JSON."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pymongo.errors import ServerSelectionTimeoutError

from accounts.models import User
from benchmarks import statements
from classifier import memory
from expenses.importing import at_once
from expenses.models import Expense, ImportBatch
from expenses.models.imports import ColumnMapping
from expenses.tests.importing.uploading import BANK, import_statement, statement, upload_statement
from expenses.tests.statement_reading import workbook
from expenses.tests.statements_kept.rendering import expected, formats, render

ENTRY = {"date", "title", "note", "amount", "currency", "kind", "category", "status", "duplicate", "account", "line"}
STATEMENTS = Path("expenses/tests/statements")
# No cell says the order of day and month, and no row follows another.
UNDECIDED = "Date,Description,Amount\n03/04/2026,Bakery,-12.50\n"


def imported(tmp_path, data: str | bytes, *options: str, name="bank.csv", user="alice@example.com"):
    """Run the command with --json; returns what it prints, and on stderr."""
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("import_statement", str(path), "--user", user, "--json", *options, stdout=out, stderr=errors)
    except CommandError as error:
        return json.loads(out.getvalue() or "{}"), f"{error} ({error.returncode})"
    return json.loads(out.getvalue()), errors.getvalue()


def test_a_dry_run_says_what_the_page_would_and_stores_nothing(tmp_path, alice):
    memory.learn_entries(alice.pk, [("SALARY ACME GMBH", "in", "salary")])
    memory.learn(alice.pk, "STADTWERKE STROM", "housing-bills")
    found, _errors = imported(tmp_path, BANK, "--dry-run")
    assert {*map(frozenset, found["entries"])} == {frozenset(ENTRY)}
    assert {**found, "entries": len(found["entries"])} == {
        "entries": 6, "problems": [], "asks": [], "added": 0, "format": "csv",
    }  # fmt: skip
    assert [entry["line"] for entry in found["entries"]] == [2, 3, 4, 5, 6, 7]
    salary, power = found["entries"][3], found["entries"][5]
    assert (salary["amount"], salary["kind"], salary["category"]) == ("2500.00", "received", "salary")
    assert power == {
        "date": "2026-08-31", "title": "STADTWERKE STROM", "note": "", "amount": "89.00", "currency": "ILS",
        "kind": "spent", "category": "housing-bills", "status": "booked", "duplicate": False, "account": "", "line": 7,
    }  # fmt: skip
    assert not ImportBatch.objects.exists()
    assert not Expense.objects.exists()
    assert not ColumnMapping.objects.exists()


def test_an_import_adds_what_the_page_would(tmp_path, client_alice, client_bob):
    found, errors = imported(tmp_path, BANK, "--currency", "eur")
    assert found["added"] == 6
    assert "6 of 6 rows" in errors
    import_statement(client_bob, BANK)
    mine, others = (
        list(Expense.objects.filter(ledger_id=person.pk).order_by("spent_on", "title").values_list(
            "title", "amount", "currency", "spent_on", "category", "kind", "title_key"
        ))
        for person in (User.objects.get(email="alice@example.com"), User.objects.get(email="bob@example.com"))
    )  # fmt: skip
    assert mine == others
    batch = ImportBatch.objects.get(file_name="bank.csv", ledger_id=User.objects.get(email="alice@example.com").pk)
    assert (batch.state, batch.content) == ("done", None)


def test_rows_that_exist_are_duplicates_and_stay_out(tmp_path, client_alice):
    import_statement(client_alice, BANK)
    found, _errors = imported(tmp_path, BANK.replace("UBER *TRIP HELP.UBER.COM", "Uber"))
    assert {entry["duplicate"] for entry in found["entries"]} == {True}
    assert (found["added"], Expense.objects.count()) == (0, 6)


def test_pending_rows_say_so_and_moved_ones_have_no_category(tmp_path, alice):
    memory.learn_entries(alice.pk, [("To savings", "out", "own-accounts")])
    lines = "2026-03-01,To savings,-100.00,Completed\n2026-03-02,Bakery,-4.50,Pending\n2026-03-03,Shop,-5.50,Completed"
    found, _errors = imported(tmp_path, f"Date,Description,Amount,Status\n{lines}\n")
    about = [(entry["title"], entry["amount"], entry["kind"], entry["status"]) for entry in found["entries"]]
    assert about == [
        ("To savings", "100.00", "moved", "booked"),
        ("Bakery", "4.50", "spent", "pending"),
        ("Shop", "5.50", "spent", "booked"),
    ]
    assert found["entries"][0]["category"] is None
    assert found["added"] == 2


@pytest.mark.parametrize("refund", ["Refund", "Rückzahlung", "Zwrot", "退款"])
def test_what_the_file_calls_a_refund_is_spent_and_negative(tmp_path, alice, refund):
    rows = "2026-02-03,Expense,Shoes,-21", f"2026-02-05,{refund},Shoes,21", "2026-02-06,Income,Acme,2100"
    found, _errors = imported(tmp_path, "\n".join(("Date,Type,Description,Amount", *rows)), "--dry-run")
    kinds = [(entry["kind"], entry["amount"]) for entry in found["entries"]]
    assert kinds == [("spent", "21.00"), ("spent", "-21.00"), ("received", "2100.00")]


def test_unreadable_rows_are_problems(tmp_path, alice):
    found, _errors = imported(tmp_path, BANK + "2026-09-31,Nobody,-1.00\n", "--dry-run")
    problem = found["problems"][0]
    assert (problem["line"], problem["column"], problem["value"]) == (8, "date", "2026-09-31")
    assert problem["reason"]


def test_what_is_undecided_is_not_imported_unless_an_option_decides(tmp_path, alice):
    found, error = imported(tmp_path, UNDECIDED)
    assert "date_order" in found["asks"]
    assert found["added"] == 0
    assert not ImportBatch.objects.exists()
    assert "--answer" in error
    assert error.endswith("(4)")
    found, errors = imported(tmp_path, UNDECIDED, "--dry-run")
    assert found["asks"]
    assert "(" not in errors
    first = found["entries"][0]["date"]
    others = [f"--answer={name}:other" for name in found["asks"]]
    found, _errors = imported(tmp_path, UNDECIDED, *others)
    assert (found["asks"], found["added"]) == ([], 1)
    assert {first, found["entries"][0]["date"]} == {"2026-03-04", "2026-04-03"}


def test_columns_that_are_missing_are_named(tmp_path, alice):
    found, error = imported(tmp_path, "Date,Words\n2026-08-03,Bakery\n2026-08-04,Cinema\n")
    assert "amount column" in found["asks"]
    assert found["entries"] == []
    assert error.endswith("(4)")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\x00\x01" * 50, b"PK\x03\x04 broken"])
def test_unreadable_files_are_json_too(tmp_path, alice, data):
    found, error = imported(tmp_path, data)
    assert (found["entries"], found["added"], found["format"]) == ([], 0, "")
    assert found["problems"][0]["reason"]
    assert error.endswith("(3)")


def test_lone_surrogates_are_read(tmp_path, alice):
    text = '[{"date": "2026-03-05", "name": "Bak\\ud800ery", "amount": 12.5, "transaction_id": "a", "pending": false}]'
    found, _errors = imported(tmp_path, text, "--dry-run", name="plaid.json")
    assert found["entries"][0]["title"] == "Bak?ery"


def test_other_faults_are_sentences(tmp_path, alice, monkeypatch):
    assert "stranger@example.com" in imported(tmp_path, BANK, user="stranger@example.com")[1]
    with pytest.raises(CommandError, match="can't be opened"):
        call_command("import_statement", str(tmp_path / "none.csv"), "--user", "alice@example.com")
    assert "not a currency" in imported(tmp_path, BANK, "--currency", "XXQ")[1]

    def away(*_args):
        raise ServerSelectionTimeoutError("no servers")

    monkeypatch.setattr(at_once, "make_step", away)
    assert "doesn't answer: no servers (1)" in imported(tmp_path, BANK)[1]


def test_without_json_it_prints_a_sentence(tmp_path, alice):
    path = tmp_path / "bank.csv"
    path.write_text(BANK)
    for options, said in (["--dry-run"], "6 to import."), ([], "6 added."):
        out = io.StringIO()
        call_command("import_statement", str(path), "--user", "alice@example.com", *options, stdout=out, stderr=out)
        assert out.getvalue().endswith(f"{said}\n")


def test_it_reads_as_the_benchmark_does(tmp_path, alice):
    for of in formats()[::12]:
        found, _errors = imported(tmp_path, render(of), "--dry-run", "--currency", of.home, name="statement.csv")
        wanted = [
            {"date": day, "title": title, "amount": str(amount), "currency": found["entries"][0]["currency"]}
            for day, title, amount in expected(of)
        ]
        result = statements.read(render(of), "statement.csv", of.home, wanted)
        assert (result.outcome == statements.RIGHT) == is_as_wanted(found["entries"], wanted), of.name


def is_as_wanted(entries, wanted) -> bool:
    """Whether the rows are the wanted ones. What was received is positive with its kind."""
    found = sorted((one["date"], abs(Decimal(one["amount"])), one["title"]) for one in entries)
    pairs = zip(found, sorted((one["date"], abs(Decimal(one["amount"])), one["title"]) for one in wanted), strict=False)
    return len(found) == len(wanted) and all(a[:2] == b[:2] and b[2] in a[2] for a, b in pairs)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bank_1.ofx", "ofx"),
        ("dutch_list.ods", "ods"),
        ("hebrew_card.xlsx", "xlsx"),
        ("copilot.csv", "csv"),
        ("latvian_bank.xml", "xml"),
    ],
)
def test_formats_are_told_by_content(tmp_path, client_alice, name, kind):
    found, _errors = imported(tmp_path, (STATEMENTS / name).read_bytes(), "--dry-run", name="statement.txt")
    assert found["format"] == kind
    upload_statement(client_alice, (STATEMENTS / name).read_bytes(), name)
    page = client_alice.get(f"/expenses/import/{ImportBatch.objects.get().pk}/").context
    assert sum(page["counts"].values()) == len(found["entries"]) + len(found["problems"])


def test_several_steps_draw_one_bar(tmp_path, alice, monkeypatch):
    monkeypatch.setattr("expenses.importing.writing.STEP_SECONDS", 0)
    monkeypatch.setattr("expenses.importing.writing.PART", 200)
    found, errors = imported(tmp_path, statement(450))
    assert found["added"] == 450
    assert errors.count("of 450 rows") == 5
    assert errors.count("\n") == 2


def test_a_sheet_without_movements_asks(tmp_path, alice):
    found, _errors = imported(tmp_path, workbook((0, 0, "Hello"), (0, 1, "World"), (1, 0, "a"), (1, 1, "b")))
    assert found["asks"]
    assert found["added"] == 0
