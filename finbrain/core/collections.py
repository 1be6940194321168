"""The one way past the ORM: a model's MongoDB collection, and the session of the running transaction."""

from typing import Any, TypeVar, overload

from django.db import connection
from django.db.models import Field, Model
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

Document = TypeVar("Document", bound=Any)

# The stored name of the column that says which ledger a document belongs to. It is the shard key.
LEDGER = "owner_id"


@overload
def collection(model: type[Model]) -> Collection[dict[str, Any]]: ...
@overload
def collection(model: type[Model], document: type[Document]) -> Collection[Document]: ...
def collection(model: type[Model], document: type[Any] = dict) -> Collection[Any]:
    """The collection that stores `model`. document: the TypedDict of what it holds, for the type checker only."""
    connection.ensure_connection()
    return connection.database[model._meta.db_table]


def current_session() -> ClientSession | None:
    """The session of the transaction that runs in this thread, for `session=` of every call inside; None outside."""
    return connection.session


def column_of(model: type[Model], name: str) -> str:
    """The name under which documents store a field; ValueError for what is stored elsewhere."""
    field = model._meta.get_field(name)
    if not isinstance(field, Field) or field.column is None:
        raise ValueError(f"{model.__name__} stores no {name}.")
    return field.column
