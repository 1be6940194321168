"""For the tests of the project as a whole."""

import pytest

from finbrain.core import redis_client
from finbrain.core.breaker import mongodb


@pytest.fixture(autouse=True)
def _engines_are_back():
    """Whatever a test made this process believe."""
    yield
    for breaker in (mongodb, *redis_client._breakers.values()):
        breaker.since = None
