"""How an entry is filed, by a person or by suggestion. Nothing here is saved.

A category belongs to a kind, so an entry under Salary is received, and one under Cash withdrawal moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from classifier.categories import CASH, FALLBACKS, Kind, category_of_kind, kind_of
from classifier.suggest import Suggestion
from classifier.suggest_kinds import KindSuggestion
from expenses.models import CategorySource, Expense, KindSource
from expenses.models.documents import StoredCategory, StoredState
from expenses.models.rules import BY_RULE, Rule

_ALTERNATIVES = 2
# The columns that say how an entry is filed. Changes that an earlier release stored end before the kind.
STATE = (
    *("category", "category_source", "confidence", "model_version", "reviewed", "alternatives"),
    *("kind", "kind_source", "kind_confidence"),
)


@dataclass(frozen=True)
class KindDecision:
    """The kind of an entry, decided by anything but a person who chose a category.

    confidence: 0 to 1 if it is an estimate, else None. category: of that kind; "" for the kind's fallback, and for
    spending, whose category is suggested on its own.
    """

    kind: Kind
    source: KindSource
    confidence: float | None = None
    category: str = ""


def kind_decision_of(expense: Expense) -> KindDecision | None:
    """Return the decision that an expense was filed by. None if nothing did, or this release can't tell."""
    if expense.kind not in Kind or expense.kind_source not in KindSource:
        return None
    decided = Kind(expense.kind), KindSource(expense.kind_source)
    return KindDecision(*decided, expense.kind_confidence, expense.category)


def decision_of(found: KindSuggestion | None) -> KindDecision | None:
    """Return a suggested kind as a decision."""
    if found is None:
        return None
    category = CASH if found.is_cash else found.category
    return KindDecision(Kind(found.kind), KindSource(found.source), found.confidence, category)


def file_by_person(expense: Expense, category: str) -> None:
    """Set the category that a person chose. Doesn't save the expense."""
    for name, value in by_person(category).items():
        setattr(expense, name, value)


def by_person(category: str) -> StoredState:
    """Return the values of STATE for a category that a person chose."""
    return {
        **category_by_person(category),
        "kind": kind_of(category).value,
        "kind_source": KindSource.PERSON.value,
        "kind_confidence": None,
    }


def category_by_person(category: str) -> StoredCategory:
    return {
        "category": category,
        "category_source": CategorySource.PERSON.value,
        "confidence": None,
        "model_version": None,
        "reviewed": True,
        "alternatives": "",
    }


def is_by_rule(row: Mapping[str, Any]) -> bool:
    """Whether a rule decided the category or the kind of an entry with these values of STATE."""
    return BY_RULE in (row["category_source"], row["kind_source"])


def _by_rule(category: str) -> StoredState:
    """Return the values of STATE for a category that a rule decided. It is certain, but not reviewed."""
    return {
        "category": category,
        "category_source": CategorySource.RULE.value,
        "confidence": 1.0,
        "model_version": None,
        "reviewed": False,
        "alternatives": "",
        "kind": kind_of(category).value,
        "kind_source": KindSource.RULE.value,
        "kind_confidence": None,
    }


def file_by_rule(expense: Expense, rule: Rule, suggestion: Suggestion | None, kind: KindDecision | None = None) -> None:
    """Set what a rule decides, and the rest as suggested. Doesn't save the expense."""
    was = expense.kind
    if category := rule.files_under:
        for name, value in _by_rule(category).items():
            setattr(expense, name, value)
    else:
        file_by_suggestion(expense, suggestion, KindDecision(Kind(rule.kind), KindSource.RULE) if rule.kind else kind)
    expense.rule, expense.shown_title = rule.id, rule.title
    expense.one_off = expense.one_off or rule.one_off
    turn_amount(expense, was)


def can_be(kind: str, amount: Decimal, was: str, *, imported: bool) -> bool:
    """Whether an entry of the kind `was`, with the stored amount, can be of the kind.

    What a statement's account paid can't become income. Income that was paid back stays income.
    """
    return not (imported and amount > 0 and kind == Kind.RECEIVED != was)


def changes_sign(amount: Decimal, was: str, kind: str, *, imported: bool) -> bool:
    """Whether the stored amount of an entry changes its sign when its kind changes.

    A typed amount does if it becomes income, or is no longer, so that it is shown as it was typed: a salary of 9000.
    """
    if imported:
        return False
    if kind == Kind.RECEIVED:
        return was != Kind.RECEIVED and amount > 0
    return was == Kind.RECEIVED and kind == Kind.SPENT and amount < 0


def turn_amount(expense: Expense, was: str) -> None:
    """Change the sign of the amount if `changes_sign` says so. was: the kind before. Doesn't save the expense."""
    if changes_sign(expense.amount, was, expense.kind, imported=expense.import_batch is not None):
        expense.amount = -expense.amount
        expense.order_value = None if expense.order_value is None else -expense.order_value


def by_pair(row: StoredState, confidence: float) -> StoredState:
    """Return the values of STATE for one half of a pair, which a person and a rule overrule.

    row: the entry as it was filed. The first alternative is its category if it was spent. confidence: 0 to 1.
    """
    if row["reviewed"] or is_by_rule(row):
        return cast(StoredState, {name: row[name] for name in STATE})
    spent = category_of_kind(Kind.SPENT, [row["category"], *row["alternatives"].split(",")])
    return {
        "category": FALLBACKS[Kind.MOVED],
        "category_source": CategorySource.MODEL.value,
        "confidence": confidence,
        "model_version": row["model_version"],
        "reviewed": False,
        "alternatives": f"{spent},{FALLBACKS[Kind.RECEIVED]}",
        "kind": Kind.MOVED.value,
        "kind_source": KindSource.PAIR.value,
        "kind_confidence": confidence,
    }


def file_by_suggestion(expense: Expense, suggestion: Suggestion | None, kind: KindDecision | None = None) -> None:
    """Set the suggested category and the decided kind. Doesn't save the expense.

    Without a suggestion the expense is unsure, under Other. Without a decision it counts as spent. The confidence is
    that of the less certain of the two, so an uncertain kind is asked about like an uncertain category.
    """
    expense.kind = kind.kind if kind else Kind.SPENT
    expense.kind_source = kind.source if kind else ""
    expense.kind_confidence = kind.confidence if kind else None
    expense.reviewed = False
    if kind and kind.kind != Kind.SPENT:
        _file_by_kind(expense, suggestion, kind)
        return
    expense.category = suggestion.category if suggestion else FALLBACKS[Kind.SPENT]
    expense.category_source = suggestion.source if suggestion else CategorySource.MODEL
    expense.confidence = suggestion.confidence if suggestion else 0.0
    expense.model_version = suggestion.model_version if suggestion else None
    expense.alternatives = ",".join(next_candidates(suggestion)) if suggestion else ""
    if kind and kind.confidence is not None:
        expense.confidence = min(expense.confidence, kind.confidence)


def _file_by_kind(expense: Expense, suggestion: Suggestion | None, kind: KindDecision) -> None:
    """File an entry that was moved or received. The first alternative is the category if it was spent."""
    expense.category = kind.category or FALLBACKS[kind.kind]
    expense.category_source = CategorySource.MEMORY if kind.source == KindSource.MEMORY else CategorySource.MODEL
    expense.confidence = kind.confidence
    expense.model_version = suggestion.model_version if suggestion else None
    other = Kind.RECEIVED if kind.kind == Kind.MOVED else Kind.MOVED
    spent = suggestion.category if suggestion else FALLBACKS[Kind.SPENT]
    expense.alternatives = f"{spent},{FALLBACKS[other]}"


def next_candidates(suggestion: Suggestion) -> list[str]:
    """Return the slugs of the most likely categories after the suggested one."""
    return [slug for slug, _ in suggestion.candidates if slug != suggestion.category][:_ALTERNATIVES]
