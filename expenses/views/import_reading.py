"""Pages that show how far a long file is read. They ask for the next step by themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from expenses.importing import drafts
from expenses.importing.workbooks import is_unread, percent_read
from expenses.models import ImportBatch
from expenses.statements import StatementError
from expenses.views.access import LedgerRequest


def read_on(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Read the next window of a long workbook. A draft that FinBrain can't read is discarded."""
    try:
        batch = drafts.read_on(request.ledger, batch)
    except StatementError as error:
        drafts.discard_draft(request.ledger, batch.pk)
        messages.error(request, str(error))
        back = reverse("expenses:import")
        return HttpResponse(headers={"HX-Redirect": back}) if request.htmx else redirect(back)
    return reading_page(request, batch, percent_read(batch.content) if is_unread(batch.content) else 0)


def reading_page(request: LedgerRequest, batch: ImportBatch, percent: int) -> HttpResponse:
    """Render how far a long file is read."""
    context = {"batch": batch, "percent": percent, "fragment": bool(request.htmx)}
    template = "expenses/_import_reading.html" if request.htmx else "expenses/import_preview.html"
    return render(request, template, context | {"reading": True})
