"""Turns a demo account into a real one. Where emails are verified, that happens when the link in an email is opened."""

from datetime import timedelta
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import ratelimit
from bson import ObjectId
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import grants
from accounts.email_change import needs_proof
from accounts.models import User
from accounts.unproven import free_address, is_free

_SALT = "accounts.keep-demo"
_LIFE = timedelta(days=3)


class Keeping(NamedTuple):
    """What a link contains: the demo, its future email, and what it presumes."""

    user_id: str
    email: str
    presumed: str


def keep_demo(request: HttpRequest, form: SignupForm) -> bool:
    """Give the request's demo account the names, email and password in the form.

    Returns False, without changing anything, if the email already has an account.
    """
    user = User.objects.get(pk=request.user.pk)
    if form.account_already_exists:
        return False
    user.demo_expires_at = None
    try:
        get_adapter().save_user(request, user, form)
    except IntegrityError:  # somebody signed up with this email a moment ago
        return False
    setup_user_email(request, user, [])
    record_authentication(request, user, method="password", reauthenticated=True)
    if needs_proof():
        send_verification_email_for_user(request, user)
    request.user = user
    return True


def prepare_keeping(request: HttpRequest, demo: User, form: SignupForm) -> Keeping:
    """Store the names and the password, and keep the demo until the link expires. It has no email before that."""
    user = User.objects.get(pk=demo.pk)
    get_adapter().save_user(request, user, form, commit=False)
    user.email, user.demo_expires_at = demo.email, timezone.now() + _LIFE
    user.save(update_fields=["first_name", "last_name", "password", "share_feedback", "demo_expires_at"])
    request.user = user
    return Keeping(str(user.pk), form.cleaned_data["email"], grants.digest(user))


def ask_for_demo_proof(request: HttpRequest, keeping: Keeping) -> None:
    """Send the link. If the email has an account, its owner gets an email that says so."""
    adapter = get_adapter(request)
    if not ratelimit.consume(request, action="confirm_email", key=keeping.email):
        return
    if is_free(keeping.email):
        url = reverse("demo_confirm", args=[signing.dumps(keeping, salt=_SALT)])
        adapter.send_mail("account/email/keep_demo", keeping.email, {"activate_url": url})
    else:
        adapter.send_account_already_exists_mail(keeping.email)


def read_keeping_link(token: str) -> tuple[Keeping, User] | None:
    """Read a link's token. None if it is forged, expired or used, or if something that it presumes has changed."""
    try:
        keeping = Keeping(*signing.loads(token, salt=_SALT, max_age=_LIFE))
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=ObjectId(keeping.user_id), demo_expires_at__isnull=False).first()
    return (keeping, user) if user and grants.is_current(user, keeping.presumed) else None


def confirm(keeping: Keeping, user: User) -> bool:
    """Make the demo a real account. False if its link was used in the meantime or the email is taken."""
    free_address(keeping.email)
    demo = User.objects.filter(pk=user.pk, demo_expires_at__isnull=False, password=user.password)
    try:
        if not demo.update(email=keeping.email, demo_expires_at=None):
            return False
    except IntegrityError:
        return False
    EmailAddress.objects.create(user_id=user.pk, email=keeping.email, primary=True, verified=True)
    return True
