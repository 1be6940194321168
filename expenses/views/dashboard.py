"""The dashboard page, with all of its state in the URL."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_safe

from expenses.budgets.budgets_page import bars_context
from expenses.dashboard import dashboard_query as dashboard_query
from expenses.dashboard.dashboard_page import csv_rows, page_context
from expenses.dashboard.links import Links
from expenses.dashboard.loading import dashboard_scope, load_before, months_needed
from expenses.dashboard.outlook import is_shown
from expenses.dashboard.saved import saved_context
from expenses.dashboard.scope import Scope
from expenses.listing.waiting import waiting_count
from expenses.models.saved_views import SavedView, read_views
from expenses.months import month_of
from expenses.rates.rate_series import rates_version
from expenses.recurring.refreshing import find_series
from expenses.sums.figures import MonthFigures
from expenses.sums.loading_figures import figures_of
from expenses.sums.month_tokens import all_tokens, tokens_for
from expenses.views import kept_pages
from expenses.views.access import LedgerRequest, signed_in
from expenses.views.insights import look_ahead
from finbrain.core.rate_limits import limit


@require_safe
@signed_in
def dashboard(request: LedgerRequest) -> HttpResponse:
    """Show the dashboard, or with `format=csv` download its main table."""
    return dashboard_with(request, all_tokens(request.ledger.id))


def dashboard_with(request: LedgerRequest, every: Mapping[date, str]) -> HttpResponse:
    """Return the dashboard. every: the tokens of all the ledger's months."""
    ledger, today = request.ledger, timezone.localdate()
    views = read_views(request.user.saved_views)
    query = dashboard_query.parse_dashboard_query(request.GET or _start_of(views, today), today)
    display = query.currency or ledger.home_currency
    tokens = tokens_for(months_needed(query), every)
    version = rates_version()

    def load() -> Scope:
        return dashboard_scope(figures_of(ledger, tokens, display, version), query, display, ledger.categories)

    if request.GET.get("format") == "csv":
        limit("dashboard", request.user.pk)
        return _csv_response(csv_rows(load(), query))

    def first_days(month: date, until: date) -> Mapping[date, MonthFigures]:
        return figures_of(ledger, {month: tokens[month]}, display, version, until)

    heads_for_the_end = is_shown(query, today)
    # Budgets are about now, so only pages with the current month show them.
    has_budgets = bool(ledger.plan.live) and query.period.months[-1] == month_of(today)
    series = find_series(ledger.id) if heads_for_the_end or has_budgets else []

    def context() -> dict[str, object]:
        limit("dashboard", request.user.pk)
        needed = months_needed(query)
        ahead = look_ahead(request, series, every, needed, display, today) if heads_for_the_end else {}
        bars = bars_context(ledger, every, series, today) if has_budgets else {}
        waiting = waiting_count(ledger.id, ledger.threshold, every)
        saved = saved_context(views, Links(query, display, ledger.home_currency), today)
        shown = {"inbox_count": waiting, "saved": saved} | ahead | bars
        scope = load()
        return page_context(scope, load_before(scope, query, first_days, today), query, ledger, today) | shown

    made_of = query, sorted(every.items()), version, today, series
    return kept_pages.kept_page(request, kept_pages.state_of(request, made_of), "expenses/dashboard.html", context)


def _start_of(views: Iterable[SavedView], today: date) -> QueryDict:
    """Return the parameters of the view that the dashboard opens with."""
    return QueryDict(next((view.parameters(today) for view in views if view.start), ""))


def _csv_response(rows: Iterable[list[str]]) -> HttpResponse:
    """The rows as a UTF-8 CSV file. Its byte order mark tells spreadsheets the encoding."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dashboard.csv"'
    csv.writer(response).writerows(rows)
    return response
