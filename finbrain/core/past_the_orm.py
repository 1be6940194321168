"""The only way to bypass the ORM: a model's MongoDB collection, and the session of the running transaction."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar, overload

from django.db.models import Field, Model
from pymongo.collection import Collection

from finbrain.core import mongodb
from finbrain.core.mongodb import current_session

__all__ = ["LEDGER", "Expression", "collection", "column_of", "current_session"]

Document = TypeVar("Document", bound=Mapping[str, Any])
# A filter, an expression or a stage of an aggregation, in MongoDB's words.
Expression = dict[str, Any]

# The stored name of the field with a document's ledger. It is the shard key.
LEDGER: Final = "owner_id"


@overload
def collection(model: type[Model]) -> Collection[dict[str, Any]]: ...
@overload
def collection(model: type[Model], document: type[Document]) -> Collection[Document]: ...
def collection(model: type[Model], document: type[Any] = dict) -> Collection[Any]:
    """The collection that stores `model`. document: the TypedDict of its documents, for the type checker only."""
    return mongodb.database()[model._meta.db_table]


def column_of(model: type[Model], name: str) -> str:
    """The name of a field in stored documents. Raises ValueError for fields that other collections store."""
    field = model._meta.get_field(name)
    if not isinstance(field, Field) or field.column is None:
        raise ValueError(f"{model.__name__} doesn't store {name}.")
    return field.column
