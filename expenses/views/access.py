"""Access control: resolves a request to person, ledger and role, and finds objects through the ledger only."""

import json
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, cast

from bson import ObjectId
from bson.errors import InvalidId
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from expenses.importing.frame import PackingError
from expenses.importing.plan_steps import PlanTooLargeError
from expenses.models import Expense, ImportBatch, Series
from expenses.models.ledger import Ledger
from expenses.models.series import SeriesQuerySet
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from finbrain.core.rate_limits import limit


class Role(StrEnum):
    """A person's role in a ledger."""

    OWNER = "owner"


class LedgerRequest(HttpRequest):
    """A request by a signed-in person, with the ledger and the person's role in it."""

    user: User
    ledger: Ledger
    role: Role
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def _resolve(request: HttpRequest) -> LedgerRequest:
    """Add `ledger` and `role` to the request: the person's own ledger, and owner."""
    resolved = cast(LedgerRequest, request)
    resolved.ledger, resolved.role = personal_ledger(resolved.user), Role.OWNER
    return resolved


def signed_in(view: View) -> View:
    """Decorator that requires sign-in and resolves the request to its ledger, with whose settings it shows everything.

    An htmx request gets a message instead of the sign-in page, so that the person keeps what they typed.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            resolved = _resolve(request)
            with showing_ledger(resolved.ledger):
                return view(resolved, *args, **kwargs)
        if not cast(LedgerRequest, request).htmx:
            return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/expenses/")
        text = _("You have been signed out. Sign in again in another tab, then try again.")
        return HttpResponse(status=401, headers={"HX-Trigger": json.dumps({"toast": {"text": text, "error": True}})})

    return wrapper


def limited(action: str) -> Callable[[View], View]:
    """Decorator below `signed_in` that limits how often a person may call the view: by `settings.RATE_LIMITS`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: LedgerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            limit(action, request.user.pk)
            return view(request, *args, **kwargs)

        vars(wrapper)["limit"] = action
        return wrapper

    return decorate


def _expense_or_404(ledger: Ledger, expense_id: str, *, in_trash: bool | None = False) -> Expense:
    """Return the ledger's expense. Raises the same 404 for an id of another ledger, an unknown or an invalid one.

    in_trash: whether the expense must be in the trash; None if it does not matter.
    """
    found = Expense.objects.of(ledger)
    try:
        return (found if in_trash is None else found.in_trash(in_trash)).get(pk=ObjectId(expense_id))
    except (InvalidId, Expense.DoesNotExist):
        raise Http404 from None


def with_expense(*, in_trash: bool | None = False) -> Callable[[View], View]:
    """Decorator that requires sign-in and passes the ledger's `Expense` instead of the URL's `expense_id`.

    in_trash: whether the expense must be in the trash; None if it does not matter.
    """

    def decorate(inner: View) -> View:
        @signed_in
        @wraps(inner)
        def wrapper(request: LedgerRequest, expense_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return inner(request, _expense_or_404(request.ledger, expense_id, in_trash=in_trash), *args, **kwargs)

        return wrapper

    return decorate


def with_import(view: View) -> View:
    """Decorator that requires sign-in and passes the `ImportBatch` instead of the URL's `batch_id`.

    An id of another ledger, an unknown and an invalid one give the same 404, or to a POST a message.
    """

    @signed_in
    @wraps(view)
    def wrapper(request: LedgerRequest, batch_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            batch = ImportBatch.objects.of(request.ledger).get(pk=ObjectId(batch_id))
            return view(request, batch, *args, **kwargs)
        except (InvalidId, ImportBatch.DoesNotExist):  # also if another tab discards it during the request
            if request.method == "POST":
                # Most likely the person discarded the file in another tab.
                return _back_to_imports(request, _("This file has already been discarded."))
            raise Http404 from None
        except PlanTooLargeError:
            return _back_to_imports(
                request, _("This file is too large to import at once. Split it into smaller files.")
            )
        except PackingError:
            return _back_to_imports(
                request, _("FinBrain can't read this file any more. Discard it and import it again.")
            )

    return wrapper


def with_series(view: View) -> View:
    """Decorator that requires sign-in and passes the ledger's `Series` instead of the URL's `series_id`."""
    return _found_series(view, SeriesQuerySet.shown)


def with_any_series(view: View) -> View:
    """Decorator like `with_series` that also finds dismissed series."""
    return _found_series(view, SeriesQuerySet.all)


def _found_series(view: View, of_state: Callable[[SeriesQuerySet], SeriesQuerySet]) -> View:
    @signed_in
    @wraps(view)
    def wrapper(request: LedgerRequest, series_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            series = of_state(Series.objects.of(request.ledger)).get(pk=ObjectId(series_id))
        except (InvalidId, Series.DoesNotExist):
            raise Http404 from None
        return view(request, series, *args, **kwargs)

    return wrapper


def _back_to_imports(request: LedgerRequest, text: str) -> HttpResponse:
    """Redirect to the imports with a message."""
    messages.info(request, text)
    back = reverse("expenses:import")
    return HttpResponse(headers={"HX-Redirect": back}) if request.htmx else redirect(back)
