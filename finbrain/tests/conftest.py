"""For the tests of the project as a whole."""

import pytest

from finbrain.core.breaker import mongodb


@pytest.fixture(autouse=True)
def _mongodb_is_back():
    """Whatever a test made this process believe."""
    yield
    mongodb.since = None
