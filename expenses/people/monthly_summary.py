"""The monthly summary by email: total, change, biggest expenses, number to review."""

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from smtplib import SMTPException

from allauth.account import app_settings
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.models import EmailAddress
from bson import ObjectId
from bson.errors import InvalidId
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User, display_name
from classifier.category_set import category_of, showing
from expenses.dashboard.levels import parts_of
from expenses.dashboard.shape import Scope, Slice, breakdown
from expenses.dashboard.top import BigRow, biggest_expenses
from expenses.listing.waiting import count_waiting
from expenses.money import format_money
from expenses.months import add_months, first_day, month_text
from expenses.people.ledgers import personal_ledger
from expenses.rates.series import rates_version
from expenses.sums.besides import Besides, add_besides, besides_line
from expenses.sums.figures import load_figures
from expenses.sums.month_tokens import month_tokens

logger = logging.getLogger(__name__)

SALT = "expenses.summary"
SHOWN = 5


@dataclass(frozen=True)
class Summary:
    """One month's figures in the person's currency. before: the total of the month before. waiting: to review."""

    month: date
    currency: str
    total: Decimal
    before: Decimal
    categories: list[Slice]
    biggest: list[BigRow]
    waiting: int
    besides: Besides


def send_monthly_summaries(today: date) -> int:
    """Email last month's summary to everybody who wants it; returns how many were sent.

    A person gets one email per month, even if several processes call this: the process that marks the month first
    sends it. If the mail server refuses, the mark is removed, and the next call tries again.
    """
    month = add_months(first_day(today), -1)
    mark = month_text(month)
    waiting = User.objects.filter(monthly_summary=True, is_active=True, demo_expires_at=None)
    return sum(_send_once(user, month, mark) for user in list(waiting.exclude(summary_month=mark)))


def _send_once(user: User, month: date, mark: str) -> bool:
    """Send the summary unless another process has. Returns whether an email was sent."""
    before = user.summary_month
    if not _may_receive(user) or not User.objects.filter(pk=user.pk, summary_month=before).update(summary_month=mark):
        return False
    try:
        summary = _summarise(user, month)
        if summary is None:
            return False
        _compose_summary(user, summary).send()
    except (SMTPException, OSError):
        logger.exception("Could not send a monthly summary. The next run tries again.")
        User.objects.filter(pk=user.pk, summary_month=mark).update(summary_month=before)
        return False
    return True


def _may_receive(user: User) -> bool:
    """Whether the person may receive figures by email: where emails are verified, only with a verified one."""
    if app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.NONE:
        return True
    return EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).exists()


def _summarise(user: User, month: date) -> Summary | None:
    """Compute the summary of a month. None if nothing was spent in it."""
    before = add_months(month, -1)
    ledger = personal_ledger(user)
    tokens = month_tokens(ledger.id, (before, month))
    settings_of = ledger.threshold, ledger.home_currency, rates_version()
    counted = {"cash_withdrawn": ledger.cash_withdrawn, "own_rates": ledger.own_rates}
    figures = load_figures(ledger.id, tokens, *settings_of, **counted)
    shown = parts_of(figures, (), ledger.categories)
    scope = Scope(figures, (month,), tuple(shown), ledger.home_currency, shown)
    parts = breakdown(scope)
    if not parts:
        return None
    waiting = count_waiting(ledger.id, ledger.threshold)
    besides = add_besides([(figures[month].moved, figures[month].received)], ledger.home_currency)
    totals = scope.month_total(month), scope.month_total(before)
    biggest = biggest_expenses(scope)[:SHOWN]
    return Summary(month, ledger.home_currency, *totals, parts[:SHOWN], biggest, waiting, besides)


def _compose_summary(user: User, summary: Summary) -> EmailMultiAlternatives:
    """Write the email in the person's language, as text and HTML, with one-click unsubscribe (RFC 8058)."""
    with translation.override(user.language or settings.LANGUAGE_CODE), showing(personal_ledger(user).categories):
        context = _mail_context(user, summary)
        subject = _("Your %(month)s in FinBrain") % {"month": context["month"]}
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("expenses/mail/summary.txt", context),
            to=[user.email],
            headers={
                "List-Unsubscribe": f"<{context['unsubscribe_url']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        mail.attach_alternative(render_to_string("expenses/mail/summary.html", context), "text/html")
    return mail


def _mail_context(user: User, summary: Summary) -> dict[str, object]:
    language = translation.get_language()

    def shown(amount: Decimal) -> str:
        return format_money(amount, summary.currency, language)

    difference = summary.total - summary.before
    return {
        "name": display_name(user),
        "month": date_format(summary.month, "F Y"),
        "month_before": date_format(add_months(summary.month, -1), "F"),
        "total": shown(summary.total),
        "difference": shown(abs(difference)),
        "has_before": bool(summary.before),
        "direction": (difference > 0) - (difference < 0),
        "categories": [(category_of(part.slug).name, shown(part.amount)) for part in summary.categories],
        "biggest": [
            (row.figure.expense.title, date_format(row.spent_on, "MONTH_DAY_FORMAT"), shown(row.value))
            for row in summary.biggest
            if row.value is not None
        ],
        "besides": ", ".join(part["text"] for part in besides_line(summary.besides, shown, str)),
        "waiting": summary.waiting,
        "language": language,
        "is_rtl": translation.get_language_bidi(),
        "dashboard_url": f"{settings.SITE_URL}{reverse('dashboard')}?month={month_text(summary.month)}",
        "inbox_url": settings.SITE_URL + reverse("expenses:inbox"),
        "settings_url": settings.SITE_URL + reverse("account_settings"),
        "unsubscribe_url": settings.SITE_URL + reverse("summary_unsubscribe", args=[_make_token(user.pk)]),
    }


def start_with_this_month(user: User, today: date) -> None:
    """Mark earlier months as sent, so that the first summary is about the current month. Does not save."""
    user.summary_month = max(user.summary_month, month_text(add_months(first_day(today), -1)))


def _make_token(user_id: ObjectId) -> str:
    return signing.dumps(str(user_id), salt=SALT)


def read_unsubscribe_token(token: str) -> ObjectId | None:
    """Return the id of the token's person; None if it is forged. They never expire, because people keep old emails."""
    try:
        return ObjectId(signing.loads(token, salt=SALT))
    except (signing.BadSignature, InvalidId):
        return None


def stop_summaries(user_id: ObjectId) -> None:
    User.objects.filter(pk=user_id).update(monthly_summary=False)
