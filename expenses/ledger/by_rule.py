"""File stored entries by a rule, in parts like every change of many, and undo it."""

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from functools import partial

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne

from classifier.categories import Kind
from classifier.suggest import Suggestion, suggest_many
from expenses.ledger.entries import lesson_of
from expenses.ledger.filing_decisions import STATE, file_by_rule, is_by_rule
from expenses.ledger.pairs import reunite, separate
from expenses.ledger.rows_of_changes import in_chunks, replaced, turn_amounts, was_paired
from expenses.ledger.set_categories import Changed
from expenses.ledger.teaching import teach, unteach
from expenses.ledger.touch import touch_months
from expenses.models import Expense, KindSource, RuleChange, new_change_batch, search_words, title_key
from expenses.models.ledger import Ledger
from expenses.models.rules import Rule
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

# What a rule replaces: how an entry is filed, and how it is shown.
_SHOWN = ("rule", "shown_title", "one_off")
_REPLACED = (*STATE, *_SHOWN)


def file_stored_by_rule(ledger: Ledger, rule: Rule, ids: Iterable[ObjectId], *, by_hand: bool = False) -> Changed:
    """File entries by a rule that they meet. Skips those of other ledgers, in the trash, and filed by hand.

    by_hand: whether to file those that a person filed by hand, too. The memory then forgets what they taught.
    """
    batch, count = new_change_batch(), 0
    for chunk in in_chunks(list(ids)):
        suggestions = _suggestions(ledger, rule, chunk)
        count += run_in_transaction(partial(_file_chunk, ledger, rule, chunk, suggestions, batch, by_hand))
    return Changed(count, batch)


def _suggestions(ledger: Ledger, rule: Rule, ids: Sequence[ObjectId]) -> dict[ObjectId, Suggestion | None]:
    """Return the suggested categories of entries, if the rule decides the kind alone."""
    if rule.files_under or not rule.kind:
        return {}
    rows = list(Expense.objects.of(ledger).filter(pk__in=ids).values_list("pk", "title"))
    found = suggest_many([title for _, title in rows], ledger.id)
    return {key: one for (key, _), one in zip(rows, found, strict=True)}


def _file_chunk(
    ledger: Ledger,
    rule: Rule,
    ids: Sequence[ObjectId],
    suggestions: dict[ObjectId, Suggestion | None],
    batch: str,
    by_hand: bool,
) -> int:
    """File some entries inside a transaction, and return how many."""
    found = Expense.objects.of(ledger).in_trash(False).filter(pk__in=ids)
    filed = [(old, _filed(old, rule, suggestions.get(old.pk))) for old in found if by_hand or not old.reviewed]
    if not filed:
        return 0
    broken = {old.pk: old.pair for old, new in filed if old.pair and is_by_rule(vars(new)) and new.kind != Kind.MOVED}
    if broken:
        separate(ledger.id, broken.values(), rejected=True)
    turned = {old.pk for old, new in filed if old.amount != new.amount}
    _write(ledger.id, [new for _, new in filed], turned)
    before = [
        replaced(old.pk, (getattr(old, name) for name in _REPLACED), paired=old.pk in broken, turned=old.pk in turned)
        for old, _ in filed
    ]
    files = bool(rule.files_under or rule.kind)
    RuleChange.objects.create(ledger_id=ledger.id, batch=batch, rule=rule.id, files=files, before=before)
    unteach(ledger.id, [lesson_of(old) for old, new in filed if old.reviewed and not new.reviewed])
    return len(filed)


def _filed(expense: Expense, rule: Rule, suggestion: Suggestion | None) -> Expense:
    """Return an entry as the rule files it. A rule that decides neither category nor kind leaves both as they are."""
    filed = copy(expense)
    if rule.files_under or rule.kind:
        file_by_rule(filed, rule, suggestion)
    else:
        filed.rule, filed.shown_title, filed.one_off = rule.id, rule.title, expense.one_off or rule.one_off
    return filed


def _write(ledger_id: ObjectId, expenses: Sequence[Expense], turned: Collection[ObjectId]) -> None:
    """Store how the entries are filed and shown, and turn the amounts of some."""
    now = timezone.now()
    updates = [
        UpdateOne(
            {"_id": expense.pk, LEDGER: ledger_id},
            {
                "$set": {name: getattr(expense, name) for name in _REPLACED}
                | {"title_key": title_key(expense.display_title), "updated_at": now}
                | {"search_words": search_words(f"{expense.shown_title} {expense.title}", expense.note)}
            },
        )
        for expense in expenses
    ]
    collection(Expense).bulk_write(updates, ordered=False, session=current_session())
    turn_amounts(ledger_id, turned)
    touch_months(ledger_id, [expense.spent_on for expense in expenses])


def undo_rule(ledger: Ledger, batch: str) -> int:
    """Undo a filing by a rule and return for how many entries. Skips those that were filed again since then."""
    parts = RuleChange.objects.of(ledger).filter(batch=batch).values_list("pk", flat=True)
    return sum(run_in_transaction(partial(_write_back, ledger, part)) for part in list(parts))


def _write_back(ledger: Ledger, change_id: ObjectId) -> int:
    """Restore what a stored change replaced, and delete the change. Call it inside a transaction."""
    change = RuleChange.objects.of(ledger).filter(pk=change_id).first()
    if change is None:
        return 0
    before = {ObjectId(row[0]): row for row in change.before}
    found = Expense.objects.of(ledger).in_trash(False).filter(pk__in=list(before), rule=change.rule)
    expenses = [expense for expense in found if not change.files or is_by_rule(vars(expense))]
    change.delete()
    if not expenses:
        return 0
    turned = {expense.pk for expense in expenses if before[expense.pk][-1]}
    for expense in expenses:
        values = dict(zip(_REPLACED, before[expense.pk][1:], strict=False))
        for name in _REPLACED if change.files else _SHOWN:
            setattr(expense, name, values[name])
        if expense.pk in turned:
            expense.amount = -expense.amount
    _write(ledger.id, expenses, turned)
    separated = {key for key, row in before.items() if was_paired(row, _REPLACED)}
    reunite(ledger.id, [each.pk for each in expenses if each.kind_source == KindSource.PAIR or each.pk in separated])
    if change.files:
        teach(ledger.id, [lesson_of(expense) for expense in expenses if expense.reviewed])
    return len(expenses)
