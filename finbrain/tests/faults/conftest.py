"""One site for the faults of a single MongoDB and Redis. Each test starts with new people."""

import pytest
from django.conf import settings

from finbrain.embedded import Engines
from finbrain.tests.faults import traffic
from finbrain.tests.faults.site import running_site

PEOPLE = 3


def pytest_collection_modifyitems(items):
    for item in items:
        if "faults" in str(item.path):
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """Engines that keep everything they acknowledge, as in production."""
    running = Engines(tmp_path_factory.mktemp("faults"))
    try:
        assert running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def site(engines):
    with running_site(engines.addresses, engines.data_dir) as found:
        yield found


@pytest.fixture
def people(site):
    return new_people(site)


def new_people(site, count: int = PEOPLE):
    """Nobody but them has an account."""
    site.database["accounts_user"].delete_many({})
    made = site.people(count)
    site.warm(made[0])
    return made


@pytest.fixture(scope="package", autouse=True)
def _table(request):
    """Print the table at the end, and save it with the other results."""
    yield
    text = traffic.write_table(settings.BASE_DIR / "test-results" / "faults.txt")
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        reporter.write_line("\n" + text)
