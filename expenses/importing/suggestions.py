"""Categories for the entries of a file."""

from collections.abc import Sequence
from dataclasses import replace

from bson import ObjectId

from classifier.suggest import MODEL, Suggestion, suggest_many
from expenses.ledger.filed import file_by_person, file_by_suggestion
from expenses.models import Expense
from expenses.statements.statement import Entry


def suggest_for_entries(ledger_id: ObjectId, entries: Sequence[Entry]) -> list[Suggestion | None]:
    """Suggest a category for each entry. A category named in the file wins, with the confidence FinBrain gives it."""
    own = suggest_many([entry.title for entry in entries], ledger_id)
    return [
        _suggest_named(entry, found) if entry.category else found for entry, found in zip(entries, own, strict=True)
    ]


def _suggest_named(entry: Entry, found: Suggestion | None) -> Suggestion:
    if found is None:
        return Suggestion(entry.category, 0.0, MODEL, None, ())
    if found.category == entry.category:
        return found
    return replace(found, category=entry.category, confidence=dict(found.candidates)[entry.category], source=MODEL)


def file_entry(expense: Expense, entry: Entry, suggestion: Suggestion | None) -> None:
    """Set the expense's category, without saving. A category that a person has confirmed needs no review."""
    if entry.category and entry.reviewed:
        file_by_person(expense, entry.category)
    else:
        file_by_suggestion(expense, suggestion)
