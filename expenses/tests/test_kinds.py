"""Every entry is spent, moved or received, and its category says which."""

from datetime import date
from decimal import Decimal

import pytest
from bson import ObjectId
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from classifier.categories import ALL_CATEGORIES, FALLBACKS, Kind, kind_of
from classifier.models import Memory
from classifier.suggest import Suggestion
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense, build_expense
from expenses.ledger.filing_decisions import KindDecision, file_by_suggestion
from expenses.ledger.set_categories import set_categories, undo_categories
from expenses.models import CategoryChange, Expense, KindSource
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expense
from finbrain.core.past_the_orm import collection

DAY = date(2026, 8, 20)
SUGGESTED = Suggestion(
    "food-drinks", 0.9, "model", 3, (("food-drinks", 0.9), ("other", 0.05), ("transportation", 0.05))
)


def new(title="Salary", amount="-9000", **values) -> NewExpense:
    return NewExpense(title, Decimal(amount), "ILS", DAY, **values)


def state(expense: Expense) -> tuple:
    now = Expense.objects.get(pk=expense.pk)
    return now.kind, now.category, now.amount, now.reviewed


def test_every_kind_has_its_own_categories():
    assert {kind_of(slug) for slug in ALL_CATEGORIES} == set(Kind)
    assert all(kind_of(slug) == kind for kind, slug in FALLBACKS.items())


@pytest.mark.parametrize(
    ("chosen", "kind", "category"),
    [
        ({"category": "salary"}, "received", "salary"),
        ({"category": "cash"}, "moved", "cash"),
        ({"category": "food-drinks"}, "spent", "food-drinks"),
        ({"kind": "received"}, "received", "other-income"),
        ({"kind": "moved"}, "moved", "transfer"),
        ({"kind": "spent"}, "spent", "other"),
        ({}, "spent", "other"),
    ],
)
def test_a_category_or_a_kind_decides(alice, chosen, kind, category):
    expense = add_expense(personal_ledger(alice), new(**chosen)).expense
    stored = Expense.objects.get(pk=expense.pk)
    assert (stored.kind, stored.category) == (kind, category)
    assert stored.kind_source == ("person" if chosen else "")
    assert stored.kind_confidence is None


@pytest.mark.parametrize(
    ("confidence", "decided", "filed"),
    [
        (0.6, Kind.SPENT, ("spent", "food-drinks", 0.6, "other,transportation")),
        (0.99, Kind.SPENT, ("spent", "food-drinks", 0.9, "other,transportation")),
        (0.6, Kind.MOVED, ("moved", "transfer", 0.6, "food-drinks,other-income")),
        (0.99, Kind.RECEIVED, ("received", "other-income", 0.99, "food-drinks,transfer")),
        (None, Kind.MOVED, ("moved", "transfer", None, "food-drinks,other-income")),
    ],
)
def test_the_confidence_is_that_of_the_less_certain(alice, confidence, decided, filed):
    expense = build_expense(alice.pk, new("Paypal", "12"), None)
    file_by_suggestion(expense, SUGGESTED, KindDecision(decided, KindSource.MODEL, confidence))
    assert (expense.kind, expense.category, expense.confidence, expense.alternatives) == filed
    assert (expense.kind_source, expense.kind_confidence) == ("model", confidence)


def test_a_decision_is_remembered_and_undone(alice):
    ledger = personal_ledger(alice)
    expense = make_expense(alice, "Savings", "300", unsure=0.4, category="other")
    changed = set_categories(ledger, [expense.pk], "transfer")
    assert state(expense) == ("moved", "transfer", 300, True)
    assert Memory.objects.get(ledger_id=alice.pk).kinds == {"out": {"label": "moved", "counts": {"moved": 1}}}
    assert undo_categories(ledger, changed.batch) == 1
    assert state(expense) == ("spent", "other", 300, False)
    assert not Memory.objects.filter(ledger_id=alice.pk).exists()


def test_a_kind_takes_the_likeliest_of_its_categories(alice, client_alice):
    one = make_expense(alice, "ATM", "60", unsure=0.4, category="other", alternatives="cash,salary")
    two = make_expense(alice, "Paycheck", "-60", unsure=0.4, category="other", alternatives="cash,food-drinks")
    client_alice.post(f"/expenses/{one.pk}/category/", {"kind": "moved"})
    client_alice.post(f"/expenses/{two.pk}/category/", {"kind": "received"})
    assert (state(one)[:2], state(two)[:2]) == (("moved", "cash"), ("received", "other-income"))
    assert client_alice.post(f"/expenses/{one.pk}/category/", {"kind": "lost"}).status_code == 422


def test_a_typed_amount_stays_as_it_was_typed(alice):
    ledger = personal_ledger(alice)
    typed = make_expense(alice, "Salary", "9000", category="other")
    order = Expense.objects.get(pk=typed.pk).order_value
    changed = set_categories(ledger, [typed.pk], "salary")
    assert state(typed)[2] == -9000
    assert Expense.objects.get(pk=typed.pk).order_value == -order
    undo_categories(ledger, changed.batch)
    assert state(typed)[2] == 9000
    set_categories(ledger, [typed.pk], "salary")
    set_categories(ledger, [typed.pk], "other")
    assert state(typed)[2] == 9000


def test_money_that_left_an_account_is_not_received(alice):
    imported = make_expense(alice, "Zelle to John", "25", category="other", import_batch=ObjectId())
    came_in = make_expense(alice, "Zelle from John", "-25", category="other", import_batch=ObjectId())
    assert set_categories(personal_ledger(alice), [imported.pk, came_in.pk], "other-income").count == 1
    assert state(imported)[:3] == ("spent", "other", 25)
    assert state(came_in)[:3] == ("received", "other-income", -25)


def test_another_kind_without_a_category_files_again(alice):
    ledger = personal_ledger(alice)
    expense = add_expense(ledger, new(category="salary")).expense
    edited = edit_expense(ledger, expense.pk, new(kind="spent"))
    assert (edited.kind, edited.category) == ("spent", "other")
    edited = edit_expense(ledger, expense.pk, new(kind="moved"))
    assert (edited.kind, edited.category) == ("moved", "transfer")


def test_another_title_keeps_the_kind_that_was_decided(alice):
    paid = make_expense(alice, "AUTOPAY", "800", unsure=0.9, category="transfer", kind_source="file")
    edited = edit_expense(personal_ledger(alice), paid.pk, new("Card payment", "800", category="transfer"))
    assert (edited.title, edited.kind, edited.category) == ("Card payment", "moved", "transfer")


def test_a_change_of_an_earlier_release_can_be_undone(alice):
    expense = make_expense(alice, "Bus", "6")
    before = [[str(expense.pk), "other", "model", 0.4, 3, False, "food-drinks"]]
    CategoryChange.objects.create(ledger_id=alice.pk, batch="b1", category="transportation", before=before)
    assert undo_categories(personal_ledger(alice), "b1") == 1
    assert state(expense) == ("spent", "other", 6, False)


def test_an_entry_of_an_earlier_release_counts_as_spent(alice, client_alice):
    expense = make_expense(alice, "Bus", "6")
    _forget_columns(expense)
    stored = Expense.objects.get(pk=expense.pk)
    assert (stored.kind, stored.kind_source, stored.one_off, stored.account) == ("spent", "", False, "")
    assert "Bus" in client_alice.get("/expenses/", {"month": "2026-08"}).content.decode()
    assert client_alice.get(f"/expenses/{expense.pk}/edit/").status_code == 200


def test_the_migration_fills_only_what_is_missing(alice):
    """Entries of an earlier release are spent. Running it again changes nothing."""
    old, salary = make_expense(alice, "Bus", "6"), make_expense(alice, "Salary", "-9", category="salary")
    _forget_columns(old)
    migration = MigrationExecutor(connection).loader.get_migration("expenses", "0008_kinds")
    [fill] = [operation for operation in migration.operations if hasattr(operation, "code")]
    state_of = MigrationExecutor(connection).loader.project_state(("expenses", "0008_kinds")).apps
    for _ in range(2):
        fill.code(state_of, None)
        rows = {row["_id"]: row for row in collection(Expense).find({"owner_id": alice.pk})}
        assert (rows[old.pk]["kind"], rows[old.pk]["one_off"], rows[old.pk]["pair"]) == ("spent", False, None)
        assert rows[salary.pk]["kind"] == "received"


def _forget_columns(expense: Expense) -> None:
    columns = ("kind", "kind_source", "kind_confidence", "one_off", "account", "pair")
    collection(Expense).update_one({"_id": expense.pk}, {"$unset": dict.fromkeys(columns, "")})
