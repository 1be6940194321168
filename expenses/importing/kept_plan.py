"""Keeps the plan of a draft with the draft, because making it takes a second for a long file."""

import hashlib
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import get_language

from expenses.importing.choices import Choices
from expenses.importing.packing import PackingError, pack_plan, unpack_file
from expenses.importing.plan import make_plan
from expenses.importing.preview import SHOWN
from expenses.models import ImportBatch
from expenses.models.ledger import Ledger
from expenses.statements.statement import Table
from expenses.sums.month_tokens import all_tokens

# Packed. A larger plan, beside the content of a draft, may not fit into a document of MongoDB.
_MOST_BYTES = 9 * 1024 * 1024
# A new number discards the plans that earlier versions kept.
_VERSION = 4


def keep_plan(ledger: Ledger, batch: ImportBatch, choices: Choices, before_work: Callable[[], None]) -> None:
    """Set the `plan` and `preview` of a draft, unless those that it has are still valid.

    before_work: called before a plan is made. It may raise an error to prevent that. Raises PackingError if the content
    or its mapping can't be read any more.
    """
    key = _plan_key(ledger, choices)
    if batch.plan_key == key:
        return
    before_work()
    read = unpack_file(batch.content)
    if isinstance(read, Table) and choices.mapping is None:
        raise PackingError("a table without a mapping")
    plan = make_plan(ledger.id, read, choices)
    batch.plan, batch.preview, batch.plan_key = pack_plan(plan), pack_plan(plan.beginning(SHOWN)), key
    if len(batch.plan) <= _MOST_BYTES:
        kept = {"plan": batch.plan, "preview": batch.preview, "plan_key": key}
        ImportBatch.objects.of(ledger).drafts().filter(pk=batch.pk).update(**kept)


def _plan_key(ledger: Ledger, choices: Choices) -> str:
    """A digest of all that a plan depends on: choices, existing expenses, the language of its texts, the latest day."""
    made_of = choices.stored(), sorted(all_tokens(ledger.id).items()), get_language(), timezone.localdate(), _VERSION
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]
