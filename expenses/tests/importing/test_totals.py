"""The preview says what an import adds up to, and guesses no category of spending for money that came in."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from classifier import memory
from expenses.importing import preview
from expenses.models import ImportBatch
from expenses.tests.importing.uploading import BANK, fields, import_statement, statement, upload_statement
from expenses.views import import_rows

URL = "/expenses/import/"
BANK_SUM = "5 expenses, ₪148.60; 1 came in, ₪2,500.00"


@pytest.fixture(autouse=True)
def salary(alice):
    """FinBrain knows that the salary is income."""
    memory.learn_entries(alice.pk, [("SALARY ACME GMBH", "in", "salary")])


def sums(client, batch: ImportBatch, **changes: object) -> str:
    url = f"{URL}{batch.pk}/"
    page = client.post(url, fields(client, batch) | changes) if changes else client.get(url)
    return page.context["sum_line"]


def test_the_sums_follow_ticks_and_mended_rows(client_alice):
    batch = upload_statement(client_alice, BANK)
    assert sums(client_alice, batch) == BANK_SUM
    assert BANK_SUM in client_alice.get(f"{URL}{batch.pk}/").content.decode()
    number = client_alice.get(f"{URL}{batch.pk}/").context["groups"]["new"][0]["number"]
    assert sums(client_alice, batch, shown=f"new:{number}") == "4 expenses, ₪116.20; 1 came in, ₪2,500.00"
    assert sums(client_alice, batch, all="new:off") == ""


def test_each_currency_has_its_sum(client_alice):
    rows = "2026-08-01,Bread,-3.00,EUR\n2026-08-02,Milk,-2.00,EUR\n2026-08-03,Gum,-1.00,USD\n"
    batch = upload_statement(client_alice, "Date,Description,Amount,Currency\n" + rows)
    assert sums(client_alice, batch) == "3 expenses, €5.00 + $1.00"


def test_a_long_file_has_the_sums_of_its_new_rows_by_direction(client_alice, monkeypatch):
    import_statement(client_alice, statement(2))
    for module in (preview, import_rows):
        monkeypatch.setattr(module, "SHOWN", 3)
    batch = upload_statement(client_alice, statement(6))
    assert sums(client_alice, batch) == "4 went out, ₪20.00"
    assert sums(client_alice, batch, page="new:2") == "4 went out, ₪20.00"


def test_a_refund_counts_as_the_import_will_count_it(client_alice):
    rows = "2026-08-01,Refund Zara,120.00\n2026-08-02,Zara,-300.00\n2026-08-03,SALARY ACME GMBH,5000.00\n"
    batch = upload_statement(client_alice, "Date,Description,Amount\n" + rows)
    page = client_alice.get(f"{URL}{batch.pk}/")
    assert page.context["sum_line"] == "2 expenses, ₪180.00; 1 came in, ₪5,000.00"
    kinds = [(row["kind_name"], row["amount_text"]) for row in page.context["groups"]["new"]]
    assert kinds == [("Spent", "−₪120.00"), ("Spent", "₪300.00"), ("Received", "+₪5,000.00")]
    client_alice.post(f"{URL}{batch.pk}/run/", fields(client_alice, batch))
    assert client_alice.get("/expenses/?month=2026-08").context["total_text"] == "₪180.00"


@pytest.mark.parametrize("unsure", [True, False])
def test_money_that_came_in_gets_no_guess(client_alice, monkeypatch, unsure):
    monkeypatch.setattr(preview, "is_unsure", lambda *_: unsure)
    batch = upload_statement(
        client_alice, "Date,Description,Amount\n2026-08-05,QWRT 4711,2500.00\n2026-08-06,XYZ,-5.00\n"
    )
    page = client_alice.get(f"{URL}{batch.pk}/").content.decode()
    came_in, spent = re.findall(r'<td class="row-cat">(.*?)</td>', page, re.DOTALL)
    assert ("chip" in came_in) is not unsure
    assert "chip" in spent
    assert all("Spent" in cell for cell in (came_in, spent))


def test_old_drafts_fold_away(client_alice):
    old, new = upload_statement(client_alice, BANK, "old.csv"), upload_statement(client_alice, BANK, "new.csv")
    done = import_statement(client_alice, statement(2), "done.csv")
    long_ago = timezone.now() - timedelta(days=2)
    ImportBatch.objects.filter(pk__in=[old.pk, done.pk]).update(created_at=long_ago)
    page = client_alice.get(URL)
    shown = {name: {row["batch"].pk for row in page.context[name]} for name in ("past", "old_drafts")}
    assert shown == {"past": {new.pk, done.pk}, "old_drafts": {old.pk}}
    text = page.content.decode()
    assert text.index("1 older file that you haven't imported") < text.index("old.csv")


def test_a_script_is_led_to_the_preview(client_alice):
    file = SimpleUploadedFile("bank.csv", BANK.encode())
    answer = client_alice.post(URL, {"file": file}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{URL}{ImportBatch.objects.get().pk}/"


def test_the_sums_in_hebrew(client_alice, alice):
    alice.language = "he"
    alice.save()
    line = sums(client_alice, upload_statement(client_alice, BANK))
    translation.deactivate()
    assert "came in" not in line
    assert "148.60" in line
