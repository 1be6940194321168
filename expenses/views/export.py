"""The view that exports the list as a file."""

import logging
from collections.abc import Iterator
from itertools import chain

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from expenses.export import FORMATS, select_rows
from expenses.listing.list_query import ListQuery, parse_list_query
from expenses.months import month_text
from expenses.views.access import LedgerRequest, limited, signed_in

logger = logging.getLogger(__name__)


@never_cache
@require_safe
@signed_in
@limited("export")
def export_list(request: LedgerRequest) -> HttpResponseBase:
    """Download all pages of the list with its filters and order. `format` is one of FORMATS."""
    query = parse_list_query(request.GET, timezone.localdate())
    name = request.GET.get("format", "csv")
    if name not in FORMATS:
        messages.error(request, _("FinBrain exports CSV, XLSX, JSON and OFX. Choose one of these."))
        return redirect(query.url(reverse("expenses:list")))
    pieces = FORMATS[name].write(select_rows(request.ledger, query))
    first = next(pieces)  # reads from the database, while an outage can still become an error page
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(query)}.{name}"'}
    return StreamingHttpResponse(
        _logged(chain([first], pieces)), content_type=FORMATS[name].content_type, headers=headers
    )


def _logged(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Log an error that cuts the export. The server then breaks the connection, so that the browser notices."""
    try:
        yield from pieces
    except Exception as error:
        logger.error("An export was cut: %s", type(error).__name__)
        raise


def _file_name(query: ListQuery) -> str:
    """The file name, with the list's day or month, else today's date."""
    if query.day or not query.month:
        return f"finbrain-{query.day or timezone.localdate()}"
    return f"finbrain-{month_text(query.month)}"
