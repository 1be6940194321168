"""Looks for series among a ledger's entries, and merges what it finds with the series that are stored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from math import log
from typing import Any

from bson import ObjectId
from django.utils import timezone
from pymongo import DeleteOne, InsertOne, UpdateOne

from classifier.categories import FALLBACKS, Kind
from expenses.models.documents import ExpenseDocument, NewSeries, SeriesDocument
from expenses.models.entry_filters import entries_of
from expenses.models.expense import Expense, title_key
from expenses.models.limits import TITLE_LENGTH
from expenses.models.series import Series, SeriesState
from expenses.recurring.attaching import stored_facts
from expenses.recurring.chains import SeriesEntry
from expenses.recurring.cycles import LENGTHS, TOLERANCES, place
from expenses.recurring.detection import Found, detect
from expenses.recurring.fitting import (
    RECENT_DAYS,
    SeriesFacts,
    attached,
    facts_of_series,
    is_second_charge,
    movement_key,
    with_entries,
)
from expenses.recurring.names import are_alike, merchant_text
from finbrain.core import stored
from finbrain.core.decimals import decimal_of
from finbrain.core.locks import BusyError, only_one
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_COLUMNS = ("title", "amount", "currency", "spent_on", "account", "category")
_read = stored.reader(Expense, _COLUMNS)
read_series = stored.reader(Series, [field.column or "" for field in Series._meta.concrete_fields])
# Rows per batch of a cursor. They are short.
_ALL_AT_ONCE = 10_000
# How many entries with a similar title are read when one is added.
_AROUND = 24
_LEAST = 2
# How different the amounts of a dismissed series may be if it is found again.
_SAME_AMOUNT = log(1.5)


def refresh(ledger_id: ObjectId, today: date) -> None:
    """Look through the whole ledger. Raises BusyError if another process does."""
    with only_one(f"series:{ledger_id}"):
        entries = list(_find_entries(entries_of(ledger_id)))
        found = [*_with_second_charges(detect(entries, today), entries, today)]
        _merge(ledger_id, found, {str(entry.id) for entry in entries})


def _with_second_charges(found: Sequence[Found], entries: Sequence[SeriesEntry], today: date) -> Iterator[Found]:
    """Yield what was found, with recent second charges of a cycle, so that the page reports them.

    Detection picks one entry for each cycle.
    """
    taken = {entry.id for each in found for entry in each.entries}
    since = today - timedelta(days=RECENT_DAYS)
    free = [entry._replace(text=merchant_text(entry.title)) for entry in entries if entry.day >= since and entry.amount]
    for each in found:
        facts = _with_found(_empty_facts(each), each)
        more = [entry for entry in free if entry.id not in taken and is_second_charge(entry, facts)]
        taken.update(entry.id for entry in more)
        yield replace(each, entries=tuple(sorted((*each.entries, *more), key=lambda entry: entry.day)))


def refresh_if_free(ledger_id: ObjectId, today: date) -> None:
    """Look through the whole ledger, unless another process does."""
    with suppress(BusyError):
        refresh(ledger_id, today)


def look_around(ledger_id: ObjectId, expense: Expense) -> None:
    """Look for a series among a new entry and the latest ones whose titles begin with the same word."""
    first = title_key(expense.title).split(" ")[0]
    if not first:
        return
    match = entries_of(ledger_id, title_key={"$gte": first, "$lt": f"{first}\uffff"})
    text = merchant_text(expense.title)
    around = list(_find_entries(match, most=_AROUND))
    is_near = {title: are_alike(merchant_text(title), text) for title in {each.title for each in around}}
    near = [each for each in around if is_near[each.title]]
    if len(near) < _LEAST:
        return
    key = expense.pk
    found = [each for each in detect(near, timezone.localdate()) if any(entry.id == key for entry in each.entries)]
    if found:
        _merge(ledger_id, found, None)


def _find_entries(match: Mapping[str, Any], most: int = 0) -> Iterator[SeriesEntry]:
    """Yield the entries that match and were spent or received. most: how many, the latest first; 0 for all."""
    spent_or_received = {**match, "kind": {"$ne": Kind.MOVED.value}}
    found = collection(Expense, ExpenseDocument).find(spent_or_received, dict.fromkeys(_COLUMNS, 1))
    found = found.batch_size(_ALL_AT_ONCE)
    for row in map(_read, found.sort("_id", -1).limit(most) if most else found):
        amount, day = decimal_of(row["amount"]), row["spent_on"].date()
        yield SeriesEntry(row["_id"], row["title"], amount, row["currency"], day, row["account"], row["category"])


def find_series(ledger_id: ObjectId) -> list[SeriesDocument]:
    """Return the ledger's stored series, in one round trip."""
    rows = collection(Series, SeriesDocument).find({LEDGER: ledger_id}, session=current_session())
    return list(map(read_series, rows.batch_size(_ALL_AT_ONCE)))


def _merge(ledger_id: ObjectId, found: Sequence[Found], existing: set[str] | None) -> None:
    """Store what was found. existing: the ids of all entries, None if only some were read."""

    def write() -> None:
        rows = find_series(ledger_id)
        changes = _changes(ledger_id, found, rows, existing)
        if changes:
            collection(Series).bulk_write(changes, session=current_session())

    run_in_transaction(write)


def _changes(
    ledger_id: ObjectId, found: Sequence[Found], rows: Sequence[SeriesDocument], existing: set[str] | None
) -> list[Any]:
    left = {row["_id"]: (row, facts_of_series(row)) for row in rows}
    changes: list[Any] = []
    for each in found:
        key = _stored_one(each, left)
        if key is None:
            changes.append(InsertOne(_new_row(ledger_id, each)))
            continue
        row, facts = left.pop(key)
        if row["state"] != SeriesState.DISMISSED:
            changes.append(_update(ledger_id, row, facts, each, existing))
    if existing is not None:
        changes += _left_over(ledger_id, left, existing)
    return changes


def _left_over(
    ledger_id: ObjectId, left: Mapping[ObjectId, tuple[SeriesDocument, SeriesFacts]], existing: set[str]
) -> Iterator[Any]:
    """Yield the changes of stored series that weren't found again: proposals go, and others lose deleted entries."""
    for key, (row, facts) in left.items():
        this = {"_id": key, LEDGER: ledger_id}
        if _is_own_idea(row):
            yield DeleteOne(this)
        elif any(entry.id not in existing for entry in facts.entries):
            there = with_entries(facts, [entry for entry in facts.entries if entry.id in existing])
            yield UpdateOne(this, {"$set": stored_facts(there)})


def _is_own_idea(row: SeriesDocument) -> bool:
    """Whether FinBrain found a series and nobody has kept or dismissed it."""
    return row["confidence"] is not None and row["state"] in (SeriesState.PROPOSED, SeriesState.ENDED)


def _stored_one(found: Found, rows: Mapping[ObjectId, tuple[SeriesDocument, SeriesFacts]]) -> ObjectId | None:
    """Return the stored series that was found again, even if its entries were imported again. None if it is new."""
    ids = {str(entry.id) for entry in found.entries}
    common = {key: sum(entry.id in ids for entry in facts.entries) for key, (_row, facts) in rows.items()}
    best = max(common, key=lambda key: common[key], default=None)
    if best is not None and common[best] * 2 > min(len(ids), len(rows[best][1].entries)) > 0:
        return best
    like = {key: _amounts_apart(found, facts) for key, (_row, facts) in rows.items() if _is_like(found, facts)}
    return min(like, key=lambda key: like[key], default=None)


def _is_like(found: Found, facts: SeriesFacts) -> bool:
    named = any(found.text == text or are_alike(found.text, text) for text in facts.texts)
    if not named or found.is_income != facts.is_income or found.cycle != facts.cycle:
        return False
    cycles = place(found.next, facts.cycle) - place(facts.next_on, facts.cycle)
    off = abs(cycles - round(cycles)) * LENGTHS[facts.cycle]
    if off > TOLERANCES[facts.cycle] * 1.5:
        return False
    return _amounts_apart(found, facts) <= _SAME_AMOUNT


def _amounts_apart(found: Found, facts: SeriesFacts) -> float:
    """Return how different the amounts are, as the difference of their logarithms. 0 if they can't be compared."""
    if found.currency != facts.currency or not facts.high:
        return 0.0
    return abs(log(found.high / facts.high))


def _new_row(ledger_id: ObjectId, found: Found) -> NewSeries:
    state = SeriesState.ENDED if found.is_over else SeriesState.PROPOSED
    return {
        **stored_facts(_with_found(_empty_facts(found), found)),
        LEDGER: ledger_id,
        "name": found.name[:TITLE_LENGTH],
        "category": _category(found),
        "account": "",
        "note": "",
        "cancel_by": None,
        "notice_days": None,
        "ends_on": None,
        "payments": None,
        "created_at": timezone.now(),
        "state": state.value,
        "confidence": found.confidence,
    }


def _empty_facts(found: Found) -> SeriesFacts:
    return SeriesFacts(
        [found.text], found.is_income, found.cycle, found.next, found.low, found.high, found.currency, (), ()
    )


def _with_found(facts: SeriesFacts, found: Found) -> SeriesFacts:
    entries = [attached(entry) for entry in found.entries if not _is_detached(entry, facts)]
    about = {"cycle": found.cycle, "next_on": found.next, "low": found.low, "high": found.high}
    texts = [*dict.fromkeys(entry.text for entry in found.entries)]
    return facts._replace(entries=entries, texts=texts, currency=found.currency, **about)


def _update(
    ledger_id: ObjectId, row: SeriesDocument, facts: SeriesFacts, found: Found, existing: set[str] | None
) -> UpdateOne:
    """Return the update of a stored series that was found again. What a person kept stays as the person wants it."""
    this = {"_id": row["_id"], LEDGER: ledger_id}
    if _is_own_idea(row):
        state = SeriesState.ENDED if found.is_over else SeriesState.PROPOSED
        about = {"state": state.value, "confidence": found.confidence, "name": found.name[:TITLE_LENGTH]}
        return UpdateOne(this, {"$set": {**stored_facts(_with_found(facts, found)), **about}})
    own = {entry.id: entry for entry in facts.entries if existing is None or entry.id in existing}
    more = {str(each.id): attached(each) for each in found.entries if not _is_detached(each, facts)}
    texts = [*dict.fromkeys([*facts.texts, found.text])]
    return UpdateOne(this, {"$set": stored_facts(with_entries(facts._replace(texts=texts), (own | more).values()))})


def _is_detached(entry: SeriesEntry, facts: SeriesFacts) -> bool:
    return movement_key(entry.title, entry.amount, entry.currency, entry.day) in facts.detached


def _category(found: Found) -> str:
    """Return the category of most of the entries."""
    common = Counter(entry.category for entry in found.entries if entry.category).most_common(1)
    return common[0][0] if common else FALLBACKS[Kind.RECEIVED if found.is_income else Kind.SPENT]
