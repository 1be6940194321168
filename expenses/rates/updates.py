"""Store rates in MongoDB: the bundled ECB history and Frankfurter's rates, each checked against the other."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from expenses.models.documents import RateDocument, RatesOfDay
from expenses.models.rate import Rate
from expenses.rates import ecb_history, frankfurter
from expenses.rates import rate_series as rate_series
from expenses.rates.checks import MAX_GAP_DAYS, Checked, DayQuotes, Quote, check_days, rates_agree
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection

# Days that every update fetches again, to confirm held rates, get corrections and compare the sources.
_OVERLAP = timedelta(days=MAX_GAP_DAYS)
# How old the end of the bundled history may be for every update to compare it.
_COMPARED = timedelta(days=60)
_DUPLICATE_KEY = 11000

logger = logging.getLogger(__name__)

_Stored = dict[date, RateDocument]


@dataclass(frozen=True)
class UpdateResult:
    """The result of an update.

    days: days added or changed. held, rejected, disagreements: rates set aside, refused, and different in the two
    sources. newest: the last stored day. error: why Frankfurter failed, "" if it didn't.
    """

    days: int = 0
    held: int = 0
    rejected: int = 0
    disagreements: int = 0
    newest: date | None = None
    error: str = ""


def load_bundled_history() -> int:
    """Store the days of the bundled ECB history that MongoDB doesn't have yet. Return how many were written.

    Safe to repeat, and to run in several processes at once. Days from Frankfurter are compared and replaced.
    """
    found = collection(Rate, RateDocument).find({}, {"source": 1})
    stored = {document["_id"].date(): document["source"] for document in found}
    needed = [day for day in ecb_history.days_known() if stored.get(day) != ecb_history.SOURCE]
    result = store_days(ecb_history.read_days(needed[0]), ecb_history.SOURCE) if needed else UpdateResult()
    ecb_history.forget_history()
    return result.days


def update_rates(since: date | None = None, today: date | None = None) -> UpdateResult:
    """Fetch new rates from Frankfurter, from `since` on if given, and store those that pass the checks.

    Starts early enough to leave no gap and to compare the end of the bundled history. If the service fails, no rate
    changes, the error is logged, and the result contains it.
    """
    bundled = ecb_history.newest_day_of_file()
    load_bundled_history()
    newest = newest_day() or bundled
    first = min(since or newest, newest, max(bundled, newest - _COMPARED)) - _OVERLAP
    try:
        days = frankfurter.fetch_range(first, today or timezone.localdate())
        result = store_days(days, frankfurter.SOURCE)
    except frankfurter.FrankfurterError as error:
        logger.warning("Rates: Frankfurter failed: %s. The last good rates are from %s.", error, newest)
        return UpdateResult(newest=newest, error=str(error))
    logger.info("Rates: %s", result)
    return result


def store_days(days: Iterable[DayQuotes], source: str) -> UpdateResult:
    """Check the days of one source (ascending) and store what changed.

    If the sources differ, the rate of the bundled history is kept, because it is the ECB's own file. If more than half
    of the comparable rates differ, Frankfurter isn't serving the ECB's rates: FrankfurterError, and nothing is stored.
    """
    days = list(days)
    if not days:
        return UpdateResult(newest=newest_day())
    stored = _stored(days[0].day - _OVERLAP, days[-1].day)
    other = {day: _all_rates(document) for day, document in stored.items() if document["source"] != source}
    disagreements = _compare(days, other, source)
    checked = check_days(days, _last_before(stored, days[0].day), other)
    _log_doubts(checked)
    changed = _merge(checked, stored, source)
    _write(changed)
    newest = newest_day()
    if changed and newest:
        rate_series.announce_change(newest)
    return UpdateResult(len(changed), len(checked.held), len(checked.rejected), disagreements, newest)


def newest_day() -> date | None:
    """Return the last day with stored rates of the ECB, None if there are none."""
    newest = collection(Rate, RateDocument).find_one({}, {"_id": 1}, sort=[("_id", -1)])
    return newest["_id"].date() if newest else None


def _stored(first: date, last: date) -> _Stored:
    documents = collection(Rate, RateDocument).find({"_id": {"$gte": midnight(first), "$lte": midnight(last)}})
    return {document["_id"].date(): document for document in documents.sort("_id", 1)}


def _all_rates(document: RateDocument) -> dict[str, Decimal]:
    return {code: Decimal(rate) for code, rate in {**document["held"], **document["rates"]}.items()}


def _last_before(stored: _Stored, first: date) -> dict[str, Quote]:
    """Return the last accepted quote of each currency before the first day. `stored` is ascending."""
    return {
        code: Quote(day, Decimal(rate))
        for day, document in stored.items()
        if day < first
        for code, rate in document["rates"].items()
    }


def _compare(days: list[DayQuotes], other: dict[date, dict[str, Decimal]], source: str) -> int:
    """Log and count the rates that differ between the two sources."""
    compared = different = 0
    for day, rates in days:
        for code in rates.keys() & other.get(day, {}).keys():
            compared += 1
            if not rates_agree(rates[code], other[day][code]):
                different += 1
                logger.warning(
                    "Rates: %s of %s is %s from %s, %s before", code, day, rates[code], source, other[day][code]
                )
    if source == frankfurter.SOURCE and different * 2 > compared:
        message = f"{different} of {compared} rates differ from the ECB's own history"
        raise frankfurter.FrankfurterError(message, retry=False)
    return different


def _log_doubts(checked: Checked) -> None:
    for day, code, rate in checked.rejected:
        logger.warning("Rates: %s of %s is %s: refused", code, day, rate)
    for day, code, rate in checked.held:
        logger.warning("Rates: %s of %s is %s, an unconfirmed jump: set aside", code, day, rate)


def _merge(checked: Checked, stored: _Stored, source: str) -> list[RateDocument]:
    """Return the documents that differ from the stored ones."""
    held: dict[date, dict[str, str]] = {}
    for doubt in checked.held:
        held.setdefault(doubt.day, {})[doubt.code] = f"{doubt.rate:f}"
    changed: list[RateDocument] = []
    for day, accepted in checked.accepted.items():
        rates = {code: f"{rate:f}" for code, rate in accepted.items()}
        before = stored.get(day)
        merged = _merge_day(before, rates, held.get(day, {}), source)
        if (merged["rates"] or merged["held"]) and merged != _content(before):
            changed.append({"_id": midnight(day), **merged})
    return changed


def _content(document: RateDocument | None) -> RatesOfDay | None:
    return document and {"rates": document["rates"], "held": document["held"], "source": document["source"]}


def _merge_day(before: RateDocument | None, rates: dict[str, str], held: dict[str, str], source: str) -> RatesOfDay:
    """Merge the rates of a day into the stored ones, keeping good rates that the new ones lack.

    The ECB's own file takes precedence, but Frankfurter may confirm rates of it that were set aside.
    """
    if before and before["source"] == ecb_history.SOURCE != source:
        confirmed = {
            code: rate
            for code, rate in before["held"].items()
            if code in rates and rates_agree(Decimal(rate), Decimal(rates[code]))
        }
        waiting = {code: rate for code, rate in before["held"].items() if code not in confirmed}
        return {"rates": {**before["rates"], **confirmed}, "held": waiting, "source": ecb_history.SOURCE}
    kept = before["rates"] if before and before["source"] == source else {}
    return {"rates": {**kept, **rates}, "held": held, "source": source}


def _write(documents: list[RateDocument]) -> None:
    if not documents:
        return
    now = timezone.now()
    writes = [ReplaceOne({"_id": row["_id"]}, {**row, "updated_at": now}, upsert=True) for row in documents]
    try:
        collection(Rate).bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        # If another process inserted the same day at the same moment, it read the same sources.
        if any(failure["code"] != _DUPLICATE_KEY for failure in error.details["writeErrors"]):
            raise
