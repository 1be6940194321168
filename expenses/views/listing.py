"""The list of expenses and its quick-add form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from expenses.forms.blank_entry import BlankEntry, blank_entry
from expenses.listing.list_page import list_context, rows_context, total_of_list
from expenses.listing.list_query import ListQuery, parse_list_query
from expenses.listing.list_types import ListContext
from expenses.sums.month_tokens import all_tokens
from expenses.views import kept_pages
from expenses.views.access import LedgerRequest, signed_in
from expenses.views.list_version import list_versions
from finbrain.core.rate_limits import limit


@require_safe
@signed_in
def list_expenses(request: LedgerRequest) -> HttpResponse:
    """Show the list. htmx gets only the part it targets: the list with other filters, its total, or the next rows."""
    query = parse_list_query(request.GET, timezone.localdate())
    part = "" if request.htmx.history_restore_request else request.htmx.target
    if part in ("more", "list", "list-total"):
        limit("list", request.user.pk)
    if part == "more":
        response = render(request, "expenses/_rows.html", rows_context(request.ledger, query))
    elif part == "list-total":
        context = {**total_of_list(request.ledger, query), "fragment": True}
        response = render(request, "expenses/_total.html", context)
    elif part == "list":
        tokens = all_tokens(request.ledger.id)
        [version] = list_versions(request, query, tokens)
        context = list_context(request.ledger, query, tokens=tokens) | {"fragment": True, "list_version": version}
        response = render(request, "expenses/_list.html", context)
    else:
        response = _whole_page(request, query)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


class _ListPage(ListContext):
    """form: to add an expense. list_version: identifies what the list shows."""

    form: BlankEntry
    list_version: str


def _whole_page(request: LedgerRequest, query: ListQuery) -> HttpResponse:
    """Show the whole page. It depends on all months, because it shows how many expenses of all months need review."""
    ledger, tokens = request.ledger, all_tokens(request.ledger.id)
    [version] = list_versions(request, query, tokens)

    def context() -> _ListPage:
        limit("list", request.user.pk)
        form = blank_entry(ledger.home_currency, timezone.localdate(), kept_pages.ENTRY_KEY)
        return {**list_context(ledger, query, tokens=tokens), "form": form, "list_version": version}

    return kept_pages.kept_page(request, version, "expenses/list.html", context)
