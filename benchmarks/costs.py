"""Measures what the dearest allowed request to each view costs: `python -m benchmarks.costs [--repeat 2]`.

Uses its own engines, and a person with 50,000 expenses. Counts the CPU seconds of the web process, not the time that
passes, and takes the least of the repeats. Writes the table "What a request may cost" in docs/operations.md, and exits
with 1 if a request costs more than it may.
"""

import argparse
import io
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from benchmarks.site import make_person, prepared_engines, tell
from finbrain.embedded import EngineError

EXPENSES = 50_000
ROWS, COLUMNS = 20_000, 100
PAGE, STEP = 0.3, 1.5
# On a busy machine pages wait long for MongoDB.
PATIENT_SECONDS = 120
DOCS = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
BEGINS, ENDS = "<!-- made by benchmarks.costs -->\n", "<!-- end -->\n"

# View, worst input, name in RATE_LIMITS or limit, most seconds (0: streamed, not limited), function that asks.
Case = tuple[str, str, str, float, Callable[[], Any]]


def statement(columns: int) -> bytes:
    """A CSV file of ROWS rows, as large as an upload may be, whose cells all differ."""
    chance = random.Random(columns)
    head = ",".join(["Date", "Description", "Amount", *(f"C{n}" for n in range(columns - 3))])
    lines = [head]
    for n in range(ROWS):
        more = [f"{chance.randrange(10)}" if columns > 50 else f"{chance.randrange(10**6)}" for _ in range(columns - 3)]
        lines.append(",".join([f"2026-{1 + n // 28 % 11:02}-{1 + n % 28:02}", f"Shop {n}", f"{n + 1}.50", *more]))
    return "\n".join(lines).encode()


def workbook() -> bytes:
    """The same rows in a spreadsheet."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(statement(5).decode().splitlines()):
            sheet.write_row(at, 0, line.split(","))
    return out.getvalue()


def ofx() -> bytes:
    rows = "".join(
        f"<STMTTRN><DTPOSTED>2026{1 + n // 28 % 11:02}{1 + n % 28:02}"
        f"<TRNAMT>-{n + 1}.50<FITID>{n}<NAME>Shop {n}</STMTTRN>\n"
        for n in range(ROWS)
    )
    return f"OFXHEADER:100\n\n<OFX><CURDEF>EUR<BANKTRANLIST>\n{rows}</BANKTRANLIST></OFX>".encode()


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
        if answer.status_code >= 400:
            raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}.")
        return answer

    def upload(self, data: bytes, name: str) -> str:
        """Upload a file; returns the path of its draft."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        return self.post("/expenses/import/", file=SimpleUploadedFile(name, data)).url

    def add(self, **headers: str) -> Any:
        """Add an expense. headers: of htmx, which gets the list."""
        from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH

        title, note = ("taxi " * NOTE_LENGTH)[:TITLE_LENGTH].strip(), ("word " * NOTE_LENGTH)[:NOTE_LENGTH].strip()
        values = {"title": title, "note": note, "amount": "58", "currency": "EUR", "spent_on": date.today().isoformat()}
        return self.read(self.client.post("/expenses/add/", values, headers=headers))


def pages(ada: Person) -> Iterator[Case]:
    """Views of people with many expenses. Nothing that they show is kept."""
    from expenses.models import Expense

    one = Expense.objects.filter(ledger_id=ada.user.pk)[0]
    every, month = "month=all", date.today().strftime("%Y-%m")
    ada.get("/expenses/")  # which loads what every process loads once
    yield "list", f"two cold years of {EXPENSES:,}", "list", 0, lambda: ada.get(f"/expenses/?{every}")
    yield "list", "search for a rare word", "list", 0, lambda: ada.get(f"/expenses/?{every}&q=lotusrare")
    yield "list", "filters, sorted by title", "list", PAGE, lambda: ada.get(f"/expenses/?{every}&min=1&sort=title")
    yield "dashboard", "one month", "dashboard", PAGE, lambda: ada.get(f"/dashboard/?month={month}")
    yield "dashboard", "two cold years", "dashboard", 0, lambda: ada.get("/dashboard/?from=2024-12&to=2026-12")
    yield "inbox", "thousands to review", "list", PAGE, lambda: ada.get("/expenses/inbox/")
    yield "trash", "50 rows", "list", PAGE, lambda: ada.get("/expenses/trash/")
    yield "suggestion", "200 characters", "suggest", PAGE, lambda: ada.get(f"/expenses/suggest/?title={'taxi%20' * 40}")
    yield "add", "longest title and note", "write", PAGE, ada.add
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://localhost/expenses/?{every}"}
    yield "add", f"the list of {EXPENSES:,} comes back", "write", 0, lambda: ada.add(**htmx)
    yield "edit", "", "write", PAGE, lambda: ada.get(f"/expenses/{one.pk}/edit/")
    yield "settings", "", "settings", PAGE, lambda: ada.get("/accounts/settings/")
    yield "threshold", "", "settings", PAGE, lambda: ada.get("/accounts/settings/threshold/?threshold=70")
    yield "imports", "", "preview", PAGE, lambda: ada.get("/expenses/import/")
    for name in ("csv", "xlsx", "json", "ofx"):
        path = f"/expenses/export/?{every}&format={name}"
        yield f"export, {name.upper()}", f"{EXPENSES:,} rows", "120 an hour", 0, lambda path=path: ada.get(path)
    yield "download", f"{EXPENSES:,} rows", "10 an hour", 0, lambda: ada.post("/accounts/download/")


def imports(ada: Person) -> Iterator[Case]:
    """The steps of imports, in their order."""
    files = {"CSV": ("a.csv", statement(3)), f"CSV of {COLUMNS} columns": ("b.csv", statement(COLUMNS))}
    files |= {"XLSX": ("c.xlsx", workbook()), "OFX": ("d.ofx", ofx())}
    paths: dict[str, str] = {}
    for kind, (name, data) in files.items():
        what = f"{ROWS:,} rows, {kind}"

        def upload(kind: str = kind, name: str = name, data: bytes = data) -> None:
            paths[kind] = ada.upload(data, name)

        yield "upload", what, "60 an hour", STEP, upload
        yield "draft, first time", what, "plan", STEP, lambda kind=kind: forget_plan(ada.get, paths[kind])
        yield "draft, again", what, "preview", PAGE, lambda kind=kind: ada.get(paths[kind])
    path = paths["CSV"]
    sent = dict(ada.get(path).context["form"].data.items())
    yield "import, first step", f"{ROWS:,} rows", "import_step", STEP, lambda: ada.post(f"{path}run/", **sent)
    yield "import, next step", f"{ROWS:,} rows", "import_step", STEP, lambda: ada.post(f"{path}run/", **sent)
    yield "undo, a step", "", "import_step", STEP, lambda: ada.post(f"{path}undo/")


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
    began = time.process_time()
    ask()
    return time.process_time() - began


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
            found = [row for cases in (pages(ada), imports(ada)) for row in measure(cases, options.repeat)]
    except EngineError as error:
        raise SystemExit(str(error)) from error
    write_table([row for row, _, _ in found])
    sys.exit(0 if all(allowed for _, _, allowed in found) else 1)


if __name__ == "__main__":
    main()
