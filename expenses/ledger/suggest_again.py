"""Let FinBrain file stored expenses again: after its memory changed, or once the first model is there.

After its memory changed, they wait for review, and it can be undone.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne

from classifier.learned import forget_text
from classifier.suggest import MEMORY, Suggestion
from classifier.suggest_kinds import KindSuggestion, suggest_kinds_and_categories
from expenses.ledger.decided import decided_by
from expenses.ledger.entries import sure_kind
from expenses.ledger.filing_decisions import STATE, KindDecision, decision_of, file_by_suggestion, kind_decision_of
from expenses.ledger.rows_of_changes import in_chunks
from expenses.ledger.teaching import direction_of
from expenses.ledger.touch import touch_months
from expenses.models import CategoryChange, CategorySource, Expense, KindSource, new_change_batch
from expenses.models.documents import Learned
from expenses.models.ledger import Ledger
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

# Whatever the memory says now, the person has not agreed: these expenses stay this far below the threshold.
_STILL_ASKED = 0.01
_BY_FINBRAIN = (CategorySource.MEMORY, CategorySource.MODEL)
_State = list[object]


def suggest_again(ledger: Ledger, ids: Sequence[ObjectId], batch: str) -> None:
    """Suggest expenses that wait again where the ledger's memory now decides, as a part of the change `batch`."""
    changes = []
    for expense, kind, suggestion in _suggestions(ledger, ids):
        before = _state_of(expense)
        if not any(found is not None and found.source == MEMORY for found in (kind, suggestion)):
            continue
        _file(ledger, expense, kind, suggestion)
        if _state_of(expense) != before:
            changes.append((expense, before))
    if changes:
        run_in_transaction(partial(_write, ledger.id, changes, batch, None))


def file_waiting(ledger: Ledger) -> int:
    """File the expenses that wait because there was no model when they were entered. Returns how many that were.

    Those that a person has filed or changed in the meantime are left alone.
    """
    unfiled = Expense.objects.of(ledger).waiting_for_review(ledger.threshold).filter(model_version=None)
    ids = list(unfiled.values_list("pk", flat=True))
    count = 0
    for chunk in in_chunks(ids):
        changed = []
        for expense, kind, suggestion in _suggestions(ledger, chunk):
            file_by_suggestion(expense, suggestion, _kind_again(expense, kind, ledger.threshold))
            if expense.model_version is not None:
                changed.append(expense)
        if changed:
            run_in_transaction(partial(_store, ledger.id, changed))
        count += len(changed)
    return count


def unlearn_title(ledger: Ledger, text: str, title: str) -> tuple[int, str]:
    """Forget a normalised text, so that the expenses it filed wait for review again.

    title: a spelling of it. Returns how many expenses there are, and the batch that undoes it, "" if nothing is known.
    """
    batch = new_change_batch()
    filed = decided_by(ledger.id, {text: title})[text].filed

    def write() -> bool:
        earlier, revision = forget_text(ledger.id, text)
        if revision:
            _write(ledger.id, [], batch, {"memory": earlier, "revisions": [revision], "feedback": []})
        return bool(revision)

    if not run_in_transaction(write):
        return 0, ""
    changes = []
    for expense, kind, suggestion in _suggestions(ledger, filed):
        before = _state_of(expense)
        _file(ledger, expense, kind, suggestion)
        changes.append((expense, before))
    if changes:
        run_in_transaction(partial(_write, ledger.id, changes, batch, None))
    return len(changes), batch


def _suggestions(
    ledger: Ledger, ids: Sequence[ObjectId]
) -> list[tuple[Expense, KindSuggestion | None, Suggestion | None]]:
    """Return the expenses that FinBrain filed, with what it would suggest now."""
    found = Expense.objects.of(ledger).in_trash(False).filter(pk__in=ids, reviewed=False, pair=None)
    expenses = list(found.filter(category_source__in=_BY_FINBRAIN)) if ids else []
    entries = [(expense.title, direction_of(expense.amount)) for expense in expenses]
    suggested = suggest_kinds_and_categories(ledger.id, entries) if entries else []
    return [(expense, *both) for expense, both in zip(expenses, suggested, strict=True)]


def _file(ledger: Ledger, expense: Expense, kind: KindSuggestion | None, suggestion: Suggestion | None) -> None:
    """File an expense by what is suggested now, but not above the threshold. Doesn't save it."""
    file_by_suggestion(expense, suggestion, _kind_again(expense, kind, ledger.threshold))
    expense.confidence = min(expense.confidence or 0.0, ledger.threshold - _STILL_ASKED)


def _kind_again(expense: Expense, found: KindSuggestion | None, threshold: float) -> KindDecision | None:
    """Return the kind to suggest again, unless something better than FinBrain decided it."""
    if expense.kind_source not in ("", KindSource.MEMORY, KindSource.MODEL):
        return kind_decision_of(expense)
    return decision_of(found) if expense.import_batch else sure_kind(found, threshold)


def _state_of(expense: Expense) -> _State:
    return [getattr(expense, name) for name in STATE]


def _write(ledger_id: ObjectId, changes: Sequence[tuple[Expense, _State]], batch: str, learned: Learned | None) -> None:
    """Store expenses that FinBrain filed again, with what undoing needs. Call it inside a transaction."""
    now = _store(ledger_id, [expense for expense, _ in changes])
    states = [[str(expense.pk), *before, False] for expense, before in changes]
    values = {"category": "", "before": states, "learned": learned, "created_at": now}
    CategoryChange.objects.create(ledger_id=ledger_id, batch=batch, **values)


def _store(ledger_id: ObjectId, expenses: Sequence[Expense]) -> datetime:
    """Store expenses that FinBrain filed again, inside a transaction. Returns when.

    Leaves expenses alone that a person filed or changed in the meantime.
    """
    now = timezone.now().replace(microsecond=0)  # undoing compares it with what MongoDB stored
    updates = [
        UpdateOne(
            {"_id": expense.pk, LEDGER: ledger_id, "reviewed": False, "updated_at": expense.updated_at},
            {"$set": dict(zip(STATE, _state_of(expense), strict=True)) | {"updated_at": now}},
        )
        for expense in expenses
    ]
    if updates:
        collection(Expense).bulk_write(updates, ordered=False, session=current_session())
    touch_months(ledger_id, [expense.spent_on for expense in expenses])
    return now
