import pytest

from classifier import serving, versions
from classifier.models import ModelVersion
from classifier.tests.small import small_artifact


@pytest.fixture
def fresh_serving():
    """Make this process forget its loaded model before and after the test."""
    serving.forget_model()
    yield
    serving.forget_model()


@pytest.fixture
def model(db, fresh_serving) -> ModelVersion:
    """An active small model."""
    version = versions.store_version(small_artifact(), {}, {})
    versions.activate(version.number)
    return version
