"""Reads the budgets and goals that any release stored."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar, cast

from expenses.models.budgets import (
    MOST_DAY,
    MOST_GOALS,
    NO_PLAN,
    Amount,
    Budget,
    BudgetPlan,
    Goal,
    GoalKind,
    Per,
    Rollover,
    StoredBudget,
    StoredGoal,
)

# An earlier release allowed more budgets. They stay until they are deleted.
_MOST_READ = 200
_Row = TypeVar("_Row")
_Document = TypeVar("_Document", StoredBudget, StoredGoal)


@lru_cache(maxsize=512)
def read_plan(text: str) -> BudgetPlan:
    """Read what is stored. What can't be read, because another release wrote it, is left out."""
    try:
        stored = json.loads(text or "{}")
    except ValueError:
        stored = {}
    if not isinstance(stored, dict):
        return NO_PLAN
    budgets = _read_rows(stored.get("budgets"), _read_budget, _MOST_READ)
    return BudgetPlan(budgets, _read_rows(stored.get("goals"), _read_goal, 2 * MOST_GOALS))


def _read_rows(rows: Any, read: Callable[[_Document], _Row | None], most: int) -> tuple[_Row, ...]:
    found: list[_Row] = []
    for each in rows[:most] if isinstance(rows, list) else ():
        try:
            row = read(cast(_Document, each)) if isinstance(each, dict) else None
        except (ValueError, TypeError, KeyError, InvalidOperation):
            continue
        found += [row] if row else []
    return tuple(found)


def _read_budget(row: StoredBudget) -> Budget | None:
    amounts = sorted(Amount(date.fromisoformat(day), _amount(text), code) for day, text, code in row["amounts"])
    every = row.get("every", 1)
    rollover = row.get("rollover", Rollover.NONE)
    names = _texts(row, "id", "scope", "per")
    known = row["per"] in Per and rollover in Rollover and isinstance(every, int) and 1 <= every <= MOST_DAY
    if not (names and amounts and known and all(_is_code(each.currency) for each in amounts)):
        return None
    return Budget(
        **names,
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=_day(row.get("ends_on")),
        said_for=_day(row.get("said_for")),
        said_on=_day(row.get("said_on")),
        amounts=tuple(amounts),
        every=every,
        rollover=rollover,
        note=str(row.get("note", "")),
        deleted=row.get("deleted") is True,
    )


def _read_goal(row: StoredGoal) -> Goal | None:
    names = _texts(row, "id", "name", "kind", "currency", "scope")
    if not names or row["kind"] not in GoalKind or not _is_code(row["currency"]):
        return None
    first, last = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["by"])
    deleted = row.get("deleted") is True
    return Goal(**names, amount=_amount(row["amount"]), starts_on=first, by=last, deleted=deleted)


def _texts(row: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the texts of a row by their names. Empty if one of them is missing."""
    found = {name: row[name] for name in names}
    return found if all(isinstance(each, str) and each for each in found.values()) else {}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _amount(text: Any) -> Decimal:
    amount = Decimal(text)
    if not isinstance(text, str) or not amount.is_finite() or amount <= 0:
        raise ValueError(text)
    return amount


def _is_code(code: Any) -> bool:
    return isinstance(code, str) and len(code) == 3
