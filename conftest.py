"""Fixtures for all tests: the tests' own engines, a clean state, Alice and Bob.

The engines start when this file is imported, because the settings, imported later, read the addresses from the
environment. That is why pyproject.toml doesn't set DJANGO_SETTINGS_MODULE.
"""

import fcntl
import os
import re

os.environ["FINBRAIN_ENV"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "finbrain.settings"

from finbrain import translations
from finbrain.tests import counting, engines

translations.compile_changed()
engines.start()

import django  # noqa: E402 - needs the engines' addresses

django.setup()

import bson  # noqa: E402
import hypothesis  # noqa: E402
import pytest  # noqa: E402
import redis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.test import client as test_client  # noqa: E402
from django.utils import translation  # noqa: E402
from redis.lock import Lock  # noqa: E402

from accounts import attempts  # noqa: E402
from accounts.models import User  # noqa: E402
from classifier import serving, training  # noqa: E402
from classifier.models import ModelVersion  # noqa: E402
from expenses import rates  # noqa: E402
from finbrain.core import rate_limits  # noqa: E402
from finbrain.core.past_the_orm import collection  # noqa: E402
from finbrain.incoming import Request  # noqa: E402
from finbrain.tests import isolation, midnight, patience  # noqa: E402

patience.install()
counting.install()
isolation.install()
test_client.WSGIRequest = Request  # pyright: ignore[reportAttributeAccessIssue] - as our handler makes them
hypothesis.settings.register_profile(
    "tests",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
    # In CI the same examples every time; on a developer's machine new ones, of which failing ones are kept.
    derandomize=bool(os.environ.get("CI")),
)
hypothesis.settings.load_profile("tests")

_redis = redis.Redis.from_url(settings.REDIS_URL)
PASSWORD = "correct horse battery staple"
_DATABASE_FIXTURES = {"alice", "bob", "client_alice", "client_bob", "live_server"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    """Before the processes that run tests start: keep from them the engines of this one, which runs none."""
    for name in ("DJANGO_SETTINGS_MODULE", "MONGODB_URI", "REDIS_URL"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(config, items):
    """Give the database to tests that use people, a client or the live server. Skip long tests unless asked for."""
    if not re.search(r"\blong\b", config.option.markexpr):
        config.hook.pytest_deselected(items=[item for item in items if "long" in item.keywords])
        items[:] = [item for item in items if "long" not in item.keywords]
    for item in items:
        if _DATABASE_FIXTURES & set(item.fixturenames):
            item.add_marker(pytest.mark.django_db)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Wait before the fixtures if midnight is near."""
    midnight.wait_until_past()


def pytest_sessionfinish(session):
    """Fail in CI if a test was skipped, because CI has everything that tests need."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("\nA test was skipped, which CI does not allow.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Migrate once, and record the resulting state."""
    with django_db_blocker.unblock():
        isolation.remember()


@pytest.fixture(scope="session", autouse=True)
def _scripts_in_redis():
    """Load all scripts into Redis: they cost more calls the first time, whichever test that is in."""
    for script in (attempts.COUNT, Lock.LUA_EXTEND_SCRIPT, Lock.LUA_REACQUIRE_SCRIPT, Lock.LUA_RELEASE_SCRIPT):
        _redis.script_load(script)


@pytest.fixture(autouse=True)
def _clean_process():
    """Start every test with an empty cache, in English, and without sessions, model or rates in memory."""
    _redis.flushdb()
    translation.deactivate()  # a test client leaves the language of its last request
    serving._served.was_missing = False  # as a test of a start left it
    serving.forget_model()
    rates.forget_rates()


@pytest.fixture
def one_minute(monkeypatch):
    """No minute and no hour ends during the test, so that a limit counts all of its requests."""
    monkeypatch.setattr(rate_limits, "current_window", lambda seconds: 0)


@pytest.fixture
def real_model(db, tmp_path_factory):
    """The model that `make run` serves, active. Training it takes a minute, so one process does it for all."""
    folder = tmp_path_factory.getbasetemp()
    kept = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "real-model.bson"
    rows = collection(ModelVersion)
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            training.ensure_model()
            kept.write_bytes(bson.encode({"rows": list(rows.find())}))
    rows.delete_many({})
    rows.insert_many(bson.decode(kept.read_bytes())["rows"])
    serving.forget_model()


@pytest.fixture
def other_processes_write(db):
    """For tests in which other processes write: restores all collections afterwards."""
    yield
    isolation.restore(everything=True)


@pytest.fixture
def alice(db):
    """Alice, who owns the data of the test. Her home currency is the shekel, and she shares her corrections."""
    names = {"first_name": "Alice", "last_name": "Levi"}
    return User.objects.create_user("alice@example.com", PASSWORD, **names, home_currency="ILS", share_feedback=True)


@pytest.fixture
def bob(db):
    """Bob, a stranger to Alice. His home currency is the euro."""
    return User.objects.create_user(
        "bob@example.com", PASSWORD, first_name="Bob", last_name="Weber", home_currency="EUR"
    )


@pytest.fixture
def client_alice(alice):
    """A test client with Alice signed in."""
    return _signed_in(alice)


@pytest.fixture
def client_bob(bob):
    """A test client with Bob signed in."""
    return _signed_in(bob)


def _signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def count_db():
    """Counts commands to MongoDB: `with count_db() as calls:` … `assert len(calls) <= 2, calls.names`."""
    return counting.database_calls


@pytest.fixture
def count_cache():
    """Counts round trips to Redis, one per command or pipeline: `with count_cache() as calls:` …"""
    return counting.cache_calls
