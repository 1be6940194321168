"""The pages of an import: what they refuse, their messages, and who may see them."""

import io
import json
import zipfile

import pytest
from bson import ObjectId
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopUpload
from django.urls import reverse
from prometheus_client import REGISTRY

from expenses.importing import drafts
from expenses.importing.upload_handler import UploadHandler
from expenses.importing.writing import begin_import
from expenses.models import ColumnMapping, Expense, Fingerprint, ImportBatch
from expenses.people.deletion import delete_person
from expenses.statements import MAX_BYTES
from expenses.tests.importing.uploading import BANK, fields, import_statement, run, statement, upload_statement
from expenses.tests.making import make_expense

URL = "/expenses/import/"


def send(client, data: bytes, name: str = "bank.csv"):
    return client.post(URL, {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty. Choose another one."),
        (b"%PDF-1.7 whatever", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"x" * (MAX_BYTES + 1), "larger than 24 MB"),
    ],
)
def test_a_bad_file_is_told_at_the_field(client_alice, data, said):
    answer = send(client_alice, data)
    assert answer.status_code == 422
    assert said in answer.context["form"].errors["file"][0]
    assert b'aria-invalid="true"' in answer.content
    assert ImportBatch.objects.count() == 0


def test_no_file_at_all(client_alice):
    assert "Choose a file first." in client_alice.post(URL).context["form"].errors["file"]


def test_a_file_that_is_too_large_is_not_kept_in_memory():
    handler = UploadHandler()
    handler.new_file("file", "big.csv", "text/csv", None)
    for _ in range(25):
        handler.receive_data_chunk(b"x" * 1024 * 1024, 0)
    file = handler.file_complete(25 * 1024 * 1024)
    assert (file.size, file.read()) == (25 * 1024 * 1024, b"")
    with pytest.raises(StopUpload):
        handler.receive_data_chunk(b"x" * 3 * MAX_BYTES, 0)


def test_uploads_have_a_limit_per_person(client_alice, client_bob, settings, one_minute):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"import": 2}
    assert [send(client_alice, BANK.encode()).status_code for _ in range(3)] == [302, 302, 429]
    assert send(client_bob, BANK.encode()).status_code == 302


def test_only_the_latest_drafts_are_kept(client_alice, client_bob):
    other = upload_statement(client_bob, BANK)
    said = "FinBrain keeps only the last 5 files that you haven't imported."
    drafts = [upload_statement(client_alice, BANK).pk for _ in range(4)]
    assert said not in client_alice.get(URL).content.decode()
    drafts += [upload_statement(client_alice, BANK).pk for _ in range(3)]
    assert said in client_alice.get(URL).content.decode()
    assert set(ImportBatch.objects.values_list("pk", flat=True)) == {other.pk, *drafts[2:]}


def test_the_draft_just_made_stays_whatever_its_id_and_other_tabs(client_alice, alice):
    """Ids of two workers within a second are in no order, and another tab may discard all other drafts."""
    latest = [
        ImportBatch.objects.create(ledger_id=alice.pk, pk=ObjectId(f"{n:x}" * 24), format="csv") for n in range(9, 15)
    ]
    made = upload_statement(client_alice, BANK)
    assert set(ImportBatch.objects.values_list("pk", flat=True)) == {made.pk, *(batch.pk for batch in latest[2:])}
    ImportBatch.objects.all().delete()
    drafts._discard_older(alice, made.pk)


@pytest.mark.parametrize(("count", "read_to_its_end"), [(1, True), (3, True), (5, False)])
def test_of_many_files_in_one_request_one_is_kept(rf, count, read_to_its_end):
    """From any person, to any URL."""
    files = {f"file{n}": SimpleUploadedFile(f"{n}.csv", b"x" * (MAX_BYTES - n)) for n in range(count)}
    request = rf.post("/accounts/login/", files)
    assert [(name, len(file.read())) for name, file in request.FILES.items()] == [("file0", MAX_BYTES)]
    assert (request.read(1) == b"") == read_to_its_end


def urls(batch: ImportBatch) -> dict[str, str]:
    names = ("import_batch", "import_run", "import_undo", "import_restore", "import_discard")
    return {name: reverse(f"expenses:{name}", args=[batch.pk]) for name in names}


@pytest.mark.parametrize("begun", [False, True])
def test_another_persons_import_is_not_there(client_alice, client_bob, begun):
    batch = import_statement(client_alice, BANK) if begun else upload_statement(client_alice, BANK)
    client_alice.get(f"{URL}{batch.pk}/")  # which keeps the plan of a draft
    stored = Expense.objects.count(), ImportBatch.objects.values().get()
    for url in urls(batch).values():
        assert client_bob.post(url, fields(client_alice, batch) if not begun else {}).url == URL
        assert client_bob.get(url).status_code in (404, 405)
    assert client_bob.get(URL).context["past"] == []
    assert (Expense.objects.count(), ImportBatch.objects.values().get()) == stored


@pytest.mark.parametrize("batch_id", ["nonsense", "0" * 24])
def test_an_id_that_is_none(client_alice, batch_id):
    assert client_alice.get(f"{URL}{batch_id}/").status_code == 404
    assert client_alice.post(f"{URL}{batch_id}/run/").url == URL
    assert "This file has already been discarded." in client_alice.get(URL).content.decode()
    assert client_alice.post(f"{URL}{batch_id}/run/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == URL


def test_a_draft_that_another_tab_throws_away_meanwhile(client_alice, monkeypatch):
    batch = upload_statement(client_alice, BANK)
    sent = fields(client_alice, batch)

    def discard_first(*args: object) -> bool:
        client_alice.post(f"{URL}{batch.pk}/discard/")
        return begin_import(*args)

    monkeypatch.setattr("expenses.views.import_drafts.begin_import", discard_first)
    assert client_alice.post(f"{URL}{batch.pk}/run/", sent).url == URL
    assert Expense.objects.count() == 0


def test_signed_out(client, client_alice):
    batch = upload_statement(client_alice, BANK)
    for url in (URL, *urls(batch).values()):
        assert client.post(url).status_code == 302
        assert client.post(url, headers={"HX-Request": "true"}).status_code == 401


def test_the_done_page_leads_on(client_alice, alice):
    batch = import_statement(client_alice, BANK)
    page = client_alice.get(f"{URL}{batch.pk}/").content.decode()
    assert 'href="/expenses/?month=2026-08"' in page
    assert "Review 6 unsure expenses" in page
    later = import_statement(client_alice, statement(60))
    assert (
        'href="/expenses/?month=all&amp;from=2026-01&amp;to=2026-03"'
        in client_alice.get(f"{URL}{later.pk}/").content.decode()
    )


def test_past_imports_are_paged(client_alice, alice):
    for number in range(25):
        ImportBatch.objects.create(ledger_id=alice.pk, file_name=f"{number}.csv", format="csv", state="done")
    first = client_alice.get(URL)
    assert [row["batch"].file_name for row in first.context["past"]] == [f"{n}.csv" for n in range(24, 4, -1)]
    second = client_alice.get(first.context["next_url"])
    assert [row["batch"].file_name for row in second.context["past"]] == [f"{n}.csv" for n in range(4, -1, -1)]
    assert client_alice.get(f"{URL}?after=nonsense").status_code == 200


def test_the_list_of_imports_does_not_read_their_files(client_alice, count_db):
    upload_statement(client_alice, statement(500))
    with count_db() as calls:
        client_alice.get(URL)
    assert len(calls) <= 4, calls.names


def test_names_are_shown_as_text(client_alice):
    batch = upload_statement(client_alice, BANK, "<script>alert(1)</script>.csv")
    for url in (URL, f"{URL}{batch.pk}/"):
        assert b"<script>alert" not in client_alice.get(url).content


def test_imports_are_counted(client_alice):
    def counted() -> list[float]:
        names = [("finbrain_imports_total", {"format": "csv", "outcome": each}) for each in ("read", "done", "undone")]
        names += [("finbrain_imports_total", {"format": "other", "outcome": "refused"})]
        outcomes = ("added", "known", "left_out", "unreadable")
        names += [("finbrain_imported_expenses_total", {"outcome": each}) for each in outcomes]
        return [REGISTRY.get_sample_value(*name) or 0 for name in names]

    before = counted()
    send(client_alice, b"%PDF-1.7", "statement.pdf")
    batch = import_statement(client_alice, BANK + "x,y,z\n")
    import_statement(client_alice, BANK + "2026-08-31,Bakery,-3.10\n")
    client_alice.post(f"{URL}{batch.pk}/undo/")
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [2, 2, 1, 1, 7, 6, 0, 1]


def test_a_spreadsheet_comes_in(client_alice, alice):
    path = "expenses/tests/statements/hebrew_card.xlsx"
    with io.FileIO(path) as file:
        batch = import_statement(client_alice, file.readall(), "כרטיס.xlsx")
    assert batch.added > 0
    assert batch.format == "xlsx"


def test_an_ofx_file_comes_in_once(client_alice, alice):
    with io.FileIO("expenses/tests/statements/bank_1.ofx") as file:
        data = file.readall()
    first = import_statement(client_alice, data, "bank.ofx")
    assert first.added > 0
    make_expense(alice, "Something else", "1.23")
    page = client_alice.get(f"{URL}{upload_statement(client_alice, data, 'again.qfx').pk}/")
    assert page.context["counts"]["new"] == 0
    assert page.context["counts"]["known"] == first.added


@pytest.mark.parametrize("name", ["csv", "xlsx", "json", "ofx"])
def test_refunds_come_back_from_each_export(client_alice, client_bob, alice, name):
    make_expense(alice, "Shoes", "58")
    make_expense(alice, "Shoes again", "-58")
    data = b"".join(client_alice.get(f"/expenses/export/?month=all&format={name}").streaming_content)
    assert import_statement(client_bob, data, f"finbrain.{name}").added == 2


@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
def test_kind_account_and_one_off_come_back_from_each_export(client_alice, client_bob, alice, bob, name):
    make_expense(alice, "Salary", "-2500", category="salary", account="Giro")
    make_expense(alice, "Savings", "300", category="transfer", account="Giro")
    make_expense(alice, "Sofa", "900", category="other", one_off=True)
    data = b"".join(client_alice.get(f"/expenses/export/?month=all&format={name}").streaming_content)
    assert import_statement(client_bob, data, f"finbrain.{name}").added == 3
    columns = ("title", "amount", "kind", "category", "account", "one_off", "reviewed")
    mine, theirs = (
        sorted(Expense.objects.filter(ledger_id=person.pk).values_list(*columns)) for person in (alice, bob)
    )
    assert theirs == mine


def test_everything_goes_with_the_account_and_into_the_download(client_alice, client_bob, alice):
    import_statement(client_bob, BANK)
    import_statement(client_alice, BANK)
    upload_statement(client_alice, BANK, "draft.csv")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client_alice.post("/accounts/download/").streaming_content)))
    imports = json.loads(archive.read("importbatch.json"))
    assert {(row["file_name"], row["added"]) for row in imports} == {("bank.csv", 6), ("draft.csv", 0)}
    assert not any("content" in row for row in imports)
    assert len(json.loads(archive.read("columnmapping.json"))) == 1
    assert "fingerprint.json" not in archive.namelist()
    delete_person(alice)
    assert (ImportBatch.objects.count(), Fingerprint.objects.count(), ColumnMapping.objects.count()) == (1, 6, 1)


def test_a_demo_may_import(client, db):
    client.post("/accounts/demo/")
    assert import_statement(client, BANK).added == 6


def test_half_a_character_in_a_file_breaks_no_page(client_alice):
    row = {"date": "\ud800", "title": "Tea \udfff", "amount": "4", "currency": "EUR", "category": ""}
    rows = [row | {"note": "", "reviewed": False, "confidence": None, "date": day} for day in ("\ud800", "2026-08-20")]
    batch = upload_statement(client_alice, json.dumps({"finbrain": 1, "expenses": rows}), "finbrain.json")
    assert client_alice.get(f"{URL}{batch.pk}/").context["counts"]["unreadable"] == 1
    assert run(client_alice, batch).added == 1
