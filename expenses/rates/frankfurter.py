"""A client of the Frankfurter API (https://frankfurter.dev) for the ECB's rates of a range of days.

Only `manage.py fetch_rates` and the scheduler call it, never a page. Callers get days of Decimals or a
FrankfurterError. `checks` decides which of the rates to accept.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from expenses.money.codes import EUR, KNOWN
from expenses.rates.checks import DayQuotes

SOURCE = "frankfurter"
# Seconds to connect, and seconds between two bytes.
TIMEOUT = (3.05, 10)
# Seconds for a whole response, even if bytes keep arriving.
DEADLINE = 60
# All days since 1999 are about 16 MB.
MAX_BYTES = 64 * 1024 * 1024
# Seconds before the second and the third attempt.
PAUSES = (1, 3)

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class FrankfurterError(Exception):
    """The service can't be reached, or its response can't be used. retry: whether another attempt may help."""

    def __init__(self, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.retry = retry


class NotServedError(FrankfurterError):
    """The service doesn't know the address, because it only serves version 1 of the API."""


class UnknownCodeError(FrankfurterError):
    """The service doesn't know one of the currencies or banks in the request."""


def fetch_range(first: date, last: date, *, sleep: Callable[[float], None] = time.sleep) -> list[DayQuotes]:
    """Fetch the ECB's rates of the business days from `first` to `last`, ascending.

    Uses version 2 of the API, or version 1 if the server is an older one. Retries after a pause on timeouts, broken
    connections, status 429 and 5xx, and unreadable bodies. Raises FrankfurterError when all attempts have failed.
    """
    base = settings.FRANKFURTER_URL.rstrip("/")
    query = {"base": EUR, "from": first.isoformat(), "to": last.isoformat(), "providers": "ecb"}
    try:
        days = attempts(lambda: _read_v2(get_json(f"{base}/v2/rates", query)), sleep)
    except NotServedError:
        days = attempts(lambda: _read_v1(get_json(f"{base}/v1/{first}..{last}", {})), sleep)
    return [quotes for quotes in days if first <= quotes.day <= last]


def attempts(ask: Callable[[], Answer], sleep: Callable[[float], None]) -> Answer:
    """Return what `ask` returns; ask again after each of PAUSES if that may help."""
    for pause in PAUSES:
        try:
            return ask()
        except FrankfurterError as error:
            if not error.retry:
                raise
            logger.info("Frankfurter: %s; retrying in %s s", error, pause)
            sleep(pause)
    return ask()


def get_json(url: str, query: dict[str, str]) -> Any:
    """Return the JSON at an address, with every number as a Decimal."""
    try:
        with requests.get(url, params=query, timeout=TIMEOUT, stream=True) as response:
            _check_status(response)
            body = _read(response)
    except (requests.RequestException, HTTPError) as error:
        raise FrankfurterError(f"no answer ({type(error).__name__})") from error
    try:
        return json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
    except ValueError as error:
        raise FrankfurterError(f"{len(body)} bytes that aren't JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status == 404:
        raise NotServedError("status 404", retry=False)
    if status == 422:
        raise UnknownCodeError("status 422", retry=False)
    if status != 200:
        raise FrankfurterError(f"status {status}", retry=status == 429 or status >= 500)


def _read(response: requests.Response) -> bytes:
    """Read the body. FrankfurterError if it is larger than MAX_BYTES or takes longer than DEADLINE.

    Reads with `read1`, which returns the bytes received so far. `iter_content` would wait for a whole chunk.
    """
    started, parts, size = time.monotonic(), [], 0
    while part := response.raw.read1(64 * 1024, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise FrankfurterError("an endless answer", retry=False)
        if time.monotonic() - started > DEADLINE:
            raise FrankfurterError("an answer that takes too long", retry=False)
    return b"".join(parts)


def _read_v2(payload: Any) -> list[DayQuotes]:
    """Convert `[{"date", "base": "EUR", "quote", "rate"}, ...]` to days. FrankfurterError for any other shape."""
    try:
        rows = [(row["base"], date.fromisoformat(row["date"]), row["quote"], row["rate"]) for row in payload]
    except (TypeError, KeyError, ValueError) as error:
        raise FrankfurterError("an answer of unknown shape") from error
    if any(base != EUR for base, *_ in rows):
        raise FrankfurterError("rates that are not based on the euro", retry=False)
    days: dict[date, dict[str, Decimal]] = {}
    for _, day, code, rate in rows:
        if days.setdefault(day, {}).setdefault(code, rate) != rate:
            raise FrankfurterError(f"two rates of {code} for {day}", retry=False)
    return _days(days)


def _read_v1(payload: Any) -> list[DayQuotes]:
    """Convert `{"amount": 1, "base": "EUR", "rates": {day: {code: rate}}}` to days. FrankfurterError if it differs."""
    try:
        base, amount = payload["base"], payload["amount"]
        days = {date.fromisoformat(day): dict(rates) for day, rates in payload["rates"].items()}
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise FrankfurterError("an answer of unknown shape") from error
    if base != EUR or amount != 1:
        raise FrankfurterError("rates that are not for one euro", retry=False)
    return _days(days)


def _days(days: dict[date, dict[str, Any]]) -> list[DayQuotes]:
    """Sort the days and drop the currencies that the ECB doesn't quote. FrankfurterError if a rate isn't a number."""
    for rates in days.values():
        if not all(isinstance(rate, Decimal) for rate in rates.values()):
            raise FrankfurterError("a rate that isn't a number")
    return [
        DayQuotes(day, {code: rate for code, rate in days[day].items() if code in KNOWN and code != EUR})
        for day in sorted(days)
    ]
