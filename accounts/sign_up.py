"""Sign-up where emails are verified: the account is created, or its owner told about the attempt, after the answer."""

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.account.models import EmailAddress, Login
from allauth.account.signals import user_signed_up
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.db import IntegrityError
from django.http import HttpRequest

from accounts.adapter import BEGUN_WITH
from accounts.models import User
from accounts.session import keep_signed_in


def begin_sign_in(request: HttpRequest, user: User) -> None:
    """Let the confirmation link sign in in this browser. The session is the same if the account is never created."""
    login = Login(user=user, email=user.email, signup=True)
    controller = LoginStageController(request, login)
    for stage in controller.get_stages():
        if stage.key == EmailVerificationStage.key:
            break
        controller.set_handled(stage.key)
    controller.set_current(EmailVerificationStage.key)
    request.session[BEGUN_WITH] = user.get_session_auth_hash()
    keep_signed_in.note_answer(request)
    record_authentication(request, user, method="password")
    stash_login(request, login)


def create_or_tell(request: HttpRequest, user: User) -> None:
    """Create the account and send the confirmation link. If the email has an account, tell its owner instead."""
    try:
        user.save(force_insert=True)
    except IntegrityError:
        address = EmailAddress(user=None, email=user.email)
    else:
        address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
        user_signed_up.send(sender=User, request=request, user=user)
    send_verification_email_to_address(request, address, signup=True)
