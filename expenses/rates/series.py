"""Load rates a currency and year at a time, from this process, Redis, MongoDB or the bundled file, in that order.

Redis holds the state (a token that every change of rates replaces, and the newest stored day) and an entry for each
currency and year. Each entry contains the token that was current when it was read, and is ignored under another token.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.core.cache import cache

from expenses.models.rate import CurrencyInUse
from expenses.money import ENDED, EUR, FIRST_QUOTED, KNOWN
from expenses.rates import ecb_history
from expenses.rates.compact import RateSeries, pack
from expenses.rates.in_use import forget_wanted, want
from expenses.rates.stored_rows import Documents, SeriesKey, bundled_rows, read_documents, rows_of
from finbrain.core import tolerant_cache
from finbrain.core.lru import LRU
from finbrain.core.past_the_orm import collection

# How long a process may take to notice new rates.
STATE_SECONDS = 30
_HOT_SECONDS = 24 * 3600
# Limits how long old rates are used if Redis was down when a change was announced.
_STATE_IN_CACHE_SECONDS = 3600
# A currency and year takes about 2 KB.
_KEPT_SERIES = 1500
# Series in one round trip. A dashboard of 24 months in 40 currencies has as many.
_AT_ONCE = 120
_STATE_KEY = "rates:state:2"


class State(NamedTuple):
    """The state of the stored rates.

    token: changes whenever they change, "" while none are stored. newest: the last day with the ECB's rates. fetched:
    the other currencies whose history was fetched.
    """

    token: str
    newest: date
    fetched: tuple[str, ...] = ()


class _Memory:
    """The memory of this process: the series used last, and the state that they belong to."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.state: State | None = None
        self.checked_at = 0.0
        self.series: LRU[SeriesKey, RateSeries] = LRU(_KEPT_SERIES)

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
    forget_wanted()


def rates_version() -> str:
    """Return a token that changes whenever the stored rates do.

    Read it before the rates: what is cached under it is then never older than the token.
    """
    return load_series(())[0].token


def is_awaited(code: str) -> bool:
    """Whether nobody has fetched the currency's rates yet, and the ECB has none."""
    state = _memory.state or load_series(())[0]
    return code in KNOWN and code != EUR and code not in FIRST_QUOTED and code not in state.fetched


def load_series(wanted: Iterable[SeriesKey]) -> tuple[State, dict[SeriesKey, RateSeries]]:
    """Return the state and the wanted series. Takes at most one cache call and one database call for every _AT_ONCE.

    A currency without rates takes another database call, once in each process, to be fetched by the scheduler.
    """
    keys = sorted(wanted)
    state, found = _load(set(keys[:_AT_ONCE]))
    for start in range(_AT_ONCE, len(keys), _AT_ONCE):
        state, more = _load(set(keys[start : start + _AT_ONCE]))
        found |= more
    return state, found


def _load(wanted: set[SeriesKey]) -> tuple[State, dict[SeriesKey, RateSeries]]:
    found = {key: series for key in wanted if (series := _memory.series.get(key))}
    state = _memory.fresh_state()
    if state and len(found) == len(wanted):
        return state, found
    loaded: dict[SeriesKey, RateSeries] = {}
    if not state or state.token:
        heard, loaded = _from_cache(wanted - found.keys())
        if heard:
            found = found if heard == _memory.state else {}
            _memory.set_state(heard)
            state = heard
    if not state:
        found = {}
        state, loaded = _from_database(wanted)
        _memory.set_state(state)
    elif missing := wanted - found.keys() - loaded.keys():
        loaded |= _series_from_database(missing, state)
    for key, series in loaded.items():
        _memory.series.put(key, series)
    want({code for (code, year), each in loaded.items() if each.is_empty and _may_have_rates(code, year, state)})
    return state, found | loaded


def announce_change(newest: date) -> None:
    """Announce that stored rates changed. This process notices at once, the others within STATE_SECONDS."""
    forget_rates()
    fetched = [row["_id"] for row in collection(CurrencyInUse).find({"fetched_until": {"$ne": None}}, {"_id": 1})]
    _keep_state(cache.set, State(uuid.uuid4().hex, newest, tuple(sorted(fetched))))


def _keep_state(keep: Any, state: State) -> None:
    value = [state.token, state.newest.isoformat(), state.fetched]
    tolerant_cache.attempt(keep, _STATE_KEY, value, _STATE_IN_CACHE_SECONDS)


def _may_have_rates(code: str, year: int, state: State) -> bool:
    """Whether somebody may publish rates of the currency and year that FinBrain hasn't fetched."""
    last = min(state.newest, ENDED.get(code, state.newest))
    return code in KNOWN and code not in state.fetched and year <= last.year


def _from_cache(keys: set[SeriesKey]) -> tuple[State | None, dict[SeriesKey, RateSeries]]:
    names = {_cache_key(*key): key for key in keys}
    values = tolerant_cache.get_many([_STATE_KEY, *names])
    entry = values.pop(_STATE_KEY, None)
    if not entry:
        return None, {}
    token, newest, fetched = entry
    state = State(token, date.fromisoformat(newest), tuple(fetched))
    current = {names[name]: value["rows"] for name, value in values.items() if value["token"] == state.token}
    return state, {key: pack(key[1], json.loads(rows)) for key, rows in current.items()}


def _from_database(keys: set[SeriesKey]) -> tuple[State, dict[SeriesKey, RateSeries]]:
    """Load the state and series with one aggregation and cache them. Uses the bundled history if none are stored."""
    documents = read_documents(keys, with_state=True)
    if not documents.newest:
        state = State("", ecb_history.newest_day())
        return state, _series_from_database(keys, state)
    state = State(uuid.uuid4().hex, documents.newest[0], tuple(sorted(documents.fetched)))
    # `add`, so that a state announced since the aggregation stays. The entries cached below are then ignored.
    _keep_state(cache.add, state)
    return state, _keep(documents, keys, state)


def _series_from_database(keys: set[SeriesKey], state: State) -> dict[SeriesKey, RateSeries]:
    if not state.token:
        return {key: pack(key[1], bundled_rows(*key)) for key in keys}
    return _keep(read_documents(keys, with_state=False), keys, state)


def _keep(documents: Documents, keys: set[SeriesKey], state: State) -> dict[SeriesKey, RateSeries]:
    """Return the series in the documents, and cache them, each as one text, for that takes a tenth of the memory."""
    series, entries = {}, {}
    for key, rows in rows_of(documents, keys):
        series[key] = pack(key[1], rows)
        entries[_cache_key(*key)] = {"token": state.token, "rows": json.dumps(rows, separators=(",", ":"))}
    tolerant_cache.set_many(entries, _HOT_SECONDS)
    return series


def _cache_key(code: str, year: int) -> str:
    return f"rates:3:{code}:{year}"
