"""The calendar feed, and the page with its secret address."""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.session.time_zone import zone_of
from classifier.category_set import showing
from expenses.forms.calendar import CalendarForm
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.people.calendar_address import address_of, make_address, person_of, read_feed_token, turn_off_feed
from expenses.people.ledger_settings import personal_ledger
from expenses.recurring.feed import calendar_of
from expenses.recurring.items import kept_items
from expenses.recurring.refreshing import find_series
from expenses.views.access import LedgerRequest, limited, signed_in
from expenses.views.kept_pages import release
from finbrain.core.rate_limits import limit

_PAGE = "expenses:calendar"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def calendar_address(request: LedgerRequest) -> HttpResponse:
    """Show the address of the feed, or change it: `action` is make, save or off."""
    if request.method == "POST":
        return _change_address(request)
    context = {"form": CalendarForm(instance=request.user), "address": address_of(request.user)}
    return render(request, "recurring/calendar.html", context)


def _change_address(request: LedgerRequest) -> HttpResponse:
    user, action = request.user, request.POST.get("action")
    if action not in ("make", "save", "off"):
        return HttpResponseBadRequest()
    if action == "off":
        turn_off_feed(user)
        messages.success(request, _("The calendar feed is off. Its address no longer works."))
        return redirect(_PAGE)
    if CalendarForm(request.POST, instance=user).is_valid():
        user.save(update_fields=["calendar_amounts"])
    if action == "make":
        make_address(user)
    messages.success(request, _("Saved."))
    return redirect(_PAGE)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar of an address, for apps without a session. 404 if the address is unknown or turned off."""
    claim = read_feed_token(token)
    limit("calendar", claim.person_id if claim else "unknown")
    user = person_of(claim) if claim else None
    if user is None:
        raise Http404
    ledger, today = personal_ledger(user), timezone.localdate(timezone=zone_of(user))
    rows = find_series(ledger.id)
    made_of = rows, today, user.language, user.calendar_amounts, ledger.categories.version, release()
    tag = f'W/"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = HttpResponse(_calendar_for(user, ledger, rows, today), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="finbrain.ics"'
    answer["ETag"], answer["Cache-Control"] = tag, "private, max-age=3600"
    return answer


def _calendar_for(user: User, ledger: Ledger, rows: Sequence[SeriesDocument], today: date) -> bytes:
    """Return the calendar in the person's language and with the ledger's categories."""
    with translation.override(user.language or settings.LANGUAGE_CODE), showing(ledger.categories):
        return calendar_of(kept_items(rows), today, amounts=bool(user.calendar_amounts))
