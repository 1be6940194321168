"""MongoDB transactions. Django's `transaction.atomic` does nothing on this backend."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar, cast

import pymongo
from django.db import DatabaseError
from django_mongodb_backend.transaction import atomic
from pymongo.errors import PyMongoError

from finbrain.core import mongodb

T = TypeVar("T")
_RETRYABLE = ("TransientTransactionError", "UnknownTransactionCommitResult")
_PATIENCE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 0.1


def transaction() -> AbstractContextManager[None]:
    """Context manager that commits at the end and rolls back on an error. Inside a transaction, it joins that one."""
    # The backend's function has no annotations, and doubles as a decorator.
    return cast("AbstractContextManager[None]", atomic())


def run_in_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction and return its result. If others wrote the same documents, try again.

    `work` may run more than once, so it must only write to the database. Inside a transaction, it joins that one.
    Raises the errors of `work`, and the last conflict once time is up: on pages, all tries together take no longer
    than a single operation may.
    """
    own = mongodb.wrapper()
    if own.in_atomic_block_mongo:
        return work()
    limit = own.settings_dict["OPTIONS"].get("timeoutMS")
    patience = limit / 1000 if limit else _PATIENCE_SECONDS
    with pymongo.timeout(limit and patience):
        return _try_until(time.monotonic() + patience, work)


def _try_until(deadline: float, work: Callable[[], T]) -> T:
    pause = 0.002
    while True:
        try:
            with transaction():
                return work()
        except (DatabaseError, PyMongoError) as error:
            if not _is_retryable(error) or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not a secret
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _is_retryable(error: BaseException) -> bool:
    """Whether MongoDB asks for another try. The error may be MongoDB's own, or be the cause of one of Django's."""
    causes = (error, error.__cause__)
    return any(isinstance(cause, PyMongoError) and any(map(cause.has_error_label, _RETRYABLE)) for cause in causes)
