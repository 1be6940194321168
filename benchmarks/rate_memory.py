"""Measures the memory that rates take in a worker: `python -m benchmarks.rate_memory [--currencies 160 --years 25]`.

Uses its own engines. Stores a rate for every day, then loads every currency and year one after another, as the pages of
many people would, and all of them for a single page. Prints one JSON object with the megabytes by which this process
grew. docs/currency.md quotes it.
"""

import argparse
import ctypes
import gc
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django

from benchmarks.site import FOLDER, tell
from finbrain.embedded import EngineError, engines

_LAST_YEAR = 2025
_MIB = 1024 * 1024


def resident() -> float:
    """The megabytes of memory that this process uses, without what it has freed (on Linux with glibc)."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


def store(codes: list[str], years: list[int]) -> None:
    """Store a rate for every day. All are invented."""
    from expenses.models import Rate, YearOfRates, year_key
    from finbrain.core.past_the_orm import collection

    for model in (Rate, YearOfRates):
        collection(model).delete_many({})
    now = datetime.now(UTC)
    newest = {"_id": datetime(_LAST_YEAR, 12, 31), "source": "ecb-bundle", "rates": {"USD": "1.1"}, "held": {}}
    collection(Rate).insert_one(newest | {"updated_at": now})
    for place, code in enumerate(codes):
        documents = []
        for year in years:
            days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
            rates = {str(day): [f"{48 + place + n / 1000:.5f}", "blended", "BOI,NBU"] for n, day in enumerate(days)}
            documents.append({"_id": year_key(code, year), "rates": rates, "held": {}, "updated_at": now})
        collection(YearOfRates).insert_many(documents)


def measure(currencies: int, years: int) -> dict[str, float]:
    from expenses import rates
    from expenses.money import CURRENT, EUR
    from expenses.rates.rate_series import load_series

    codes = [code for code in CURRENT if code != EUR][:currencies]
    every = list(range(_LAST_YEAR - years + 1, _LAST_YEAR + 1))
    tell(f"Storing {len(codes)} currencies over {years} years.")
    store(codes, every)
    load_series([("USD", _LAST_YEAR)])
    before = resident()
    for year in every:
        for code in codes:
            rates.rates_for([(date(year, 6, 1), code)])
    worker = resident()
    book = rates.rates_between(date(every[0], 1, 1), date(_LAST_YEAR, 12, 31), codes)
    page = resident()
    del book
    kept = resident()
    grown = {"worker": worker - before, "while one page uses all": page - before, "afterwards": kept - before}
    figures = {name: round(value, 1) for name, value in grown.items()}
    return {"currencies": len(codes), "years": years, **figures}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--currencies", type=int, default=160)
    parser.add_argument("--years", type=int, default=25)
    options = parser.parse_args()
    try:
        with engines(FOLDER / "rates", scratch=True) as addresses:
            os.environ.update(addresses, DJANGO_SETTINGS_MODULE="finbrain.settings", FINBRAIN_ENV="development")
            os.environ.update(DEBUG="false", LOG_LEVEL="WARNING", MONGODB_TIMEOUT_MS="0")
            django.setup()
            print(json.dumps(measure(options.currencies, options.years)))
    except EngineError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
