"""The least that the same requests could cost, for `benchmarks.bench`: one query, and its answer as JSON.

This is how the first FinBrain worked: a month's expenses as they are, a dashboard that adds them up in Python, an entry
that is classified and inserted. A signed token says who asks.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from bson import Decimal128, ObjectId
from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from classifier.suggest import suggest
from expenses.models import Expense
from expenses.months import add_months
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import LEDGER, collection

_SHOWN = dict.fromkeys(("title", "amount", "currency", "spent_on", "category", "note", "reviewed"), 1)


def token_of(ledger_id: ObjectId) -> str:
    """Return the token that a request sends in its header Authorization."""
    return signing.dumps(str(ledger_id))


def _ledger_id(request: HttpRequest) -> ObjectId:
    return ObjectId(signing.loads(request.headers["Authorization"]))


def _found(request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Find the expenses of the months `from` to `to`, the latest first."""
    first, last = (date.fromisoformat(f"{request.GET[name]}-01") for name in ("from", "to"))
    days = {"$gte": midnight(first), "$lt": midnight(add_months(last, 1))}
    own = {LEDGER: _ledger_id(request), "deleted_at": None, "spent_on": days}
    return collection(Expense).find(own, _SHOWN).sort("spent_on", -1)


def list_expenses(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"expenses": [_as_json(row) for row in _found(request)]})


def dashboard(request: HttpRequest) -> JsonResponse:
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in _found(request):
        for group in (f"category {row['category']}", f"day {row['spent_on']:%Y-%m-%d}"):
            sums[group][row["currency"]] += row["amount"].to_decimal()
    return JsonResponse(sums)


@csrf_exempt
def add(request: HttpRequest) -> JsonResponse:
    row = json.loads(request.body)
    found = suggest(row["title"])
    row |= {LEDGER: _ledger_id(request), "category": found.category if found else "other", "deleted_at": None}
    row |= {"spent_on": midnight(date.fromisoformat(row["spent_on"])), "amount": Decimal128(row["amount"])}
    row["entry_key"] = str(ObjectId())  # unique in a ledger
    row["_id"] = collection(Expense).insert_one(row).inserted_id
    return JsonResponse(_as_json(row))


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    told = {"id": str(row["_id"]), "amount": str(row["amount"]), "spent_on": f"{row['spent_on']:%Y-%m-%d}"}
    return {name: row[name] for name in _SHOWN if name in row} | told


urlpatterns = [path("list", list_expenses), path("dashboard", dashboard), path("add", add)]
