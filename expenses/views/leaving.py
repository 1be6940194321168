"""Views for deleting the account and unsubscribing from the monthly summary."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.reauthentication import proof_required
from expenses.forms.settings import DeletionForm
from expenses.people import monthly_summary
from expenses.people.deletion import count_possessions, delete_person
from expenses.views.access import LedgerRequest, limited, signed_in


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@limited("leave")
@proof_required
def delete_account(request: LedgerRequest) -> HttpResponse:
    """Show what a deletion deletes, or delete the account. Both ask the person to confirm who they are."""
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        if not user.is_demo:
            get_adapter(request).send_notification_mail("account/email/account_deleted", user, email=user.email)
        logout(request)
        delete_person(user)
        messages.success(request, _("Your account and everything in it have been deleted."))
        return redirect("home")
    context = {"form": form, "counts": count_possessions(request.user)}
    return render(request, "people/delete.html", context, status=422 if form.errors else 200)


@never_cache
@csrf_exempt  # email programs post here for the person (RFC 8058); the token identifies person and purpose
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for confirmation (GET) or stop the monthly summary (POST), without sign-in."""
    user_id = monthly_summary.read_unsubscribe_token(token)
    if user_id and request.method == "POST":
        monthly_summary.stop_summaries(user_id)
    context = {"is_valid": user_id is not None, "is_done": request.method == "POST"}
    return render(request, "people/unsubscribe.html", context, status=200 if user_id else 404)
