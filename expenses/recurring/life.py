"""What a person does with a series: keep, dismiss, pause, end, correct it, and detach an entry from it."""

from decimal import Decimal
from itertools import pairwise
from statistics import mean

from bson import ObjectId

from expenses.models.documents import SeriesDocument
from expenses.models.expense import Expense
from expenses.models.series import Series, SeriesState
from expenses.money import quantize
from expenses.recurring.attaching import entry_of, release, stored_facts
from expenses.recurring.cycles import LENGTHS, Cycle
from expenses.recurring.fitting import SeriesFacts, facts_of, movement_key, with_entries, with_entry
from expenses.recurring.refreshing import read_series
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

# The fewest amounts that say what is usual, if the series has so many.
_LEAST = 4


def state_of(row: SeriesDocument, facts: SeriesFacts) -> str:
    """Return the state of a stored series: ended as well if its last day or its last payment is past."""
    over = row["ends_on"] is not None and facts.next_on > row["ends_on"].date()
    paid = row["payments"] is not None and len(facts.entries) >= row["payments"]
    is_live = row["state"] in (SeriesState.PROPOSED, SeriesState.KEPT, SeriesState.PAUSED)
    return SeriesState.ENDED.value if is_live and (over or paid) else row["state"]


def set_state(ledger_id: ObjectId, key: ObjectId, state: SeriesState) -> bool:
    """Set the state as a person decided it. Return False if the ledger has no such series."""
    # A dismissed one keeps its confidence, so that `restore` can propose it again as it was.
    change = {"state": state.value} | ({} if state == SeriesState.DISMISSED else {"confidence": None})
    return bool(collection(Series).update_one({"_id": key, LEDGER: ledger_id}, {"$set": change}).matched_count)


def restore(ledger_id: ObjectId, key: ObjectId, state: SeriesState) -> None:
    """Set a dismissed series back to the state that it had. Any other one stays as it is."""
    dismissed = {"_id": key, LEDGER: ledger_id, "state": SeriesState.DISMISSED.value}
    collection(Series).update_one(dismissed, {"$set": {"state": state.value}})


def detach(ledger_id: ObjectId, key: ObjectId, entry_id: str) -> bool:
    """Take an entry out of a series for good, even if it is imported again. Return False if it isn't in the series."""

    def write() -> bool:
        row = _row(ledger_id, key)
        facts = facts_of(row) if row else None
        gone = next((each for each in facts.entries if each.id == entry_id), None) if facts else None
        if row is None or facts is None or gone is None:
            return False
        expense = Expense.objects.of(ledger_id).filter(pk=ObjectId(entry_id)).first()
        title = expense.title if expense else row["name"]
        never = movement_key(title, gone.amount, gone.currency, gone.day)
        left = with_entries(facts, [each for each in facts.entries if each != gone])
        _write(ledger_id, key, left._replace(detached=[*facts.detached, never]))
        return True

    return run_in_transaction(write)


def attach_to(ledger_id: ObjectId, key: ObjectId, expense: Expense) -> None:
    """Attach an entry to this series and no other, because a person said so."""

    def write() -> None:
        release(ledger_id, [expense.pk])
        if row := _row(ledger_id, key):
            _write(ledger_id, key, with_entry(entry_of(expense), facts_of(row)))

    run_in_transaction(write)


def usual_amount(facts: SeriesFacts) -> Decimal:
    """Return the amount to expect, never negative.

    The last one, the mean of the recent ones if they vary, or the middle of the range of a new series.
    """
    recent = _recent_amounts(facts)
    if not recent:
        return (facts.low + facts.high) / 2
    return quantize(mean(recent), facts.currency) if varies(facts) else recent[-1]


def varies(facts: SeriesFacts) -> bool:
    """Whether the recent amounts differ like those of a bill. A price that only rises doesn't vary."""
    recent = _recent_amounts(facts)
    rises = [after > before for before, after in pairwise(recent) if after != before]
    return facts.low < facts.high and len(set(rises)) > 1 and len(rises) * 2 >= len(recent)


def _recent_amounts(facts: SeriesFacts) -> list[Decimal]:
    """Return the latest amounts in the series's currency: those of about a year, or of longer if they are too few."""
    same = [entry.amount for entry in facts.entries if entry.currency == facts.currency]
    return same[-max(_LEAST, round(LENGTHS[Cycle.YEARLY] / LENGTHS[facts.cycle])) :]


def _row(ledger_id: ObjectId, key: ObjectId) -> SeriesDocument | None:
    row = collection(Series, SeriesDocument).find_one({"_id": key, LEDGER: ledger_id}, session=current_session())
    return read_series(row) if row else None


def _write(ledger_id: ObjectId, key: ObjectId, facts: SeriesFacts) -> None:
    change = {"$set": stored_facts(facts)}
    collection(Series).update_one({"_id": key, LEDGER: ledger_id}, change, session=current_session())
