"""Attaches a ledger's entries to its series and detaches them. Call all of it in the transaction that writes them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bson import Decimal128, ObjectId
from pymongo import UpdateOne

from classifier.categories import Kind
from expenses.models.documents import ExpenseDocument, SeriesDocument, StoredFacts
from expenses.models.expense import Expense
from expenses.models.series import Series, SeriesState
from expenses.recurring.chains import SeriesEntry
from expenses.recurring.fitting import SeriesFacts, best_fit, facts_of_series, is_name, with_entries, with_entry
from expenses.recurring.names import merchant_text
from finbrain.core import stored
from finbrain.core.dates import midnight
from finbrain.core.decimals import decimal_of
from finbrain.core.past_the_orm import LEDGER, collection, current_session

_COLUMNS = ("texts", "is_income", "cycle", "next_on", "low", "high", "currency", "entries", "detached")
_LIVE = [SeriesState.PROPOSED.value, SeriesState.KEPT.value, SeriesState.PAUSED.value]
_read = stored.reader(Series, _COLUMNS)
_read_texts = stored.reader(Series, ["texts"])
# Rows per batch of a cursor, so that all series come in one round trip.
_ALL_AT_ONCE = 1000


def attach(ledger_id: ObjectId, expenses: Iterable[Expense]) -> set[ObjectId]:
    """Attach new entries to the series that they fit, and return the ids of those that fit none.

    What was moved between accounts belongs to no series.
    """
    return _attach(ledger_id, [series_entry_of(each) for each in expenses if each.kind != Kind.MOVED])


def attach_documents(ledger_id: ObjectId, documents: Iterable[ExpenseDocument]) -> None:
    """Attach new entries, made by `ledger.bulk.document_of`, to the series that they fit."""
    if collection(Series).find_one({LEDGER: ledger_id}, {"_id": 1}, session=current_session()):
        _attach(ledger_id, [_entry_of_document(row) for row in documents if row["kind"] != Kind.MOVED])


def _attach(ledger_id: ObjectId, entries: Iterable[SeriesEntry]) -> set[ObjectId]:
    new = sorted(entries, key=lambda entry: entry.day)
    series = _series_named(ledger_id, {entry.text for entry in new}) if new else {}
    changed, free = {}, set()
    for entry in new:
        key = best_fit(entry, series.items())
        if key is None:
            free.add(entry.id)
        else:
            series[key] = changed[key] = with_entry(entry, series[key])
    _write_facts(ledger_id, changed)
    return free


def attach_stored(ledger_id: ObjectId, ids: Collection[ObjectId]) -> None:
    """Attach stored entries, for example after a restore from the trash."""
    attach(ledger_id, Expense.objects.of(ledger_id).filter(pk__in=ids))


def _series_named(ledger_id: ObjectId, texts: Collection[str]) -> dict[ObjectId, SeriesFacts]:
    """Return the series that entries attach to and that may have one of these names. Their entries are read last."""
    match = {LEDGER: ledger_id, "state": {"$in": _LIVE}}
    found = collection(Series, SeriesDocument).find(match, {"texts": 1}, session=current_session())
    rows = map(_read_texts, found.batch_size(_ALL_AT_ONCE))
    named = [row["_id"] for row in rows if any(is_name(text, row["texts"]) for text in texts)]
    return _live_series(ledger_id, {"$in": named}) if named else {}


def release_entries(ledger_id: ObjectId, ids: Collection[ObjectId]) -> None:
    """Take entries out of their series: they are deleted, or about to be attached again as they are now."""
    keys = set(map(str, ids))
    changed = {}
    for key, facts in _live_series(ledger_id).items():
        left = [each for each in facts.entries if each.id not in keys]
        if len(left) < len(facts.entries):
            changed[key] = with_entries(facts, left)
    _write_facts(ledger_id, changed)


def _live_series(ledger_id: ObjectId, keys: Any = None) -> dict[ObjectId, SeriesFacts]:
    """Return the series that entries attach to. keys: a condition for their ids."""
    match = {LEDGER: ledger_id, "state": {"$in": _LIVE}} | ({} if keys is None else {"_id": keys})
    found = collection(Series, SeriesDocument).find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())
    return {row["_id"]: facts_of_series(_read(row)) for row in found.batch_size(_ALL_AT_ONCE)}


def _write_facts(ledger_id: ObjectId, changed: Mapping[ObjectId, SeriesFacts]) -> None:
    """Store the changed facts of series."""
    updates = [
        UpdateOne({"_id": key, LEDGER: ledger_id}, {"$set": stored_facts(facts)}) for key, facts in changed.items()
    ]
    if updates:
        collection(Series).bulk_write(updates, ordered=False, session=current_session())


def stored_facts(facts: SeriesFacts) -> StoredFacts:
    """Return the facts in the form that MongoDB stores."""
    return {
        "texts": list(facts.texts),
        "is_income": facts.is_income,
        "cycle": facts.cycle.value,
        "next_on": midnight(facts.next_on),
        "low": Decimal128(facts.low),
        "high": Decimal128(facts.high),
        "currency": facts.currency,
        "entries": [each.to_stored() for each in facts.entries],
        "detached": list(facts.detached),
    }


def series_entry_of(expense: Expense) -> SeriesEntry:
    """Return an expense as detection sees it."""
    about = expense.pk, expense.title, expense.amount, expense.currency, expense.spent_on
    return SeriesEntry(
        *about, expense.account, expense.category, merchant_text(expense.title), abs(float(expense.amount))
    )


def _entry_of_document(row: ExpenseDocument) -> SeriesEntry:
    amount, day = decimal_of(row["amount"]), row["spent_on"].date()
    about = row["_id"], row["title"], amount, row["currency"], day, row["account"], row["category"]
    return SeriesEntry(*about, merchant_text(row["title"]), abs(float(amount)))
