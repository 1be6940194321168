"""Pair the two halves of movements between own accounts, and separate them again.

Both halves count as moved. A pair is better evidence than the file, the memory or the model, but it never overrules a
person or a rule. Call all functions inside the transaction that writes the entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bson import Decimal128, ObjectId
from pymongo import UpdateOne

from classifier.categories import Kind
from expenses.ledger.filing_decisions import STATE, by_pair, is_by_rule
from expenses.ledger.pair_matching import DAYS_APART, RATE_DIFFERENCE, Half, Match, choose_matches, find_matches
from expenses.ledger.touch import touch_months
from expenses.models import Expense, KindSource, Pair
from expenses.models.documents import ExpenseDocument, PairDocument, StoredState
from expenses.models.entry_filters import Match as Filter
from expenses.models.entry_filters import entries_of
from expenses.models.expense import BY_DAY
from expenses.models.kinds import stored_kind
from expenses.models.ledger import Ledger
from expenses.models.unsure import is_unsure
from finbrain.core import stored
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import LEDGER, collection, current_session

_COLUMNS = ("title", "amount", "currency", "spent_on", "order_value", "import_batch", "account", *STATE)
_read = stored.reader(Expense, _COLUMNS)
# Rows per batch of a cursor. They are short.
_ALL_AT_ONCE = 10_000


class _Paired(StoredState):
    """What pairing changes of an entry."""

    pair: ObjectId


def pair_new(ledger: Ledger, documents: Sequence[ExpenseDocument]) -> list[ExpenseDocument]:
    """Pair an import's new entries, before they are stored, with each other and with the ledger's entries.

    Returns them as they are filed then.
    """
    filed = _pair(ledger, {row["_id"]: row for row in documents})
    return [{**row, **filed[row["_id"]]} if row["_id"] in filed else row for row in documents]


def pair_stored(ledger: Ledger, ids: Iterable[ObjectId]) -> None:
    """Pair stored entries that have no other half, for example after a restore from the trash."""
    _pair(ledger, _rows(entries_of(ledger.id, _id={"$in": list(ids)}, pair=None)))


def separate(ledger_id: ObjectId, pairs: Iterable[ObjectId], *, rejected: bool = False) -> None:
    """Separate pairs and file their halves as before. A half that a person filed since then keeps its category.

    rejected: whether FinBrain must never pair the two movements again.
    """
    wanted = {LEDGER: ledger_id, "_id": {"$in": list(pairs)}}
    found = list(collection(Pair, PairDocument).find(wanted, session=current_session()))
    if not found:
        return
    states = {
        half: state
        for pair in found
        for half, state in zip((pair["out_entry"], pair["in_entry"]), pair["before"], strict=True)
    }
    _write_states(ledger_id, states, {"kind_source": KindSource.PAIR.value})
    others = _rows({LEDGER: ledger_id, "pair": wanted["_id"]})
    _write_states(ledger_id, {half: {"pair": None} for half in others}, {})
    if rejected:
        collection(Pair, PairDocument).update_many(wanted, {"$set": {"rejected": True}}, session=current_session())
    else:
        collection(Pair, PairDocument).delete_many(wanted, session=current_session())


def reunite(ledger_id: ObjectId, ids: Iterable[ObjectId]) -> None:
    """Undo the rejection of pairs: those of the given entries whose two halves are still there and unpaired."""
    entries = {"$in": list(ids)}
    rejected = {LEDGER: ledger_id, "rejected": True, "$or": [{"out_entry": entries}, {"in_entry": entries}]}
    for pair in list(collection(Pair, PairDocument).find(rejected, session=current_session())):
        halves = [pair["out_entry"], pair["in_entry"]]
        rows = _rows(entries_of(ledger_id, _id={"$in": halves}, pair=None))
        if len(rows) == len(halves):
            paired = {half: _paired(pair["_id"], rows[half], pair["confidence"]) for half in halves}
            _write_states(ledger_id, paired, {})
            this = {"_id": pair["_id"], LEDGER: ledger_id}
            collection(Pair, PairDocument).update_one(this, {"$set": {"rejected": False}}, session=current_session())


def _pair(ledger: Ledger, rows: Mapping[ObjectId, ExpenseDocument]) -> dict[ObjectId, _Paired]:
    """Pair the rows, which may not be stored yet. Returns the new state of every half, including stored ones."""
    new = [_half(entry_id, row, ledger.threshold) for entry_id, row in rows.items() if _may_pair(row)]
    if not new:
        return {}
    others = {
        entry_id: row for entry_id, row in _rows(_candidates(ledger.id, new), BY_DAY).items() if entry_id not in rows
    }
    matches = find_matches(
        new, [_half(entry_id, row, ledger.threshold) for entry_id, row in others.items() if _may_pair(row)]
    )
    chosen = choose_matches(matches, _rejected_keys(ledger.id, matches))
    known, pairs = {**others, **rows}, []
    filed: dict[ObjectId, _Paired] = {}
    for match in chosen:
        pair = _new_pair(ledger.id, match, [known[half.id] for half in match.halves])
        pairs.append(pair)
        filed |= {half.id: _paired(pair.pk, known[half.id], match.confidence) for half in match.halves}
    Pair.objects.bulk_create(pairs)
    _write_states(ledger.id, filed, {})
    return filed


def _paired(pair: ObjectId, row: ExpenseDocument, confidence: float) -> _Paired:
    return {**by_pair(row, confidence), "pair": pair}


def _new_pair(ledger_id: ObjectId, match: Match, rows: Sequence[ExpenseDocument]) -> Pair:
    before = [{name: row[name] for name in STATE} for row in rows]
    halves = {"out_entry": match.out.id, "in_entry": match.came.id}
    return Pair(pk=ObjectId(), ledger_id=ledger_id, before=before, confidence=match.confidence, key=match.key, **halves)


def _candidates(ledger_id: ObjectId, halves: Sequence[Half]) -> Filter:
    """Match stored entries with the opposite amount, those moved, and in other currencies those of about the value."""
    days = [half.day for half in halves]
    around = timedelta(days=DAYS_APART)
    span = {"$gte": midnight(min(days) - around), "$lte": midnight(max(days) + around)}
    ways: list[Filter] = [
        {"amount": {"$in": [Decimal128(-half.amount) for half in halves]}},
        {"kind": Kind.MOVED.value},
    ]
    for half in halves:
        if half.kind == Kind.MOVED and half.order_value is not None:
            least = 1 - RATE_DIFFERENCE
            low, high = sorted((-half.order_value * least, -half.order_value / least))
            value = {"$gte": Decimal128(low), "$lte": Decimal128(high)}
            ways.append({"currency": {"$ne": half.currency}, "order_value": value})
    imported = {"import_batch": {"$ne": None}, "pair": None, "spent_on": span}
    return entries_of(ledger_id, **imported) | {"$or": ways}


def _rows(match: Mapping[str, Any], hint: str | None = None) -> dict[ObjectId, ExpenseDocument]:
    """Read the entries that match, by id, in one round trip."""
    found = collection(Expense, ExpenseDocument).find(
        match, dict.fromkeys(_COLUMNS, 1), session=current_session(), hint=hint
    )
    return {row["_id"]: _read(row) for row in found.batch_size(_ALL_AT_ONCE)}


def _rejected_keys(ledger_id: ObjectId, matches: Sequence[Match]) -> set[str]:
    if not matches:
        return set()
    wanted = {LEDGER: ledger_id, "key": {"$in": [match.key for match in matches]}, "rejected": True}
    return {row["key"] for row in collection(Pair, PairDocument).find(wanted, {"key": 1}, session=current_session())}


def _half(entry_id: ObjectId, row: ExpenseDocument, threshold: float) -> Half:
    return Half(
        id=entry_id,
        title=row["title"],
        amount=row["amount"].to_decimal(),
        currency=row["currency"],
        day=row["spent_on"].date(),
        order_value=row["order_value"] and row["order_value"].to_decimal(),
        batch=row["import_batch"],
        account=row["account"],
        kind=stored_kind(row),
        is_sure=not is_unsure({"reviewed": row["reviewed"], "confidence": row["confidence"]}, threshold),
    )


def _may_pair(row: ExpenseDocument) -> bool:
    """Whether an entry may be half of a pair. A person or a rule that says spent or received has decided otherwise."""
    is_decided = row["reviewed"] or is_by_rule(row)
    return row["import_batch"] is not None and not (is_decided and stored_kind(row) != Kind.MOVED)


def _write_states(ledger_id: ObjectId, states: Mapping[ObjectId, Mapping[str, Any]], match: Mapping[str, Any]) -> None:
    """Store the states of those entries that match, and replace the tokens of their months."""
    if not states:
        return
    wanted = {LEDGER: ledger_id, "_id": {"$in": list(states)}, **match}
    expenses = collection(Expense, ExpenseDocument)
    rows = list(expenses.find(wanted, {"spent_on": 1}, session=current_session()))
    if not rows:
        return
    updates = [UpdateOne({"_id": row["_id"], LEDGER: ledger_id}, {"$set": states[row["_id"]]}) for row in rows]
    expenses.bulk_write(updates, ordered=False, session=current_session())
    touch_months(ledger_id, [row["spent_on"].date() for row in rows])
