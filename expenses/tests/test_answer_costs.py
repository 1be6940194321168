"""What one answer and its undo cost: a fixed number of round trips for each part of 250 expenses."""

import re

import pytest

from classifier import feedback
from classifier.feedback import Correction
from classifier.models import Feedback
from expenses.ledger.set_categories import set_categories, undo_categories
from expenses.models import Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.making import make_expenses
from expenses.tests.test_twins import FROM_LIST, address, file, offered

pytestmark = pytest.mark.django_db
LETTERS = "abcdefghijkl"
FRAGMENT = {"HX-Request": "true", "HX-Target": "inbox"}


def waiting(owner, count: int, name: str) -> list[Expense]:
    """Expenses with `count` different texts that wait."""
    texts = (f"{name} {LETTERS[n % 12] * 3}{LETTERS[n // 12] * 3}" for n in range(count))
    return make_expenses(owner, [{"title": text, "amount": 5, "unsure": 0.3} for text in texts])


@pytest.mark.parametrize("count", [20, 100])
@pytest.mark.parametrize("was_corrected", [False, True])
def test_a_part_costs_the_same_however_many_texts_it_has(alice, count_db, count, was_corrected):
    expenses, ledger = waiting(alice, count, "Zorblax"), personal_ledger(alice)
    if was_corrected:
        earlier = [Correction(expense.title, "other", 0.3, "food-drinks", None) for expense in expenses]
        feedback.record_corrections(alice.pk, earlier, share=True)
    reported = list(Feedback.objects.order_by("pk").values())
    with count_db() as calls:
        changed = set_categories(ledger, [expense.pk for expense in expenses], "leisure-gifts", unreviewed=True)
    assert changed.count == count
    assert Feedback.objects.filter(chosen_category="leisure-gifts").count() == count
    assert len(calls) <= 9, calls.names
    with count_db() as calls:
        assert undo_categories(ledger, changed.batch) == count
    assert len(calls) <= 9, calls.names
    assert list(Feedback.objects.order_by("pk").values()) == reported


def test_who_does_not_share_corrections_pays_for_none(alice, count_db):
    alice.share_feedback = False
    expenses, ledger = waiting(alice, 20, "Zorblax"), personal_ledger(alice)
    with count_db() as calls:
        changed = set_categories(ledger, [expense.pk for expense in expenses], "leisure-gifts", unreviewed=True)
    assert len(calls) <= 7, calls.names
    with count_db() as undone:
        assert undo_categories(ledger, changed.batch) == 20
    assert len(undone) <= 8, undone.names
    assert "classifier_feedback" not in calls.collections | undone.collections


def test_the_inbox_reads_what_waits_once(client_alice, alice, count_db, count_cache):
    for name in ("Zorblax", "Quuxbar"):
        waiting(alice, 20, name)

    def sent(answer, form: str) -> dict:
        part = answer.content.decode().split(form)[1].split("</form>")[0]
        return dict(re.findall('type="hidden" name="([a-z]+)" value="([^"]*)"', part))

    page = client_alice.get("/expenses/inbox/")
    asked = sent(page, "inbox-card") | {"category": "other", "ids": offered(page.content.decode())}
    with count_db() as calls, count_cache() as cached:
        page = client_alice.post("/expenses/inbox/review/", asked, headers=FRAGMENT)
    assert "of 40 reviewed" in page.content.decode()
    assert len(calls) <= 14, calls.names
    assert len(cached) <= 4, cached.names
    with count_db() as calls, count_cache() as cached:
        page = client_alice.post("/expenses/inbox/undo/", sent(page, "inbox-undo"), headers=FRAGMENT)
    assert "0 of 40 reviewed" in page.content.decode()
    assert len(calls) <= 14, calls.names
    assert len(cached) <= 3, cached.names


def test_filing_what_is_like_a_correction(client_alice, alice, count_db, count_cache):
    rows = [{"title": f"Zorblax cafe {n} {LETTERS[n % 8]}", "amount": 5, "unsure": 0.3} for n in range(20)]
    [first, *_others] = make_expenses(alice, rows)
    client_alice.get("/expenses/?month=all")
    client_alice.get("/expenses/suggest/?title=Zorblax")  # looks for the model, which happens twice a minute
    with count_db() as calls, count_cache() as cached:
        text = file(client_alice, first)
    assert len(offered(text)) == 19
    assert len(calls) <= 21, calls.names
    assert len(cached) <= 4, cached.names
    with count_db() as calls, count_cache() as cached:
        client_alice.post(address(text, "twins"), {"ids": offered(text)}, headers=FROM_LIST)
    assert Expense.objects.filter(reviewed=True).count() == 20
    assert len(calls) <= 15, calls.names
    assert len(cached) <= 4, cached.names
