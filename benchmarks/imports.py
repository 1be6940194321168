"""Measures the import of one long statement: `python -m benchmarks.imports [--rows 10000]`, on engines of its own.

Uploads a CSV file with a running balance, opens its preview and the next page of rows, and imports it as a browser
does, or with `--preview` only up to the preview. `--kind` uploads as many rows in another format. Prints one JSON
object: for each stage the requests, the CPU seconds of all and of the most expensive one, which load on the machine
hardly changes, the seconds that pass, the commands to MongoDB, and the most memory in MB that the process had until the
stage's end. Then the most memory of all, and what it had before the upload.
"""

import argparse
import gc
import json
import re
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.cost_files import largest_file
from benchmarks.site import prepared_engines, tell
from finbrain.embedded import EngineError

BALANCED = "CSV with a balance"
EMAIL = "benchmark-imports@example.com"
SHOPS = (
    "Coffee House",
    "Grocery Market",
    "City Transport",
    "Pharmacy",
    "Book Corner",
    "Cinema",
    "Power Company",
    "Rent",
)


def statement(rows: int, chance: Random) -> bytes:
    """A CSV file with invented movements over up to ten years, the oldest first."""
    lines, balance, first = ["Date,Description,Reference,Amount,Balance"], 1_000_000_00, date(2016, 1, 1)
    for number in range(rows):
        cents = chance.randint(100, 99_999) * (1 if chance.random() < 0.05 else -1)
        balance += cents
        title = f"{chance.choice(SHOPS)} {chance.randint(1, 5_000)}"
        day = first + timedelta(days=number * 3_650 // rows)
        lines.append(f"{day},{title},R{chance.randint(10**8, 10**9)},{cents / 100:.2f},{balance / 100:.2f}")
    return "\n".join(lines).encode()


class Meter:
    """Counts what the requests of one client cost, by stage."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.stages: dict[str, dict[str, float]] = {}

    def request(self, stage: str, method: str, url: str, *args: Any) -> Any:
        from finbrain.tests.counting import database_calls

        passed, used = time.perf_counter(), _cpu()
        with database_calls() as calls:
            answer = getattr(self.client, method)(url, *args)
        assert answer.status_code in (200, 302), (answer.status_code, url)
        cpu = _cpu() - used
        about = self.stages.setdefault(stage, {"requests": 0, "cpu_s": 0, "most_cpu_s": 0, "seconds": 0, "commands": 0})
        added = {"requests": 1, "cpu_s": cpu, "seconds": time.perf_counter() - passed, "commands": len(calls)}
        for name, value in added.items():
            about[name] = round(about[name] + value, 3)
        about["most_cpu_s"] = round(max(about["most_cpu_s"], cpu), 3)
        about["most_memory_mb"] = _memory("VmHWM")
        return answer


def _cpu() -> float:
    """The CPU seconds of this process and of the ended ones that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(rows: int, kind: str, *, saves: bool) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from accounts.models import User
    from expenses.forms.imports import preview_values
    from expenses.importing.choices import Choices
    from expenses.models import Expense, ImportBatch
    from expenses.people.deletion import delete_people

    delete_people(list(User.objects.filter(email=EMAIL)))
    person = User.objects.create_user(EMAIL, home_currency="EUR")
    client = Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_PROTO="https")
    client.force_login(person)
    client.get("/expenses/import/")
    meter = Meter(client)
    name, data = ("a.csv", statement(rows, Random(1))) if kind == BALANCED else largest_file(rows, kind)
    before = _forget_peak()
    upload = SimpleUploadedFile(name, data)
    del data
    page = meter.request("upload", "post", "/expenses/import/", {"file": upload}).url
    batch = ImportBatch.objects.get(pk=page.rstrip("/").rpartition("/")[2])
    next(answer for answer in _until(meter, "preview", "get", page) if b'id="look"' in answer.content)
    sent = preview_values(Choices.of(batch.choices))
    meter.request("page 2", "post", page, sent | {"page": "new:2"})
    meter.request("last page", "post", page, sent | {"page": f"new:{rows // 100}"})
    for _ in _until(meter, "save", "post", f"{page}run/", sent) if saves else ():
        batch.refresh_from_db()
        if batch.state == "done":
            break
    assert Expense.objects.filter(ledger_id=person.pk).count() == batch.added == (rows if saves else 0)
    return {"rows": rows, **meter.stages, "most_memory_mb": _memory("VmHWM"), "memory_before_mb": before}


def _until(meter: Meter, stage: str, method: str, url: str, *args: Any) -> Iterator[Any]:
    while True:
        yield meter.request(stage, method, url, *args)


def _forget_peak() -> int:
    """Reset the peak of the process's memory. Return what it has now, in MB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) // 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--kind", default=BALANCED, help="such as OFX, XLSX, CAMT or MT940")
    parser.add_argument("--preview", action="store_true", help="don't save")
    options = parser.parse_args()
    from finbrain.tests import counting

    counting.install()
    try:
        with prepared_engines():
            tell(f"Importing {options.rows:,} rows.")
            print(json.dumps(measure(options.rows, options.kind, saves=not options.preview), indent=1))
    except EngineError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
