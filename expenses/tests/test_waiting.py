"""The number of expenses to review beside the inbox, on every page, is always up to date."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from pymongo.collection import Collection

from expenses.ledger import trash
from expenses.ledger.set_categories import set_categories
from expenses.ledger.touch import touch_months
from expenses.ledger.trash import delete_expenses
from expenses.listing.waiting import count_waiting
from expenses.models import CategorySource, Expense
from expenses.months import add_months
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.month_tokens import all_tokens
from finbrain.core.mongodb import database

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 20)
PAGES = ["/expenses/", "/dashboard/", "/expenses/trash/", "/expenses/inbox/", "/accounts/settings/", "/"]


@pytest.fixture
def unsure(alice) -> list[Expense]:
    expenses = [make(alice, n) for n in range(3)]
    touch_months(alice.pk, [DAY])
    return expenses


def make(owner, n) -> Expense:
    return Expense.objects.create(
        ledger_id=owner.pk,
        title=f"BIT {n}",
        amount=Decimal("5.00"),
        currency="ILS",
        spent_on=DAY,
        category="other",
        category_source=CategorySource.MODEL,
        confidence=0.3,
        order_value=Decimal(5),
    )


BADGE = re.compile(r'<span class="nav-count" id="inbox-count"( data-hx-swap-oob="true")?( hidden)?>(\d+)<')


def shown(client, page) -> str:
    """The text of the badge; "" if it is hidden."""
    return said(client.get(page, follow=True))


def said(response) -> str:
    [(_, hidden, number)] = BADGE.findall(response.content.decode())
    return "" if hidden else number


@pytest.mark.parametrize("action", ["choose", "add", "delete", "review"])
def test_what_changes_it_brings_it_along(client_alice, unsure, action):
    first = unsure[0].pk
    url, values, left = {
        "choose": (f"/expenses/{first}/category/", {"category": "food-drinks"}, "2"),
        "add": ("/expenses/add/", {"title": "Tea", "amount": "5", "currency": "ILS", "spent_on": DAY}, "4"),
        "delete": (f"/expenses/{first}/delete/", {}, "2"),
        "review": ("/expenses/inbox/review/", {"id": str(first), "category": "food-drinks"}, "2"),
    }[action]
    page = "/expenses/inbox/" if action == "review" else f"/expenses/?month={DAY:%Y-%m}"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    assert said(client_alice.post(url, values, headers=headers)) == left


@pytest.mark.parametrize("page", PAGES)
def test_the_badge_follows_every_change(client_alice, alice, unsure, page):
    assert shown(client_alice, page) == "3"
    set_categories(personal_ledger(alice), [unsure[0].pk], "food-drinks")
    assert shown(client_alice, page) == "2"
    trash.delete_expenses(personal_ledger(alice), [unsure[1].pk])
    assert shown(client_alice, page) == "1"
    alice.auto_file_threshold = 0.2
    alice.save()
    assert shown(client_alice, page) == ""


def test_the_badge_is_the_persons_own(client_bob, unsure):
    assert [shown(client_bob, page) for page in PAGES] == [""] * len(PAGES)


def test_it_is_counted_once_for_all_pages(client_alice, unsure, count_db):
    client_alice.get("/dashboard/")
    with count_db() as calls:
        client_alice.get("/expenses/trash/")
    assert sum("expenses_expense" in name for name in calls.names) == 1, "the trash itself"


def test_counting_reads_only_the_trash(alice, unsure, monkeypatch):
    delete_expenses(personal_ledger(alice), [unsure[0].pk])
    Expense.objects.filter(pk=unsure[1].pk).update(reviewed=True)
    asked, original = [], Collection.aggregate
    monkeypatch.setattr(
        Collection, "aggregate", lambda *args, **more: asked.append((args[1], more)) or original(*args, **more)
    )
    assert count_waiting(alice.pk, 0.7) == 1
    assert count_waiting(alice.pk, 0.1) == 0
    (*count_all, union), options = asked[0]
    assert _docs_examined(count_all, options["hint"]) == [0]
    # MongoDB takes no hint for this part, and may choose another index if that costs no more.
    assert _docs_examined(union["$unionWith"]["pipeline"], "expense_in_trash") == [1]


def _docs_examined(pipeline: list[dict], hint: str) -> list[int]:
    """How many documents the queries of an aggregation read, in their order."""
    command = {"aggregate": "expenses_expense", "pipeline": pipeline, "cursor": {}, "hint": hint}
    return list(_found("totalDocsExamined", database().command("explain", command, verbosity="executionStats")))


def _found(name: str, explained: object) -> Iterator[int]:
    """The values of a name in an answer of `explain`, at any depth."""
    if isinstance(explained, list):
        for each in explained:
            yield from _found(name, each)
    elif isinstance(explained, dict) and name in explained:
        yield explained[name]
    elif isinstance(explained, dict):
        yield from _found(name, list(explained.values()))


def test_the_tokens_of_many_years_are_one_round_trip(alice, count_db):
    first = date(2010, 1, 1)
    touch_months(alice.pk, [add_months(first, n) for n in range(150)])
    with count_db() as calls:
        assert len(all_tokens(alice.pk)) == 150
    assert len(calls) == 1, calls.names
