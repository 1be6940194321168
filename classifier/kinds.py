"""The kinds of entries, and the labels that the model of kinds chooses from. Slugs are stored."""

from enum import StrEnum

import numpy as np

from classifier.categories import CASH, INCOME_CATEGORIES, Kind, base_slug
from classifier.categories import kind_of as kind_of_category

__all__ = ["CASH", "INCOME", "LABELS", "UNSURE", "Direction", "Kind", "by_kind", "kind_of_label", "label_of"]


class Direction(StrEnum):
    """Whether the money left the account or came in. A kind is always decided for a text with its direction."""

    OUT = "out"
    IN = "in"


INCOME: tuple[str, ...] = tuple(INCOME_CATEGORIES)
# What the model says of a payment between people, which only they can tell.
UNSURE = "unsure"
# A label is a kind, or more precise than one: `cash` is moved, an income category is received.
LABELS: dict[Direction, tuple[str, ...]] = {
    Direction.OUT: (Kind.SPENT.value, Kind.MOVED.value, CASH, UNSURE),
    Direction.IN: (Kind.SPENT.value, Kind.MOVED.value, CASH, *INCOME, UNSURE),
}


def kind_of_label(label: str) -> Kind:
    """Return the kind of a label."""
    if label in INCOME:
        return Kind.RECEIVED
    return Kind.MOVED if label == CASH else Kind(label)


def label_of(category: str) -> str:
    """Return the label of an entry that is filed under a category of any kind. An own category has that of its base."""
    base = base_slug(category)
    return base if base in (CASH, *INCOME) else kind_of_category(category).value


def by_kind(direction: Direction, of_labels: np.ndarray) -> np.ndarray:
    """Sum up the columns of labels, (n, labels of the direction), to columns of kinds in the order of `Kind`, (n, 3).

    What is unsure is shared equally by the kinds that the direction can have, so that none of them is likely.
    """
    kinds = list(Kind)
    found = np.zeros((len(of_labels), len(kinds)))
    for place, label in enumerate(LABELS[direction]):
        if label != UNSURE:
            found[:, kinds.index(kind_of_label(label))] += of_labels[:, place]
    possible = kinds if direction == Direction.IN else kinds[:2]
    found[:, : len(possible)] += of_labels[:, [LABELS[direction].index(UNSURE)]] / len(possible)
    return found
