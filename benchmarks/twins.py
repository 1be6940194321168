"""Replays a made-up inbox that is answered by groups: `python -m benchmarks.twins [--rows 10000] [--answers 50]`.

A seeded generator makes the expenses of a year that wait for review: merchants with branches, cities and numbers, as
statements write them, some of which sell everything, and titles that are like no other. A simulated person answers what
the inbox asks, with the right category, and takes out what belongs elsewhere. Prints as JSON: the time and CPU time of
the first group in a new process, the round trips of one answer and of its undo, the share of the inbox that the answers
settle, and how many of the settled expenses would have been wrong without taking some out.
"""

import argparse
import json
import os
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.prepared import set_up, tell
from finbrain.tests import counting

YEAR = date(2025, 1, 1)
CITIES = ("LONDON", "LEEDS", "BERLIN", "HAIFA", "TEL AVIV", "OAKLAND CA", "PARIS", "MADRID", "ROMA", "AMSTERDAM")
STYLES = ("{name} {number} {city}", "{name} {city}", "SQ *{name} {number}", "{name} #{number} {city}", "PAYPAL *{name}")
SYLLABLES = ("zor", "blax", "quin", "tam", "pel", "rov", "mik", "dar", "lun", "fex", "wob", "gri", "hul", "sno", "vek")
KINDS = ("cafe", "market", "garage", "clinic", "books", "hotel", "bakery", "sport", "energy", "studio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000, help="expenses that wait in the first part")
    parser.add_argument("--year", type=int, default=1_500, help="expenses that wait in the year that is answered")
    parser.add_argument("--answers", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counting.install()
    os.environ.setdefault("MONGODB_TIMEOUT_MS", "0")
    set_up()
    from finbrain.operations import prepare as steps

    steps.migrate_database(tell)
    print(json.dumps(first_group(options.rows, options.seed) | answered(options.year, options.answers, options.seed)))


def made_up(count: int, random: Random) -> list[tuple[str, str]]:
    """Return (title, category): 86% of 40 merchants, 6% of 2 that sell everything, 8% like no other."""
    from classifier.categories import SLUGS

    names = [_name(random) for _ in range(42)]
    home = {name: random.choice(SLUGS) for name in names}
    popularity = [1 / (place + 1) for place in range(40)]
    rows = []
    for _ in range(count):
        chance = random.random()
        if chance < 0.92:
            name = random.choices(names[:40], popularity)[0] if chance < 0.86 else random.choice(names[40:])
            category = random.choice(SLUGS) if name in names[40:] else home[name]
        else:
            name, category = f"{_name(random)} {_name(random)}", random.choice(SLUGS)
        values = {"name": name, "number": random.randint(100, 9999), "city": random.choice(CITIES)}
        rows.append((random.choice(STYLES).format(**values), category))
    return rows


def _name(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=3)).upper() + " " + random.choice(KINDS).upper()


def _store(count: int, seed: int) -> tuple[Any, dict[Any, str]]:
    """Store a new person's expenses, all unsure. Return the ledger, and the right category of each."""
    from accounts.models import User
    from expenses.ledger.touch import touch_months
    from expenses.models import Expense
    from expenses.people.ledger_settings import personal_ledger

    random = Random(seed)
    user = User.objects.create(email=f"twins-{seed}-{count}-{time.time_ns()}@example.com", home_currency="EUR")
    rows = made_up(count, random)
    expenses = []
    for title, _ in rows:
        amount = Decimal(random.randint(200, 20_000)) / 100
        expense = Expense(
            ledger_id=user.pk,
            title=title,
            amount=amount,
            currency="EUR",
            spent_on=YEAR + timedelta(days=random.randrange(365)),
            category="other",
            category_source="model",
            confidence=random.uniform(0.2, 0.65),
            order_value=amount,
        )
        expenses.append(expense)
    for start in range(0, count, 250):
        Expense.objects.bulk_create(expenses[start : start + 250])
    touch_months(user.pk, [expense.spent_on for expense in expenses])
    return personal_ledger(user), {expense.pk: right for expense, (_, right) in zip(expenses, rows, strict=True)}


def first_group(rows: int, seed: int) -> dict[str, Any]:
    """Measure the first group of a large inbox, and one answer with its undo."""
    from expenses.ledger.set_categories import set_categories, undo_categories
    from expenses.ledger.waiting_texts import read_waiting
    from expenses.listing.groups import next_groups

    ledger, _ = _store(rows, seed)
    started, cpu = time.perf_counter(), time.process_time()
    [group, *_others] = next_groups(ledger, read_waiting(ledger), "", 4)
    taken = time.perf_counter() - started, time.process_time() - cpu
    with counting.database_calls() as answer:
        changed = set_categories(ledger, group.ids, "food-drinks", unreviewed=True)
    with counting.database_calls() as undo:
        undo_categories(ledger, changed.batch)
    return {
        "rows": rows,
        "first group": len(group.ids),
        "seconds": round(taken[0], 3),
        "CPU seconds": round(taken[1], 3),
        "round trips of the answer": answer.names,
        "round trips of its undo": undo.names,
    }


def answered(rows: int, answers: int, seed: int) -> dict[str, Any]:
    """Answer what the inbox asks, and count what is settled."""
    from expenses.ledger.set_categories import set_categories
    from expenses.ledger.waiting_texts import read_waiting
    from expenses.listing.groups import next_groups

    ledger, right = _store(rows, seed + 1)
    settled = out = 0
    for _ in range(answers):
        groups = next_groups(ledger, read_waiting(ledger), "", 1)
        if not groups:
            break
        ids = groups[0].ids
        mine = [key for key in ids if right[key] == right[ids[0]]]
        out += len(ids) - len(mine)
        settled += set_categories(ledger, mine, right[ids[0]], unreviewed=True).count
    return {
        "year": rows,
        "answers": answers,
        "settled": settled,
        "share settled": round(settled / rows, 3),
        "taken out": out,
    }


if __name__ == "__main__":
    main()
