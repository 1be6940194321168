"""Why FinBrain filed an entry as spent, moved or received, in one line."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.suggest_kinds import KindSuggestion, suggest_kinds
from expenses.ledger.teaching import direction_of
from expenses.listing.rows import day_text
from expenses.models import Expense, KindSource
from expenses.models.ledger import Ledger
from finbrain.core.bidi import isolated


@dataclass(frozen=True)
class KindReason:
    """A reason. url: of the other half of a pair, else empty."""

    text: str
    url: str = ""


def kind_reason(ledger: Ledger, expense: Expense) -> KindReason | None:
    """Return the reason for an entry's kind. None if FinBrain didn't decide it, or has no reason to give."""
    if expense.reviewed or not expense.kind_source:
        return None
    if expense.kind_source == KindSource.PAIR:
        return _pair_reason(ledger, expense)
    if expense.kind_source == KindSource.FILE:
        return KindReason(_("because the file says so"))
    [found] = suggest_kinds(ledger.id, [(expense.title, direction_of(expense.amount))])
    if found is None or not found.reason or found.kind != expense.kind:
        return None
    return KindReason(suggestion_reason(found))


def suggestion_reason(found: KindSuggestion) -> str:
    """Return the reason for a suggested kind, "" if there is none to give."""
    if not found.reason:
        return ""
    said = _("like your “%(title)s”") if found.source == KindSource.MEMORY else _("because of “%(title)s”")
    return said % {"title": isolated(found.reason)}


def _pair_reason(ledger: Ledger, expense: Expense) -> KindReason | None:
    other = Expense.objects.of(ledger).in_trash(False).filter(pair=expense.pair).exclude(pk=expense.pk).first()
    if other is None or expense.pair is None:
        return None
    day = day_text(other.spent_on, get_language() or "en", True)
    text = _("because “%(title)s” of %(day)s is the other half") % {"title": isolated(other.title), "day": day}
    return KindReason(text, reverse("expenses:edit", args=[other.pk]))
