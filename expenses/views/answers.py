"""Responses after a change: fragments for htmx, otherwise a message and a redirect."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bson import ObjectId
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from expenses.ledger.entries import Added
from expenses.listing.continuing import continued_context, order_of_list
from expenses.listing.find_rows import PAGE_SIZE
from expenses.listing.list_page import list_context, match_of, query_of_url
from expenses.listing.list_query import ListQuery
from expenses.models import Expense
from expenses.months import month_of, month_text
from expenses.sums.month_tokens import all_tokens
from expenses.views.access import LedgerRequest
from expenses.views.list_version import list_versions
from finbrain.core.numbers import whole_number
from finbrain.core.own_pages import is_own_page

_LIST_PAGE = "expenses:list"
_MOST_ROWS = 500


def list_changed(
    request: LedgerRequest,
    text: str,
    undo_url: str = "",
    *,
    new_id: ObjectId | None = None,
    **context: Any,
) -> HttpResponse:
    """Show `text`, with an Undo button that posts to `undo_url`, and the updated list.

    twins_url in the context: of what one more answer would file (`views/twins.py`). htmx gets the list with the current
    page's filters, swapped out of band. A page without the list (trash, inbox) is reloaded instead.
    """
    if not request.htmx:
        messages.success(request, text, extra_tags=f"{undo_url} {context.get('twins_url', '')}".strip())
        return redirect(way_back(request))
    if urlsplit(request.htmx.current_url_abs_path or "").path != reverse(_LIST_PAGE):
        messages.success(request, text, extra_tags=f"{undo_url} {context.get('twins_url', '')}".strip())
        return HttpResponse(headers={"HX-Redirect": way_back(request)})
    query, tokens = query_of_url(request.htmx.current_url or ""), all_tokens(request.ledger.id)
    listed = list_context(request.ledger, query, new_id, tokens, size=_rows_shown(request), after_write=True)
    [version] = list_versions(request, query, tokens)
    shown = {"text": text, "undo_url": undo_url, "list_version": version}
    return _out_of_band(request, "expenses/_changed.html", listed | shown | context)


def expense_added(
    request: LedgerRequest, query: ListQuery, added: Added, text: str, undo_url: str = "", **context: Any
) -> HttpResponse:
    """Show what was added, like `list_changed`. query: of the current page.

    A list that lacks only the new expense gets its row instead, and its new version in X-List.
    """
    ledger, listed, version = request.ledger, None, ""
    size = whole_number(request.headers.get("X-Rows", ""), 1, _MOST_ROWS)
    if size and added.document and added.touched:
        match = match_of(ledger, query)
        order = order_of_list(match, query, size)
        tokens = all_tokens(ledger.id)
        before = added.touched.undone(tokens)
        shown, version = list_versions(request, query, before, tokens)
        if request.headers.get("X-List") == shown:
            listed = continued_context(ledger, query, match, added.document, order, tokens, before, size)
    if listed is None:
        return list_changed(request, text, undo_url, new_id=added.expense.pk, **context)
    response = _out_of_band(request, "expenses/_added.html", listed | {"text": text, "undo_url": undo_url} | context)
    response["X-List"] = version
    return response


def _out_of_band(request: LedgerRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Render fragments that htmx swaps out of band, and nothing else."""
    response = render(request, template, {**context, "fragment": True, "out_of_band": True})
    response["HX-Reswap"] = "none"
    return response


def _rows_shown(request: LedgerRequest) -> int:
    """How many rows the page shows, so that the new list is as long and nothing scrolls away."""
    shown = whole_number(request.headers.get("X-Rows", ""), 0, _MOST_ROWS) or 0
    return max(PAGE_SIZE, shown)


def way_back(request: LedgerRequest) -> str:
    """The URL to return to: the form's `next`, else the referring page, else the list."""
    for url in (request.POST.get("next"), request.headers.get("Referer")):
        if url and is_own_page(request, url):
            return url
    return reverse(_LIST_PAGE)


def list_url_of(expense: Expense) -> str:
    """The URL of the list for the expense's month."""
    return f"{reverse(_LIST_PAGE)}?month={month_text(month_of(expense.spent_on))}"
