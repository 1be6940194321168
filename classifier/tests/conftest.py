import pytest

from classifier import serving, versions
from classifier.models import ModelVersion
from classifier.tests.small import small_artifact


@pytest.fixture
def fresh_serving():
    """This process has not looked for a model yet, and forgets afterwards what it found."""
    serving.forget_model()
    yield
    serving.forget_model()


@pytest.fixture
def model(db, fresh_serving) -> ModelVersion:
    """A small model, active."""
    version = versions.store_version(small_artifact(), {}, {})
    versions.activate(version.number)
    return version
