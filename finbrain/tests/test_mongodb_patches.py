"""The patches of the MongoDB backend work, and each is still needed."""

from contextlib import suppress

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Index
from django_mongodb_backend import indexes
from django_mongodb_backend.base import DatabaseWrapper
from django_mongodb_backend.operations import DatabaseOperations
from django_mongodb_backend.query import MongoQuery
from django_mongodb_backend.transaction import atomic
from pymongo.client_session import ClientSession
from pymongo.errors import ConnectionFailure

from expenses.models import Expense
from finbrain.core import mongodb_patches as mongo

pytestmark = pytest.mark.django_db


def stages(plan: object) -> set[str]:
    """Every stage name in a query plan."""
    if isinstance(plan, dict):
        own = {plan["stage"]} if "stage" in plan else set()
        return own.union(*(stages(value) for value in plan.values()))
    if isinstance(plan, list):
        return set().union(*(stages(item) for item in plan))
    return set()


def winning_stages(collection: str, pipeline: list[dict]) -> set[str]:
    command = {"aggregate": collection, "pipeline": pipeline, "cursor": {}}
    explained = connection.database.command("explain", command, verbosity="queryPlanner")
    if "stages" in explained:
        sorts = {"SORT"} if any("$sort" in stage for stage in explained["stages"]) else set()
        return stages(explained["stages"][0]["$cursor"]["queryPlanner"]["winningPlan"]) | sorts
    return stages(explained["queryPlanner"]["winningPlan"])


def pipeline_of(queryset) -> list[dict]:
    compiler = queryset.query.get_compiler("default")
    compiler.pre_sql_setup()
    return compiler.build_query(compiler.columns).get_pipeline()


def test_iexact_takes_the_address_literally(alice, bob):
    users = get_user_model().objects
    assert not users.filter(email__iexact=".*").exists()
    assert users.get(email__iexact="ALICE@example.com") == alice
    plus = users.create_user("a+b@example.com", None)
    assert users.get(email__iexact="a+b@example.com") == plus


def test_iexact_is_still_wrong_upstream(alice, monkeypatch):
    monkeypatch.delattr(DatabaseOperations, "prep_for_iexact_query")
    assert get_user_model().objects.filter(email__iexact=".*").exists(), "fixed upstream: remove the patch"


@pytest.mark.parametrize(
    ("model", "match"),
    [
        (get_user_model(), {"email": "alice@example.com"}),
        (UserSession, {"session_key": "abc"}),
        (Expense, {"owner_id": 1, "entry_key": "abc"}),
    ],
)
def test_unique_keys_are_looked_up_by_index(model, match):
    assert "COLLSCAN" not in winning_stages(model._meta.db_table, [{"$match": match}])


def test_unique_indexes_are_still_partial_upstream():
    schema_editor = connection.schema_editor()
    field = get_user_model()._meta.get_field("email")
    made = indexes.get_pymongo_index_model(
        Index(fields=["email"]), get_user_model(), schema_editor, field=field, unique=True
    )
    assert "partialFilterExpression" in made.document, "fixed upstream: remove the patch"


def test_pages_are_sorted_by_index(alice):
    page = Expense.objects.filter(ledger_id=alice.pk).order_by("-spent_on", "-id")[:50]
    assert "SORT" not in winning_stages(Expense._meta.db_table, pipeline_of(page))


def test_pages_are_still_sorted_late_upstream(alice, monkeypatch):
    monkeypatch.setattr(MongoQuery, "get_pipeline", mongo.original_get_pipeline)
    pipeline = pipeline_of(Expense.objects.filter(ledger_id=alice.pk).order_by("-spent_on", "-id")[:50])
    names = [next(iter(stage)) for stage in pipeline]
    assert names.index("$sort") > min(map(names.index, set(names) & {"$project", "$addFields"})), (
        "fixed: remove the patch"
    )


def test_a_sort_on_a_computed_column_stays_behind_the_projection():
    pipeline = [{"$project": {"total": {"$sum": "$amount"}}}, {"$sort": {"total": 1}}]
    assert mongo.page_before_project(pipeline) == pipeline


def commit_without_a_server(monkeypatch) -> None:
    def fail(session):
        raise ConnectionFailure("no server")

    with monkeypatch.context() as broken:
        broken.setattr(ClientSession, "commit_transaction", fail)
        with pytest.raises(ConnectionFailure), atomic():
            get_user_model().objects.count()


def test_a_failed_commit_leaves_nothing_behind(alice, monkeypatch):
    commit_without_a_server(monkeypatch)
    assert connection.session is None
    with suppress(KeyError), atomic():
        alice.delete()
        raise KeyError
    assert get_user_model().objects.count() == 1


def test_a_failed_commit_still_leaves_its_session_upstream(db, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "commit_mongo", mongo.original_commit)
    commit_without_a_server(monkeypatch)
    assert connection.session is not None, "fixed upstream: remove the patch"
    connection._end_session()
