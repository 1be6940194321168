"""Managers with the methods of a model's own QuerySet. Models without one need no `objects`: Django's own will do."""

from typing import Any, TypeVar, cast

from django.db.models import QuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


def manager_of(rows: type[Rows]) -> Rows:
    """A manager with all methods of `rows`, for `objects` of a model.

    The type checker takes it for `rows` itself: no type can say "a manager with the methods of that class".
    """
    return cast(Rows, rows.as_manager())
