"""The client of the Frankfurter API (https://frankfurter.dev): the ECB's rates of a range of days, in one request.

It is asked from `manage.py fetch_rates` and the scheduler only, never while a page is made. Whatever it answers, the
caller gets days of Decimals or a FrankfurterError; whether to believe the rates is for `rate_checks` to say.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from expenses.money.codes import EUR, KNOWN
from expenses.rates.checks import DayQuotes

SOURCE = "frankfurter"
# Seconds to connect; between two bytes.
TIMEOUT = (3.05, 10)
# Seconds for a whole answer, however it drips.
DEADLINE = 60
# All days since 1999 are about 16 MB.
MAX_BYTES = 64 * 1024 * 1024
# Seconds before the second and the third attempt.
PAUSES = (1, 3)

logger = logging.getLogger(__name__)


class FrankfurterError(Exception):
    """The service is away, or its answer cannot be used. `retry`: another attempt may help."""

    def __init__(self, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.retry = retry


class NotServedError(FrankfurterError):
    """The service does not know the address: one that still serves version 1 only."""


def fetch_range(first: date, last: date, *, sleep: Callable[[float], None] = time.sleep) -> list[DayQuotes]:
    """The ECB's rates of the business days from `first` to `last`, ascending.

    Asks version 2, and version 1 where that is not served (an older installation of one's own). Waits and asks again
    after time-outs, broken connections, 429, 5xx and unreadable bodies; then raises FrankfurterError.
    """
    base = settings.FRANKFURTER_URL.rstrip("/")
    query = {"base": EUR, "from": first.isoformat(), "to": last.isoformat(), "providers": "ecb"}
    try:
        days = _attempts(lambda: _read_v2(_get_json(f"{base}/v2/rates", query)), sleep)
    except NotServedError:
        days = _attempts(lambda: _read_v1(_get_json(f"{base}/v1/{first}..{last}", {})), sleep)
    return [quotes for quotes in days if first <= quotes.day <= last]


def _attempts(ask: Callable[[], list[DayQuotes]], sleep: Callable[[float], None]) -> list[DayQuotes]:
    for pause in PAUSES:
        try:
            return ask()
        except FrankfurterError as error:
            if not error.retry:
                raise
            logger.info("Frankfurter: %s; asking again in %s s", error, pause)
            sleep(pause)
    return ask()


def _get_json(url: str, query: dict[str, str]) -> Any:
    """The JSON of an address, with every number as Decimal."""
    try:
        with requests.get(url, params=query, timeout=TIMEOUT, stream=True) as response:
            _check_status(response)
            body = _read(response)
    except (requests.RequestException, HTTPError) as error:
        raise FrankfurterError(f"no answer ({type(error).__name__})") from error
    try:
        return json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
    except ValueError as error:
        raise FrankfurterError(f"{len(body)} bytes that are no JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status == 404:
        raise NotServedError("status 404", retry=False)
    if status != 200:
        raise FrankfurterError(f"status {status}", retry=status == 429 or status >= 500)


def _read(response: requests.Response) -> bytes:
    """The body; gives up on one that is endless or takes too long.

    Takes what has arrived (`read1`): `iter_content` would wait for a whole chunk, however slowly it drips.
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
    """`[{"date", "base": "EUR", "quote", "rate"}, ...]` as days; FrankfurterError for any other shape."""
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
    """`{"amount": 1, "base": "EUR", "rates": {day: {code: rate}}}` as days; FrankfurterError for any other shape."""
    try:
        base, amount = payload["base"], payload["amount"]
        days = {date.fromisoformat(day): dict(rates) for day, rates in payload["rates"].items()}
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise FrankfurterError("an answer of unknown shape") from error
    if base != EUR or amount != 1:
        raise FrankfurterError("rates that are not for one euro", retry=False)
    return _days(days)


def _days(days: dict[date, dict[str, Any]]) -> list[DayQuotes]:
    """Ascending, without currencies that the ECB does not quote. A rate that is no number spoils the answer."""
    for rates in days.values():
        if not all(isinstance(rate, Decimal) for rate in rates.values()):
            raise FrankfurterError("a rate that is no number")
    return [
        DayQuotes(day, {code: rate for code, rate in days[day].items() if code in KNOWN and code != EUR})
        for day in sorted(days)
    ]
