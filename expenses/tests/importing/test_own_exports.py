"""The export of one ledger, imported into another that is empty, gives the same entries."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from classifier.categories import ALL_CATEGORIES
from expenses.models import Expense
from expenses.tests.importing.uploading import import_statement
from expenses.tests.making import make_expenses

SAME = ("title", "amount", "currency", "spent_on", "category", "kind", "reviewed", "note", "account", "one_off")
ODD = [
    {"title": "=1+1", "note": "'=2", "amount": "3.00"},
    {"title": "One-off", "one_off": True, "account": "Giro", "amount": "70.00"},
    {"title": "Unsure", "unsure": 0.3, "amount": "8.00"},
    {"title": "Unsure income", "category": "salary", "amount": "-9.00", "unsure": 0.3},
    {"title": "Unsure income, paid back", "category": "salary", "amount": "9.00", "unsure": 0.3},
    {"title": "Yen", "currency": "JPY", "amount": "-4200"},
    {"title": "Dinar", "currency": "KWD", "amount": "1.005"},
]


def odd_entries() -> list[dict]:
    """Every category with money that left and with money that came in, and odd entries."""
    both_ways = [
        {"title": f"{sign}{category}", "category": category, "amount": f"{sign}{number}.50"}
        for number, category in enumerate(ALL_CATEGORIES, 1)
        for sign in ("", "-")
    ]
    rows = enumerate([*both_ways, *ODD])
    return [row | {"spent_on": date(2026, 8, 20) - timedelta(days=number)} for number, row in rows]


def entries_of(owner) -> list[dict]:
    return list(Expense.objects.filter(ledger_id=owner.pk).order_by("-spent_on").values(*SAME))


@pytest.mark.parametrize("name", ["csv", "json", "xlsx"])
def test_all_that_was_exported_comes_in_as_it_was(client_alice, client_bob, alice, bob, name):
    made = make_expenses(alice, odd_entries())
    exported = client_alice.get(reverse("expenses:export"), {"month": "all", "format": name})
    batch = import_statement(client_bob, b"".join(exported.streaming_content), f"finbrain.{name}")
    assert (batch.added, batch.unreadable) == (len(made), 0)
    assert entries_of(bob) == entries_of(alice)
