"""Typed managers for models that have their own QuerySet. Other models use Django's manager."""

from typing import Any, TypeVar, cast

from django.db.models import QuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


def manager_of(rows: type[Rows]) -> Rows:
    """Make a manager with all methods of the QuerySet class `rows`, for a model's `objects`.

    The type checker sees an instance of `rows`, because no type expresses "a manager with the methods of this class".
    """
    return cast(Rows, rows.as_manager())
