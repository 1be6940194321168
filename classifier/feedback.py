"""Corrections that people share: from the one who corrects, to the one who reviews, to the training."""

from collections.abc import Iterable
from dataclasses import dataclass

from bson import ObjectId
from django.utils import timezone
from django.utils.crypto import salted_hmac

from classifier.models import Feedback, FeedbackStatus
from classifier.text import normalise

_MOST_PENDING = 1_000


@dataclass(frozen=True)
class Shared:
    """A correction as the training sees it: a normalised text, its category, and how many people say so."""

    text: str
    category: str
    people: int


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
    """One pending row for a correction; None if the person does not share or the text is empty.

    Who corrects the same text again before it was reviewed changes that row.
    """
    normalised = normalise(text)
    if not share or not normalised:
        return None
    values = {
        "text": text[:400],
        "suggested_category": suggested,
        "confidence": confidence,
        "chosen_category": chosen,
        "model_version": model_version,
        "created_at": timezone.now(),
    }
    mine = {"contributor": contributor(ledger_id), "normalised": normalised, "status": FeedbackStatus.PENDING}
    waiting = Feedback.objects.filter(**mine).first()
    if waiting is None:
        return Feedback.objects.create(**mine, **values)
    for name, value in values.items():
        setattr(waiting, name, value)
    waiting.save()
    return waiting


def revise(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """The person now files these titles under these categories: what they reported about them and is still pending
    follows, and is withdrawn where it comes to what FinBrain had suggested. Titles never reported stay so.
    """
    chosen = {normalise(text): category for text, category in pairs}
    mine = {"contributor": contributor(ledger_id), "status": FeedbackStatus.PENDING}
    for row in Feedback.objects.filter(**mine, normalised__in=list(chosen)):
        row.chosen_category = chosen[row.normalised]
        if row.chosen_category == row.suggested_category:
            row.delete()
        else:
            row.save(update_fields=["chosen_category"])


def contributor(ledger_id: ObjectId) -> str:
    """The keyed hash that stands for a person: the same for the same person, useless without SECRET_KEY."""
    return salted_hmac("classifier.feedback", str(ledger_id), algorithm="sha256").hexdigest()


def forget_contributor(ledger_id: ObjectId) -> None:
    """For a deleted account: drop what was not approved, and keep what was without the hash."""
    rows = Feedback.objects.filter(contributor=contributor(ledger_id))
    rows.exclude(status=FeedbackStatus.APPROVED).delete()
    rows.update(contributor="")


def review(rows: Iterable[Feedback], status: FeedbackStatus, reviewer: str) -> int:
    """Approve or reject rows; returns how many changed."""
    keys = [row.pk for row in rows if row.status != status]
    changes = {"status": status, "reviewer": reviewer, "reviewed_at": timezone.now()}
    return Feedback.objects.filter(pk__in=keys).update(**changes)


def approved() -> list[Shared]:
    """All approved corrections by text and category, in a fixed order. People without a hash count as one each."""
    people: dict[tuple[str, str], set[str]] = {}
    rows = Feedback.objects.filter(status=FeedbackStatus.APPROVED).values_list(
        "normalised", "chosen_category", "contributor", "pk"
    )
    for text, category, person, key in rows:
        people.setdefault((text, category), set()).add(person or str(key))
    return [Shared(text, category, len(who)) for (text, category), who in sorted(people.items())]


def pending() -> list[Shared]:
    """The newest 1,000 corrections that wait for review, the newest first: to see what a training would do to them."""
    rows = Feedback.objects.filter(status=FeedbackStatus.PENDING).order_by("-created_at")
    newest = rows.values_list("normalised", "chosen_category")[:_MOST_PENDING]
    return [Shared(text, category, 1) for text, category in dict.fromkeys(newest)]


def agreement(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many different people chose this category for this normalised text, by (text, category); one query."""
    wanted = set(pairs)
    people: dict[tuple[str, str], set[str]] = {pair: set() for pair in wanted}
    rows = Feedback.objects.filter(normalised__in=[text for text, _ in wanted]).exclude(status=FeedbackStatus.REJECTED)
    for text, category, person, key in rows.values_list("normalised", "chosen_category", "contributor", "pk"):
        if (text, category) in wanted:
            people[text, category].add(person or str(key))
    return {pair: len(who) for pair, who in people.items()}
