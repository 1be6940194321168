"""What is odd and where the month is heading, on the dashboard, and the links in emails that answer questions."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypedDict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from classifier.category_set import category_of, showing
from expenses import money
from expenses.dashboard.outlook import Outlook, TooEarly, outlook_context
from expenses.forecast.loading import load_known
from expenses.insights.answer_links import Answer, give, read_answer
from expenses.insights.findings import Insight, months_compared
from expenses.insights.loading import dismiss, monday_of, weekly_insights
from expenses.models.documents import SeriesDocument
from expenses.rates.rate_series import rates_version
from expenses.views.access import LedgerRequest, limited, signed_in
from finbrain.core.rate_limits import limit

_KEY = re.compile("[0-9a-f]{32}")


class AheadContext(TypedDict):
    """What the dashboard of the current month says besides its figures. outlook: None without any expense."""

    insights: list[Insight]
    outlook: Outlook | TooEarly | None


def look_ahead(
    request: LedgerRequest,
    series: Sequence[SeriesDocument],
    every: Mapping[date, str],
    shown: Collection[date],
    display: str,
    today: date,
) -> AheadContext:
    """Return the insights and the outlook for the dashboard. shown: the months that it needs as well."""
    ledger, version = request.ledger, rates_version()
    months = {*shown, *months_compared(monday_of(today))}
    known = load_known(ledger, series, every, months, display, version, today)
    insights = weekly_insights(request.user, ledger, series, every, display, version, today)
    return {"insights": insights, "outlook": outlook_context(known, display, today)}


@require_POST
@signed_in
@limited("write")
def dismiss_insight(request: LedgerRequest) -> HttpResponse:
    """Dismiss the insight `key`."""
    key = request.POST.get("key", "")
    if _KEY.fullmatch(key):
        dismiss(request.user, key)
        messages.success(request, _("Dismissed. It won't come back unless something changes."))
    return redirect("dashboard")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_question(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link in an email would file (GET), or file it (POST), without sign-in."""
    answer = read_answer(token)
    if answer is None:
        return render(request, "people/answer.html", {"is_valid": False}, status=404)
    with showing(answer.ledger.categories):
        context = {"is_valid": True, "is_done": request.method == "POST", **_shown(answer)}
        if request.method == "POST":
            limit("write", answer.person.pk)
            context["is_valid"] = give(answer)
        return render(request, "people/answer.html", context, status=200 if context["is_valid"] else 404)


def _shown(answer: Answer) -> dict[str, str]:
    expense = answer.expense
    return {
        "title": expense.shown_title or expense.title,
        "amount": money.format_money(expense.amount, expense.currency, get_language()),
        "day": date_format(expense.spent_on, "DATE_FORMAT"),
        "category": str(category_of(answer.category).name),
    }
