"""Why FinBrain filed an entry as spent, moved or received, in one line."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.kinds import Direction
from classifier.suggest_kinds import KindSuggestion, suggest_kinds
from expenses.ledger.teaching import direction_of
from expenses.listing.rows import day_text
from expenses.models import Expense, KindSource
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger
from expenses.rules.wording import reason_of
from finbrain.core.bidi import isolated
from finbrain.core.decimals import decimal_of


@dataclass(frozen=True)
class KindReason:
    """A reason. url: of the rule or the other half of a pair, else empty."""

    text: str
    url: str = ""


def kind_reason(ledger: Ledger, row: ExpenseDocument) -> KindReason | None:
    """Return the reason for an entry's kind. None if FinBrain didn't decide it, or has no reason to give."""
    if row["reviewed"]:
        return None
    if row["kind_source"] == KindSource.RULE:
        return KindReason(*reason_of(ledger.rules, row["rule"]))
    if row["kind_source"] == KindSource.PAIR:
        return _pair_reason(ledger, row)
    if row["kind_source"] == KindSource.MEMORY:
        [found] = suggest_kinds(ledger.id, [_as_entry(row)])
        text = _reason_of(found, row)
    else:
        [text] = short_reasons([row])
    return KindReason(text) if text else None


def short_reasons(rows: Sequence[ExpenseDocument]) -> list[str]:
    """Return a reason for the kind of each entry without a round trip, "" for those that have none."""
    by_model = [row for row in rows if _is_by(row, KindSource.MODEL) and row["kind"] != Kind.SPENT]
    suggested = suggest_kinds(None, list(map(_as_entry, by_model))) if by_model else []
    found = {row["_id"]: one for row, one in zip(by_model, suggested, strict=True)}
    return [_short_reason(row, found.get(row["_id"])) for row in rows]


def suggestion_reason(found: KindSuggestion) -> str:
    """Return the reason for a suggested kind, "" if there is none to give."""
    if not found.reason:
        return ""
    said = _("like your “%(title)s”") if found.source == KindSource.MEMORY else _("because of “%(title)s”")
    return said % {"title": isolated(found.reason)}


def _is_by(row: ExpenseDocument, source: KindSource) -> bool:
    return not row["reviewed"] and row["kind_source"] == source


def _as_entry(row: ExpenseDocument) -> tuple[str, Direction]:
    return row["title"], direction_of(decimal_of(row["amount"]))


def _short_reason(row: ExpenseDocument, found: KindSuggestion | None) -> str:
    if _is_by(row, KindSource.PAIR):
        return _("because its other half is in another account")
    if _is_by(row, KindSource.FILE):
        return _("because the file says so")
    return _reason_of(found, row)


def _reason_of(found: KindSuggestion | None, row: ExpenseDocument) -> str:
    """Return the reason of a suggestion if the entry is still filed by it."""
    return suggestion_reason(found) if found and found.kind == row["kind"] else ""


def _pair_reason(ledger: Ledger, row: ExpenseDocument) -> KindReason | None:
    halves = Expense.objects.of(ledger).in_trash(False).filter(pair=row["pair"])
    other = halves.exclude(pk=row["_id"]).first() if row["pair"] else None
    if other is None:
        return None
    text = _("because “%(title)s” of %(day)s is the other half")
    if other.account:
        text = _("because “%(title)s” of %(day)s in %(account)s is the other half")
    day = day_text(other.spent_on, get_language() or "en", True)
    values = {"title": isolated(other.display_title), "day": day, "account": isolated(other.account)}
    return KindReason(text % values, reverse("expenses:edit", args=[other.pk]))
