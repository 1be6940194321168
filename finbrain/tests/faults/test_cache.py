"""Sessions and cache on two servers, as production may have them. Without the cache, pages are only slower."""

import pytest

from finbrain.tests.faults.site import killed, running_site, running_valkey
from finbrain.tests.faults.traffic import AWAY, check, during, wait_for_tries

PAGES = ("/expenses/?month=2026-08", "/dashboard/?month=2026-08", "/expenses/inbox/", "/accounts/settings/")


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sessions")
    with (
        running_valkey(folder) as uri,
        running_site({**engines.addresses, "REDIS_SESSIONS_URL": uri}, folder, patient=True) as found,
    ):
        yield found


def test_the_cache_is_killed(site, engines, people):
    ada = people[0]

    def fault() -> float:
        with killed(engines, "Valkey"):
            assert [ada.get(page).status_code for page in PAGES] == [200] * len(PAGES)
            wait_for_tries(site.books, 5)
        return site.seconds_until_back()

    books = during(site, people, fault)
    check("the cache's Redis kill -9", site, people, books)
    assert sum(book.answers[AWAY] for book in books) == 0
