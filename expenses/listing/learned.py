"""What FinBrain learned from a person, as rows of a page."""

from dataclasses import dataclass

from django.utils.functional import Promise

from classifier.categories import CASH, CATEGORIES, INCOME_CATEGORIES, Category, Kind, base_slug
from classifier.category_set import category_of
from classifier.documents import MemoryDocument
from classifier.learned import find_learned
from expenses.ledger.decided import Decided, decided_by
from expenses.models.ledger import Ledger

PAGE_SIZE = 30


@dataclass(frozen=True)
class LearnedRow:
    """A text, in its latest spelling, and what it teaches.

    category: None if only a kind was decided. others: categories that were also decided, which is why FinBrain asks.
    kinds: names. taught, filed: how many expenses taught it, and how many FinBrain filed by it since.
    """

    text: str
    title: str
    category: Category | None
    others: list[Promise | str]
    kinds: list[Promise | str]
    taught: int
    filed: int


@dataclass(frozen=True)
class LearnedPage:
    """after: the text that the next page starts after, "" on the last."""

    rows: list[LearnedRow]
    after: str


def learned_page(ledger: Ledger, part: str, after: str) -> LearnedPage:
    """Return a page of what was learned. part: of a title, "" for all."""
    found = find_learned(ledger.id, part, after, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    decided = decided_by(ledger.id, {row["text"]: row["title"] for row in shown})
    more = len(found) > PAGE_SIZE
    return LearnedPage([_row(row, decided[row["text"]]) for row in shown], shown[-1]["text"] if more else "")


def _row(row: MemoryDocument, decided: Decided) -> LearnedRow:
    return LearnedRow(
        text=row["text"],
        title=row["title"],
        category=category_of(row["category"]) if row["category"] else None,
        others=[category_of(slug).name for slug in row["counts"] if _is_other(slug, row["category"])],
        kinds=_kinds(row),
        taught=len(decided.taught),
        filed=len(decided.filed),
    )


def _is_other(slug: str, category: str) -> bool:
    return slug != category and base_slug(slug) in CATEGORIES


def _kinds(row: MemoryDocument) -> list[Promise | str]:
    """Name the decided kinds, except that what has a category is spent."""
    taught = [kind.get("label", "") for kind in row.get("kinds", {}).values() if isinstance(kind, dict)]
    known = [label for label in taught if isinstance(label, str) and label]
    labels = dict.fromkeys(label for label in known if label != Kind.SPENT or not row["category"])
    return [_kind_name(label) for label in labels]


def _kind_name(label: str) -> Promise | str:
    return category_of(label).name if label in (CASH, *INCOME_CATEGORIES) else dict(Kind.choices).get(label, label)
