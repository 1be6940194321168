"""Importing once, adding from a second file, and continuing an interrupted import."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from bson import ObjectId
from django.db import connection

from classifier import memory
from classifier.models import Memory
from expenses.importing import writing
from expenses.importing.choices import Choices
from expenses.importing.edits import Edits
from expenses.importing.mended_plan import MendedPlan
from expenses.importing.packing import unpack_file
from expenses.ledger import bulk
from expenses.models import Expense, Fingerprint, ImportBatch
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.importing.uploading import BANK, fields, import_statement, plan_of, run, statement, upload_statement


def stored(owner) -> list[tuple]:
    rows = Expense.objects.filter(ledger_id=owner.pk, deleted_at=None).order_by("spent_on", "title")
    return [(row.spent_on, row.title, row.amount, row.currency) for row in rows]


def test_a_statement_comes_in(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    assert stored(alice) == [
        (date(2026, 8, 3), "ALDI SUED 4711", Decimal("32.40"), "ILS"),
        (date(2026, 8, 3), "COFFEE BEAN", Decimal("4.50"), "ILS"),
        (date(2026, 8, 3), "COFFEE BEAN", Decimal("4.50"), "ILS"),
        (date(2026, 8, 5), "SALARY ACME GMBH", Decimal("-2500.00"), "ILS"),
        (date(2026, 8, 7), "UBER *TRIP HELP.UBER.COM", Decimal("18.20"), "ILS"),
        (date(2026, 8, 31), "STADTWERKE STROM", Decimal("89.00"), "ILS"),
    ]
    assert (batch.state, batch.total, batch.position, batch.added, batch.left_out) == ("done", 6, 6, 6, 0)
    assert (batch.content, batch.file_until) == (None, None)
    assert {row.import_batch for row in Expense.objects.all()} == {batch.pk}
    assert not Expense.objects.filter(reviewed=True).exists()
    assert Memory.objects.count() == 0


def test_money_that_came_in_is_kept_as_what_memory_knows_of_it(client_alice, alice):
    memory.learn_entries(alice.pk, [("SALARY ACME GMBH", "in", "salary")])
    memory.learn(alice.pk, "STADTWERKE STROM", "housing-bills")
    assert import_statement(client_alice, BANK).added == 6
    salary, power = (Expense.objects.get(title=title) for title in ("SALARY ACME GMBH", "STADTWERKE STROM"))
    assert (salary.kind, salary.kind_source, salary.category) == ("received", "memory", "salary")
    assert salary.amount == -2500
    assert (power.kind, power.category) == ("spent", "housing-bills")
    assert "₪148.60" in client_alice.get("/dashboard/?month=2026-08").content.decode()
    assert "₪2,500.00" in client_alice.get("/expenses/?month=2026-08&kind=received").content.decode()


def test_without_memory_and_model_money_that_came_in_is_asked_about(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    salary = Expense.objects.get(title="SALARY ACME GMBH")
    assert (salary.kind, salary.reviewed, salary.confidence) == ("spent", False, 0)
    assert "Review 6 unsure" in client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()


def test_the_same_file_twice_adds_nothing(client_alice, alice):
    import_statement(client_alice, BANK)
    before = stored(alice)
    page = client_alice.get(f"/expenses/import/{upload_statement(client_alice, BANK).pk}/")
    assert page.context["counts"] == {"new": 0, "alike": 0, "known": 6, "unbooked": 0, "unreadable": 0}
    assert b"Nothing to import" in page.content
    assert stored(alice) == before


def test_a_statement_that_overlaps_adds_the_rest(client_alice, alice):
    import_statement(client_alice, statement(20))
    batch = import_statement(client_alice, statement(20, first=15))
    assert (batch.added, batch.known) == (15, 5)
    assert len(stored(alice)) == 35


def test_what_was_deleted_by_hand_stays_deleted(client_alice, alice):
    import_statement(client_alice, BANK)
    coffee = Expense.objects.filter(title="COFFEE BEAN").first()
    client_alice.post(f"/expenses/{coffee.pk}/delete/")
    Expense.objects.filter(pk=coffee.pk).delete()
    before = stored(alice)
    assert len(before) == 5
    batch = upload_statement(client_alice, BANK + "2026-08-31,Bakery,-3.10\n")
    run(client_alice, batch)
    batch.refresh_from_db()
    assert (batch.added, batch.known) == (1, 6)
    assert len(stored(alice)) == 6


def test_everybody_has_fingerprints_of_their_own(client_alice, client_bob, alice, bob):
    import_statement(client_alice, BANK)
    assert import_statement(client_bob, BANK).added == 6
    assert len(stored(bob)) == 6
    assert Fingerprint.objects.values("fingerprint").distinct().count() == 12


def begun(owner, batch) -> ImportBatch:
    plan = plan_of(owner, unpack_file(batch.content), Choices.of(batch.choices))
    ledger = personal_ledger(owner)
    assert writing.begin_import(ledger, batch.pk, MendedPlan(ledger, plan, Edits(), ""))
    batch.refresh_from_db()
    return batch


def test_two_imports_of_one_file_at_once_add_once(client_alice, alice, other_processes_write):
    """The unique index decides, because neither knew of the other at its start. Two tabs continue each import."""
    text = statement(900)
    batches = [begun(alice, upload_statement(client_alice, text)) for _ in range(2)]

    def go_on(batch_id: ObjectId) -> None:
        while (batch := ImportBatch.objects.get(pk=batch_id)).state == "running":
            writing.continue_import(personal_ledger(alice), batch)
        connection.close()

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(go_on, [batch.pk for batch in batches] * 2))
    for batch in batches:
        batch.refresh_from_db()
        assert (batch.state, batch.position, batch.added + batch.known) == ("done", 900, 900)
    assert sum(batch.added for batch in batches) == len(stored(alice)) == Fingerprint.objects.count() == 900


@pytest.fixture
def one_part_a_step(monkeypatch):
    """Make each step write three rows."""
    monkeypatch.setattr(writing, "PART", 3)
    monkeypatch.setattr(writing, "STEP_SECONDS", 1e-9)


def test_an_import_goes_on_step_by_step(client_alice, alice, one_part_a_step):
    batch = upload_statement(client_alice, statement(8))
    sent = fields(client_alice, batch)
    url = f"/expenses/import/{batch.pk}/"
    for position in (3, 6):
        assert client_alice.post(f"{url}run/", sent).status_code == 302
        batch.refresh_from_db()
        assert (batch.state, batch.position, len(stored(alice))) == ("running", position, position)
        assert f"{position} of 8" in client_alice.get(url).content.decode()
        assert b"unfinished" in client_alice.get("/expenses/import/").content
    answer = client_alice.post(f"{url}run/", headers={"HX-Request": "true", "HX-Target": "import-state"})
    assert b"8 added" in answer.content
    assert b"<html" not in answer.content
    assert len(stored(alice)) == 8


def test_two_tabs_write_each_part_once(client_alice, alice, one_part_a_step):
    """The slower tab, which read the batch before the other one wrote, finds that it has moved."""
    batch = begun(alice, upload_statement(client_alice, statement(8)))
    stale = ImportBatch.objects.get(pk=batch.pk)
    writing.continue_import(personal_ledger(alice), batch)
    writing.continue_import(personal_ledger(alice), stale)
    batch.refresh_from_db()
    assert (batch.position, batch.added, batch.known, len(stored(alice))) == (3, 3, 0, 3)


def test_a_part_that_fails_leaves_nothing(client_alice, alice, monkeypatch):
    batch = begun(alice, upload_statement(client_alice, statement(8)))
    monkeypatch.setattr(bulk, "touch_months", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        writing.continue_import(personal_ledger(alice), batch)
    batch.refresh_from_db()
    assert (batch.state, batch.position, batch.added) == ("running", 0, 0)
    assert (Expense.objects.count(), Fingerprint.objects.count()) == (0, 0)
    monkeypatch.undo()
    writing.continue_import(personal_ledger(alice), batch)
    assert len(stored(alice)) == 8


def test_the_run_button_twice_begins_once(client_alice, alice):
    batch = upload_statement(client_alice, BANK)
    sent = fields(client_alice, batch)
    for _ in range(3):
        assert client_alice.post(f"/expenses/import/{batch.pk}/run/", sent).status_code == 302
    assert len(stored(alice)) == 6


def test_months_are_touched_and_lists_see_it(client_alice, alice):
    assert "ALDI" not in client_alice.get("/expenses/?month=2026-08").content.decode()
    import_statement(client_alice, BANK)
    assert "ALDI SUED 4711" in client_alice.get("/expenses/?month=2026-08").content.decode()
    assert client_alice.get("/expenses/?month=all").context["total_text"] == "−₪2,351.40"


LEISURE = {"currency": "EUR", "category": "leisure-gifts", "confidence": None, "note": "with Noa"}
OWN = {
    "finbrain": 1,
    "expenses": [
        {"date": "2026-08-01", "title": "Yoga", "amount": "30.00", "reviewed": True, **LEISURE},
        {"date": "2026-08-02", "title": "Yoga mat", "amount": "-12.00", "reviewed": False, **LEISURE},
    ],
}


def test_a_file_of_finbrain_keeps_what_was_confirmed(client_alice, alice):
    batch = import_statement(client_alice, json.dumps(OWN), "finbrain.json")
    assert batch.added == 2
    yoga, mat = Expense.objects.order_by("spent_on")
    assert (yoga.category, yoga.reviewed, yoga.category_source, yoga.note) == (
        "leisure-gifts", True, "person", "with Noa",
    )  # fmt: skip
    assert (mat.category, mat.reviewed, mat.amount) == ("leisure-gifts", False, Decimal("-12.00"))
    assert [(row.text, row.category) for row in Memory.objects.all()] == [("yoga", "leisure-gifts")]


def test_parts_cost_the_same_however_much_is_stored(client_alice, alice, count_db, monkeypatch):
    monkeypatch.setattr(writing, "STEP_SECONDS", 60)
    monkeypatch.setattr(writing, "PART_SECONDS", 0)
    costs = []
    for first in (0, 1344, 2688, 4032):
        with count_db() as calls:
            import_statement(client_alice, statement(700, first=first))
        costs.append(calls.names)
    assert len(costs[1]) == len(costs[3]), costs
