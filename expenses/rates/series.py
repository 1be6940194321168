"""Load rates a currency and year at a time, from this process, Redis, MongoDB or the bundled file, in that order.

Redis holds the state (a token that every change of rates replaces, and the newest stored day) and an entry for each
currency and year. Each entry contains the token that was current when it was read, and is ignored under another token.
"""

import logging
import threading
import time
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.cache import cache

from expenses.models.rate import Rate
from expenses.rates import ecb_history
from finbrain.core import stored, tolerant_cache
from finbrain.core.dates import midnight
from finbrain.core.lru import LRU
from finbrain.core.past_the_orm import collection

# How many days old the last business day's rate may be.
_MAX_DAYS_BACK = 10
# How long a process may take to notice new rates.
STATE_SECONDS = 30
_HOT_SECONDS = 24 * 3600
# Limits how long old rates are used if Redis was down when a change was announced.
_STATE_IN_CACHE_SECONDS = 3600
# A currency and year takes about 60 KB.
_KEPT_SERIES = 96
_STATE_KEY = "rates:state"
_read = stored.reader(Rate, ("rates", "source"))

logger = logging.getLogger(__name__)

# (currency, year).
SeriesKey = tuple[str, int]
# [ordinal of the day, the published digits, source], as JSON keeps it.
Row = tuple[int, str, str]


class DayRate(NamedTuple):
    """A rate in units for one euro, the day it was published for, and its source."""

    rate: Decimal
    day: date
    source: str


class State(NamedTuple):
    """The state of the stored rates.

    token: changes whenever they change, "" while none are stored. newest: the last day with rates.
    """

    token: str
    newest: date


# (ordinal of January 1st, one cell per day).
Series = tuple[int, list[DayRate | None]]


class _Memory:
    """The memory of this process: the series used last, and the state that they belong to."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.state: State | None = None
        self.checked_at = 0.0
        self.series: LRU[SeriesKey, Series] = LRU(_KEPT_SERIES)

    def fresh_state(self) -> State | None:
        return self.state if time.monotonic() - self.checked_at < STATE_SECONDS else None

    def set_state(self, state: State) -> None:
        with self.lock:
            if self.state != state:
                self.series.clear()
            self.state, self.checked_at = state, time.monotonic()


_memory = _Memory()


def forget_rates() -> None:
    """Forget all rates in this process, so that the next call loads them again."""
    with _memory.lock:
        _memory.clear()


def rates_version() -> str:
    """Return a token that changes whenever the stored rates do.

    Read it before the rates: what is cached under it is then never older than the token.
    """
    return load_series(())[0].token


def load_series(wanted: Iterable[SeriesKey]) -> tuple[State, dict[SeriesKey, Series]]:
    """Return the state and the wanted series. Takes at most one cache call and one database call."""
    wanted = set(wanted)
    found = {key: series for key in wanted if (series := _memory.series.get(key))}
    state = _memory.fresh_state()
    if state and len(found) == len(wanted):
        return state, found
    rows: dict[SeriesKey, list[Row]] = {}
    if not state or state.token:
        heard, rows = _from_cache(wanted - found.keys())
        if heard:
            found = found if heard == _memory.state else {}
            _memory.set_state(heard)
            state = heard
    if not state:
        found = {}
        state, rows = _from_database(wanted)
        _memory.set_state(state)
    elif missing := wanted - found.keys() - rows.keys():
        rows |= _rows_from_database(missing, state)
    found |= {key: _cells(key[1], rows[key]) for key in rows}
    for key in rows:
        _memory.series.put(key, found[key])
    return state, found


def announce_change(newest: date) -> None:
    """Announce that stored rates changed. This process notices at once, the others within STATE_SECONDS."""
    forget_rates()
    tolerant_cache.attempt(cache.set, _STATE_KEY, [uuid.uuid4().hex, newest.isoformat()], _STATE_IN_CACHE_SECONDS)


def _from_cache(keys: set[SeriesKey]) -> tuple[State | None, dict[SeriesKey, list[Row]]]:
    names = {f"rates:{code}:{year}": (code, year) for code, year in keys}
    values = tolerant_cache.get_many([_STATE_KEY, *names])
    entry = values.pop(_STATE_KEY, None)
    if not entry:
        return None, {}
    state = State(entry[0], date.fromisoformat(entry[1]))
    return state, {
        names[name]: [tuple(row) for row in value["rows"]]
        for name, value in values.items()
        if value["token"] == state.token
    }


def _from_database(keys: set[SeriesKey]) -> tuple[State, dict[SeriesKey, list[Row]]]:
    """Load the state and series with one aggregation and cache them. Uses the bundled history if none are stored."""
    documents = _aggregate(_pipeline(keys, with_newest=True))
    newest = [document["newest"].date() for document in documents if "newest" in document]
    if not newest:
        state = State("", ecb_history.newest_day())
        return state, _rows_from_database(keys, state)
    state = State(uuid.uuid4().hex, newest[0])
    # `add`, so that a state announced since the aggregation stays. The entries cached below are then ignored.
    tolerant_cache.attempt(cache.add, _STATE_KEY, [state.token, newest[0].isoformat()], _STATE_IN_CACHE_SECONDS)
    return state, _keep(documents, keys, state)


def _rows_from_database(keys: set[SeriesKey], state: State) -> dict[SeriesKey, list[Row]]:
    if not state.token:
        return {key: _bundled_rows(*key) for key in keys}
    return _keep(_aggregate(_pipeline(keys, with_newest=False)), keys, state)


def _aggregate(pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(collection(Rate).aggregate(pipeline, batchSize=10_000))


def _keep(documents: list[dict[str, Any]], keys: set[SeriesKey], state: State) -> dict[SeriesKey, list[Row]]:
    """Return the series in the documents, and cache them."""
    days = [_read(document) for document in documents if "rates" in document]
    rows = {key: _rows(days, *key) for key in keys}
    entries = {f"rates:{code}:{year}": {"token": state.token, "rows": rows[code, year]} for code, year in keys}
    tolerant_cache.set_many(entries, _HOT_SECONDS)
    return rows


def _pipeline(keys: set[SeriesKey], *, with_newest: bool) -> list[dict[str, Any]]:
    """Build the pipeline for the wanted currencies and years, optionally with a document that has the newest day."""
    spans = [{"_id": {"$gte": midnight(first), "$lte": midnight(last)}} for first, last in map(_span, _years(keys))]
    wanted = {f"rates.{code}": 1 for code, _ in keys}
    pipeline: list[dict[str, Any]] = [{"$match": {"$or": spans} if spans else {"_id": None}}]
    if wanted:
        pipeline += [{"$sort": {"_id": 1}}, {"$project": {"source": 1, **wanted}}]
    if with_newest:
        last = [{"$sort": {"_id": -1}}, {"$limit": 1}, {"$project": {"_id": 0, "newest": "$_id"}}]
        pipeline.append({"$unionWith": {"coll": Rate._meta.db_table, "pipeline": last}})
    return pipeline


def _years(keys: set[SeriesKey]) -> list[int]:
    return sorted({year for _, year in keys})


def _span(year: int) -> tuple[date, date]:
    """Return the first and last day whose quotes a year needs. Its first days may use the end of the year before."""
    return date(year, 1, 1) - timedelta(days=_MAX_DAYS_BACK), date(year, 12, 31)


def _rows(documents: list[dict[str, Any]], code: str, year: int) -> list[Row]:
    first, last = (day.toordinal() for day in _span(year))
    return [
        (document["_id"].toordinal(), document["rates"][code], document["source"])
        for document in documents
        if first <= document["_id"].toordinal() <= last and _is_rate(document["rates"].get(code))
    ]


def _is_rate(digits: Any) -> bool:
    """Whether a stored rate is a positive number in decimal digits."""
    return isinstance(digits, str) and digits.isascii() and digits.replace(".", "", 1).isdecimal()


def _bundled_rows(code: str, year: int) -> list[Row]:
    quotes = ecb_history.read_currency(code, *_span(year))
    return [(quote.day.toordinal(), str(quote.rate), ecb_history.SOURCE) for quote in quotes]


def _cells(year: int, rows: list[Row]) -> Series:
    """Return a cell per day of the year: its rate, or the last business day's if at most _MAX_DAYS_BACK days old."""
    start = date(year, 1, 1).toordinal()
    quotes = {ordinal: DayRate(Decimal(rate), date.fromordinal(ordinal), source) for ordinal, rate, source in rows}
    cells: list[DayRate | None] = []
    last, age = None, 0
    for ordinal in range(start - _MAX_DAYS_BACK, start + 366):
        if quote := quotes.get(ordinal):
            last, age = quote, 0
        cells.append(last if age <= _MAX_DAYS_BACK else None)
        age += 1
    return start, cells[_MAX_DAYS_BACK:]
