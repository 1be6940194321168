"""Makes what is cached for a month outdated, without a change of its entries."""

from datetime import date
from functools import partial

from bson import ObjectId

from expenses.ledger.touch import touch_months
from expenses.months import days_of
from finbrain.core.transactions import run_in_transaction


def outdate_month(ledger_id: ObjectId, month: date) -> None:
    """Make everything cached for a month outdated, so that all its days are added up again."""
    run_in_transaction(partial(touch_months, ledger_id, days_of(month)))
