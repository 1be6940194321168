"""Measures what the dearest allowed request to each view costs: `python -m benchmarks.costs [--repeat 2]`.

Uses its own engines, and a person with 50,000 expenses. Counts the CPU seconds of the web process and of processes
that it starts, not the time that passes, and takes the least of the repeats. Writes the table "What a request may cost"
in docs/operations.md, and exits with 1 if a request costs more than it may.
"""

import argparse
import gc
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, cast

from benchmarks.cost_files import ROWS, largest_files
from benchmarks.site import make_person, prepared_engines, tell
from finbrain.embedded import EngineError

EXPENSES = 50_000
PAGE, STEP = 0.3, 1.5
UNPROCESSABLE = 422
# On a busy machine pages wait long for MongoDB.
PATIENT_SECONDS = 120
DOCS = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
BEGINS, ENDS = "<!-- made by benchmarks.costs -->\n", "<!-- end -->\n"

# View, worst input, name in RATE_LIMITS or limit, most seconds (0: streamed, not limited), function that asks.
Case = tuple[str, str, str, float, Callable[[], Any]]


class Person:
    """Somebody with a browser inside this process."""

    def __init__(self, email: str) -> None:
        from django.test import Client

        from accounts.models import User

        self.user, self.client = User.objects.get(email=email), Client(SERVER_NAME="localhost")
        self.client.force_login(self.user)

    def get(self, path: str) -> Any:
        return self.read(self.client.get(path))

    def post(self, path: str, **values: Any) -> Any:
        return self.read(self.client.post(path, values))

    def read(self, answer: Any) -> Any:
        if answer.streaming:
            for _ in answer.streaming_content:
                pass
        if answer.status_code >= 400 and answer.status_code != UNPROCESSABLE:
            raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}.")
        return answer

    def upload(self, data: bytes, name: str) -> Any:
        """Upload a file, which leads to its draft."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        return self.post("/expenses/import/", file=SimpleUploadedFile(name, data))

    def add(self, headers: dict[str, str] | None = None, **more: str) -> Any:
        """Add an expense. headers: of htmx, which gets the list. more: further fields."""
        from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH

        title, note = ("taxi " * NOTE_LENGTH)[:TITLE_LENGTH].strip(), ("word " * NOTE_LENGTH)[:NOTE_LENGTH].strip()
        values = {"title": title, "note": note, "amount": "58", "currency": "EUR", "spent_on": date.today().isoformat()}
        return self.read(self.client.post("/expenses/add/", values | more, headers=headers or {}))

    def confirm(self) -> None:
        """Show who they are again, as a deletion asks."""
        from benchmarks.seed import PASSWORD

        asked = self.client.get("/accounts/delete/")
        self.post(asked["Location"], password=PASSWORD)


def pages(ada: Person) -> Iterator[Case]:
    """Views of people with many expenses. Nothing that they show is kept."""
    every, month = "month=all", date.today().strftime("%Y-%m")
    years = "from=2024-12&to=2026-12"
    ada.get("/expenses/")  # which loads what every process loads once
    for worst, query in {
        f"two cold years of {EXPENSES:,}": every,
        "search for a rare word": f"{every}&q=lotusrare",
        "search for a frequent word": f"{every}&q=market",
        "filters, sorted by title": f"{every}&min=1&sort=title",
    }.items():
        yield "list", worst, "list", PAGE, lambda query=query: ada.get(f"/expenses/?{query}")
    for worst, query in {
        "one month": f"month={month}",
        "two cold years": years,
        "comparison, two cold years": f"{years}&view=comparison",
        "cash flow, two cold years": f"{years}&view=cashflow",
        "CSV, two cold years": f"{years}&format=csv",
    }.items():
        yield "dashboard", worst, "dashboard", PAGE, lambda query=query: ada.get(f"/dashboard/?{query}")
    yield "inbox", "thousands to review", "list", PAGE, lambda: ada.get("/expenses/inbox/")
    yield "trash", "50 rows", "list", PAGE, lambda: ada.get("/expenses/trash/")
    yield "suggestion", "200 characters", "suggest", PAGE, lambda: ada.get(f"/expenses/suggest/?title={'taxi%20' * 40}")
    yield "settings", "", "settings", PAGE, lambda: ada.get("/accounts/settings/")
    yield "threshold", "", "settings", PAGE, lambda: ada.get("/accounts/settings/threshold/?threshold=70")
    yield "imports", "", "preview", PAGE, lambda: ada.get("/expenses/import/")
    for name in ("csv", "xlsx", "json", "ofx"):
        path = f"/expenses/export/?{every}&format={name}"
        yield f"export, {name.upper()}", f"{EXPENSES:,} rows", "120 an hour", 0, lambda path=path: ada.get(path)
    yield "download", f"{EXPENSES:,} rows", "10 an hour", 0, lambda: ada.post("/accounts/download/")


def changes(ada: Person) -> Iterator[Case]:
    """What changes one expense."""
    from expenses.models import Expense

    path = f"/expenses/{Expense.objects.filter(ledger_id=ada.user.pk)[0].pk}"
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://localhost/expenses/?month=all"}
    yield "add", "longest title and note", "write", PAGE, ada.add
    yield (
        "add",
        "half of a transfer",
        "write",
        PAGE,
        lambda: ada.add(kind="received", title="Savings"),
    )
    yield "add", f"the list of {EXPENSES:,} comes back", "write", PAGE, lambda: ada.add(htmx)
    yield "edit", "", "write", PAGE, lambda: ada.get(f"{path}/edit/")
    yield "choose a category", "", "write", PAGE, lambda: ada.post(f"{path}/category/", category="transport")
    yield "delete an expense", "", "write", PAGE, lambda: ada.post(f"{path}/delete/")
    yield "restore an expense", "", "write", PAGE, lambda: ada.post(f"{path}/restore/")


def imports(ada: Person) -> Iterator[Case]:
    """The steps of imports, in their order."""
    paths: dict[str, str] = {}
    files = largest_files()
    for kind, (name, data) in files.items():
        what = f"{ROWS:,} rows, {kind}"

        def upload(kind: str = kind, name: str = name, data: bytes = data) -> None:
            answer = ada.upload(data, name)
            paths[kind] = answer.url if answer.status_code < UNPROCESSABLE else ""

        yield "upload", what, "60 an hour", STEP, upload
        if path := paths[kind]:
            yield "draft, first time", what, "plan", STEP, lambda path=path: forget_plan(ada.get, path)
            yield "draft, again", what, "preview", PAGE, lambda path=path: ada.get(path)
    name, data = files["CSV"]
    path = ada.upload(data, name).url
    sent = dict(ada.get(path).context["form"].data.items())
    yield "import, first step", f"{ROWS:,} rows", "import_step", STEP, lambda: ada.post(f"{path}run/", **sent)
    yield "import, next step", f"{ROWS:,} rows", "import_step", STEP, lambda: ada.post(f"{path}run/", **sent)
    while "DONE" not in str(ada.get(path).context["batch"].state).upper():
        ada.post(f"{path}run/", **sent)
    yield "undo, a step", f"{ROWS:,} rows", "import_step", STEP, lambda: ada.post(f"{path}undo/")
    while "UNDONE" not in str(ada.get(path).context["batch"].state).upper():
        ada.post(f"{path}undo/")
    yield "restore, a step", f"{ROWS:,} rows", "import_step", STEP, lambda: ada.post(f"{path}restore/")


def whole_ledger(ada: Person) -> Iterator[Case]:
    """What changes everything that a person has, ending with the account."""
    everything = {"all": "1", "query": "?month=all"}
    file = everything | {"action": "category", "category": "transport"}
    yield "several, category step", f"{EXPENSES:,}", "write", STEP, lambda: ada.post("/expenses/several/", **file)
    delete = everything | {"action": "delete"}
    yield "several, delete step", f"{EXPENSES:,}", "write", STEP, lambda: ada.post("/expenses/several/", **delete)
    ada.confirm()
    yield "delete account", "what it deletes", "leave", PAGE, lambda: ada.get("/accounts/delete/")
    sent = {"understood": "on"}
    yield "delete account step", f"{EXPENSES:,}", "leave", STEP, lambda: ada.post("/accounts/delete/", **sent)


def forget_plan(ask: Callable[[str], Any], path: str) -> None:
    from expenses.models import ImportBatch

    ImportBatch.objects.filter(pk=path.rstrip("/").rpartition("/")[2]).update(plan_key="")
    ask(path)


def cpu_seconds(ask: Callable[[], Any]) -> float:
    """The CPU seconds of one request of a person for whom nothing is kept."""
    from django.core.cache import cache

    from classifier import recall
    from expenses.sums import figures

    cast(Any, cache).delete_pattern("*")
    figures.recent.clear()
    recall.here.clear()
    began = _used()
    ask()
    return _used() - began


def _used() -> float:
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime


def measure(cases: Iterator[Case], repeat: int) -> Iterator[tuple[str, float, bool]]:
    """Yield a row of the table, the seconds, and whether they are allowed."""
    from django.conf import settings

    for view, worst, limit, most, ask in cases:
        taken = min(cpu_seconds(ask) for _ in range(1 if "step" in view else repeat))
        often = (
            f"{settings.RATE_LIMITS[limit] // settings.RATE_LIMIT_FACTOR} a minute"
            if limit in settings.RATE_LIMITS
            else limit
        )
        row = f"| {view} | {worst} | {taken:.2f} s | {f'{most} s' if most else ''} | {often} |"
        tell(row)
        yield row, taken, not most or taken <= most


def write_table(rows: list[str]) -> None:
    head = ["| View | Worst input | CPU | At most | Requests of a person |", "|---|---|---|---|---|"]
    table = "\n".join([*head, *rows]) + "\n"
    text = DOCS.read_text()
    DOCS.write_text(re.sub(f"(?s)(?<={BEGINS}).*(?={ENDS})", lambda _: table, text))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    try:
        with prepared_engines():
            from finbrain.middleware import fail_fast

            fail_fast.REQUEST_SECONDS = PATIENT_SECONDS
            ada = Person(make_person(EXPENSES, date.today()).email)
            gc.freeze()  # as workers do
            cases = chain(pages(ada), changes(ada), imports(ada), whole_ledger(ada))
            found = [*measure(cases, options.repeat)]
    except EngineError as error:
        raise SystemExit(str(error)) from error
    write_table([row for row, _, _ in found])
    sys.exit(0 if all(allowed for _, _, allowed in found) else 1)


if __name__ == "__main__":
    main()
