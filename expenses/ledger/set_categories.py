"""Change how stored entries are filed, one or thousands at once, and undo it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from bson import ObjectId
from django.utils import timezone

from classifier import memory_undo
from classifier.categories import Kind, kind_of
from expenses.ledger.filing_decisions import STATE, by_person
from expenses.ledger.pairs import separate
from expenses.ledger.reporting import count_corrections, report_corrections
from expenses.ledger.rows_of_changes import (
    in_chunks,
    is_confirmed,
    is_refused,
    replaced,
    rows_that,
    turn_amounts,
    turns,
)
from expenses.ledger.suggest_again import suggest_again
from expenses.ledger.teaching import lesson_of_row, teach, unteach
from expenses.ledger.touch import touch_months
from expenses.ledger.undoing import undo_change
from expenses.models import CategoryChange, Expense, RuleChange, new_change_batch
from expenses.models.documents import ExpenseDocument, Learned
from expenses.models.entry_filters import entries_of
from expenses.models.ledger import Ledger
from expenses.models.unsure import Match
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_UNDO_DAYS = 7


@dataclass(frozen=True)
class Changed:
    """The number of expenses that a change affected, and the batch that undoes it.

    refused: the titles of those that can't be filed under the category, because it is income and an account paid them.
    before: the first affected expenses as they were, at most a chunk of them.
    """

    count: int
    batch: str
    refused: tuple[str, ...] = ()
    before: Sequence[ExpenseDocument] = ()


def set_categories(
    ledger: Ledger, ids: Iterable[ObjectId], category: str, batch: str = "", *, unreviewed: bool = False
) -> Changed:
    """Set the category that a person chose or confirmed, remember it, and report corrections of FinBrain's suggestions.

    batch: of an earlier change that is undone together with this one. unreviewed: leave alone what a person has already
    filed. Skips expenses of other ledgers, expenses in the trash, and those already confirmed with this category.
    Refuses those that an account paid if the category is income.
    """
    batch = batch or new_change_batch()
    also = {"reviewed": False} if unreviewed else {}
    count, before = 0, list[ExpenseDocument]()
    refused: list[str] = []
    for chunk in in_chunks(list(ids)):
        match = entries_of(ledger.id, _id={"$in": list(chunk)}, **also)
        rows, kept = run_in_transaction(partial(_write_categories, ledger, match, category, batch))
        count_corrections(ledger, rows, category)
        count += len(rows)
        before = before or rows
        refused += kept
    return Changed(count, batch, tuple(refused), before)


def _write_categories(
    ledger: Ledger, match: Match, category: str, batch: str
) -> tuple[list[ExpenseDocument], list[str]]:
    """File the matching expenses not yet confirmed with this category, inside a transaction.

    Return their earlier rows, and the titles of those that can't be filed under it.
    """
    rows = sorted(rows_that(match), key=itemgetter("_id"))  # MongoDB's order depends on the index that it chooses
    refused = [row["title"] for row in rows if is_refused(row, category)]
    before = [row for row in rows if not is_refused(row, category) and not is_confirmed(row, category)]
    if not before:
        return [], refused
    broken = {row["_id"]: row["pair"] for row in before if row["pair"] and kind_of(category) != Kind.MOVED}
    if broken:
        separate(ledger.id, broken.values(), rejected=True)
    changed = {"_id": {"$in": [row["_id"] for row in before]}, LEDGER: ledger.id}
    values = {**by_person(category), "updated_at": timezone.now()}
    collection(Expense).update_many(changed, {"$set": values}, session=current_session())
    turned = {row["_id"] for row in before if turns(row, category)}
    turn_amounts(ledger.id, turned)
    touch_months(ledger.id, [row["spent_on"].date() for row in before])
    states = [
        replaced(row["_id"], (row[name] for name in STATE), paired=row["_id"] in broken, turned=row["_id"] in turned)
        for row in before
    ]
    learned = _learn(ledger, before, category, turned)
    CategoryChange.objects.create(ledger_id=ledger.id, batch=batch, category=category, before=states, learned=learned)
    return before, refused


def _learn(ledger: Ledger, before: Sequence[ExpenseDocument], category: str, turned: set[ObjectId]) -> Learned:
    """Teach the memory the new category, and report corrections. Return what undoing needs to put both back."""
    earlier = memory_undo.snapshot(ledger.id, [row["title"] for row in before])
    reviewed = [lesson_of_row(row) for row in before if row["reviewed"]]
    revisions = [
        unteach(ledger.id, reviewed) if reviewed else 0,
        teach(ledger.id, [lesson_of_row(row | {"category": category}, turned) for row in before]),
    ]
    return {"memory": earlier, "revisions": revisions, "feedback": report_corrections(ledger, before, category)}


def undo_categories(ledger: Ledger, batch: str) -> int:
    """Undo a change of categories and return for how many expenses. Skips expenses that were filed again since then.

    If the memory has learned from another change since then, what waits is suggested again. Expenses that FinBrain
    only suggested again because of a person's answer are restored, too, but not counted. Undoes the latest part first,
    because a part can have changed what an earlier one left.
    """
    parts = CategoryChange.objects.of(ledger).filter(batch=batch).order_by("-pk")
    parts = list(parts.values_list("pk", "category"))
    changed: set[ObjectId] = set()
    answered: set[ObjectId] = set()
    outdated: set[ObjectId] = set()
    own_revisions: list[int] = []
    for part, category in parts:
        undone = run_in_transaction(partial(undo_change, ledger, part, tuple(changed), tuple(own_revisions)))
        own_revisions += undone.revisions
        changed |= undone.ids
        answered |= undone.ids if category else set()
        outdated |= undone.outdated
    if outdated:
        latest = CategoryChange.objects.of(ledger).order_by("-pk").values_list("batch", flat=True).first()
        for chunk in in_chunks(sorted(outdated)):
            suggest_again(ledger, chunk, latest or new_change_batch())
    return len(answered if any(category for _, category in parts) else changed)


class FiledTogether(NamedTuple):
    """What a person filed in a change. turned: whether the amount of the first one changed its sign."""

    ids: list[ObjectId]
    category: str
    turned: bool


def filed_in(ledger: Ledger, batch: str) -> FiledTogether | None:
    """Return what a person filed in a change, None if there is no such change."""
    parts = list(CategoryChange.objects.of(ledger).filter(batch=batch).exclude(category="").order_by("pk"))
    rows = [row for part in parts for row in part.before]
    if not rows:
        return None
    return FiledTogether([ObjectId(row[0]) for row in rows], parts[0].category, rows[0][-1] is True)


def forget_changes(now: datetime) -> int:
    """Delete changes older than _UNDO_DAYS, of all ledgers, and return how many. They can't be undone any longer."""
    old = {"_id": {"$lt": ObjectId.from_datetime(now - timedelta(days=_UNDO_DAYS))}}
    return sum(collection(model).delete_many(old).deleted_count for model in (CategoryChange, RuleChange))
