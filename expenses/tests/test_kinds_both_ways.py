"""The category of an entry is changed in its form or in the list's menu: both give the same entry."""

from decimal import Decimal
from itertools import permutations

import pytest
from bson import ObjectId

from expenses.models import Expense
from expenses.tests.making import make_expense

# One or two of each kind.
CATEGORIES = ("food-drinks", "transportation", "transfer", "cash", "salary", "other-income")
PAIRS = list(permutations(CATEGORIES, 2))


def state(expense: Expense) -> tuple[str, str, Decimal, Decimal | None]:
    now = Expense.objects.get(pk=expense.pk)
    return now.kind, now.category, now.amount, now.order_value


@pytest.mark.parametrize("imported", [False, True])
@pytest.mark.parametrize("amount", ["2000", "-2000"])
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_form_and_menu_do_the_same(client_alice, alice, before, after, amount, imported):
    batch = ObjectId() if imported else None
    one, two = (make_expense(alice, "Acme", amount, category=before, import_batch=batch) for _ in range(2))
    edited = client_alice.post(f"/expenses/{one.pk}/edit/", {"category": after})
    client_alice.post(f"/expenses/{two.pk}/category/", {"category": after})
    assert state(one) == state(two)
    assert (edited.status_code == 422) == (state(two)[1] == before)
    if imported:
        assert state(one)[2] == Decimal(amount)


@pytest.mark.parametrize("way", ["edit", "category"])
def test_imported_income_that_was_misfiled_becomes_income(client_alice, alice, way):
    salary = make_expense(alice, "Gehalt", "-2500", unsure=0.28, category="food-drinks", import_batch=ObjectId())
    client_alice.post(f"/expenses/{salary.pk}/{way}/", {"category": "salary"})
    assert state(salary)[:3] == ("received", "salary", -2500)


@pytest.mark.parametrize("typed", ["2500", "2400", "-2500"])
def test_a_misfiled_salary_can_be_typed_with_either_sign(client_alice, alice, typed):
    salary = make_expense(alice, "Arbeitgeber GmbH", "-2500", category="food-drinks", import_batch=ObjectId())
    client_alice.post(f"/expenses/{salary.pk}/edit/", {"category": "salary", "amount": typed})
    assert state(salary)[:3] == ("received", "salary", -abs(Decimal(typed)))


def test_another_amount_is_no_way_around_the_statement(client_alice, alice):
    paid = make_expense(alice, "Zelle to John", "25", category="other", import_batch=ObjectId())
    edited = client_alice.post(f"/expenses/{paid.pk}/edit/", {"category": "salary", "amount": "30"})
    assert "left your account" in edited.context["form"].errors["category"][0]
    assert state(paid)[:3] == ("spent", "other", 25)


def test_a_typed_amount_that_changes_with_the_category_is_meant_as_typed(client_alice, alice):
    refund = make_expense(alice, "Acme", "-2000", category="food-drinks")
    client_alice.post(f"/expenses/{refund.pk}/edit/", {"category": "salary", "amount": "1500"})
    assert state(refund)[:3] == ("received", "salary", -1500)
    client_alice.post(f"/expenses/{refund.pk}/edit/", {"category": "food-drinks", "amount": "-20"})
    assert state(refund)[:3] == ("spent", "food-drinks", -20)


@pytest.mark.parametrize(
    ("way", "after"), [("edit", "other-income"), ("category", "other-income"), ("category", "salary")]
)
def test_income_that_was_paid_back_stays_income(client_alice, alice, way, after):
    """Its amount is one that left the account, as an export with negative income has it."""
    paid_back = make_expense(alice, "Salary paid back", "9", category="salary", import_batch=ObjectId(), unsure=0.4)
    Expense.objects.filter(pk=paid_back.pk).update(kind="received")
    client_alice.post(f"/expenses/{paid_back.pk}/{way}/", {"category": after})
    assert state(paid_back)[:3] == ("received", after, 9)
    assert Expense.objects.get(pk=paid_back.pk).reviewed
