"""Exchange rates for pages: load all rates that a page needs at once, then convert with them.

    book = rates_between(first_day, last_day, {"USD", "EUR", "ILS"}, ledger.own_rates)
    book.convert(Decimal("12.00"), "USD", "ILS", spent_on)

The rate of a day is the rate of that day, or of the last day before it that has one, at most ten days earlier. The
ECB's rates come first. Days after its newest one use the newest rates, because today's are published in the afternoon.
A currency has no rates before its first quote or after its end. Without a rate the result is None: leave the amount
out, and count it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bson import Decimal128

from expenses.models.own_rates import LedgerRate
from expenses.models.rate import RateKind
from expenses.money import ENDED, EUR, KNOWN, convert
from expenses.money.rounding import EXACT
from expenses.rates import ecb_history
from expenses.rates import rate_series as rate_series
from expenses.rates.compact import DayRate, Origin, RateSeries
from expenses.rates.euro_legacy import fixed_rate
from expenses.rates.rate_series import State, forget_rates, is_awaited
from expenses.rates.stored_rows import SeriesKey

__all__ = [
    "BASES",
    "BLENDED",
    "MULTIPLE_RATES",
    "NO_RATE",
    "OLD",
    "OWN",
    "Converted",
    "DayRate",
    "Origin",
    "OwnRate",
    "RateBook",
    "forget_rates",
    "is_awaited",
    "order_value",
    "rates_between",
    "rates_for",
]

# Countries with several rates. Banks publish the official one, which is often not what people pay.
MULTIPLE_RATES = frozenset({"ARS", "IRR", "LBP", "NGN", "VES"})
_ONE = Decimal(1)
_ORDER_EXPONENT = Decimal("1e-8")
# The bases of a conversion, see `Converted.bases`.
OWN, OLD, BLENDED = BASES = ("own", "old", "blended")
# What is said of amounts that can't be converted.
NO_RATE = "none"


class OwnRate(NamedTuple):
    """A rate that a person entered for one expense: one unit of the expense's currency = `rate` units of `currency`.

    `currency` is the ledger's home currency at that time. It stays when the home currency changes, because the price of
    the cash doesn't change. Stored as `Expense.own_rate` and `Expense.own_rate_currency`.
    """

    rate: Decimal
    currency: str

    @classmethod
    def of(cls, rate: Decimal128 | Decimal | str | None, currency: str | None) -> "OwnRate | None":
        """Return the own rate in the two stored columns, or None if they are empty."""
        if not rate or not currency:
            return None
        return cls(rate.to_decimal() if isinstance(rate, Decimal128) else Decimal(rate), currency)


class Converted(NamedTuple):
    """An amount in another currency, unrounded.

    rate_day: the day of the oldest rate used. earlier: whether it is before the day asked for. own: whether the
    expense's or the ledger's own rate was used. origins: of the published rates used, of both currencies. since: the
    day from which the ledger's own rate applies, None without one.
    """

    amount: Decimal
    rate_day: date
    earlier: bool
    own: bool = False
    origins: tuple[Origin, ...] = ()
    since: date | None = None

    @property
    def bases(self) -> tuple[str, ...]:
        """What a person should know about the rate: OWN, OLD, BLENDED."""
        found = (OWN,) if self.own else (OLD,) if self.earlier else ()
        if self.origins and any(origin.kind == RateKind.BLENDED for origin in self.origins):
            return *found, BLENDED
        return found


class _Way(NamedTuple):
    """How published rates convert one currency to another on a day, as in `Converted`."""

    from_rate: Decimal
    to_rate: Decimal
    rate_day: date
    earlier: bool
    origins: tuple[Origin, ...]


class RateBook:
    """The rates that a page asked for. Any other rate is loaded when it is needed, one round trip each.

    own: the ledger's own rates, which take precedence over published ones.
    """

    def __init__(self, wanted: Iterable[SeriesKey], own: Sequence[LedgerRate] = ()) -> None:
        self._own = own
        self._state: State
        self._series: dict[SeriesKey, RateSeries]
        self._known: dict[tuple[str, date], DayRate | None] = {}
        self._ways: dict[tuple[str, str, date], _Way | None] = {}
        keys = set(wanted)
        keys |= {(rate.anchor, year) for rate in own for code, year in keys if code == rate.sets}
        self._state, self._series = rate_series.load_series(key for key in keys if _may_be_quoted(*key))

    def rate(self, code: str, day: date) -> DayRate | None:
        """Return the units of `code` for one euro on `day`, or None if there is no usable rate."""
        key = code, day
        if key not in self._known:
            self._known[key] = self._find(code, day)
        return self._known[key]

    def _find(self, code: str, day: date) -> DayRate | None:
        if code == EUR:
            return DayRate(_ONE, day, EUR, RateKind.PUBLISHED.value)
        if code not in KNOWN or day > ENDED.get(code, date.max):
            return None
        if fixed := fixed_rate(code, day):
            return fixed
        day = min(day, self._state.newest)
        series = self._series.get((code, day.year)) or self._look_up(code, day.year)
        return series.on(day)

    def convert(
        self, amount: Decimal, code: str, to_code: str, day: date, own_rate: OwnRate | None = None
    ) -> Converted | None:
        """Convert `amount`, spent on `day`, from `code` to `to_code`. None if a rate is missing.

        Converting to the same currency returns the amount unchanged. The expense's own rate takes precedence over the
        ledger's, and that one over the day's. If it isn't in `to_code`, the other rates convert the result further.
        """
        if code == to_code:
            return Converted(amount, day, earlier=False)
        if own_rate is not None:
            onward = self.convert(EXACT.multiply(amount, own_rate.rate), own_rate.currency, to_code, day)
            return onward and onward._replace(own=True)
        if not self._own:
            return self._convert_published(amount, code, to_code, day)
        return self._convert_by_table(amount, code, to_code, day)

    def _convert_by_table(self, amount: Decimal, code: str, to_code: str, day: date) -> Converted | None:
        """Convert by the ledger's own rates of the two currencies, and between these by the day's."""
        first, last = self._own_rate(code, day), self._own_rate(to_code, day)
        if first and first.anchor == to_code:
            last = None
        elif last and last.anchor == code:
            first = None
        if not (first or last):
            return self._convert_published(amount, code, to_code, day)
        start, end = first.anchor if first else code, last.anchor if last else to_code
        found = self._convert_published(first.turn(amount, code) if first else amount, start, end, day)
        since = max(rate.since for rate in (first, last) if rate)
        if found is None:
            return None
        return found._replace(amount=last.turn(found.amount, end) if last else found.amount, own=True, since=since)

    def _convert_published(self, amount: Decimal, code: str, to_code: str, day: date) -> Converted | None:
        if code == to_code:
            return Converted(amount, day, earlier=False)
        key = code, to_code, day
        if key not in self._ways:
            self._ways[key] = self._find_way(code, to_code, day)
        way = self._ways[key]
        if way is None:
            return None
        amount = convert(amount, way.from_rate, way.to_rate)
        return Converted(amount, way.rate_day, way.earlier, origins=way.origins)

    def _find_way(self, code: str, to_code: str, day: date) -> _Way | None:
        from_rate, to_rate = self.rate(code, day), self.rate(to_code, day)
        if from_rate is None or to_rate is None:
            return None
        rate_day = min(from_rate.day, to_rate.day)
        used = {code: from_rate, to_code: to_rate}
        origins = tuple(dict.fromkeys(Origin(rate.source, rate.kind) for key, rate in used.items() if key != EUR))
        return _Way(from_rate.rate, to_rate.rate, rate_day, rate_day < day, origins)

    def _own_rate(self, code: str, day: date) -> LedgerRate | None:
        """Return the ledger's own rate of a currency, the one that counts on `day`."""
        return max((rate for rate in self._own if rate.sets == code and rate.since <= day), default=None)

    def order_value(self, amount: Decimal, code: str, day: date) -> Decimal | None:
        """Return the approximate value in EUR, to eight decimals, for sorting and range filters. Never shown.

        A day without a rate uses the last rate of the ECB before it, or else its first one. None for a currency without
        any rate yet, until `ledger.order_values` fills it in.
        """
        found = self.rate(code, day) or ecb_history.nearest_quote(code, day)
        return found and convert(amount, found.rate, _ONE).quantize(_ORDER_EXPONENT, context=EXACT)

    def _look_up(self, code: str, year: int) -> RateSeries:
        self._state, found = rate_series.load_series([(code, year)])
        self._series |= found
        return found[code, year]


def rates_for(days_and_currencies: Iterable[tuple[date, str]], own: Sequence[LedgerRate] = ()) -> RateBook:
    """Load the rates for any number of (day, currency) pairs, with at most one cache call and one database call."""
    return RateBook({(code, day.year) for day, code in days_and_currencies}, own)


def rates_between(first: date, last: date, codes: Iterable[str], own: Sequence[LedgerRate] = ()) -> RateBook:
    """Load the rates of all `codes` for every day from `first` to `last`."""
    return RateBook({(code, year) for code in codes for year in range(first.year, last.year + 1)}, own)


def order_value(amount: Decimal, code: str, day: date) -> Decimal | None:
    """Return `RateBook.order_value` of one expense. For several expenses, load one book and ask it."""
    return rates_for([(day, code)]).order_value(amount, code, day)


def _may_be_quoted(code: str, year: int) -> bool:
    if code not in KNOWN or code == EUR or year > ENDED.get(code, date.max).year:
        return False
    return fixed_rate(code, date(year, 1, 1)) is None
