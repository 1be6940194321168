"""Patches for bugs in django-mongodb-backend 5.2.4 (https://github.com/mongodb/django-mongodb-backend).

Each has a test in `finbrain/tests/test_mongodb_patches.py` that fails once upstream fixes the bug.

1. `iexact` puts the value unescaped into a regular expression: `email__iexact=".*"` matched every user.
   Django's password reset uses that look-up.
2. A unique index on required columns is made partial (`{$type: …}`), which equality look-ups cannot use: they scan.
3. A commit that finds no server leaves its session behind: every later transaction of the process runs in that session
   without starting a transaction, and fails at its end.
4. A look-up by something that isn't an ObjectId raises ValidationError. Django's views and forms expect the ValueError
   of its own fields: `/admin/r/1/2/` was an error.
5. Ordered pages sort after `$addFields`/`$project`, so MongoDB can't sort by an index.
6. A value of another type than its field's breaks the query that reads it. `finbrain.core.stored` mends it.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol, cast

from bson import ObjectId
from django.core.exceptions import ValidationError
from django.db.models import Index, Model
from django.db.models.expressions import Col
from django_mongodb_backend import indexes
from django_mongodb_backend.base import DatabaseWrapper
from django_mongodb_backend.fields import ObjectIdAutoField, ObjectIdField
from django_mongodb_backend.operations import DatabaseOperations
from django_mongodb_backend.query import MongoQuery
from pymongo.errors import PyMongoError

from finbrain.core import stored

original_commit = DatabaseWrapper.commit_mongo
_original_rollback = DatabaseWrapper.rollback_mongo
_PAGING = {"$sort", "$skip", "$limit"}
original_get_pipeline = MongoQuery.get_pipeline
_original_get_pymongo_index_model = indexes.get_pymongo_index_model
_original_get_db_converters = DatabaseOperations.get_db_converters

Pipeline = list[dict[str, Any]]


class NotAKeyError(ValueError):
    """Raised for a look-up by something that isn't an ObjectId. What reaches the middleware was in the request."""


class _Projecting(Protocol):
    """The attributes of a MongoQuery that the type checker can't see, because they start as None."""

    extra_fields: dict[str, Any] | None


def install_patches() -> None:
    """Install the patches. Calling it again changes nothing."""
    DatabaseOperations.prep_for_iexact_query = DatabaseOperations.prep_for_like_query
    DatabaseOperations.get_db_converters = _get_db_converters
    MongoQuery.get_pipeline = _get_pipeline
    # The backend adds this method to Django's class, so Django's type stubs don't have it.
    Index.get_pymongo_index_model = _get_pymongo_index_model  # pyright: ignore[reportAttributeAccessIssue]
    ObjectIdField.get_prep_value = ObjectIdAutoField.get_prep_value = _prepare_key
    DatabaseWrapper.commit_mongo = _commit
    DatabaseWrapper.rollback_mongo = _roll_back


def _prepare_key(self: ObjectIdField | ObjectIdAutoField, value: Any) -> ObjectId | None:
    try:
        return self.to_python(value)
    except ValidationError as error:
        raise NotAKeyError(f"Field {self.name!r} expected an ObjectId") from error


def _commit(self: DatabaseWrapper) -> None:
    _end_with_session(self, original_commit)


def _roll_back(self: DatabaseWrapper) -> None:
    _end_with_session(self, _original_rollback)


def _end_with_session(connection: DatabaseWrapper, end: Callable[[DatabaseWrapper], None]) -> None:
    """Commit or roll back, and end the session even if that fails."""
    try:
        end(connection)
    except PyMongoError:
        if connection.session:
            connection._end_session()
        connection.run_on_commit = []
        raise


def _get_db_converters(self: DatabaseOperations, expression: Any) -> list[Callable[..., Any]]:
    """Return upstream's converters, after one that mends the values of a column."""
    converters = _original_get_db_converters(self, expression)
    if isinstance(expression, Col) and not expression.target.primary_key:
        return [_mend, *converters]
    return converters


def _mend(value: Any, column: Col, connection: DatabaseWrapper) -> Any:
    return stored.mend_value(column.target, value)


def _get_pymongo_index_model(
    self: Index, model: type[Model], schema_editor: Any, field=None, unique=False, **kw
) -> Any:
    """Return the index that upstream makes, without the `$type` filter if none of its columns can be null."""
    made = _original_get_pymongo_index_model(self, model, schema_editor, field=field, unique=unique, **kw)
    if made is None or not unique or self.condition:
        return made
    fields = [field] if field else [model._meta.get_field(name) for name, _ in self.fields_orders]
    if not any(column.null for column in fields):
        made.document.pop("partialFilterExpression", None)
    return made


def _get_pipeline(self: MongoQuery) -> Pipeline:
    """Return a query's aggregation pipeline, reordered so that an index can sort. The result stays the same."""
    query = cast(_Projecting, self)
    if query.extra_fields:
        query.extra_fields = {name: value for name, value in query.extra_fields.items() if value != f"${name}"} or None
    pipeline = original_get_pipeline(self)
    return pipeline if self.aggregation_pipeline else page_before_project(pipeline)


def page_before_project(pipeline: Pipeline) -> Pipeline:
    """Turn `[$project, $sort, $limit]` into `[$sort, $limit, $project]` if the projection keeps the sorted columns."""
    for at, (stage, following) in enumerate(pairwise(pipeline)):
        project, sort = stage.get("$project"), following.get("$sort")
        if project and sort and all(project.get(column, column == "_id") == 1 for column in sort):
            end = at + 1
            while end < len(pipeline) and set(pipeline[end]) <= _PAGING:
                end += 1
            return [*pipeline[:at], *pipeline[at + 1 : end], stage, *pipeline[end:]]
    return pipeline
