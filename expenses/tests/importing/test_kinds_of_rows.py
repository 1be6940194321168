"""What the rows of a statement count as, with the model that `make run` serves."""

from decimal import Decimal

import pytest

from expenses.models import Expense, KindSource
from expenses.tests.importing.uploading import fields, import_statement, upload_statement

ACCOUNT = """Date,Description,Amount
2026-11-02,WHOLEFDS GROCERIES 10234,-52.30
2026-11-03,CREDIT CRD AUTOPAY,-800.00
2026-11-05,TRANSFER TO SAVINGS,-300.00
2026-11-09,ATM WITHDRAWAL 00123,-60.00
2026-11-12,ZELLE TO ANNA LOPEZ,-45.00
2026-11-25,PAYROLL ACME INC,3200.00
"""
CARD = """Date,Description,Amount
2026-10-08,IKEA 231,-520.00
2026-10-21,CVS PHARMACY 8812,-280.00
2026-11-04,PAYMENT THANK YOU,800.00
"""


def kinds(threshold: float = 0.7) -> dict[str, str]:
    """Title -> kind of the entries of which FinBrain is sure or the file says it, `asked` for the others."""
    rows = Expense.objects.in_trash(False)
    sure = {row.pk for row in rows if row.kind_source == KindSource.FILE or (row.confidence or 0) >= threshold}
    return {row.title: row.kind if row.pk in sure else "asked" for row in rows}


def spent(client, month: str) -> Decimal:
    text = client.get(f"/expenses/?month={month}").context["total_text"]
    return Decimal(text.replace(",", "").strip("₪"))


def test_six_rows_of_an_account(client_alice, real_model):
    import_statement(client_alice, ACCOUNT)
    assert list(kinds().values()) == ["spent", "moved", "moved", "moved", "asked", "received"]
    cash = Expense.objects.get(title__startswith="ATM")
    assert cash.category == "cash"
    assert Expense.objects.get(title__startswith="PAYROLL").category == "salary"


def test_the_preview_counts_what_only_moves_apart(client_alice, real_model):
    batch = upload_statement(client_alice, ACCOUNT)
    url = f"/expenses/import/{batch.pk}/"
    page = client_alice.get(url)
    assert page.context["sum_line"] == "2 expenses, ₪97.30; 1 came in, ₪3,200.00; 3 moved"
    rows = {row["title"]: row["number"] for row in page.context["groups"]["new"]}
    ticked = [f"new:{number}" for title, number in rows.items() if not title.startswith(("ZELLE", "ATM"))]
    sent = fields(client_alice, batch) | {"shown": [f"new:{number}" for number in rows.values()], "take": ticked}
    ticks = client_alice.post(url, sent, headers={"HX-Request": "true", "HX-Target": "preview-counts"})
    assert "1 expense, ₪52.30; 1 came in, ₪3,200.00; 2 moved" in ticks.content.decode()


@pytest.mark.parametrize("files", [(ACCOUNT, CARD), (CARD, ACCOUNT)])
def test_with_the_file_of_the_card_its_purchases_count_once(client_alice, real_model, files):
    batches = [import_statement(client_alice, text, f"{number}.csv") for number, text in enumerate(files)]
    assert spent(client_alice, "2026-11") == Decimal("52.30") + 45
    assert spent(client_alice, "2026-10") == 800
    card = batches[files.index(CARD)]
    client_alice.post(f"/expenses/import/{card.pk}/undo/")
    assert spent(client_alice, "2026-11") == Decimal("52.30") + 45
