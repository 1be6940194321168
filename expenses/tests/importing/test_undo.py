"""Undoing an import, and its effect on the trash and the next import."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from expenses.importing.undo import find_in_trash, restore_import, undo_import
from expenses.ledger.touch import touch_months
from expenses.ledger.trash import restore_expenses
from expenses.models import Expense, Fingerprint, ImportBatch
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.importing.uploading import BANK, import_statement, statement, upload_statement
from expenses.tests.making import make_expense
from finbrain.core.past_the_orm import collection


def live() -> int:
    return Expense.objects.filter(deleted_at=None).count()


def post_undo(client, batch: ImportBatch):
    return client.post(f"/expenses/import/{batch.pk}/undo/", follow=True)


def test_its_expenses_go_to_the_trash_and_it_can_come_in_again(client_alice, alice):
    typed = make_expense(alice)
    other = import_statement(client_alice, statement(5))
    batch = import_statement(client_alice, BANK)
    page = post_undo(client_alice, batch).content.decode()
    toast = re.search(r'<div class="toast">.*?</form>', page, re.DOTALL)[0]
    assert "6 expenses deleted" in toast
    assert f'action="/expenses/import/{batch.pk}/restore/"' in toast
    assert "undone" in page
    assert Expense.objects.filter(import_batch=batch.pk, deleted_at=None).count() == 0
    assert Expense.objects.get(pk=typed.pk).deleted_at is None
    assert Expense.objects.filter(import_batch=other.pk, deleted_at=None).count() == 5
    assert Fingerprint.objects.filter(batch=batch.pk).count() == 0
    assert "You can import the same file again" in client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()
    assert import_statement(client_alice, BANK).added == 6


def test_what_is_restored_afterwards_does_not_come_in_twice(client_alice, alice):
    """Undoing the undo restores all expenses; the file's rows are then possible duplicates."""
    batch = import_statement(client_alice, BANK)
    post_undo(client_alice, batch)
    page = client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()
    assert f'action="/expenses/import/{batch.pk}/restore/"' in page
    client_alice.post(f"/expenses/import/{batch.pk}/restore/")
    batch.refresh_from_db()
    assert (live(), batch.state, batch.undone_at) == (6, "done", None)
    assert import_statement(client_alice, BANK + "2026-08-31,Bakery,-3.10\n").added == 1
    assert live() == 7


def test_what_came_in_again_meanwhile_is_not_brought_back(client_alice, alice):
    """One existing expense replaces one of two that were undone."""
    batch = import_statement(client_alice, BANK)
    [message] = post_undo(client_alice, batch).context["messages"]
    again = import_statement(
        client_alice, BANK.replace("2026-08-03,COFFEE BEAN,-4.50\n", "", 1).replace("-89.00", "-98.00")
    )
    assert (again.added, live()) == (5, 5)
    [said] = client_alice.post(message.extra_tags, follow=True).context["messages"]
    assert str(said) == "2 expenses restored. 4 stay in the trash because they were imported again."
    restored = Expense.objects.filter(import_batch=batch.pk, deleted_at=None)
    assert sorted(restored.values_list("title", flat=True)) == ["COFFEE BEAN", "STADTWERKE STROM"]
    [said] = client_alice.post(message.extra_tags, follow=True).context["messages"]
    assert (live(), str(said)) == (7, "4 stay in the trash because they were imported again.")
    batch.refresh_from_db()
    assert batch.state == "done"
    [*_, message] = post_undo(client_alice, batch).context["messages"]
    assert (live(), "2 expenses deleted" in str(message)) == (5, True)


def test_an_import_of_which_nothing_was_restored_stays_undone(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    post_undo(client_alice, batch)
    import_statement(client_alice, BANK)
    client_alice.post(f"/expenses/import/{batch.pk}/restore/")
    batch.refresh_from_db()
    assert (live(), batch.state) == (6, "undone")
    Expense.objects.filter(import_batch=batch.pk).delete()
    assert "/restore/" not in client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()


def test_what_was_in_the_trash_before_the_undoing_stays_there(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    by_hand = Expense.objects.get(title="STADTWERKE STROM")
    client_alice.post(f"/expenses/{by_hand.pk}/delete/")
    [*_, message] = post_undo(client_alice, batch).context["messages"]
    client_alice.post(message.extra_tags)
    assert live() == 5
    client_alice.post(f"/expenses/import/{import_statement(client_alice, statement(3)).pk}/restore/")
    assert live() == 8


def test_undoing_twice_changes_nothing_more(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    post_undo(client_alice, batch)
    again = import_statement(client_alice, BANK)
    [*_, said] = post_undo(client_alice, batch).context["messages"]
    assert (said.level_tag, "has already been undone" in str(said)) == ("info", True)
    assert live() == again.added == 6
    assert Fingerprint.objects.count() == 6


def test_a_draft_is_not_undone_and_what_was_begun_is_not_thrown_away(client_alice, alice):
    draft, done = upload_statement(client_alice, statement(3)), import_statement(client_alice, BANK)
    [said] = post_undo(client_alice, draft).context["messages"]
    assert (said.level_tag, str(said)) == (
        "info",
        "bank.csv hasn't been imported yet, so there is nothing to undo.",
    )
    [said] = client_alice.post(f"/expenses/import/{done.pk}/discard/", follow=True).context["messages"]
    assert (said.level_tag, "has already been imported" in str(said)) == ("info", True)
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {"draft", "done"}
    client_alice.post(f"/expenses/import/{draft.pk}/discard/")
    assert ImportBatch.objects.get().pk == done.pk


def test_an_import_that_stopped_is_undone_and_does_not_go_on(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    draft = upload_statement(client_alice, statement(2))
    values = {"state": "running", "content": draft.content, "position": 5, "total": 7, "file_until": timezone.now()}
    ImportBatch.objects.filter(pk=batch.pk).update(**values)
    post_undo(client_alice, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.content, live()) == ("undone", None, 0)
    assert client_alice.post(f"/expenses/import/{batch.pk}/run/").status_code == 302
    assert live() == 0


def test_an_undoing_goes_on_step_by_step_and_comes_back_together(client_alice, alice, monkeypatch):
    monkeypatch.setattr("expenses.importing.undo.PART", 3)
    monkeypatch.setattr("expenses.importing.undo.STEP_SECONDS", 1e-9)
    batch = import_statement(client_alice, statement(7))
    url = f"/expenses/import/{batch.pk}/"
    assert client_alice.post(f"{url}undo/").url == url
    assert live() == 4
    assert "unfinished" in client_alice.get("/expenses/import/").content.decode()
    fragment = {"HX-Request": "true", "HX-Target": "import-state"}
    answer = client_alice.post(f"{url}undo/", headers=fragment).content.decode()
    assert "Undoing…" in answer
    assert "6 of 7" in answer
    assert client_alice.post(f"{url}run/").status_code == 302
    assert (live(), Fingerprint.objects.count()) == (1, 7)
    [message] = client_alice.post(f"{url}undo/", follow=True).context["messages"]
    assert "7 expenses deleted" in str(message)
    batch.refresh_from_db()
    assert (batch.state, live(), Fingerprint.objects.count()) == ("undone", 0, 0)


def undone_in_short_steps(client, monkeypatch, rows: int) -> ImportBatch:
    """An undone import, which is restored three expenses at a time."""
    batch = import_statement(client, statement(rows))
    post_undo(client, batch)
    monkeypatch.setattr("expenses.importing.undo.PART", 3)
    monkeypatch.setattr("expenses.importing.undo.STEP_SECONDS", 1e-9)
    return batch


def test_restoring_goes_on_step_by_step(client_alice, alice, monkeypatch):
    batch = undone_in_short_steps(client_alice, monkeypatch, 7)
    url = f"/expenses/import/{batch.pk}/"
    fragment = {"HX-Request": "true", "HX-Target": "import-state"}
    assert client_alice.post(f"{url}restore/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == url
    assert live() == 3
    page = client_alice.get(url).content.decode()
    assert "Restoring…" in page
    assert "Undo this import" not in page
    assert "unfinished" in client_alice.get("/expenses/import/").content.decode()
    answer = client_alice.post(f"{url}restore/", headers=fragment).content.decode()
    assert ("6 of 7" in answer, live()) == (True, 6)
    [said] = client_alice.post(f"{url}restore/", follow=True).context["messages"]
    assert str(said) == "7 expenses restored"
    batch.refresh_from_db()
    assert (live(), batch.state, batch.undone_at, batch.restoring) == (7, "done", None, None)


def shuffled(rows: int) -> str:
    """A statement whose rows are in no order of days, with several on each day."""
    days = [f"2026-{1 + n * 7 % 12:02}-{1 + n // 12 % 6 * 4:02}" for n in range(rows)]
    return "Date,Description,Amount\n" + "".join(f"{day},Shop {n},-{n + 1}.50\n" for n, day in enumerate(days))


def restore_to_the_end(owner, batch: ImportBatch) -> tuple[int, int]:
    """Restore an import in as many steps as it takes."""
    for _ in range(200):
        if done := restore_import(personal_ledger(owner), ImportBatch.objects.get(pk=batch.pk)):
            return done
    raise AssertionError("Restoring doesn't end.")


def test_restoring_goes_by_day_whatever_the_order_of_the_file(client_alice, alice, monkeypatch):
    """Each part changes the months of its days, so a month is changed once and where a part ends."""
    rows, part = 72, 6
    batch = import_statement(client_alice, shuffled(rows))
    post_undo(client_alice, batch)
    touched: list[list[date]] = []

    def touch(ledger_id, days):
        touched.append(sorted(days))
        touch_months(ledger_id, days)

    monkeypatch.setattr("expenses.ledger.trash.touch_months", touch)
    monkeypatch.setattr("expenses.importing.undo.PART", part)
    monkeypatch.setattr("expenses.importing.undo.STEP_SECONDS", 1000)  # no part is halved for taking long
    assert restore_to_the_end(alice, batch) == (rows, 0)
    assert [day for days in touched for day in days] == sorted(Expense.objects.values_list("spent_on", flat=True))
    assert len(touched) == rows // part
    assert sum(len({(day.year, day.month) for day in days}) for days in touched) <= 12 + rows // part
    assert live() == rows


def test_restoring_reads_on_in_an_index(client_alice, alice, monkeypatch):
    """Neither what is before the place nor other imports' later expenses are read or sorted."""
    before = import_statement(client_alice, statement(30))
    batch = import_statement(client_alice, shuffled(30).replace("2026", "2027"))
    later = import_statement(client_alice, statement(30).replace("2026", "2028"))
    post_undo(client_alice, batch)
    monkeypatch.setattr("expenses.importing.undo.PART", 4)
    monkeypatch.setattr("expenses.importing.undo.STEP_SECONDS", 1e-9)
    for _step in range(3):
        restore_import(personal_ledger(alice), ImportBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    place = batch.restore_place
    assert place
    assert (place["seen"], place["after"].split(" ")[0][:4]) == (12, "2027")
    monkeypatch.setattr("expenses.importing.undo._MOST_RESTORED", 10)
    plan = find_in_trash(personal_ledger(alice), batch, place["after"]).explain()
    assert "'SORT'" not in str(plan["queryPlanner"]["winningPlan"])
    assert plan["executionStats"]["nReturned"] == 10
    assert plan["executionStats"]["totalDocsExamined"] <= 10 + 3  # those of the place's own day are read again
    assert {before.added, later.added} == {30}


def test_restoring_that_the_last_release_began_goes_on(client_alice, alice, monkeypatch):
    """Its place is an id only. What it restored is counted, and the others are restored from the first day on."""
    batch = import_statement(client_alice, shuffled(9))
    post_undo(client_alice, batch)
    ids = sorted(Expense.objects.values_list("pk", flat=True))[:4]
    restore_expenses(personal_ledger(alice), ids)
    place = {"after": str(ids[-1]), "seen": 4, "restored": 4, "total": 9}
    collection(ImportBatch).update_one({"_id": batch.pk}, {"$set": {"restoring": place, "state": "done"}})
    page = client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()
    assert ("Restoring…" in page, "4 of 9" in page) == (True, True)
    monkeypatch.setattr("expenses.importing.undo.PART", 2)
    assert restore_to_the_end(alice, batch) == (9, 0)
    assert live() == 9


def test_restoring_that_was_cut_off_restores_nothing_twice(client_alice, alice, monkeypatch):
    batch = undone_in_short_steps(client_alice, monkeypatch, 7)
    ledger = personal_ledger(alice)
    stale = ImportBatch.objects.get(pk=batch.pk)
    assert restore_import(ledger, stale) is None
    assert restore_import(ledger, stale) is None  # another tab, which saw the same state
    assert live() == 3
    monkeypatch.setattr("expenses.importing.undo.restore_expenses", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore_import(ledger, ImportBatch.objects.get(pk=batch.pk))
    monkeypatch.setattr("expenses.importing.undo.restore_expenses", restore_expenses)
    assert live() == 3
    assert restore_import(ledger, ImportBatch.objects.get(pk=batch.pk)) is None
    assert restore_import(ledger, ImportBatch.objects.get(pk=batch.pk)) == (7, 0)
    assert live() == 7


@pytest.mark.parametrize(
    "damaged",
    [
        *(["x"], "x", -7, {}, {"after": 5}, {"after": "x", "seen": 1}),
        *({"after": f"{after} {'0' * 24}", "seen": 1, "restored": 1, "total": 4} for after in ("", "2026-02-30", "x")),
    ],
)
def test_a_damaged_place_of_restoring_begins_again(client_alice, alice, monkeypatch, damaged):
    batch = undone_in_short_steps(client_alice, monkeypatch, 4)
    client_alice.post(f"/expenses/import/{batch.pk}/restore/")
    collection(ImportBatch).update_one({"_id": batch.pk}, {"$set": {"restoring": damaged}})
    assert client_alice.get(f"/expenses/import/{batch.pk}/").status_code == 200
    client_alice.post(f"/expenses/import/{batch.pk}/restore/")
    batch.refresh_from_db()
    assert (batch.state, batch.restoring, live()) == ("done", None, 4)


def test_a_part_that_takes_long_makes_the_next_one_smaller(client_alice, alice, monkeypatch):
    batch = import_statement(client_alice, statement(90))
    post_undo(client_alice, batch)
    sizes, now = [], [0.0]

    def slowly(ledger, ids):
        sizes.append(len(ids))
        now[0] += len(ids) / 100
        return restore_expenses(ledger, ids)

    monkeypatch.setattr("expenses.importing.undo.restore_expenses", slowly)
    monkeypatch.setattr("expenses.importing.undo.time", SimpleNamespace(monotonic=lambda: now[0]))
    restore_to_the_end(alice, batch)
    assert sizes == [50, 25, 15]
    assert live() == 90


def test_undoing_in_the_middle_of_restoring_begins_again(client_alice, alice, monkeypatch):
    batch = undone_in_short_steps(client_alice, monkeypatch, 5)
    client_alice.post(f"/expenses/import/{batch.pk}/restore/")
    post_undo(client_alice, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.restoring, live()) == ("undone", None, 0)


def test_one_expense_accounts_for_one_in_all_steps(client_alice, alice, monkeypatch):
    rows = "Date,Description,Amount\n" + "2026-08-03,Tea,-4.50\n" * 7
    batch = import_statement(client_alice, rows)
    post_undo(client_alice, batch)
    import_statement(client_alice, "Date,Description,Amount\n" + "2026-08-03,Tea,-4.50\n" * 2)
    monkeypatch.setattr("expenses.importing.undo.PART", 1)
    assert restore_to_the_end(alice, batch) == (5, 2)
    assert live() == 7


def test_an_undoing_that_was_cut_off_is_finished_by_the_next(client_alice, alice, monkeypatch):
    batch = import_statement(client_alice, BANK)
    monkeypatch.setattr("expenses.importing.fingerprints.forget_fingerprints", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        undo_import(personal_ledger(alice), batch)
    monkeypatch.undo()
    assert "Undoing…" in client_alice.get(f"/expenses/import/{batch.pk}/").content.decode()
    post_undo(client_alice, batch)
    batch.refresh_from_db()
    assert (batch.state, live(), Fingerprint.objects.count()) == ("undone", 0, 0)
