"""Propose own categories: the topics that many entries of one base category have in common."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bson import ObjectId
from django.utils import timezone

from classifier.categories import CATEGORIES
from classifier.text import normalise
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import entries_of
from expenses.models.ledger import Ledger
from expenses.months import add_months, month_of
from finbrain.core import stored
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection

_MONTHS = 12
_MOST_ENTRIES = 3000
# A topic is a word in so many entries, with so many different titles, and in this share of the base category.
_LEAST_ENTRIES, _LEAST_TITLES, _LEAST_SHARE = 8, 3, 0.2
_MOST_PROPOSALS = 3
_read = stored.reader(Expense, ("title", "category"))
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class CategoryProposal:
    """An own category to make. ids: the entries of the base category about the topic, out of `of` in all.

    word: the topic, normalised. name: the topic as the titles spell it.
    """

    base: str
    word: str
    name: str
    ids: tuple[ObjectId, ...]
    of: int

    @property
    def key(self) -> str:
        return f"{self.base} {self.word}"


@dataclass(frozen=True)
class Titled:
    """An entry: its title as typed and normalised, and its category."""

    id: ObjectId
    title: str
    text: str
    category: str


def propose_categories(ledger: Ledger, declined: Collection[str]) -> list[CategoryProposal]:
    """Return proposals for the last year's entries, those with the most entries first. One round trip."""
    since = midnight(add_months(month_of(timezone.localdate()), -_MONTHS))
    match = entries_of(ledger.id, spent_on={"$gte": since})
    found = collection(Expense, ExpenseDocument).find(match, {"title": 1, "category": 1})
    rows = [
        Titled(row["_id"], row["title"], normalise(row["title"]), ledger.categories.slug_of(row["category"]))
        for row in map(_read, found.sort("spent_on", -1).limit(_MOST_ENTRIES))
    ]
    names = {str(each.name).casefold() for each in ledger.categories.categories.values()}
    return topics(rows, {*declined}, names)


def topics(rows: Sequence[Titled], declined: Collection[str], names: Collection[str]) -> list[CategoryProposal]:
    """Return the topics of each base category that aren't declined, and that no category is named after."""
    by_category: dict[str, list[Titled]] = defaultdict(list)
    for row in rows:
        by_category[row.category].append(row)
    found = []
    for base in CATEGORIES:
        best = _topic_of(base, by_category[base], rows, declined, names)
        found += [best] if best else []
    return sorted(found, key=lambda each: -len(each.ids))[:_MOST_PROPOSALS]


def _topic_of(
    base: str, inside: Sequence[Titled], rows: Sequence[Titled], declined: Collection[str], names: Collection[str]
) -> CategoryProposal | None:
    """Return the topic of most entries of a base category, or None."""
    for word, count in _words(inside).most_common():
        if count < _LEAST_TITLES:
            break
        about = [row for row in inside if word in row.text]
        if len(about) < max(_LEAST_ENTRIES, _LEAST_SHARE * len(inside)):
            continue
        everywhere = sum(word in row.text for row in rows)
        is_new = f"{base} {word}" not in declined and not any(word in name for name in names)
        if is_new and len({row.text for row in about}) >= _LEAST_TITLES and len(about) > everywhere / 2:
            return CategoryProposal(base, word, _spelling(word, about), tuple(row.id for row in about), len(inside))
    return None


def _words(rows: Iterable[Titled]) -> Counter[str]:
    return Counter(word for row in rows for word in set(_WORD.findall(row.text)))


def _spelling(word: str, rows: Iterable[Titled]) -> str:
    """Return the word as most titles spell it, with a capital."""
    spelled = Counter(each for row in rows for each in row.title.split() if normalise(each) == word)
    found = spelled.most_common(1)[0][0] if spelled else word
    return found[:1].upper() + found[1:]
