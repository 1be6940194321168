"""Restoring an undone import gives back what the undo took, except for what was imported again since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses.importing.added_again import find_added_again
from expenses.models import Expense, ImportBatch
from expenses.tests.importing.uploading import import_statement
from finbrain.core.past_the_orm import collection

HEADER = "Date,Description,Amount,Currency,Account\n"
CARD = f"{HEADER}2026-03-10,Coffee Fellows,-3.50,EUR,Visa\n2026-03-11,Lidl,-20.00,EUR,Visa\n"
GIRO = f"{HEADER}2026-03-10,Bus ticket BVG,-3.50,EUR,Giro\n2026-03-12,Rent,-900.00,EUR,Giro\n"
FEE = "2026-03-10,Fee,-1.00,EUR,Visa\n"
PLAIN = "Date,Description,Amount\n"


def post(client, batch, action: str) -> str:
    return str([*client.post(f"/expenses/import/{batch.pk}/{action}/", follow=True).context["messages"]][-1])


def there() -> list[tuple]:
    return sorted(Expense.objects.filter(deleted_at=None).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (CARD, GIRO, 2),
        (HEADER + FEE * 2, HEADER + FEE * 3, 1),
        (f"{PLAIN}2026-03-10,Tea,-4\n", f"{PLAIN}2026-03-10,Tea,-4\n2026-03-11,Tea,-4\n2026-03-11,Tea,-4\n", 2),
    ],
)
@pytest.mark.parametrize("part", [1, 400])
def test_restoring_gives_back_all_that_the_undo_took(client_alice, alice, monkeypatch, first, second, count, part):
    monkeypatch.setattr("expenses.importing.undo.PART", part)
    one, two = import_statement(client_alice, first), import_statement(client_alice, second)
    assert two.added == count
    before = there()
    for undone in ([two], [one], [one, two], [two, one]):
        for batch in undone:
            post(client_alice, batch, "undo")
        for batch in undone:
            assert "stay" not in post(client_alice, batch, "restore")
        assert there() == before


def test_what_another_account_imported_since_is_not_the_same(client_alice, alice):
    giro = import_statement(client_alice, GIRO)
    post(client_alice, giro, "undo")
    import_statement(client_alice, CARD)
    assert post(client_alice, giro, "restore") == "2 expenses restored"
    assert len(there()) == 4


def test_what_was_restored_since_stays_in_the_trash_of_its_second_import(client_alice, alice):
    """One file, imported twice: only one of the imports can be there."""
    one = import_statement(client_alice, CARD)
    post(client_alice, one, "undo")
    two = import_statement(client_alice, CARD)
    post(client_alice, two, "undo")
    assert post(client_alice, one, "restore") == "2 expenses restored"
    for _ in range(2):
        assert "2 stay in the trash" in post(client_alice, two, "restore")
        assert len(there()) == 2
        post(client_alice, one, "undo")
        assert post(client_alice, one, "restore") == "2 expenses restored"


def test_what_was_restored_one_by_one_is_not_doubled(client_alice, alice):
    one = import_statement(client_alice, CARD)
    post(client_alice, one, "undo")
    two = import_statement(client_alice, CARD)
    post(client_alice, two, "undo")
    row = Expense.objects.filter(import_batch=one.pk).first()
    client_alice.post(f"/expenses/{row.pk}/restore/")
    assert post(client_alice, two, "restore").startswith("1 expense restored. 1 stays")
    assert len(there()) == 2
    assert post(client_alice, one, "restore") == "1 stays in the trash because it was imported again."
    assert len(there()) == 2


@pytest.mark.parametrize("absences", [None, 7, "text", [1], [{"undone": "long ago"}]])
def test_damaged_absences_are_none(client_alice, alice, absences):
    one = import_statement(client_alice, CARD)
    post(client_alice, one, "undo")
    collection(ImportBatch).update_one({"_id": one.pk}, {"$set": {"absences": absences}})
    assert post(client_alice, one, "restore") == "2 expenses restored"


def test_an_equal_one_is_matched_before_one_with_another_title(client_alice, alice):
    batch = import_statement(client_alice, f"{PLAIN}2026-03-10,Tea,-4\n2026-03-10,Coffee,-4\n")
    post(client_alice, batch, "undo")
    import_statement(client_alice, f"{PLAIN}2026-03-10,Coffee,-4\n")
    assert post(client_alice, batch, "restore").startswith("1 expense restored. 1 stays")
    assert sorted(Expense.objects.filter(deleted_at=None).values_list("title", flat=True)) == ["Coffee", "Tea"]


ROW = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in {"account": ["", "Visa", "Giro"], "title_key": "ab"}.items()}
)


class Amount:
    """An amount as MongoDB has it."""

    def to_decimal(self) -> int:
        return 1


def numbered(rows: list[dict], first: int) -> list[dict]:
    same = {"amount": Amount(), "currency": "EUR", "spent_on": 1}
    return [{"_id": number, **same, **row} for number, row in enumerate(rows, first)]


@given(st.lists(ROW, max_size=6), st.lists(ROW, max_size=6))
def test_each_accounts_for_one_of_its_account_in_any_parts(rows, others):
    rows, others = numbered(rows, 0), numbered(others, 100)
    again = find_added_again(rows, others)
    assert len(again) <= len(others)
    possible = {each["account"] for each in others}
    assert all({"", row["account"]} & possible or not row["account"] for row in rows if row["_id"] in again)
    assert find_added_again([row for row in rows if row["_id"] in again], others) == again
    assert find_added_again(rows, [*rows, *others]) == {row["_id"] for row in rows}
