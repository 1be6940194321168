"""Views for deleting the account and unsubscribing from emails."""

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
from expenses.emails.unsubscribing import read_unsubscribe_token, turn_off_emails
from expenses.forms.settings import DeletionForm
from expenses.people.deletion import count_possessions, delete_person
from expenses.views.access import LedgerRequest, limited, signed_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
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
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for confirmation (GET) or turn off the link's kinds of emails (POST), without sign-in."""
    found = read_unsubscribe_token(token)
    if found and request.method == "POST":
        turn_off_emails(*found)
    kinds = found[1] if found else []
    context = {"kinds": kinds, "is_valid": found is not None, "is_done": request.method == "POST"}
    return render(request, "people/unsubscribe.html", context, status=200 if found else 404)
