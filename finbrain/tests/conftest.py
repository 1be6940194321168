"""Fixtures for the tests of the whole project."""

import pytest

from finbrain.core import redis_client
from finbrain.core.breaker import mongodb
from finbrain.embedded import Engines


@pytest.fixture(autouse=True)
def _mongodb_is_back():
    """Mark MongoDB and Redis as available again after each test."""
    yield
    for breaker in (mongodb, *redis_client._breakers.values()):
        breaker.since = None


@pytest.fixture
def started(tmp_path):
    """A function that starts the engines of this test's folder. All are stopped at the end."""
    all_started = []

    def start(**options) -> Engines:
        found = Engines(tmp_path, **options)
        assert found.start()
        all_started.append(found)
        return found

    yield start
    for found in all_started:
        found.stop()
