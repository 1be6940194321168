"""Sends each person at most one email a day, with what the kinds that they want have to say.

The day is claimed in MongoDB before an email leaves: of several processes one sends it, and a crash in between costs
the email rather than sending it twice.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from allauth.account import app_settings
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.utils import timezone, translation

from accounts.models import User
from accounts.session.time_zone import zone_of
from expenses.emails.all_kinds import KINDS
from expenses.emails.composing import Said, compose
from expenses.emails.kind import EmailKind, EmailSection
from expenses.people.ledger_settings import personal_ledger, showing_ledger

logger = logging.getLogger(__name__)

# The hour of the person's day from which emails leave.
_MORNING = 7
_A_DAY = timedelta(days=1)


def send_emails(now: datetime) -> int:
    """Send what is due, and return how many emails were sent. Raises OSError if the mail server is away."""
    wanted = Q(*((kind.setting, True) for kind in KINDS), _connector=Q.OR)
    readers = User.objects.filter(wanted, is_active=True, demo_expires_at=None)
    return sum(_send_to(user, now) for user in readers.iterator())


def _send_to(user: User, now: datetime) -> bool:
    """Send a person's email of the day. Return whether one was sent."""
    local = now.astimezone(zone_of(user))
    today = local.date()
    if local.hour < _MORNING or _is_done(user, today):
        return False
    with _place_of(user):
        due = [kind for kind in KINDS if kind.is_due(user, today)]
        if not due or not _may_receive(user):
            return False
        told = dict(_ask(user, due, today))
        said = [Said(kind, section) for kind, section in told.items() if section]
        email = compose(user, said) if said else None
        claim = {"emailed_on": today} | {kind.mark: kind.period(today) for kind in told if kind.mark}
    if email:
        return _send_once(user, claim, email)
    if told:
        _claim(user, claim)
    return False


def _is_done(user: User, today: date) -> bool:
    """Whether the day is claimed. So is it if tomorrow is: the person flew west in the meantime."""
    return user.emailed_on is not None and today <= user.emailed_on <= today + _A_DAY


def _may_receive(user: User) -> bool:
    """Whether the person may receive figures by email: where emails are verified, only with a verified one."""
    if app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.NONE:
        return True
    return EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).exists()


@contextmanager
def _place_of(user: User) -> Iterator[None]:
    """Use the person's language and time zone, and the settings of their ledger."""
    language, ledger = user.language or settings.LANGUAGE_CODE, personal_ledger(user)
    with translation.override(language), timezone.override(zone_of(user)), showing_ledger(ledger):
        yield


def _ask(user: User, kinds: Sequence[EmailKind], today: date) -> Iterator[tuple[EmailKind, EmailSection | None]]:
    """Yield what each kind says. One that fails is left out, and asked again at the next run or on the next day."""
    for kind in kinds:
        try:
            yield kind, kind.section(user, today)
        except Exception:
            logger.exception("Could not write the part “%s” of an email", kind.name)


def _send_once(user: User, claim: Mapping[str, Any], email: EmailMessage) -> bool:
    """Claim the day and send the email. Return False if another process has claimed it, or if the server refuses."""
    with get_connection() as connection:
        if not _claim(user, claim):
            return False
        email.connection = connection
        try:
            email.send()
        except (SMTPException, OSError) as error:
            logger.exception("Could not send an email")
            if _is_temporary(error):
                User.objects.filter(pk=user.pk, emailed_on=claim["emailed_on"]).update(**_values(user, claim))
            return False
    return True


def _claim(user: User, claim: Mapping[str, Any]) -> bool:
    return bool(User.objects.filter(pk=user.pk, emailed_on=user.emailed_on).update(**claim))


def _values(user: User, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(user, name) for name in names}


def _is_temporary(error: Exception) -> bool:
    """Whether the server refused the email for now. A server that didn't answer may have sent it."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    else:
        codes = [error.smtp_code] if isinstance(error, SMTPResponseException) else []
    return any(400 <= code < 500 for code in codes)
