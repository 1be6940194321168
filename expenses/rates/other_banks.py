"""Frankfurter's rates of other banks than the ECB: of one central bank, or blended over all of them (version 2 only).

Which central banks quote their own currency comes from the service, so nothing here names one.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from expenses.models.rate import RateKind
from expenses.money import EUR
from expenses.rates.frankfurter import FrankfurterError, attempts, get_json

Sleep = Callable[[float], None]

_STILL_PUBLISHES = timedelta(days=30)


class OtherQuote(NamedTuple):
    """The rate of a currency on a day. source: the keys of the banks. kind: a value of `RateKind`."""

    rate: Decimal
    source: str
    kind: str


# Currency -> day -> quote, days ascending.
Quotes = dict[str, dict[date, OtherQuote]]


@dataclass
class BankAnswer:
    """What the service has. unclear: the days for which it has two rates of a currency, of which neither is used."""

    quotes: Quotes = field(default_factory=dict)
    unclear: set[tuple[date, str]] = field(default_factory=set)


def fetch_banks(*, sleep: Sleep = time.sleep) -> dict[str, str]:
    """Return the central bank of each currency: {"UAH": "nbu"}, of those that quote theirs against the euro."""
    base = settings.FRANKFURTER_URL.rstrip("/")
    return attempts(lambda: _read_banks(get_json(f"{base}/v2/providers", {})), sleep)


def fetch_quotes(
    codes: Iterable[str], first: date, last: date, bank: str = "", *, sleep: Sleep = time.sleep
) -> BankAnswer:
    """Fetch the rates of a range of days in one request, of one bank if `bank` is its key, else blended.

    Raises UnknownCodeError if the service doesn't know a currency, and FrankfurterError like `fetch_range`.
    """
    base = settings.FRANKFURTER_URL.rstrip("/")
    query = {"base": EUR, "from": first.isoformat(), "to": last.isoformat(), "quotes": ",".join(codes)}
    query |= {"providers": bank} if bank else {"expand": "providers"}
    wanted = frozenset(query["quotes"].split(","))
    answer = attempts(lambda: _read_quotes(get_json(f"{base}/v2/rates", query), bank), sleep)
    for code, quotes in list(answer.quotes.items()):
        known = {day: quotes[day] for day in sorted(quotes) if code in wanted and first <= day <= last}
        answer.quotes[code] = known
    return answer


def _read_banks(payload: Any) -> dict[str, str]:
    """Choose a bank for each currency: one that still publishes, and its main series before others ("nbp.b")."""
    try:
        rows = [
            (row["pivot_currency"], str(row["key"]).lower())
            for row in payload
            if EUR in row["currencies"] and not _has_ended(row)
        ]
    except (TypeError, KeyError, ValueError) as error:
        raise FrankfurterError("providers of unknown shape") from error
    return {code: min((("." in key, key) for owner, key in rows if owner == code))[1] for code, _ in rows if code}


def _has_ended(row: dict[str, Any]) -> bool:
    """Whether a bank stopped publishing. The end of one that goes on is its newest day, or missing."""
    end = row["end_date"]
    return bool(end) and date.fromisoformat(end) < timezone.localdate() - _STILL_PUBLISHES


def _read_quotes(payload: Any, bank: str) -> BankAnswer:
    """Read `[{"date", "base": "EUR", "quote", "rate", "providers"?}, ...]`. FrankfurterError for any other shape."""
    try:
        rows = [(row["base"], date.fromisoformat(row["date"]), row["quote"], _quote(row, bank)) for row in payload]
    except (TypeError, KeyError, ValueError) as error:
        raise FrankfurterError("an answer of unknown shape") from error
    if any(base != EUR for base, *_ in rows):
        raise FrankfurterError("rates that are not based on the euro", retry=False)
    answer = BankAnswer()
    for _, day, code, quote in rows:
        if answer.quotes.setdefault(code, {}).setdefault(day, quote).rate != quote.rate:
            answer.unclear.add((day, code))
    for day, code in answer.unclear:
        del answer.quotes[code][day]
    return answer


def _quote(row: dict[str, Any], bank: str) -> OtherQuote:
    rate, providers = row["rate"], row.get("providers")
    if not isinstance(rate, Decimal):
        raise TypeError("a rate that isn't a number")
    if bank:
        return OtherQuote(rate, bank.upper(), RateKind.PUBLISHED.value)
    if not providers:
        return OtherQuote(rate, "", RateKind.PEGGED.value)
    return OtherQuote(rate, _keys(providers), RateKind.BLENDED.value)


def _keys(providers: Sequence[str]) -> str:
    if isinstance(providers, str):
        raise TypeError("providers that aren't a list")
    return ",".join(sorted(str(key).upper() for key in providers))
