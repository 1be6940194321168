"""What the clean-up deletes, and what it keeps."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from bson import ObjectId
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from expenses.models import CategoryChange, Expense, ImportBatch
from expenses.tests.making import make_expense
from finbrain.core.past_the_orm import collection
from finbrain.operations.cleanup import clean_up


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def test_trash_goes_after_thirty_days(alice):
    kept = [make_expense(alice), make_expense(alice, deleted_at=days_ago(29))]
    make_expense(alice, deleted_at=days_ago(31))
    assert clean_up(timezone.now()).trashed == 1
    assert set(Expense.objects.values_list("pk", flat=True)) == {expense.pk for expense in kept}


def test_the_trash_is_found_by_its_own_index(alice):
    make_expense(alice, deleted_at=days_ago(31))
    expenses = collection(Expense)
    since = expenses.index_information()["trash_by_age"]["partialFilterExpression"]["deleted_at"]["$gt"]
    plan = expenses.find({"deleted_at": {"$gt": since, "$lt": timezone.now()}}).explain()["queryPlanner"]["winningPlan"]
    assert plan["inputStage"]["indexName"] == "trash_by_age"


@pytest.mark.parametrize(("age", "left"), [(29, 1), (40, 0)])
def test_sessions_that_ended_long_ago_leave_the_list(alice, age, left):
    UserSession.objects.create(user=alice, ip="127.0.0.1", session_key="a" * 32, last_seen_at=days_ago(age))
    clean_up(timezone.now())
    assert UserSession.objects.count() == left


def test_files_that_nobody_went_on_with_go(alice):
    """A draft is deleted, and an import that was started ends with the rows it has."""
    kept = {"ledger_id": alice.pk, "file_name": "bank.csv", "format": "csv", "content": b"packed"}
    old, new = days_ago(0.1), timezone.now() + timedelta(hours=1)
    for until in (old, new):
        ImportBatch.objects.create(**kept, file_until=until)
        ImportBatch.objects.create(**kept, file_until=until, state="running", total=500, position=200, added=200)
    assert clean_up(timezone.now()).files == 2
    assert sorted(ImportBatch.objects.values_list("state", flat=True)) == ["done", "draft", "running"]
    assert ImportBatch.objects.filter(file_until__gt=timezone.now()).count() == 2
    ended = ImportBatch.objects.get(state="done")
    assert (ended.content, ended.missed) == (None, 300)
    assert clean_up(timezone.now()).files == 0


@pytest.mark.parametrize(("age", "left"), [(6, 1), (8, 0)])
def test_what_takes_a_change_back_goes_after_a_week(alice, age, left):
    CategoryChange.objects.create(
        pk=ObjectId.from_datetime(days_ago(age)), ledger_id=alice.pk, batch="b", category="other", before=[]
    )
    assert clean_up(timezone.now()).changes == 1 - left
    assert CategoryChange.objects.count() == left


def test_demo_accounts_go_when_they_have_expired(alice):
    for name, expires in (("old", days_ago(1)), ("new", timezone.now() + timedelta(hours=1))):
        User.objects.create_user(f"{name}@demo.invalid", demo_expires_at=expires)
    assert clean_up(timezone.now()).demos == 1
    assert set(User.objects.values_list("email", flat=True)) == {alice.email, "new@demo.invalid"}


def test_the_command_says_what_it_did(alice, capsys):
    make_expense(alice, deleted_at=days_ago(31))
    call_command("cleanup")
    said = "0 demo accounts, 1 trashed expenses, 0 old changes, 0 import files and 0 ended sessions deleted.\n"
    assert capsys.readouterr().out == said
