"""Writes an email from what its kinds say, as text and HTML."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User, display_name
from expenses.emails.kind import EmailKind, EmailSection
from expenses.emails.unsubscribing import unsubscribe_url


class Said(NamedTuple):
    """A kind, and what it says."""

    kind: EmailKind
    section: EmailSection


def compose(user: User, said: Sequence[Said]) -> EmailMultiAlternatives:
    """Return the email in the current language.

    Each kind has its link to unsubscribe. The one-click button of email programs (RFC 8058) turns off all kinds in it.
    """
    around = {
        "language": translation.get_language(),
        "is_rtl": translation.get_language_bidi(),
        "site": settings.SITE_URL,
    }
    # A title may have several lines, but not a subject.
    subject = " ".join(" · ".join(section.subject for _kind, section in said).split())
    unsubscribe = [(kind.label, unsubscribe_url(user, [kind])) for kind, _section in said]

    def render(ending: str) -> str:
        parts = [render_to_string(f"emails/{kind.name}.{ending}", {**around, **each.context}) for kind, each in said]
        frame = {"subject": subject, "name": display_name(user), "parts": parts, "unsubscribe": unsubscribe}
        return render_to_string(f"emails/frame.{ending}", {**around, **frame})

    headers = {
        "List-Unsubscribe": f"<{unsubscribe_url(user, [kind for kind, _section in said])}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    email = EmailMultiAlternatives(subject, render("txt"), to=[user.email], headers=headers)
    email.attach_alternative(render("html"), "text/html")
    return email
