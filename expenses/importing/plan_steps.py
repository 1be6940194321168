"""Makes the plan of a draft in steps, and keeps it with the draft."""

import hashlib
import time
from collections.abc import Callable

from bson import ObjectId
from django.utils import timezone
from django.utils.translation import get_language

from expenses.importing.choices import Choices
from expenses.importing.frame import PackingError
from expenses.importing.kept_plan import EMPTY, KeptPlan, plan_next
from expenses.importing.pieces import Pieces
from expenses.importing.planning import Planner
from expenses.models import ImportBatch
from expenses.models.ledger import Ledger
from expenses.sums.month_tokens import all_tokens
from finbrain.core.garbage import uncollected

# No further piece is begun after this CPU time.
STEP_SECONDS = 0.4
# Packed. A larger plan, beside the content of a draft, may not fit into a document of MongoDB.
_MOST_BYTES = 9 * 1024 * 1024
# A new number discards the plans that earlier versions kept.
_VERSION = 6


class PlanTooLargeError(PackingError):
    """The plan doesn't fit into a draft."""


def keep_plan(ledger: Ledger, batch: ImportBatch, choices: Choices, before_work: Callable[[], None]) -> KeptPlan:
    """The plan of a draft if it is still valid, else as much of a new one as a step makes.

    before_work: called before a plan is begun. It may raise an error to prevent that. Raises PackingError if the
    content or its mapping can't be read any more.
    """
    key = _plan_key(ledger, choices)
    kept = KeptPlan(batch.plan) if batch.plan_key == key else None
    if kept and kept.done:
        return kept
    if kept is None:
        before_work()
    pieces = Pieces(batch.content, choices.sheet)
    if pieces.is_table and choices.mapping is None:
        raise PackingError("a table without a mapping")
    kept = make_step(ledger.id, choices, pieces, kept or EMPTY)
    if len(kept.content) > _MOST_BYTES:
        raise PlanTooLargeError
    ImportBatch.objects.of(ledger).drafts().filter(pk=batch.pk).update(plan=kept.content, plan_key=key)
    return kept


@uncollected()
def make_step(ledger_id: ObjectId, choices: Choices, pieces: Pieces, kept: KeptPlan) -> KeptPlan:
    """Plan further pieces for about STEP_SECONDS of CPU time."""
    end = time.thread_time() + STEP_SECONDS
    planner = Planner(ledger_id, choices, pieces, kept.planned())
    while not kept.done:
        kept = plan_next(planner, kept)
        if time.thread_time() > end:
            break
    return kept


def _plan_key(ledger: Ledger, choices: Choices) -> str:
    """A digest of all that a plan depends on: choices, existing expenses, the language of its texts, the latest day."""
    made_of = choices.stored(), sorted(all_tokens(ledger.id).items()), get_language(), timezone.localdate(), _VERSION
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]
