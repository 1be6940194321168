"""Change how stored entries are filed, one or thousands at once, and undo it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne

from classifier import feedback
from classifier.categories import CATEGORIES, Kind, kind_of
from expenses.ledger.filed import STATE, StoredState, by_person, category_by_person
from expenses.ledger.pairs import reunite, separate
from expenses.ledger.suggestion_counts import CORRECTIONS
from expenses.ledger.teaching import lesson_of_row, teach, unteach
from expenses.ledger.touch import touch_months
from expenses.models import CategoryChange, CategorySource, Expense, KindSource, new_change_batch
from expenses.models.kinds import stored_kind
from expenses.models.ledger import Ledger
from expenses.models.matches import entries_of
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_UNDO_DAYS = 7
# Expenses per transaction, few enough to keep transactions short on a busy machine.
_CHUNK = 250
_COLUMNS = ("title", "spent_on", "amount", "import_batch", "pair", *STATE)
_read = stored.reader(Expense, _COLUMNS)


@dataclass(frozen=True)
class Changed:
    """The number of expenses that a change affected, and the batch that undoes it.

    refused: the titles of those that can't be filed under the category, because it is income and an account paid them.
    """

    count: int
    batch: str
    refused: tuple[str, ...] = ()


def set_categories(ledger: Ledger, ids: Iterable[ObjectId], category: str) -> Changed:
    """Set the category that a person chose or confirmed, remember it, and report corrections of FinBrain's suggestions.

    Skips expenses of other ledgers, expenses in the trash, and those already confirmed with this category. Refuses
    those that an account paid if the category is income.
    """
    batch = new_change_batch()
    count = 0
    refused: list[str] = []
    for chunk in in_chunks(list(ids)):
        before, kept = run_in_transaction(partial(_write_categories, ledger.id, chunk, category, batch))
        count += len(before)
        refused += kept
        own = [row for row in before if row["category_source"] == CategorySource.PERSON]
        feedback.revise(ledger.id, [(row["title"], ledger.categories.base_of(category)) for row in own])
        for row in before:
            if row["category_source"] != CategorySource.PERSON:
                filed = row["category"], row["confidence"], row["model_version"]
                send_feedback(ledger, row["title"], category, *filed)
    return Changed(count, batch, tuple(refused))


def in_chunks(ids: Sequence[ObjectId]) -> Iterator[Sequence[ObjectId]]:
    """Split ids into parts small enough for one transaction each."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _write_categories(
    ledger_id: ObjectId, ids: Sequence[ObjectId], category: str, batch: str
) -> tuple[list[StoredState], list[str]]:
    """File expenses not yet confirmed with this category, inside a transaction.

    Return their earlier rows, and the titles of those that can't be filed under it.
    """
    expenses = collection(Expense)
    match = entries_of(ledger_id, _id={"$in": list(ids)})
    found = expenses.find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())
    rows = list(map(_read, found))
    refused = [row["title"] for row in rows if _is_refused(row, category)]
    before = [row for row in rows if not _is_refused(row, category) and not _is_confirmed(row, category)]
    if not before:
        return [], refused
    if broken := [row["pair"] for row in before if row["pair"] and kind_of(category) != Kind.MOVED]:
        separate(ledger_id, broken, rejected=True)
    changed = {"_id": {"$in": [row["_id"] for row in before]}, LEDGER: ledger_id}
    values = by_person(category) | {"updated_at": timezone.now()}
    expenses.update_many(changed, {"$set": values}, session=current_session())
    turned = {row["_id"] for row in before if _turns(row, category)}
    _turn_amounts(ledger_id, turned)
    states = [[str(row["_id"]), *(row[name] for name in STATE), row["_id"] in turned] for row in before]
    CategoryChange.objects.create(ledger_id=ledger_id, batch=batch, category=category, before=states)
    touch_months(ledger_id, [row["spent_on"].date() for row in before])
    unteach(ledger_id, [lesson_of_row(row) for row in before if row["reviewed"]])
    teach(ledger_id, [lesson_of_row(row | {"category": category}, turned) for row in before])
    return before, refused


def _is_refused(row: StoredState, category: str) -> bool:
    """Whether the category is income, but the money left an account, as a statement says."""
    return bool(kind_of(category) == Kind.RECEIVED and row["amount"].to_decimal() > 0 and row["import_batch"])


def _is_confirmed(row: StoredState, category: str) -> bool:
    return row["reviewed"] and row["category"] == category


def _turns(row: StoredState, category: str) -> bool:
    """Whether the stored amount changes its sign, so that a typed amount is shown as it was typed: a salary of 9000."""
    if row["import_batch"]:
        return False
    kind, left = kind_of(category), row["amount"].to_decimal() > 0
    return left if kind == Kind.RECEIVED else not left and kind == Kind.SPENT and stored_kind(row) == Kind.RECEIVED


def _turn_amounts(ledger_id: ObjectId, ids: Iterable[ObjectId]) -> None:
    """Change the sign of the amounts."""
    if chosen := list(ids):
        turned = {name: {"$multiply": [f"${name}", -1]} for name in ("amount", "order_value")}
        match = {"_id": {"$in": chosen}, LEDGER: ledger_id}
        collection(Expense).update_many(match, [{"$set": turned}], session=current_session())


def undo_categories(ledger: Ledger, batch: str) -> int:
    """Undo a change of categories and return for how many expenses. Skips expenses that were filed again since then."""
    parts = CategoryChange.objects.filter(ledger_id=ledger.id, batch=batch).values_list("pk", flat=True)
    count = 0
    for part in list(parts):
        filed = run_in_transaction(partial(_write_back, ledger.id, part))
        feedback.revise(ledger.id, [(title, ledger.categories.base_of(category)) for title, category in filed])
        count += len(filed)
    return count


def _write_back(ledger_id: ObjectId, change_id: ObjectId) -> list[tuple[str, str]]:
    """Restore the states that a stored change replaced, and delete the change. Call it inside a transaction.

    Returns the title and category of each restored expense.
    """
    change = CategoryChange.objects.filter(ledger_id=ledger_id, pk=change_id).first()
    if change is None:
        return []
    states = {ObjectId(row[0]): dict(zip(STATE, row[1:], strict=False)) for row in change.before}
    turned = {ObjectId(row[0]) for row in change.before if row[-1] is True}
    match = entries_of(ledger_id, _id={"$in": list(states)})
    expenses = collection(Expense)
    chosen = match | category_by_person(change.category)
    rows = list(map(_read, expenses.find(chosen, dict.fromkeys(_COLUMNS, 1), session=current_session())))
    if rows:
        now = {"updated_at": timezone.now()}
        updates = [
            UpdateOne({"_id": row["_id"], LEDGER: ledger_id}, {"$set": states[row["_id"]] | now}) for row in rows
        ]
        expenses.bulk_write(updates, ordered=False, session=current_session())
        _turn_amounts(ledger_id, turned.intersection(row["_id"] for row in rows))
        touch_months(ledger_id, [row["spent_on"].date() for row in rows])
        reunite(ledger_id, [row["_id"] for row in rows if states[row["_id"]].get("kind_source") == KindSource.PAIR])
        unteach(ledger_id, [lesson_of_row(row | {"category": change.category}) for row in rows])
        confirmed = [row | states[row["_id"]] for row in rows if states[row["_id"]]["reviewed"]]
        teach(ledger_id, [lesson_of_row(row, turned) for row in confirmed])
    change.delete()
    return [(row["title"], states[row["_id"]]["category"]) for row in rows]


def send_feedback(
    ledger: Ledger, title: str, chosen: str, suggested: str, confidence: float | None, model_version: int | None
) -> None:
    """Report a correction to the reviewer, of base categories alone: own ones never leave the ledger.

    Does nothing if the suggestion was right, if the ledger is a demo, or if one of the two isn't about spending.
    """
    chosen, suggested = map(ledger.categories.base_of, (chosen, suggested))
    if chosen == suggested or ledger.is_demo or not {chosen, suggested} <= CATEGORIES.keys():
        return
    CORRECTIONS.inc()
    feedback.record_correction(
        ledger_id=ledger.id,
        text=title,
        suggested=suggested,
        confidence=confidence or 0.0,
        chosen=chosen,
        model_version=model_version,
        share=ledger.shares_corrections,
    )


def forget_changes(now: datetime) -> int:
    """Delete changes older than _UNDO_DAYS, of all ledgers, and return how many. They can't be undone any longer."""
    oldest = ObjectId.from_datetime(now - timedelta(days=_UNDO_DAYS))
    return collection(CategoryChange).delete_many({"_id": {"$lt": oldest}}).deleted_count
