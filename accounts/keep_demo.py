"""Turns a demo account into a real one."""

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.account.utils import setup_user_email
from django.db import IntegrityError
from django.http import HttpRequest

from accounts.models import User


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
    if app_settings.EMAIL_VERIFICATION != app_settings.EmailVerificationMethod.NONE:
        send_verification_email_for_user(request, user)
    request.user = user
    return True
