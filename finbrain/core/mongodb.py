"""The connection to MongoDB, typed: Django's type stubs know only what all databases have in common."""

from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django_mongodb_backend.base import DatabaseWrapper
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database


def wrapper() -> DatabaseWrapper:
    """Django's connection of this thread, which may not be open yet."""
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])


def client() -> MongoClient[dict[str, Any]]:
    """The MongoDB client that all threads of this process share; connects when there is none."""
    own = wrapper()
    own.ensure_connection()
    return cast("MongoClient[dict[str, Any]]", own.connection)


def database() -> Database[dict[str, Any]]:
    """FinBrain's database; connects when there is no connection."""
    own = wrapper()
    own.ensure_connection()
    return cast("Database[dict[str, Any]]", own.database)


def current_session() -> ClientSession | None:
    """The session of the transaction that runs in this thread, for `session=` of every call inside; None outside."""
    return wrapper().session
