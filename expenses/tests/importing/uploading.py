"""Statements for tests, and helpers that import them as a browser does."""

from django.core.files.uploadedfile import SimpleUploadedFile

from expenses.importing.choices import Choices
from expenses.importing.kept_plan import EMPTY, KeptPlan
from expenses.importing.packing import pack_file
from expenses.importing.pieces import Pieces
from expenses.importing.plan_steps import make_step
from expenses.models import ImportBatch
from expenses.statements import Reading, Table

BANK = """Date,Description,Amount
2026-08-03,ALDI SUED 4711,-32.40
2026-08-03,COFFEE BEAN,-4.50
2026-08-03,COFFEE BEAN,-4.50
2026-08-05,SALARY ACME GMBH,2500.00
2026-08-07,UBER *TRIP HELP.UBER.COM,-18.20
2026-08-31,STADTWERKE STROM,-89.00
"""


def statement(count: int, first: int = 0) -> str:
    """A CSV statement with different rows. Statements that overlap have equal rows."""
    rows = (f"2026-{1 + n // 28 % 12:02}-{1 + n % 28:02},Shop {n},-{n + 1}.50" for n in range(first, first + count))
    return "Date,Description,Amount\n" + "\n".join(rows) + "\n"


def upload_statement(client, text: str | bytes, name: str = "bank.csv") -> ImportBatch:
    """Upload a file; returns its draft."""
    data = text.encode() if isinstance(text, str) else text
    answer = client.post("/expenses/import/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportBatch.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def fields(client, batch: ImportBatch) -> dict[str, str]:
    """The form data of a draft's page, as a browser would send it."""
    form = client.get(f"/expenses/import/{batch.pk}/").context["form"]
    return dict(form.data.items())


def run(client, batch: ImportBatch, **changes: object) -> ImportBatch:
    """Run an import from its start to its end."""
    sent = fields(client, batch) | changes
    for _ in range(200):
        assert client.post(f"/expenses/import/{batch.pk}/run/", sent).status_code == 302
        batch.refresh_from_db()
        if batch.state != "running":
            break
    return batch


def import_statement(client, text: str | bytes, name: str = "bank.csv", **changes: object) -> ImportBatch:
    return run(client, upload_statement(client, text, name), **changes)


def import_statement_as(client, text: str | bytes, **choices: object) -> ImportBatch:
    """Import a file after changing how it is read, which shows a new preview."""
    batch = upload_statement(client, text)
    client.post(f"/expenses/import/{batch.pk}/", fields(client, batch) | choices)
    return run(client, batch)


def plan_of(owner, read: Table | Reading, choices: Choices | None = None) -> KeptPlan:
    """The plan of a file's content."""
    kept, choices = EMPTY, choices or Choices(None)
    while not kept.done:
        kept = make_step(owner.pk, choices, Pieces(pack_file(read), choices.sheet), kept)
    return kept
