"""Fixtures for the tests of the whole project."""

import pytest

from finbrain.core.breaker import mongodb


@pytest.fixture(autouse=True)
def _mongodb_is_back():
    """Mark MongoDB as available again after each test."""
    yield
    mongodb.since = None
