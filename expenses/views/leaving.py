"""Deleting the account, and a mail that is not wanted any more."""

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
from expenses import summary_mail
from expenses.access import UserRequest, signed_in
from expenses.deletion import counts, delete_person
from expenses.settings_forms import DeletionForm


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proof_required
def delete_account(request: UserRequest) -> HttpResponse:
    """Shows what goes; deletes it when that was understood. Both ask who it is again."""
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        if not user.is_demo:
            get_adapter(request).send_notification_mail("account/email/account_deleted", user, email=user.email)
        logout(request)
        delete_person(user)
        messages.success(request, _("Your account and everything in it is deleted."))
        return redirect("home")
    context = {"form": form, "counts": counts(request.user)}
    return render(request, "people/delete.html", context, status=422 if form.errors else 200)


@never_cache
@csrf_exempt  # mail programs post here on the person's behalf (RFC 8058); the token says who and for what
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST stops the monthly summary; nobody needs to sign in for that."""
    user_id = summary_mail.read_token(token)
    if user_id and request.method == "POST":
        summary_mail.unsubscribe(user_id)
    context = {"is_valid": user_id is not None, "is_done": request.method == "POST"}
    return render(request, "people/unsubscribe.html", context, status=200 if user_id else 404)
