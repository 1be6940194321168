"""Values that are current for as long as a block runs, as Django's language is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def as_current(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Make a value the current one of a variable, and the earlier one afterwards."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
