"""Categories and kinds for the entries of a file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bson import ObjectId

from classifier.categories import CATEGORIES, Kind, base_slug
from classifier.suggest import MODEL, Suggestion
from classifier.suggest_kinds import KindSuggestion, suggest_kinds_and_categories
from expenses.ledger.filing_decisions import KindDecision, decision_of, file_by_person, file_by_rule, file_by_suggestion
from expenses.ledger.teaching import direction_of
from expenses.models import Expense, KindSource
from expenses.models.ledger import Ledger
from expenses.models.rules import Rule
from expenses.rules.matching import EntryFacts, first_rule
from expenses.statements.statement import Entry


@dataclass(frozen=True)
class Filing:
    """How FinBrain would file an entry: its kind, the category if it was spent, and its rule. None if it has none."""

    kind: KindDecision | None
    suggestion: Suggestion | None
    rule: Rule | None = None


def suggest_for_entries(ledger: Ledger, entries: Sequence[Entry]) -> list[Filing]:
    """Suggest kind and category of each entry. What the file says wins, and a rule wins over the file."""
    found = suggest_without_rules(ledger.id, entries)
    if not ledger.rules:
        return found
    return [
        replace(filing, rule=first_rule(ledger.rules, _facts_of(entry)))
        for entry, filing in zip(entries, found, strict=True)
    ]


def _facts_of(entry: Entry) -> EntryFacts:
    return EntryFacts(entry.title, entry.amount, entry.currency, entry.account, imported=True)


def suggest_without_rules(ledger_id: ObjectId, entries: Sequence[Entry]) -> list[Filing]:
    """Suggest kind and category of each entry. One named in the file has the confidence that FinBrain gives it."""
    texts = [(entry.title, direction_of(entry.amount)) for entry in entries]
    different = [*dict.fromkeys(texts)]
    found = dict(zip(different, suggest_kinds_and_categories(ledger_id, different), strict=True))
    return [
        Filing(_kind(entry, kind), _suggest_named(entry, own) if base_slug(entry.category) in CATEGORIES else own)
        for entry, (kind, own) in zip(entries, map(found.__getitem__, texts), strict=True)
    ]


def _kind(entry: Entry, found: KindSuggestion | None) -> KindDecision | None:
    """The kind that the file says, or else the suggested one."""
    suggested = decision_of(found)
    if not entry.kind:
        return suggested
    category = entry.category if entry.kind != Kind.SPENT else ""
    if not category and suggested and suggested.kind == entry.kind:
        category = suggested.category
    return KindDecision(Kind(entry.kind), KindSource.FILE, category=category)


def _suggest_named(entry: Entry, found: Suggestion | None) -> Suggestion:
    if found is None:
        return Suggestion(entry.category, 0.0, MODEL, None, ())
    if found.category == entry.category:
        return found
    return replace(found, category=entry.category, confidence=_confidence(entry.category, found), source=MODEL)


def _confidence(category: str, found: Suggestion) -> float:
    """How sure FinBrain is of a category: of an own one that it has not learned, as sure as of its base category."""
    candidates = dict(found.candidates)
    return candidates.get(category, candidates.get(base_slug(category), 0.0))


def file_entry(expense: Expense, entry: Entry, filing: Filing) -> None:
    """Set how the expense is filed, without saving. A category that a person has confirmed needs no review."""
    if entry.category and entry.reviewed:
        file_by_person(expense, entry.category)
    elif filing.rule:
        file_by_rule(expense, filing.rule, filing.suggestion, filing.kind)
    else:
        file_by_suggestion(expense, filing.suggestion, filing.kind)
