"""Measures the migration to kinds: `python -m benchmarks.migration [--expenses 50000]`, on engines of its own.

Prints one JSON object: the seconds that pass, and the CPU seconds of this process and of MongoDB, which load on the
machine hardly changes.
"""

import argparse
import json
import os
import random
import time
from datetime import datetime, timedelta
from typing import Any

import django
from bson import Decimal128, ObjectId
from pymongo.database import Database

from benchmarks.site import FOLDER, tell
from finbrain.embedded import EngineError, engines

BEFORE = "0007"
PART = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--expenses", type=int, default=50_000)
    options = parser.parse_args()
    try:
        with engines(FOLDER / "migration", scratch=True) as addresses:
            os.environ.update(addresses, DJANGO_SETTINGS_MODULE="finbrain.settings", FINBRAIN_ENV="development")
            os.environ["MONGODB_TIMEOUT_MS"] = "0"
            django.setup()
            print(json.dumps(measure(options.expenses)))
    except EngineError as error:
        raise SystemExit(str(error)) from error


def measure(expenses: int) -> dict[str, float]:
    from django.core.management import call_command

    from expenses.models import Expense
    from finbrain.core.past_the_orm import collection

    call_command("migrate", "expenses", BEFORE, verbosity=0)
    tell(f"Storing {expenses:,} expenses of the earlier release.")
    stored = collection(Expense)
    database = stored.database
    chance = random.Random(1)
    ledger = ObjectId()
    stored.delete_many({})
    for start in range(0, expenses, PART):
        stored.insert_many([old_expense(ledger, chance) for _ in range(min(PART, expenses - start))])
    began, own, mongodb = time.perf_counter(), time.process_time(), _cpu_of_mongodb(database)
    call_command("migrate", "expenses", verbosity=0)
    assert stored.count_documents({"kind": "spent", "pair": None, "account": ""}) == expenses
    return {
        "expenses": expenses,
        "seconds": round(time.perf_counter() - began, 2),
        "client_cpu_s": round(time.process_time() - own, 2),
        "mongodb_cpu_s": round(_cpu_of_mongodb(database) - mongodb, 2),
    }


def old_expense(ledger: ObjectId, chance: random.Random) -> dict[str, object]:
    """An expense as the release before kinds stored it."""
    day = datetime(2024, 1, 1) + timedelta(days=chance.randrange(700))
    title = f"Shop {chance.randrange(2_000)}"
    amount = Decimal128(f"{chance.randrange(1, 90_000) / 100:.2f}")
    return {
        "owner_id": ledger,
        "title": title,
        "title_key": title.lower(),
        "amount": amount,
        "currency": "ILS",
        "spent_on": day,
        "category": "food-drinks",
        "category_source": "model",
        "confidence": 0.9,
        "model_version": 1,
        "reviewed": chance.random() < 0.8,
        "alternatives": "other,leisure-gifts",
        "note": "",
        "own_rate": None,
        "own_rate_currency": "",
        "order_value": amount,
        "entry_key": str(ObjectId()),
        "import_batch": None,
        "deleted_at": None,
        "created_at": day,
        "updated_at": day,
    }


def _cpu_of_mongodb(database: Database[Any]) -> float:
    info = database.command("serverStatus")["extra_info"]
    return (info["user_time_us"] + info["system_time_us"]) / 1e6


if __name__ == "__main__":
    main()
