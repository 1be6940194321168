"""Record, review and collect the corrections that people share for training."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from bson import ObjectId
from django.utils import timezone
from django.utils.crypto import salted_hmac
from pymongo import DeleteMany, UpdateMany, UpdateOne

from classifier.categories import CATEGORIES
from classifier.documents import PendingCorrection
from classifier.models import Feedback, FeedbackStatus
from classifier.text import normalise
from finbrain.core.past_the_orm import Expression, collection, current_session

_MOST_PENDING = 1_000
_KEPT = ("text", "suggested_category", "confidence", "chosen_category", "model_version", "created_at")
_UNREVIEWED = {"reviewer": "", "reviewed_at": None}
_Change = UpdateOne | UpdateMany | DeleteMany


@dataclass(frozen=True)
class Shared:
    """A correction for training. text: normalised. people: how many people chose the category."""

    text: str
    category: str
    people: int


class Correction(NamedTuple):
    """A correction of a suggestion: the title, what was suggested and how surely, what was chosen."""

    text: str
    suggested: str
    confidence: float
    chosen: str
    model_version: int | None


def record_correction(
    *,
    ledger_id: ObjectId,
    text: str,
    suggested: str,
    confidence: float,
    chosen: str,
    model_version: int | None,
    share: bool,
) -> Feedback | None:
    """Store a correction as a pending row. None if the person doesn't share corrections or the text is empty.

    Correcting the same text again before it is reviewed changes the row.
    """
    correction = Correction(text, suggested, confidence, chosen, model_version)
    record_corrections(ledger_id, [correction], share=share)
    return Feedback.objects.filter(**_pending(ledger_id, normalise(text))).first() if share else None


def record_corrections(ledger_id: ObjectId, corrections: Iterable[Correction], *, share: bool) -> None:
    """Store corrections like `record_correction`, in one round trip. The last of a text counts."""
    by_text = {normalise(each.text): each for each in corrections} if share else {}
    by_text.pop("", None)
    _write(
        UpdateOne(_pending(ledger_id, text), {"$set": _values_of(each), "$setOnInsert": _UNREVIEWED}, upsert=True)
        for text, each in by_text.items()
    )


def _values_of(correction: Correction) -> Expression:
    return {
        "text": correction.text[:400],
        "suggested_category": correction.suggested,
        "confidence": correction.confidence,
        "chosen_category": correction.chosen,
        "model_version": correction.model_version,
        "created_at": timezone.now(),
    }


def _pending(ledger_id: ObjectId, text: str) -> Expression:
    """Match a ledger's pending correction of a normalised text."""
    return _pending_of(ledger_id) | {"normalised": text}


def _pending_of(ledger_id: ObjectId) -> Expression:
    return {"contributor": contributor(ledger_id), "status": FeedbackStatus.PENDING.value}


def _write(changes: Iterable[_Change]) -> None:
    """Make changes of different texts, in one round trip for each kind of change."""
    if listed := list(changes):
        collection(Feedback).bulk_write(listed, ordered=False, session=current_session())


def snapshot_corrections(ledger_id: ObjectId, titles: Iterable[str]) -> list[PendingCorrection]:
    """Return the pending corrections of these titles, to put them back with `put_corrections_back`."""
    texts = {normalise(title) for title in titles}
    rows = Feedback.objects.filter(**_pending_of(ledger_id), normalised__in=list(texts)).values("normalised", *_KEPT)
    return [cast(PendingCorrection, row | {"created_at": row["created_at"].isoformat()}) for row in rows]


def put_corrections_back(
    ledger_id: ObjectId, titles: Iterable[str], chosen: str, earlier: Iterable[PendingCorrection], *, share: bool
) -> None:
    """Undo the corrections of these titles to `chosen`, and restore the earlier ones.

    Leaves those alone that were reviewed or changed since then. share: whether what was withdrawn may be sent again.
    """
    before = {row["normalised"]: row for row in earlier}
    texts = {normalise(title) for title in titles}
    changes = (_put_back(_pending(ledger_id, text), chosen, before.get(text), share=share) for text in texts)
    _write(change for change in changes if change)


def _put_back(match: Expression, chosen: str, before: PendingCorrection | None, *, share: bool) -> _Change | None:
    changed = match | {"chosen_category": chosen}
    if before is None:
        return DeleteMany(changed)
    values: Expression = {name: before[name] for name in _KEPT}
    values["created_at"] = datetime.fromisoformat(before["created_at"])
    if _withdraws(before, chosen):
        return UpdateOne(match, {"$setOnInsert": values | _UNREVIEWED}, upsert=True) if share else None
    return UpdateOne(changed, {"$set": values})


def revise(ledger_id: ObjectId, pairs: Sequence[tuple[str, str]]) -> None:
    """Update the ledger's pending corrections of these (title, category) pairs.

    A correction is withdrawn if the category is now the one that FinBrain had suggested, or isn't a base category.
    Titles without a pending correction are ignored.
    """
    revise_pending(ledger_id, pairs, snapshot_corrections(ledger_id, [title for title, _ in pairs]))


def revise_pending(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]], pending: Iterable[PendingCorrection]) -> None:
    """Update the pending corrections like `revise`, but without reading them."""
    chosen = {normalise(title): category for title, category in pairs}
    _write(
        _revised(_pending(ledger_id, row["normalised"]), row, chosen[row["normalised"]])
        for row in pending
        if row["normalised"] in chosen
    )


def _withdraws(row: PendingCorrection, category: str) -> bool:
    """Whether choosing the category withdraws the correction."""
    return category == row["suggested_category"] or category not in CATEGORIES


def _revised(match: Expression, row: PendingCorrection, category: str) -> _Change:
    if _withdraws(row, category):
        return DeleteMany(match)
    return UpdateMany(match, {"$set": {"chosen_category": category}})


def contributor(ledger_id: ObjectId) -> str:
    """Return the keyed hash of a ledger. It is always the same, and can't be traced back without SECRET_KEY."""
    return salted_hmac("classifier.feedback", str(ledger_id), algorithm="sha256").hexdigest()


def forget_contributor(ledger_id: ObjectId) -> None:
    """Delete a ledger's corrections when its account is deleted. Approved ones are kept without the hash."""
    rows = Feedback.objects.filter(contributor=contributor(ledger_id))
    rows.exclude(status=FeedbackStatus.APPROVED).delete()
    rows.update(contributor="")


def review(rows: Iterable[Feedback], status: FeedbackStatus, reviewer: str) -> int:
    """Approve or reject rows and return how many changed."""
    keys = [row.pk for row in rows if row.status != status]
    changes = {"status": status, "reviewer": reviewer, "reviewed_at": timezone.now()}
    return Feedback.objects.filter(pk__in=keys).update(**changes)


def approved() -> list[Shared]:
    """Return all approved corrections, sorted by text and category. Each row without a hash counts as one person."""
    people: dict[tuple[str, str], set[str]] = {}
    rows = Feedback.objects.filter(status=FeedbackStatus.APPROVED).values_list(
        "normalised", "chosen_category", "contributor", "pk"
    )
    for text, category, person, key in rows:
        people.setdefault((text, category), set()).add(person or str(key))
    return [Shared(text, category, len(who)) for (text, category), who in sorted(people.items())]


def pending() -> list[Shared]:
    """Return the newest 1,000 pending corrections, newest first, to show the effect of training on them."""
    rows = Feedback.objects.filter(status=FeedbackStatus.PENDING).order_by("-created_at")
    newest = rows.values_list("normalised", "chosen_category")[:_MOST_PENDING]
    return [Shared(text, category, 1) for text, category in dict.fromkeys(newest)]


def agreement(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Count the people who chose a category for a normalised text, by (text, category), with one query."""
    wanted = set(pairs)
    people: dict[tuple[str, str], set[str]] = {pair: set() for pair in wanted}
    rows = Feedback.objects.filter(normalised__in=[text for text, _ in wanted]).exclude(status=FeedbackStatus.REJECTED)
    for text, category, person, key in rows.values_list("normalised", "chosen_category", "contributor", "pk"):
        if (text, category) in wanted:
            people[text, category].add(person or str(key))
    return {pair: len(who) for pair, who in people.items()}
