"""A ledger's series as `manage.py series` prints them. Other programs read this form, so it stays as it is."""

from typing import TypedDict

from bson import ObjectId

from expenses.models.documents import SeriesDocument
from expenses.models.series import SeriesState
from expenses.recurring.fitting import facts_of_series
from expenses.recurring.life import state_of_series
from expenses.recurring.refreshing import find_series


class ListedSeries(TypedDict):
    """A series as it is printed. confidence: 1 if a person made or corrected it. entries: how many."""

    name: str
    cycle: str
    next: str
    low: float
    high: float
    currency: str
    state: str
    confidence: float
    entries: int


def listed_series(ledger_id: ObjectId) -> list[ListedSeries]:
    """Return the series that weren't dismissed, the next due first. Amounts are never negative."""
    rows = [row for row in find_series(ledger_id) if row["state"] != SeriesState.DISMISSED]
    return [_listed(row) for row in sorted(rows, key=lambda row: (row["next_on"], row["name"]))]


def _listed(row: SeriesDocument) -> ListedSeries:
    facts = facts_of_series(row)
    return {
        "name": row["name"],
        "cycle": facts.cycle.value,
        "next": facts.next_on.isoformat(),
        "low": float(facts.low),
        "high": float(facts.high),
        "currency": facts.currency,
        "state": state_of_series(row, facts),
        "confidence": 1.0 if row["confidence"] is None else row["confidence"],
        "entries": len(facts.entries),
    }
