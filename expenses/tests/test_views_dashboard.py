"""The dashboard through its URL."""

import json
import re
from datetime import date
from decimal import Decimal

from expenses.services import NewExpense, add_expense

AUGUST = date(2026, 8, 14)


def chart_of(response) -> dict:
    return json.loads(
        re.search(r'id="chart-data" type="application/json">(.*?)</script>', response.content.decode())[1]
    )


def spend(owner, amount, category="food-drinks", currency="ILS", on=AUGUST, title="Lunch"):
    return add_expense(owner, NewExpense(title, Decimal(amount), currency, on, category=category)).expense


def test_breakdown_holds_to_the_contract(client_alice, alice):
    spend(alice, "58.00", "transportation")
    spend(alice, "212.40")
    spend(alice, "10.10")
    chart = chart_of(client_alice.get("/dashboard/?month=2026-08"))
    assert chart["view"] == "breakdown"
    assert chart["currency"] == "ILS"
    assert chart["months"] == ["2026-08"]
    assert chart["labels"] == ["Food & Drinks", "Transportation"]
    assert [row["data"] for row in chart["datasets"]] == [["222.50", "58.00"]]
    assert chart["total"] == "280.50"
    assert chart["excluded"] == 0
