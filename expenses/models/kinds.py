"""The only definition of what counts as spent, moved and received: for a query, an aggregation and one entry.

A ledger may count cash when it is withdrawn (`cash_withdrawn`): then a withdrawal counts as spent under Other. What is
stored never changes. Entries without a stored kind, which an earlier release wrote, count as spent.
"""

from collections.abc import Collection, Iterable
from typing import Any

from classifier.categories import CASH, FALLBACKS, Kind
from expenses.models.documents import READ_AMOUNT
from expenses.models.unsure import Match

_NOT_SPENT = [Kind.MOVED.value, Kind.RECEIVED.value]
_WITHDRAWAL: Match = {"kind": Kind.MOVED.value, "category": CASH}


def of_kinds(kinds: Collection[Kind], *, cash_withdrawn: bool) -> Match:
    """Match the entries that count as one of the kinds."""
    branches: list[Match] = []
    if Kind.SPENT in kinds:
        branches += [{"kind": {"$nin": _NOT_SPENT}}, *([_WITHDRAWAL] if cash_withdrawn else [])]
    if Kind.MOVED in kinds:
        branches.append({"kind": Kind.MOVED.value} | ({"category": {"$ne": CASH}} if cash_withdrawn else {}))
    if Kind.RECEIVED in kinds:
        branches.append({"kind": Kind.RECEIVED.value})
    return branches[0] if len(branches) == 1 else {"$or": branches}


def in_categories(slugs: Iterable[str], *, cash_withdrawn: bool) -> Match:
    """Match the entries that count under one of the categories."""
    wanted = list(slugs)
    if cash_withdrawn and FALLBACKS[Kind.SPENT] in wanted:
        wanted.append(CASH)
    return {"category": {"$in": wanted}}


def counts_as(kind: str, category: str, *, cash_withdrawn: bool) -> tuple[str, str]:
    """Return the kind and the category that a stored kind and category count as."""
    if cash_withdrawn and kind == Kind.MOVED and category == CASH:
        return Kind.SPENT.value, FALLBACKS[Kind.SPENT]
    return kind, category


def kind_expression() -> Any:
    """Return the stored kind as an aggregation expression."""
    return {"$cond": [{"$in": ["$kind", _NOT_SPENT]}, "$kind", Kind.SPENT.value]}


def once_expression() -> Any:
    """Return how much an entry moved, never negative. A pair moves its amount once: the half that came in adds zero."""
    came_in = {"$and": [{"$gt": ["$pair", None]}, {"$lt": [READ_AMOUNT, 0]}]}
    return {"$cond": [came_in, 0, {"$abs": READ_AMOUNT}]}


def stored_kind(row: Any) -> str:
    """Return the kind of a stored document."""
    kind = row.get("kind")
    return kind if kind in _NOT_SPENT else Kind.SPENT.value
