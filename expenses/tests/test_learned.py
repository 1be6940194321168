"""The page with what FinBrain learned from a person, and unlearning."""

import re
from datetime import timedelta

import pytest

from classifier.models import Memory
from expenses.ledger.set_categories import set_categories
from expenses.listing.learned import PAGE_SIZE
from expenses.models import Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import DAY, make_expense, make_expenses

pytestmark = pytest.mark.django_db
PAGE = "/expenses/learned/"


@pytest.fixture
def taught(alice) -> Expense:
    """An expense that Alice filed, and two that FinBrain filed because of it."""
    expense = make_expense(alice, "Zorblax cafe 12", unsure=0.3)
    set_categories(personal_ledger(alice), [expense.pk], "leisure-gifts")
    by_memory = {"category": "leisure-gifts", "unsure": 0.9, "category_source": "memory"}
    make_expenses(alice, [{"title": f"ZORBLAX CAFE {n}", "amount": n, **by_memory} for n in (34, 56)])
    return expense


def unlearn(client, page: str) -> str:
    values = dict(re.findall('type="hidden" name="(text|title)" value="([^"]*)"', page))
    return client.post(PAGE + "unlearn/", values, follow=True).content.decode()


def test_it_says_what_was_learned_from_what_and_what_it_decided(client_alice, client_bob, taught):
    page = client_alice.get(PAGE).content.decode()
    for text in ("Zorblax cafe 12", "Leisure &amp; Gifts", "From 1 expense", "2 expenses filed by it since"):
        assert text in page
    assert "2 expenses will wait for review again" in page
    assert "Zorblax" not in client_bob.get(PAGE).content.decode()
    assert PAGE in client_alice.get("/accounts/settings/").content.decode()
    assert PAGE in client_alice.get("/expenses/inbox/").content.decode()


def test_unlearning_lets_its_expenses_wait_and_can_be_undone(client_alice, alice, taught):
    before = [list(Expense.objects.order_by("pk").values("pk", "category", "confidence", "reviewed"))]
    learned = Memory.objects.values("text", "title", "category", "counts", "kinds").get()
    page = unlearn(client_alice, client_alice.get(PAGE).content.decode())
    assert "2 expenses wait for review again." in page
    assert not Memory.objects.exists()
    threshold = personal_ledger(alice).threshold
    assert Expense.objects.filter(reviewed=False, confidence__lt=threshold).count() == 2
    assert Expense.objects.get(pk=taught.pk).reviewed, "what a person filed stays"
    [undo] = re.findall(r'action="(/expenses/changes/[0-9a-f]+/undo/)"', page)
    client_alice.post(undo)
    assert [list(Expense.objects.order_by("pk").values("pk", "category", "confidence", "reviewed"))] == before
    assert Memory.objects.values("text", "title", "category", "counts", "kinds").get() == learned


def test_what_is_learned_again_survives_the_undo(client_alice, alice, taught):
    page = unlearn(client_alice, client_alice.get(PAGE).content.decode())
    other = make_expense(alice, "Zorblax cafe 77", unsure=0.3)
    set_categories(personal_ledger(alice), [other.pk], "other")
    [undo] = re.findall(r'action="(/expenses/changes/[0-9a-f]+/undo/)"', page)
    client_alice.post(undo)
    assert Memory.objects.get().category == "other"


def test_nobody_unlearns_for_others(client_bob, taught):
    answer = client_bob.post(PAGE + "unlearn/", {"text": "zorblax cafe", "title": "Zorblax cafe"}, follow=True)
    assert "already unlearned" in answer.content.decode()
    assert Memory.objects.count() == 1


def test_kinds_and_contradictions_are_named(client_alice, alice):
    bits = make_expenses(alice, [{"title": "BIT Dana", "amount": n, "unsure": 0.3} for n in (1, 2, 3)])
    for expense, category in zip(bits, ("transfer", "other", "leisure-gifts"), strict=True):
        set_categories(personal_ledger(alice), [expense.pk], category)
    page = client_alice.get(PAGE).content.decode()
    assert "You also filed it under Other, so FinBrain asks." in page


@pytest.mark.parametrize("query", ["?q=%00&after=%00", "?q=.*", "?after=" + "x" * 5000, "?q=" + "(" * 50])
def test_anything(client_alice, taught, query):
    assert client_alice.get(PAGE + query).status_code == 200


def test_search_and_pages(client_alice, alice, count_db):
    names = [f"Zorb {first}{second}x" for first in "abcdefgh" for second in "abcdefgh"][: 2 * PAGE_SIZE - 5]
    days = [{"title": name, "amount": 1, "unsure": 0.3, "spent_on": DAY - timedelta(days=1)} for name in names]
    ids = [expense.pk for expense in make_expenses(alice, days)]
    set_categories(personal_ledger(alice), ids, "other")
    first = client_alice.get(PAGE).content.decode()
    [more] = re.findall(r'href="(/expenses/learned/\?after=[^"]+)"', first)
    with count_db() as calls:
        second = client_alice.get(more).content.decode()
    assert sum("classifier_memory" in name or "expenses_expense" in name for name in calls.names) <= 3, calls.names
    shown = re.findall('<strong dir="auto">([^<]+)<', first + second)
    assert sorted(shown) == shown == sorted(names)
    found = client_alice.get(PAGE + "?q=ZORB+bb").content.decode()
    assert re.findall('<strong dir="auto">([^<]+)<', found) == ["Zorb bbx"]
