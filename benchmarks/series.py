"""Measures what FinBrain finds in made-up histories: `python benchmarks/series.py [--histories 40] [--seed 1]`.

Prints one JSON object for each way to make them up; shares from 0 to 1. found: of the planted series. false: of the
series shown. cycle: right ones of those found. next: those found whose next day is within the tolerance. seconds: CPU
time for the first detection in a ledger of --entries entries. The last line is about one added entry of that ledger,
with its series stored: CPU milliseconds to attach it in its transaction, and to look for a new series after the answer.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import series_histories, series_holdout
from benchmarks.prepared import set_up
from benchmarks.series_histories import LAST, History
from expenses.recurring.chains import SeriesEntry
from expenses.recurring.detection import Found, detect

# Entries to store at once, and to add one by one.
_AT_ONCE, _ADDED = 500, 200
MAKERS: dict[str, Callable[[int], History]] = {
    "histories": series_histories.make_history,
    "holdout": series_holdout.make_history,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--entries", type=int, default=50_000)
    options = parser.parse_args()
    for name, make in MAKERS.items():
        seeds = range(options.seed, options.seed + options.histories)
        print(json.dumps({"made": name} | measure(map(make, seeds))))
    rows = ledger_of(options.entries)
    print(json.dumps(measure_speed(rows)))
    os.environ.setdefault("MONGODB_TIMEOUT_MS", "0")
    set_up()
    print(json.dumps(measure_adding(rows)))


def measure(histories: Iterable[History]) -> dict[str, float | int]:
    """Return the figures for histories."""
    planted = shown = matched = right = in_time = 0
    for history in histories:
        found = detect(history.entries, LAST)
        planted += len(history.planted)
        shown += len(found)
        free = list(found)
        for series in history.planted:
            if best := matching(series.ids, free):
                free.remove(best)
                matched += 1
                right += best.cycle == series.cycle
                in_time += abs((best.next - series.next).days) <= series.tolerance
    return {
        "planted": planted,
        "found": share(matched, planted),
        "false": share(shown - matched, shown),
        "cycle": share(right, matched),
        "next": share(in_time, matched),
    }


def matching(ids: set[int], found: Iterable[Found]) -> Found | None:
    """Return the series that has most of these entries, and little else."""
    for each in found:
        both = len(ids & {entry.id for entry in each.entries})
        if both * 2 > len(ids) and both * 2 > len(each.entries):
            return each
    return None


def share(some: int, every: int) -> float:
    return round(some / every, 4) if every else 0.0


def ledger_of(entries: int) -> list[SeriesEntry]:
    """Return a ledger with that many entries, most of them in merchants."""
    rows = list(series_histories.make_history(0).entries)
    seed = 0
    while len(rows) < entries:
        seed += 1
        maker = series_histories.Maker(seed)
        maker.noise()
        rows += [entry._replace(id=len(rows) + number) for number, entry in enumerate(maker.entries)]
    return rows[:entries]


def measure_speed(rows: Sequence[SeriesEntry]) -> dict[str, float | int]:
    """Return the CPU time of the first detection in a ledger."""
    start = time.process_time()
    found = detect(rows, LAST)
    return {"entries": len(rows), "series": len(found), "seconds": round(time.process_time() - start, 2)}


def measure_adding(rows: Sequence[SeriesEntry]) -> dict[str, float | int]:
    """Return the CPU time, in this process, of what series add to one more entry: the mean of several."""
    from accounts.models import User
    from expenses.ledger.entries import NewExpense, build_expense
    from expenses.models import Expense, Series
    from expenses.people.deletion import delete_person
    from expenses.recurring.attaching import attach
    from expenses.recurring.refreshing import look_around, refresh
    from finbrain.core.transactions import run_in_transaction

    person = User.objects.create_user(f"series-{time.time_ns()}@bench.invalid")

    def built(title: str, amount: Decimal, currency: str, day: date) -> Expense:
        return build_expense(person.pk, NewExpense(title, amount, currency, day), None)

    try:
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            Expense.objects.bulk_create(built(row.title, row.amount, row.currency, row.day) for row in part)
        refresh(person.pk, LAST)
        spent = [0.0, 0.0]
        for row in rows[:: len(rows) // _ADDED][:_ADDED]:
            expense = built(row.title, row.amount, row.currency, LAST)
            expense.save(force_insert=True)
            began = time.process_time()
            run_in_transaction(partial(attach, person.pk, [expense]))
            attached = time.process_time()
            look_around(person.pk, expense)
            spent = [spent[0] + attached - began, spent[1] + time.process_time() - attached]
        series = Series.objects.filter(ledger_id=person.pk).count()
    finally:
        delete_person(person)
    attach_ms, look_ms = (round(seconds / _ADDED * 1000, 2) for seconds in spent)
    return {"entries": len(rows), "series": series, "added": _ADDED, "attach ms": attach_ms, "look ms": look_ms}


if __name__ == "__main__":
    main()
