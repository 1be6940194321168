"""Who may see what: a request is resolved to (person, ledger, role), and objects are looked up through the ledger."""

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
from expenses.models import Expense, ImportBatch
from expenses.models.ledger import Ledger
from expenses.people.ledgers import personal_ledger


class Role(StrEnum):
    """What a person may do in a ledger."""

    OWNER = "owner"


class LedgerRequest(HttpRequest):
    """A request of somebody who is signed in, resolved to a ledger and to what the person may do in it."""

    user: User
    ledger: Ledger
    role: Role
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def resolve(request: HttpRequest) -> LedgerRequest:
    """The same request with its `ledger` and `role`: the person's own ledger, which the person owns."""
    resolved = cast(LedgerRequest, request)
    resolved.ledger, resolved.role = personal_ledger(resolved.user), Role.OWNER
    return resolved


def signed_in(view: View) -> View:
    """Require sign-in, and resolve the request to its ledger.

    A fragment that htmx asks for is never answered with the sign-in page: what is typed stays.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(resolve(request), *args, **kwargs)
        if not cast(LedgerRequest, request).htmx:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/expenses/")
        text = _("You are signed out. Sign in again in another tab, then try once more.")
        return HttpResponse(status=401, headers={"HX-Trigger": json.dumps({"toast": {"text": text, "error": True}})})

    return wrapper


def _expense_or_404(ledger: Ledger, expense_id: str, *, in_trash: bool | None = False) -> Expense:
    """The ledger's expense. An id of another ledger, an unknown one or none at all are the same 404.

    in_trash: where it has to be; None if that does not matter.
    """
    found = Expense.objects.of(ledger)
    try:
        return (found if in_trash is None else found.in_trash(in_trash)).get(pk=ObjectId(expense_id))
    except (InvalidId, Expense.DoesNotExist):
        raise Http404 from None


def with_expense(*, in_trash: bool | None = False) -> Callable[[View], View]:
    """Require sign-in; the view gets the ledger's `Expense` in place of the URL's `expense_id`.

    in_trash: where it has to be; None if that does not matter.
    """

    def decorate(inner: View) -> View:
        @signed_in
        @wraps(inner)
        def wrapper(request: LedgerRequest, expense_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return inner(request, _expense_or_404(request.ledger, expense_id, in_trash=in_trash), *args, **kwargs)

        return wrapper

    return decorate


def with_import(view: View) -> View:
    """Sign-in required; the view gets the `ImportBatch` in place of the URL's `batch_id`.

    An id of another ledger, an unknown one or none at all are the same 404, or what `_import_gone` answers to a POST.
    """

    @signed_in
    @wraps(view)
    def wrapper(request: LedgerRequest, batch_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            batch = ImportBatch.objects.of(request.ledger).get(pk=ObjectId(batch_id))
            return view(request, batch, *args, **kwargs)
        except (InvalidId, ImportBatch.DoesNotExist):  # also when another tab throws it away meanwhile
            if request.method == "POST":
                return _import_gone(request)
            raise Http404 from None

    return wrapper


def _import_gone(request: LedgerRequest) -> HttpResponse:
    """Back to the imports: who presses a button has most likely thrown the file away in another tab."""
    messages.info(request, _("This file was thrown away meanwhile."))
    back = reverse("expenses:import")
    return HttpResponse(headers={"HX-Redirect": back}) if request.htmx else redirect(back)
