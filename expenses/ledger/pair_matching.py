"""Finds the two halves of movements between own accounts. Pure: never asks the database.

One half left an account, the other came into another one: the same amount within four days, or in another currency
about the same value. FinBrain only pairs halves if one of them looks moved, or if it is unsure of both.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bson import ObjectId
from django.utils.crypto import salted_hmac

from classifier.categories import Kind
from expenses.models import plain_key

DAYS_APART = 4
# Of the larger value, for halves in two currencies. Banks add their margin to the rate of the day.
RATE_DIFFERENCE = Decimal("0.10")
_KEY_LENGTH = 32
# How sure FinBrain is of a pair in which both halves look moved, one does, or none. Chosen, not measured.
_CONFIDENCE = {2: 0.99, 1: 0.95, 0: 0.75}
_ACROSS_CURRENCIES = 0.05


@dataclass(frozen=True)
class Half:
    """An entry that may be one half of a movement.

    order_value: about the value in EUR, with the sign of the amount, None without a rate. batch: the import that
    brought it. kind: a slug. is_sure: whether FinBrain or the file is sure of it.
    """

    id: ObjectId
    title: str
    amount: Decimal
    currency: str
    day: date
    order_value: Decimal | None
    batch: ObjectId | None
    account: str
    kind: str
    is_sure: bool

    @property
    def movement(self) -> str:
        return "\0".join((self.day.isoformat(), f"{self.amount.normalize():f}", self.currency, plain_key(self.title)))


@dataclass(frozen=True)
class Match:
    """Two halves that fit. confidence: 0 to 1."""

    out: Half
    came: Half
    confidence: float

    @property
    def key(self) -> str:
        """A keyed hash of both movements, the same for every import of them. It outlives the entries."""
        value = f"{self.out.movement}\0{self.came.movement}"
        return salted_hmac("expenses.pair", value, algorithm="sha256").hexdigest()[:_KEY_LENGTH]

    @property
    def halves(self) -> tuple[Half, Half]:
        return self.out, self.came


def find_matches(new: Sequence[Half], stored: Iterable[Half]) -> list[Match]:
    """Return all matches of new halves with each other and with stored ones, the best first."""
    others = [*new, *stored]
    same = defaultdict(list)
    for half in others:
        same[half.currency, half.amount].append(half)
    moved = [half for half in others if half.kind == Kind.MOVED]
    found = {}
    for half in new:
        abroad = (other for other in (others if half.kind == Kind.MOVED else moved) if other.currency != half.currency)
        for other in (*same[half.currency, -half.amount], *abroad):
            out, came = (half, other) if half.amount > 0 else (other, half)
            if match := _match(out, came):
                found[out.id, came.id] = match
    return sorted(found.values(), key=_rank)


def choose_matches(matches: Iterable[Match], rejected: Iterable[str]) -> list[Match]:
    """Return the best matches in which no half occurs twice, without those whose key was rejected."""
    never, taken, chosen = set(rejected), set(), []
    for match in matches:
        ids = {half.id for half in match.halves}
        if match.key not in never and not ids & taken:
            taken |= ids
            chosen.append(match)
    return chosen


def _match(out: Half, came: Half) -> Match | None:
    """Return the match of two halves, None if they don't fit."""
    if came.amount > 0 or out.amount < 0 or abs((out.day - came.day).days) > DAYS_APART or not _is_elsewhere(out, came):
        return None
    moved = [half.kind for half in (out, came)].count(Kind.MOVED)
    if out.currency == came.currency:
        fits = out.amount == -came.amount and (moved or not (out.is_sure or came.is_sure))
        return Match(out, came, _CONFIDENCE[moved]) if fits else None
    if not moved or out.order_value is None or came.order_value is None:
        return None
    apart = abs(out.order_value + came.order_value)
    if apart > RATE_DIFFERENCE * max(out.order_value, -came.order_value):
        return None
    return Match(out, came, _CONFIDENCE[moved] - _ACROSS_CURRENCIES)


def _is_elsewhere(out: Half, came: Half) -> bool:
    """Whether two halves are from different accounts, as far as it is known."""
    if out.batch is None or came.batch is None:
        return False
    if out.account and came.account:
        return out.account != came.account
    return out.batch != came.batch


def _rank(match: Match) -> tuple[float, int, str, str]:
    """Return a sort key: the most certain first, then the closest days."""
    days = abs((match.out.day - match.came.day).days)
    return -match.confidence, days, str(match.out.id), str(match.came.id)
