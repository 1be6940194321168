"""Report corrections of suggestions to the reviewer, by base category: own categories never leave the ledger."""

from collections.abc import Sequence

from classifier import feedback
from classifier.categories import CATEGORIES
from classifier.documents import PendingCorrection
from classifier.feedback import Correction
from expenses.ledger.suggestion_metrics import CORRECTIONS
from expenses.models import CategorySource
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger

_NO_SUGGESTION = (CategorySource.PERSON, CategorySource.RULE)


def send_feedback(
    ledger: Ledger, title: str, chosen: str, suggested: str, confidence: float | None, model_version: int | None
) -> None:
    """Report and count a correction. Does nothing if the suggestion was right, or if one of the two isn't spending."""
    found = _told(ledger, [Correction(title, suggested, confidence or 0.0, chosen, model_version)])
    CORRECTIONS.inc(len(found))
    feedback.record_corrections(ledger.id, found, share=ledger.shares_corrections)


def report_corrections(
    ledger: Ledger, before: Sequence[ExpenseDocument], category: str
) -> list[PendingCorrection] | None:
    """Report what a person corrects by filing expenses under `category`, and revise what they reported earlier.

    before: the expenses as they were. Call it in the transaction that files them. Returns the pending corrections of
    their titles, which undoing puts back, None if there is nothing to report or to revise.
    """
    base = ledger.categories.base_of(category)
    own = [(row["title"], base) for row in before if row["category_source"] == CategorySource.PERSON]
    if not own and (ledger.is_demo or not ledger.shares_corrections):
        return None
    pending = feedback.snapshot_corrections(ledger.id, [row["title"] for row in before])
    feedback.revise_pending(ledger.id, own, pending)
    found = _corrections_of(ledger, before, category)
    feedback.record_corrections(ledger.id, found, share=ledger.shares_corrections)
    return pending


def count_corrections(ledger: Ledger, before: Sequence[ExpenseDocument], category: str) -> None:
    """Count what `report_corrections` reports, once its transaction is committed."""
    CORRECTIONS.inc(len(_corrections_of(ledger, before, category)))


def _corrections_of(ledger: Ledger, before: Sequence[ExpenseDocument], category: str) -> list[Correction]:
    suggested = [row for row in before if row["category_source"] not in _NO_SUGGESTION]
    return _told(
        ledger,
        [
            Correction(row["title"], row["category"], row["confidence"] or 0.0, category, row["model_version"])
            for row in suggested
        ],
    )


def _told(ledger: Ledger, corrections: Sequence[Correction]) -> list[Correction]:
    """Return the corrections of a base category to another one, in base categories. A demo has none."""
    base_of = ledger.categories.base_of
    in_base = [each._replace(chosen=base_of(each.chosen), suggested=base_of(each.suggested)) for each in corrections]
    return [
        each
        for each in in_base
        if each.chosen != each.suggested and {each.chosen, each.suggested} <= CATEGORIES.keys() and not ledger.is_demo
    ]
