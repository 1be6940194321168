"""Unchanged pages are not sent again, and nobody ever sees an outdated one."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.set_categories import set_categories
from expenses.ledger.trash import delete_expenses
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import DAY, make_expense
from expenses.views import kept_pages

PAGES = ["/expenses/?month=2026-08", "/expenses/?month=all&q=taxi", "/dashboard/?month=2026-08", "/?month=2026-08"]


def again(client: Client, url: str, first, **headers: str):
    return client.get(url, headers={"If-None-Match": first["ETag"]} | headers)


@pytest.fixture
def expense(alice):
    return make_expense(alice, unsure=0.4)


@pytest.mark.parametrize("url", PAGES)
def test_what_the_browser_has_is_not_sent_again(client_alice, expense, url):
    first = client_alice.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first["Vary"]
    second = again(client_alice, url, first)
    assert (second.status_code, second.content) == (304, b"")
    assert second["ETag"] == first["ETag"]
    assert "csrftoken" not in second.cookies


@pytest.mark.parametrize("url", PAGES)
def test_every_page_that_is_sent_has_its_own_tokens(client_alice, expense, url):
    pages = [client_alice.get(url).content.decode() for _ in range(3)]
    tokens = [set(re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)) for page in pages]
    assert all(len(found) == 1 for found in tokens)
    assert len(set.union(*tokens)) == 3
    keys = [found for page in pages for found in re.findall('name="entry_key" value="([^"]+)"', page)]
    assert len(set(keys)) == len(keys) == (3 if url.startswith("/expenses") else 0)
    for page in pages:
        assert kept_pages.CSRF_TOKEN not in page
        assert kept_pages.ENTRY_KEY not in page


def test_the_tokens_of_a_kept_page_are_good(alice, expense):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for _ in range(2):
        page = client.get("/expenses/?month=2026-08").content.decode()
    [token] = set(re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page))
    delete = reverse("expenses:delete", args=[expense.pk])
    assert client.post(delete).status_code == 403
    assert client.post(delete, {"csrfmiddlewaretoken": token}).status_code == 302


CHANGES = {
    "added": lambda alice, expense: add_expense(personal_ledger(alice), NewExpense("Bus", expense.amount, "ILS", DAY)),
    "filed": lambda alice, expense: set_categories(personal_ledger(alice), [expense.pk], "other"),
    "deleted": lambda alice, expense: delete_expenses(personal_ledger(alice), [expense.pk]),
    "settings": lambda alice, expense: type(alice).objects.filter(pk=alice.pk).update(auto_file_threshold=0.3),
    "currency": lambda alice, expense: type(alice).objects.filter(pk=alice.pk).update(home_currency="USD"),
    "a role": lambda alice, expense: type(alice).objects.filter(pk=alice.pk).update(is_staff=True),
}


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_seen(client_alice, alice, expense, url, change):
    first = client_alice.get(url)
    change(alice, expense)
    second = again(client_alice, url, first)
    assert second.status_code == 200
    assert again(client_alice, url, second).status_code == 304


@pytest.mark.parametrize("url", PAGES)
def test_another_language_theme_or_day_is_another_page(client_alice, expense, url, monkeypatch):
    first = client_alice.get(url)
    assert again(client_alice, url, first, **{"Accept-Language": "he"}).status_code == 200
    for module in ("listing", "dashboard"):
        monkeypatch.setattr(f"expenses.views.{module}.timezone.localdate", lambda: DAY.replace(year=2027))
    assert again(client_alice, url, first).status_code == 200
    monkeypatch.undo()
    assert again(client_alice, url, first).status_code == 304
    client_alice.cookies["theme"] = "dark"
    dark = again(client_alice, url, first)
    assert 'data-theme="dark"' in dark.content.decode()


def test_who_signs_in_again_gets_tokens_that_are_good(alice, client_alice, expense):
    first = client_alice.get(PAGES[0])
    client_alice.cookies.pop(settings.CSRF_COOKIE_NAME)
    assert again(client_alice, PAGES[0], first).status_code == 200
    client_alice.post("/accounts/logout/")
    assert again(client_alice, PAGES[0], first).status_code == 302


def test_nobody_gets_what_is_kept_for_others(client_alice, client_bob, expense):
    first = client_alice.get(PAGES[0])
    second = again(client_bob, PAGES[0], first)
    assert second.status_code == 200
    assert "data-expense" not in second.content.decode()


def test_a_message_is_shown_once(client_alice, alice, expense):
    first = client_alice.get(PAGES[0])
    client_alice.post(f"/expenses/{expense.pk}/category/", {"category": "transportation"})
    told = again(client_alice, PAGES[0], first).content.decode()
    assert "Taxi home is now in Transportation" in told
    assert "Taxi home is now in" not in client_alice.get(PAGES[0]).content.decode()


def test_a_page_with_a_message_is_not_kept(client_alice, alice, expense):
    client_alice.post("/expenses/several/", {"action": "delete"})
    assert "Select the expenses first" in client_alice.get(PAGES[0]).content.decode()
    assert "Select the expenses first" not in client_alice.get(PAGES[0]).content.decode()


def test_kept_pages_cost_less(client_alice, expense, count_db, count_cache):
    for url in PAGES:
        first = client_alice.get(url)
        for ask in (
            lambda url=url: client_alice.get(url),
            lambda url=url, first=first: again(client_alice, url, first),
        ):
            with count_db() as reads, count_cache() as calls:
                ask()
            assert len(reads) <= 2, reads.names
            assert len(calls) <= 3, calls.names
