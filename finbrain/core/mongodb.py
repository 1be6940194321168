"""The typed connection to MongoDB: Django's type stubs only know what all databases have in common."""

from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django_mongodb_backend.base import DatabaseWrapper
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database


def wrapper() -> DatabaseWrapper:
    """This thread's Django connection, which may not be open yet."""
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])


def client() -> MongoClient[dict[str, Any]]:
    """The MongoDB client that all threads of this process share. Connects if necessary."""
    own = wrapper()
    own.ensure_connection()
    return cast("MongoClient[dict[str, Any]]", own.connection)


def database() -> Database[dict[str, Any]]:
    """FinBrain's database. Connects if necessary."""
    own = wrapper()
    own.ensure_connection()
    return cast("Database[dict[str, Any]]", own.database)


def current_session() -> ClientSession | None:
    """The session of this thread's transaction, for `session=` of every call in it; None outside transactions."""
    return wrapper().session
