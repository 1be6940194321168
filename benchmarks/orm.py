"""Compares Django's ORM with PyMongo on the same data: `python -m benchmarks.orm [--times 200]`.

Uses its own engines and a person with 50,000 expenses. Prints one JSON object with the median milliseconds of each
query through the ORM and through PyMongo. docs/decisions/past-the-orm.md quotes it.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from benchmarks.site import make_person, prepared_engines
from finbrain.embedded import EngineError

EXPENSES = 50_000
PAGE = 50
MONTHS = 12

Question = Callable[[], Any]


def questions(owner_id: Any, today: date) -> dict[str, tuple[Question, Question]]:
    """The queries, each through the ORM and through PyMongo with the same result."""
    from django.conf import settings
    from django.contrib.auth import load_backend
    from django.db.models import Sum
    from django.db.models.functions import TruncMonth

    from accounts.models import User
    from expenses.models import Expense
    from finbrain.core.mongodb import database

    backend = load_backend(settings.AUTHENTICATION_BACKENDS[0])
    rows, stored = Expense.objects.filter(owner_id=owner_id), database()[Expense._meta.db_table]
    since = today.replace(year=today.year - MONTHS // 12, day=1)
    mine = {"owner_id": owner_id, "spent_on": {"$gte": datetime(since.year, since.month, 1, tzinfo=UTC)}}
    month = {"$dateTrunc": {"date": "$spent_on", "unit": "month"}}
    group = {"_id": {"month": month, "currency": "$currency"}, "sum": {"$sum": "$amount"}}
    by_month = rows.filter(spent_on__gte=since).annotate(month=TruncMonth("spent_on")).values("month", "currency")
    newest = [("spent_on", -1), ("_id", -1)]
    return {
        "one person by id": (lambda: User.objects.get(pk=owner_id), lambda: backend.get_user(owner_id)),
        f"a page of {PAGE} expenses": (
            lambda: list(rows.order_by("-spent_on", "-id")[:PAGE]),
            lambda: list(stored.find({"owner_id": owner_id}).sort(newest).limit(PAGE)),
        ),
        f"sums of {MONTHS} months by currency": (
            lambda: list(by_month.annotate(sum=Sum("amount"))),
            lambda: list(stored.aggregate([{"$match": mine}, {"$group": group}])),
        ),
    }


def milliseconds(ask: Question, times: int) -> float:
    """The median time in milliseconds, without the first run."""
    ask()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return round(1000 * median(taken), 2)


def measure(times: int) -> dict[str, dict[str, float]]:
    from accounts.models import User

    today = date.today()
    person = make_person(EXPENSES, today)
    owner_id = User.objects.get(email=person.email).pk
    return {
        name: {"orm_ms": milliseconds(orm, few), "past_ms": milliseconds(past, few)}
        for name, (orm, past) in questions(owner_id, today).items()
        for few in [times if "sums" not in name else max(1, times // 20)]
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=200, help="how often each query is run")
    options = parser.parse_args(arguments)
    try:
        with prepared_engines():
            print(json.dumps(measure(options.times), indent=1))
    except EngineError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
