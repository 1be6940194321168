"""Record, review and collect the corrections that people share for training."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from bson import ObjectId
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from classifier.categories import CATEGORIES
from classifier.documents import PendingCorrection
from classifier.models import Feedback, FeedbackStatus
from classifier.text import normalise

_MOST_PENDING = 1_000
_KEPT = ("text", "suggested_category", "confidence", "chosen_category", "model_version", "created_at")


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
    return next(iter(record_corrections(ledger_id, [correction], share=share)), None)


def record_corrections(ledger_id: ObjectId, corrections: Iterable[Correction], *, share: bool) -> list[Feedback]:
    """Store corrections like `record_correction`, together. The last of a text counts."""
    by_text = {normalise(each.text): each for each in corrections}
    by_text.pop("", None)
    if not share or not by_text:
        return []
    waiting = {row.normalised: row for row in _pending_of(ledger_id, by_text)}
    rows = []
    for text, each in by_text.items():
        row = waiting.get(text) or Feedback(contributor=contributor(ledger_id), normalised=text)
        row.text, row.suggested_category, row.confidence = each.text[:400], each.suggested, each.confidence
        row.chosen_category, row.model_version, row.created_at = each.chosen, each.model_version, timezone.now()
        rows.append(row)
        if text in waiting:
            row.save()
    Feedback.objects.bulk_create([row for row in rows if row.normalised not in waiting])
    return rows


def _pending_of(ledger_id: ObjectId, texts: Iterable[str]) -> QuerySet[Feedback]:
    mine = {"contributor": contributor(ledger_id), "status": FeedbackStatus.PENDING}
    return Feedback.objects.filter(**mine, normalised__in=list(texts))


def snapshot_corrections(ledger_id: ObjectId, titles: Iterable[str]) -> list[PendingCorrection]:
    """Return the pending corrections of these titles, to put them back with `put_corrections_back`."""
    rows = _pending_of(ledger_id, {normalise(title) for title in titles}).values("normalised", *_KEPT)
    return [cast(PendingCorrection, row | {"created_at": row["created_at"].isoformat()}) for row in rows]


def put_corrections_back(
    ledger_id: ObjectId, titles: Iterable[str], chosen: str, earlier: Iterable[PendingCorrection]
) -> None:
    """Undo the corrections of these titles to `chosen`, and restore the earlier ones.

    Leaves those alone that were reviewed or changed since then.
    """
    before = {row["normalised"]: row for row in earlier}
    texts = {normalise(title) for title in titles}
    rows = list(_pending_of(ledger_id, texts).filter(chosen_category=chosen))
    if new := [row.pk for row in rows if row.normalised not in before]:
        Feedback.objects.filter(pk__in=new).delete()
    for row in rows:
        if row.normalised in before:
            for name in _KEPT:
                setattr(row, name, before[row.normalised][name])
            row.created_at = datetime.fromisoformat(before[row.normalised]["created_at"])
            row.save()


def revise(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """Update the ledger's pending corrections of these (title, category) pairs.

    A correction is withdrawn if the category is now the one that FinBrain had suggested, or isn't a base category.
    Titles without a pending correction are ignored.
    """
    chosen = {normalise(text): category for text, category in pairs}
    for row in _pending_of(ledger_id, chosen):
        row.chosen_category = chosen[row.normalised]
        if row.chosen_category == row.suggested_category or row.chosen_category not in CATEGORIES:
            row.delete()
        else:
            row.save(update_fields=["chosen_category"])


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
