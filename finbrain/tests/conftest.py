"""Fixtures for the tests of the whole project."""

import pytest

from finbrain.core import redis_client
from finbrain.core.breaker import mongodb


@pytest.fixture(autouse=True)
def _mongodb_is_back():
    """Mark MongoDB and Redis as available again after each test."""
    yield
    for breaker in (mongodb, *redis_client._breakers.values()):
        breaker.since = None
