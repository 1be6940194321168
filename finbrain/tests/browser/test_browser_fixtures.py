"""The browser fixtures: the live server shares the test's database, and nothing else is reachable."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Error

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_live_server_sees_the_tests_data_and_nothing_of_the_last_test(page, live_server, turn):
    get_user_model().objects.create_user("carol@example.com", "secret")
    answer = page.goto("/readyz")
    assert answer.json()["database"] is True
    assert get_user_model().objects.count() == 1


def test_alice_is_signed_in(page_alice, page):
    assert page_alice.goto("/expenses/").url.endswith("/expenses/")
    assert "/accounts/login/" in page.goto("/expenses/").url


def test_no_name_but_localhost_can_be_reached(page):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")
