"""Measures what the dearest allowed request to each view costs: `python -m benchmarks.costs [--repeat 2]`.

Uses its own engines, and a person with 50,000 expenses. Counts the CPU seconds of the web process and of processes
that it starts, not the time that passes, and takes the least of the repeats. On a busy machine CPU time grows, too, so
each figure is divided by how much longer a fixed piece of work took just before and after. Writes the table "What a
request may cost" in docs/operations.md, and exits with 1 if a request costs more than it may. `--small` only tries all
requests with little data, and writes nothing.
"""

import argparse
import os
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, cast

import pymongo

from benchmarks.cost_cases import Case, Person, accounts, changes, cheap, imports, pages, whole_ledger
from benchmarks.site import keep_as_workers_do, make_person, prepared_engines, tell
from finbrain.embedded import EngineError

EXPENSES, ROWS = 50_000, 20_000
FEW_EXPENSES, FEW_ROWS = 300, 700
# What `_standard_work` takes on the machine that the figures are for while nothing else runs there.
STANDARD_SECONDS = 0.05
DOCS = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
_ROW = re.compile(r"^\| (?!View).*\|$", re.MULTILINE)
BEGINS, ENDS = "<!-- made by benchmarks.costs -->\n", "<!-- end -->\n"

slowness: list[float] = []


def cpu_seconds(ask: Callable[[], Any]) -> float:
    """The CPU seconds of one request of a person for whom nothing is kept."""
    from django.core.cache import cache

    from classifier import recall
    from expenses.sums.loading_figures import forget_figures

    cast(Any, cache).delete_pattern("*")
    forget_figures()
    recall.here.clear()
    before, began = _standard_work(), _used()
    ask()
    taken = _used() - began
    slowness.append((before + _standard_work()) / 2 / STANDARD_SECONDS)
    return taken / slowness[-1]


def _used() -> float:
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime


def _standard_work() -> float:
    """The CPU seconds of a fixed piece of work, of the kind that pages do."""
    began, texts = _used(), {}
    for number in range(60_000):
        text = f"{number}:{number * 3}"
        texts[text] = text.split(":")
    return _used() - began


def measure(cases: Iterator[Case], repeat: int) -> Iterator[tuple[str, float, bool]]:
    """Yield a row of the table, the seconds, and whether they are allowed."""
    from django.conf import settings

    for view, worst, limit, most, ask in cases:
        taken = min(cpu_seconds(ask) for _ in range(1 if "step" in view else repeat))
        if limit in settings.HOURLY_RATE_LIMITS:
            often = f"{settings.HOURLY_RATE_LIMITS[limit]} an hour"
        elif limit in settings.RATE_LIMITS:
            often = f"{settings.RATE_LIMITS[limit] // settings.RATE_LIMIT_FACTOR} a minute"
        else:
            often = limit
        row = f"| {view} | {worst} | {taken:.2f} s | {f'{most} s' if most else ''} | {often} |"
        tell(row)
        yield row, taken, not most or taken <= most


def write_table(rows: list[str], *, whole: bool) -> None:
    """Write the table. After a run that was stopped, the rows that it didn't measure stay as they are."""
    text = DOCS.read_text()
    if not whole:
        measured = {_case_of(row): row for row in rows}
        old = _ROW.findall(text.partition(BEGINS)[2].partition(ENDS)[0])
        rows = [*(measured.pop(_case_of(row), row) for row in old), *measured.values()]
    head = ["| View | Worst input | CPU | At most | Requests of a person |", "|---|---|---|---|---|"]
    table = "\n".join([*head, *rows]) + "\n"
    slow = f"Measured on {date.today()}, while the machine was {statistics.median(slowness):.1f} times as slow.\n"
    DOCS.write_text(re.sub(f"(?s)(?<={BEGINS}).*(?={ENDS})", lambda _: f"{table}\n{slow}", text))


def _case_of(row: str) -> tuple[str, ...]:
    return tuple(row.split("|")[1:3])


def be_patient() -> None:
    """Wait for MongoDB as long as it takes: a busy machine is no outage."""
    from finbrain.core.breaker import mongodb

    pymongo.timeout = lambda seconds: nullcontext()
    cast(Any, mongodb).is_away = lambda: False


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--small", action="store_true", help="try all requests with little data")
    options = parser.parse_args()
    expenses, rows = (FEW_EXPENSES, FEW_ROWS) if options.small else (EXPENSES, ROWS)
    os.environ["EMAIL_URL"] = "dummymail://"
    found: list[tuple[str, float, bool]] = []
    whole = False
    try:
        with prepared_engines():
            be_patient()
            ada = Person(make_person(expenses, date.today()).email)
            keep_as_workers_do()
            first = chain(cheap(ada), pages(ada, expenses), accounts(ada), changes(ada))
            for one in measure(chain(first, imports(ada, rows), whole_ledger(ada, expenses)), options.repeat):
                found.append(one)
            whole = True
    except EngineError as error:
        raise SystemExit(str(error)) from error
    finally:
        if found and not options.small:
            write_table([row for row, _, _ in found], whole=whole)
    sys.exit(0 if all(allowed for _, _, allowed in found) else 1)


if __name__ == "__main__":
    main()
