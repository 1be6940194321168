"""Adding, editing, filing and deleting: what is stored and learned, and what concurrent calls do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from bson import ObjectId
from django.db import connections

from accounts.models import User
from classifier.categories import Kind
from classifier.models import Feedback, Memory
from expenses.ledger.bulk import document_of, store_documents
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories, undo_categories
from expenses.ledger.trash import delete_expenses, restore_batch, restore_expenses
from expenses.models import CategoryChange, CategorySource, Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.month_tokens import month_tokens
from expenses.tests.making import DAY, make_expense, make_expenses
from finbrain.core.past_the_orm import collection

AUGUST = date(2026, 8, 1)


def new(title: str = "Taxi home", amount: str = "58.00", **values: object) -> NewExpense:
    return NewExpense(**{"title": title, "amount": Decimal(amount), "currency": "ILS", "spent_on": DAY, **values})


def remembered(owner: User) -> dict[str, dict[str, int]]:
    return {row.title: row.counts for row in Memory.objects.filter(ledger_id=owner.pk)}


def token(owner: User) -> str:
    return month_tokens(owner.pk, [AUGUST])[AUGUST]


def test_without_a_model_it_waits_under_other(alice):
    expense = add_expense(personal_ledger(alice), new()).expense
    stored = Expense.objects.get(pk=expense.pk)
    assert (stored.category, stored.confidence, stored.reviewed) == ("other", 0.0, False)
    assert remembered(alice) == {}


def test_a_chosen_category_is_remembered_and_suggested_again(alice):
    add_expense(personal_ledger(alice), new("Zumba with Noa", category="leisure-gifts"))
    again = add_expense(personal_ledger(alice), new("Zumba with Noa")).expense
    assert again.category == "leisure-gifts"
    assert again.category_source == "memory"
    assert not again.reviewed
    assert len(again.alternatives.split(",")) == 2


def test_the_same_entry_key_twice_is_one_expense(alice, bob):
    first = add_expense(personal_ledger(alice), new(entry_key="same-key-1"))
    second = add_expense(personal_ledger(alice), new(entry_key="same-key-1"))
    others = add_expense(personal_ledger(bob), new(entry_key="same-key-1"))
    assert first.created
    assert not second.created
    assert second.expense.pk == first.expense.pk
    assert others.created
    assert Expense.objects.count() == 2


def test_two_expenses_under_one_entry_key_are_two(alice):
    for title in ("Taxi home", "Something else", "Taxi home"):
        add_expense(personal_ledger(alice), new(title, entry_key="same-key-1"))
    assert sorted(Expense.objects.values_list("title", flat=True)) == ["Something else", "Taxi home"]


def in_threads(work, items):
    def run(item):
        try:
            return work(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(run, items))


def test_ten_at_once_lose_nothing_and_double_nothing(alice):
    in_threads(lambda n: add_expense(personal_ledger(alice), new(f"Taxi {n}", str(n + 1))), range(10))
    assert sorted(row.amount for row in Expense.objects.filter(ledger_id=alice.pk)) == [
        Decimal(n + 1) for n in range(10)
    ]


def test_ten_times_the_same_form_at_once_is_one_expense(alice):
    added = in_threads(
        lambda _: add_expense(personal_ledger(alice), new(entry_key="same-key-1", category="other")), range(10)
    )
    assert [one.created for one in added].count(True) == 1
    assert Expense.objects.filter(ledger_id=alice.pk).count() == 1
    assert remembered(alice) == {"Taxi home": {"other": 1}}


def test_deleted_by_five_at_once_is_unlearned_once(alice):
    expenses = [add_expense(personal_ledger(alice), new(category="other")).expense for _ in range(2)]
    trashed = in_threads(lambda _: delete_expenses(personal_ledger(alice), [expenses[0].pk]), range(5))
    assert sorted(one.count for one in trashed) == [0, 0, 0, 0, 1]
    assert remembered(alice) == {"Taxi home": {"other": 1}}


def test_every_write_replaces_the_token_of_its_month(alice):
    seen = [token(alice)]
    expense = add_expense(personal_ledger(alice), new()).expense
    seen.append(token(alice))
    edit_expense(personal_ledger(alice), expense.pk, new(amount="59", spent_on=date(2026, 9, 1)))
    seen.append(token(alice))
    edit_expense(personal_ledger(alice), expense.pk, new(amount="59"))
    seen.append(token(alice))
    changed = set_categories(personal_ledger(alice), [expense.pk], "other")
    seen.append(token(alice))
    undo_categories(personal_ledger(alice), changed.batch)
    seen.append(token(alice))
    delete_expenses(personal_ledger(alice), [expense.pk])
    seen.append(token(alice))
    restore_expenses(personal_ledger(alice), [expense.pk])
    seen.append(token(alice))
    assert len(set(seen)) == len(seen)


def test_edit_stores_every_field(alice):
    expense = make_expense(alice)
    changed = {
        "title": "Train to Haifa",
        "amount": Decimal("27.50"),
        "currency": "EUR",
        "spent_on": date(2026, 7, 31),
        "category": "other",
        "note": "and back",
        "own_rate": Decimal("4.1"),
        "own_rate_currency": "ILS",
    }
    edit_expense(personal_ledger(alice), expense.pk, NewExpense(**changed))
    stored = Expense.objects.get(pk=expense.pk)
    assert {name: getattr(stored, name) for name in changed} == changed
    assert stored.title_key == "train to haifa"
    assert stored.reviewed
    assert stored.order_value == Decimal("27.5000")


def test_editing_moves_what_is_remembered(alice):
    expense = add_expense(personal_ledger(alice), new("Gym", category="leisure-gifts")).expense
    edit_expense(personal_ledger(alice), expense.pk, new("Gym membership", category="leisure-gifts"))
    assert remembered(alice) == {"Gym membership": {"leisure-gifts": 1}}


def test_saving_the_form_unchanged_confirms_nothing(alice):
    expense = make_expense(alice, unsure=0.4)
    edit_expense(personal_ledger(alice), expense.pk, new(category="transportation"))
    stored = Expense.objects.get(pk=expense.pk)
    assert not stored.reviewed
    assert stored.confidence == 0.4
    assert remembered(alice) == {}


def test_a_new_title_is_filed_again_unless_a_person_filed_it(alice):
    add_expense(personal_ledger(alice), new("Zumba with Noa", category="leisure-gifts"))
    unsure, sure = make_expense(alice, unsure=0.4), make_expense(alice, category="other")
    edit_expense(personal_ledger(alice), unsure.pk, new("Zumba with Noa", category="transportation"))
    edit_expense(personal_ledger(alice), sure.pk, new("Zumba with Noa", category="other"))
    assert Expense.objects.get(pk=unsure.pk).category == "leisure-gifts"
    assert Expense.objects.get(pk=sure.pk).category == "other"


def test_nobody_edits_files_or_deletes_for_others(alice, bob):
    expense = make_expense(alice)
    with pytest.raises(Expense.DoesNotExist):
        edit_expense(personal_ledger(bob), expense.pk, new())
    assert set_categories(personal_ledger(bob), [expense.pk], "other").count == 0
    assert delete_expenses(personal_ledger(bob), [expense.pk]).count == 0
    stored = Expense.objects.get(pk=expense.pk)
    assert (stored.category, stored.deleted_at) == ("transportation", None)
    batch = delete_expenses(personal_ledger(alice), [expense.pk]).batch
    assert restore_batch(personal_ledger(bob), batch) == 0
    assert restore_expenses(personal_ledger(bob), [expense.pk]) == 0


def test_a_correction_is_reported_once_and_agreeing_is_not(alice):
    wrong, right = make_expenses(
        alice, [{"title": "Yoga", "amount": 9, "unsure": 0.4}, {"title": "Bus", "amount": 9, "unsure": 0.4}]
    )
    set_categories(personal_ledger(alice), [wrong.pk], "leisure-gifts")
    set_categories(personal_ledger(alice), [right.pk], "transportation")
    [feedback] = Feedback.objects.all()
    assert (feedback.text, feedback.suggested_category, feedback.chosen_category) == (
        "Yoga",
        "transportation",
        "leisure-gifts",
    )


def reported() -> list[tuple[str, str, str]]:
    return list(Feedback.objects.values_list("text", "suggested_category", "chosen_category"))


def test_a_report_follows_who_thinks_again_and_goes_with_who_agrees_after_all(alice):
    [expense] = make_expenses(alice, [{"title": "Yoga", "amount": 9, "unsure": 0.4}])
    set_categories(personal_ledger(alice), [expense.pk], "leisure-gifts")
    set_categories(personal_ledger(alice), [expense.pk], "other")
    assert reported() == [("Yoga", "transportation", "other")]
    edit_expense(personal_ledger(alice), expense.pk, new(title="Yoga", category="food-drinks"))
    assert reported() == [("Yoga", "transportation", "food-drinks")]
    set_categories(personal_ledger(alice), [expense.pk], "transportation")
    assert reported() == []


def test_a_change_that_is_undone_was_never_reported(alice):
    [expense] = make_expenses(alice, [{"title": "Yoga", "amount": 9, "unsure": 0.4}])
    first = set_categories(personal_ledger(alice), [expense.pk], "leisure-gifts")
    second = set_categories(personal_ledger(alice), [expense.pk], "other")
    undo_categories(personal_ledger(alice), second.batch)
    assert reported() == [("Yoga", "transportation", "leisure-gifts")]
    undo_categories(personal_ledger(alice), first.batch)
    assert reported() == []


def test_confirming_twice_counts_once(alice):
    expense = make_expense(alice, unsure=0.4)
    assert set_categories(personal_ledger(alice), [expense.pk], "other").count == 1
    assert set_categories(personal_ledger(alice), [expense.pk], "other").count == 0
    assert remembered(alice) == {"Taxi home": {"other": 1}}


def test_undo_gives_each_its_own_state_back(alice):
    rows = [{"title": "A", "amount": 1, "category": "other"}, {"title": "B", "amount": 2, "unsure": 0.4}]
    expenses = make_expenses(alice, rows)
    changed = set_categories(personal_ledger(alice), [expense.pk for expense in expenses], "leisure-gifts")
    assert changed.count == 2
    assert undo_categories(personal_ledger(alice), changed.batch) == 2
    first, second = (Expense.objects.get(pk=expense.pk) for expense in expenses)
    assert (first.category, first.reviewed) == ("other", True)
    assert (second.category, second.reviewed, second.confidence) == ("transportation", False, 0.4)
    assert second.alternatives == "other,food-drinks"
    assert remembered(alice) == {"A": {"other": 1}}
    assert undo_categories(personal_ledger(alice), changed.batch) == 0
    assert CategoryChange.objects.count() == 0


def test_undo_leaves_alone_what_was_changed_since(alice, bob):
    expense = make_expense(alice, category="other")
    first = set_categories(personal_ledger(alice), [expense.pk], "leisure-gifts")
    set_categories(personal_ledger(alice), [expense.pk], "food-drinks")
    assert undo_categories(personal_ledger(bob), first.batch) == 0
    assert undo_categories(personal_ledger(alice), first.batch) == 0
    assert Expense.objects.get(pk=expense.pk).category == "food-drinks"


def test_trash_undoes_and_restores_what_was_learned(alice):
    expense = add_expense(personal_ledger(alice), new(category="other")).expense
    trashed = delete_expenses(personal_ledger(alice), [expense.pk, ObjectId()])
    assert (trashed.count, remembered(alice)) == (1, {})
    assert delete_expenses(personal_ledger(alice), [expense.pk]).count == 0
    assert restore_batch(personal_ledger(alice), trashed.batch) == 1
    assert remembered(alice) == {"Taxi home": {"other": 1}}


def test_a_batch_restores_what_went_with_it_only(alice):
    one, two, three = make_expenses(alice, [{"title": str(n), "amount": n} for n in (1, 2, 3)])
    delete_expenses(personal_ledger(alice), [three.pk])
    batch = delete_expenses(personal_ledger(alice), [one.pk, two.pk]).batch
    assert restore_batch(personal_ledger(alice), batch) == 2
    assert [row.pk for row in Expense.objects.filter(deleted_at__isnull=False)] == [three.pk]


@pytest.mark.parametrize("batch", ["", "x", "-1", "9" * 40, "١٢٣"])
def test_no_batch(alice, batch):
    with pytest.raises(ValueError, match=batch or "^$"):
        restore_batch(personal_ledger(alice), batch)


def test_two_thousand_at_once(alice):
    expenses = make_expenses(alice, [{"title": f"Taxi {n % 7}", "amount": 1} for n in range(2100)])
    ids = [expense.pk for expense in expenses]
    changed = set_categories(personal_ledger(alice), ids, "other")
    assert changed.count == 2100
    assert undo_categories(personal_ledger(alice), changed.batch) == 2100
    trashed = delete_expenses(personal_ledger(alice), ids)
    assert Expense.objects.filter(deleted_at__isnull=True).count() == 0
    assert restore_batch(personal_ledger(alice), trashed.batch) == 2100


def test_many_at_once_are_stored_as_the_orm_stores_one(alice):
    texts = {"title": "Café", "note": "à", "amount": Decimal("12.50"), "currency": "EUR", "spent_on": date(2026, 8, 3)}
    filed = {"category": "food-drinks", "category_source": CategorySource.MODEL, "kind": Kind.SPENT}
    numbers = {"confidence": 0.5, "model_version": 3, "order_value": Decimal("12.5"), "import_batch": ObjectId()}
    values = texts | filed | numbers
    one, other = (Expense(pk=ObjectId(), ledger_id=alice.pk, **values) for _ in range(2))
    one.save(force_insert=True)
    store_documents(alice.pk, [document_of(other)])
    rows = [collection(Expense).find_one({"_id": each.pk}) for each in (one, other)]
    alone, together = ({name: (type(value), value) for name, value in row.items()} for row in rows)
    assert alone.keys() == together.keys()
    different = {name for name, value in alone.items() if value != together[name]}
    assert different - {"created_at", "updated_at"} == {"_id", "entry_key"}
