"""Reminders by email: what is due the next day, and the last days to cancel something. Only of kept series."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from expenses.emails.kind import EmailKind, EmailSection
from expenses.people.ledger_settings import personal_ledger
from expenses.recurring.items import Item, kept_items
from expenses.recurring.recurring_page import range_text
from expenses.recurring.refreshing import find_series


def reminders_section(user: User, today: date) -> EmailSection | None:
    """Return what is due tomorrow, and what can be cancelled for the last time today or tomorrow. None if nothing."""
    tomorrow, items = today + timedelta(days=1), kept_items(find_series(personal_ledger(user).id))
    due = [item for item in items if not item.facts.is_income and tomorrow in item.due_days(tomorrow)]
    last_days = [
        *(_("Today is the last day to cancel %(name)s.") % {"name": item.name} for item in _ending(items, today)),
        *(_("Tomorrow is the last day to cancel %(name)s.") % {"name": item.name} for item in _ending(items, tomorrow)),
    ]
    if not due and not last_days:
        return None
    context = {
        "due": [(item.name, range_text(item)) for item in due],
        "tomorrow": date_format(tomorrow, "DATE_FORMAT"),
        "last_days": last_days,
    }
    return EmailSection(_due_text(due) if due else last_days[0].rstrip("."), context)


def _ending(items: Sequence[Item], day: date) -> list[Item]:
    return [item for item in items if item.cancel_by == day]


def _due_text(due: Sequence[Item]) -> str:
    if len(due) == 1:
        return _("%(name)s is due tomorrow") % {"name": due[0].name}
    return ngettext("%(n)d payment is due tomorrow", "%(n)d payments are due tomorrow", len(due)) % {"n": len(due)}


KIND = EmailKind(
    name="reminders",
    label=gettext_lazy("Reminders"),
    question=gettext_lazy("Remind me by email"),
    help_text=gettext_lazy(
        "The day before a payment that you kept under Recurring, and on the last day to cancel it and the day before."
    ),
    setting="reminders",
    section=reminders_section,
)
