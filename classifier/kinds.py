"""The kinds of entries, and the labels that the model of kinds chooses from. Slugs are stored."""

from enum import StrEnum

import numpy as np


class Kind(StrEnum):
    """What an entry counts as. Only `spent` is spending; `moved` stays with the person; `received` is income."""

    SPENT = "spent"
    MOVED = "moved"
    RECEIVED = "received"


class Direction(StrEnum):
    """Whether the money left the account or came in. A kind is always decided for a text with its direction."""

    OUT = "out"
    IN = "in"


CASH = "cash"
INCOME = ("salary", "interest", "gift", "sale", "tax-refund", "other-income")
# What the model says of a payment between people, which only they can tell.
UNSURE = "unsure"
# A label is a kind, or more precise than one: `cash` is moved, an income category is received.
LABELS: dict[Direction, tuple[str, ...]] = {
    Direction.OUT: (Kind.SPENT, Kind.MOVED, CASH, UNSURE),
    Direction.IN: (Kind.SPENT, Kind.MOVED, CASH, *INCOME, UNSURE),
}


def kind_of(label: str) -> Kind:
    """Return the kind of a label."""
    if label in INCOME:
        return Kind.RECEIVED
    return Kind.MOVED if label == CASH else Kind(label)


def label_of(kind: str, *, is_cash: bool = False, category: str = "") -> str:
    """Return the label of a decision. category: of income, `other-income` unless it is known."""
    if kind == Kind.RECEIVED:
        return category or INCOME[-1]
    return CASH if is_cash else Kind(kind).value


def by_kind(direction: Direction, of_labels: np.ndarray) -> np.ndarray:
    """Sum up the columns of labels, (n, labels of the direction), to columns of kinds in the order of `Kind`, (n, 3).

    What is unsure is shared equally by the kinds that the direction can have, so that none of them is likely.
    """
    kinds = list(Kind)
    found = np.zeros((len(of_labels), len(kinds)))
    for place, label in enumerate(LABELS[direction]):
        if label != UNSURE:
            found[:, kinds.index(kind_of(label))] += of_labels[:, place]
    possible = kinds if direction == Direction.IN else kinds[:2]
    found[:, : len(possible)] += of_labels[:, [LABELS[direction].index(UNSURE)]] / len(possible)
    return found
