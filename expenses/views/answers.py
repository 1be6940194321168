"""How views answer after something changed: fragments for htmx, otherwise a message and the way back."""

from typing import Any

from bson import ObjectId
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from expenses.listing.list_page import list_context, query_of_url
from expenses.models import Expense
from expenses.months import month_text
from expenses.views.access import LedgerRequest

_LIST_PAGE = "expenses:list"
_CHANGED = "expenses/_changed.html"


def list_changed(
    request: LedgerRequest,
    text: str,
    undo_url: str = "",
    *,
    template: str = _CHANGED,
    new_id: ObjectId | None = None,
    **context: Any,
) -> HttpResponse:
    """Say what happened, with an Undo that posts to `undo_url`, and show the list as it is now.

    htmx gets the list under the filters of the page it came from, to be put in place out of band; from a page without a
    list (trash, inbox) it is sent back there.
    """
    if not request.htmx:
        messages.success(request, text, extra_tags=undo_url)
        return redirect(way_back(request))
    if (request.htmx.current_url_abs_path or "").partition("?")[0] != reverse(_LIST_PAGE):
        messages.success(request, text, extra_tags=undo_url)
        return HttpResponse(headers={"HX-Redirect": way_back(request)})
    listed = list_context(request.ledger, query_of_url(request.htmx.current_url or ""), new_id)
    toast = {"text": text, "undo_url": undo_url, "fragment": True, "out_of_band": True}
    response = render(request, template, listed | toast | context)
    if template == _CHANGED:
        response["HX-Reswap"] = "none"  # everything in it is put in place out of band
    return response


def way_back(request: LedgerRequest) -> str:
    """The path to return to: `next` of the form, else the page the request came from, else the list."""
    for url in (request.POST.get("next"), request.headers.get("Referer")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return url
    return reverse(_LIST_PAGE)


def list_url_of(expense: Expense) -> str:
    """The list of the month in which the expense lies."""
    return f"{reverse(_LIST_PAGE)}?month={month_text(expense.spent_on)}"
