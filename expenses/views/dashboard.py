"""Where the money went: one page, all of its state in the URL."""

import csv
import hashlib
import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from expenses import tolerant_cache
from expenses.access import UserRequest
from expenses.dashboard import query as dashboard_query
from expenses.dashboard.content import csv_rows, load_scope, months_needed, page_context
from expenses.dashboard.figures import rates_version
from expenses.months import month_tokens

APP = Path(__file__).parent.parent
KEPT_SECONDS = 24 * 3600
PLACE = secrets.token_hex()  # stands for the content, which is too large to be decoded and encoded at each request


@require_safe
@login_required
def dashboard(request: UserRequest) -> HttpResponse:
    """The dashboard; `format=csv` gives its main table as a file.

    The content is kept in the cache under everything it is made of, above all the months' tokens, which are read first.
    """
    user, today = request.user, timezone.localdate()
    query = dashboard_query.parse(request.GET, today)
    display = query.currency or user.home_currency
    tokens = month_tokens(user.pk, months_needed(query))
    version = rates_version()
    loading = (user.pk, query, tokens, user.auto_file_threshold, display, version)
    if request.GET.get("format") == "csv":
        return csv_response(csv_rows(load_scope(*loading), query))
    made_of = (*loading[2:], query.parameters(), query.problems, user.home_currency, today, get_language(), release())
    key = f"dashboard:{user.pk}:{digest(made_of)}"
    content = tolerant_cache.get_page(key)
    if content is None:
        context = page_context(load_scope(*loading), query, user, today)
        content = render_to_string("expenses/_dashboard.html", context).encode()
        tolerant_cache.set_page(key, content, KEPT_SECONDS)
    before, after = render_to_string("expenses/dashboard.html", {"content": PLACE}, request).split(PLACE)
    return HttpResponse(b"".join((before.encode(), content, after.encode())))


@cache
def release() -> str:
    """Changes with what the content is made by, so that nobody sees what another release of FinBrain kept."""
    made_by = [*APP.glob("*.py"), get_template("expenses/_dashboard.html").origin.name]
    made_by += [path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.mo")]
    return digest([static("img/icons.svg"), *(Path(path).read_bytes() for path in sorted(map(str, made_by)))])


def digest(parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def csv_response(rows: Iterable[list[str]]) -> HttpResponse:
    """Rows as a UTF-8 file that spreadsheets open; the mark at its start tells them the encoding."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dashboard.csv"'
    csv.writer(response).writerows(rows)
    return response
