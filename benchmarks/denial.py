"""Measures how long /healthz takes beside requests that once stopped the site: `python -m benchmarks.denial`.

One person looks at a draft of 20,000 rows and 100 columns, which plans its import again each time. Another searches
50,000 expenses for a rare word, with nothing kept. Both go on all the time, on a site with its own engines and two
workers. Prints one JSON object. Exits with 1 if /healthz ever took a second or more. Run it on a quiet machine.
"""

import argparse
import json
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date

import requests

from benchmarks.cost_files import COLUMNS, statement
from benchmarks.site import Person, gunicorn, make_person, prepared_engines

GOAL_SECONDS = 1.0
EXPENSES, ROWS = 50_000, 20_000
PAUSE_SECONDS = 0.05


def make_draft(person: Person) -> str:
    """Make the draft; returns its path."""
    from accounts.models import User
    from expenses.importing import drafts
    from expenses.people.ledger_settings import personal_ledger

    ledger = personal_ledger(User.objects.get(email=person.email))
    return f"/expenses/import/{drafts.make_draft(ledger, 'a.csv', statement(ROWS, COLUMNS)).pk}/"


def forget() -> None:
    """Forget the plans of all drafts and everything that is cached."""
    from typing import Any, cast

    from django.core.cache import cache

    from expenses.models import ImportBatch

    ImportBatch.objects.update(plan_key="")
    cast(Any, cache).delete_pattern("*")


def health(site: str, seconds: float) -> dict[str, float]:
    """The milliseconds of /healthz, asked for that long."""
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        requests.get(f"{site}/healthz", timeout=60).raise_for_status()
        taken.append(time.monotonic() - began)
        time.sleep(PAUSE_SECONDS)
    return {"median_ms": round(statistics.median(taken) * 1000, 1), "slowest_ms": round(max(taken) * 1000, 1)}


def beside(ask: list[Callable[[], int]], measure: Callable[[], dict[str, float]]) -> tuple[dict[str, float], Counter]:
    """Measure while all requests are repeated; returns also how often each status was answered."""
    stop, answers = threading.Event(), Counter()

    def go_on(one: Callable[[], int]) -> None:
        while not stop.is_set():
            forget()
            answers[one()] += 1

    threads = [threading.Thread(target=go_on, args=(one,)) for one in ask]
    for thread in threads:
        thread.start()
    try:
        return measure(), answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    with prepared_engines():
        looker, searcher = make_person(200, date.today()), make_person(EXPENSES, date.today())
        draft = make_draft(looker)
        with gunicorn() as (site, _):

            def get(person: Person, path: str) -> int:
                return requests.get(site + path, headers={"Cookie": person.cookie}, timeout=120).status_code

            alone = health(site, options.seconds / 4)
            heavy = [lambda: get(looker, draft), lambda: get(searcher, "/expenses/?month=all&q=lotusrare")]
            busy, answers = beside(heavy, lambda: health(site, options.seconds))
    print(json.dumps({"alone": alone, "beside": busy, "answers": answers}, indent=1))
    sys.exit(busy["slowest_ms"] >= GOAL_SECONDS * 1000)


if __name__ == "__main__":
    main()
