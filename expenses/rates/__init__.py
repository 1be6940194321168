"""Exchange rates for pages: load all rates that a page needs at once, then convert with them.

    book = rates_between(first_day, last_day, {"USD", "EUR", "ILS"})
    book.convert(Decimal("12.00"), "USD", "ILS", spent_on)

The rate of a day is the ECB's rate of that day, or of the last business day before it, at most ten days earlier. Days
after the newest known one use the newest rate, because today's is published in the afternoon. A currency has no rates
before its first quote or after its end. Without a rate the result is None: leave the amount out, and count it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bson import Decimal128

from expenses.money import ENDED, EUR, FIRST_QUOTED, convert
from expenses.money.codes import EXACT
from expenses.rates import ecb_history
from expenses.rates import series as rate_series
from expenses.rates.series import DayRate, Series, SeriesKey, State, forget_rates

__all__ = [
    "Converted",
    "DayRate",
    "OwnRate",
    "RateBook",
    "forget_rates",
    "order_value",
    "rates_between",
    "rates_for",
]

_ONE = Decimal(1)
_ORDER_EXPONENT = Decimal("1e-8")


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

    rate_day: the day of the oldest rate used. earlier: whether it is before the day asked for. own: whether an own rate
    was used.
    """

    amount: Decimal
    rate_day: date
    earlier: bool
    own: bool = False


class RateBook:
    """The rates that a page asked for. Any other rate is loaded when it is needed, one round trip each."""

    def __init__(self, wanted: Iterable[SeriesKey]) -> None:
        self._state: State
        self._series: dict[SeriesKey, Series]
        self._state, self._series = rate_series.load_series(key for key in wanted if _is_quoted(*key))

    def rate(self, code: str, day: date) -> DayRate | None:
        """Return the units of `code` for one euro on `day`, or None if there is no usable rate."""
        if code == EUR:
            return DayRate(_ONE, day, EUR)
        if code not in FIRST_QUOTED or not FIRST_QUOTED[code] <= day <= ENDED.get(code, date.max):
            return None
        day = min(day, self._state.newest)
        start, cells = self._series.get((code, day.year)) or self._look_up(code, day.year)
        return cells[day.toordinal() - start]

    def convert(
        self, amount: Decimal, code: str, to_code: str, day: date, own_rate: OwnRate | None = None
    ) -> Converted | None:
        """Convert `amount`, spent on `day`, from `code` to `to_code`. None if a rate is missing.

        Converting to the same currency returns the amount unchanged. An own rate takes precedence over the day's rate.
        If it isn't in `to_code`, the day's rates convert the result further.
        """
        if code == to_code:
            return Converted(amount, day, earlier=False)
        if own_rate is not None:
            onward = self.convert(EXACT.multiply(amount, own_rate.rate), own_rate.currency, to_code, day)
            return onward and onward._replace(own=True)
        from_rate, to_rate = self.rate(code, day), self.rate(to_code, day)
        if from_rate is None or to_rate is None:
            return None
        rate_day = min(from_rate.day, to_rate.day)
        return Converted(convert(amount, from_rate.rate, to_rate.rate), rate_day, earlier=rate_day < day)

    def order_value(self, amount: Decimal, code: str, day: date) -> Decimal | None:
        """Return the approximate value in EUR, to eight decimals, for sorting and range filters. Never shown.

        A day without a rate uses the last rate before it, or else the currency's first one. None for a currency without
        any rate yet.
        """
        found = self.rate(code, day)
        if found is None and code in FIRST_QUOTED:
            found = ecb_history.nearest_quote(code, day)
        return found and convert(amount, found.rate, _ONE).quantize(_ORDER_EXPONENT, context=EXACT)

    def _look_up(self, code: str, year: int) -> Series:
        self._state, found = rate_series.load_series([(code, year)])
        self._series |= found
        return found[code, year]


def rates_for(days_and_currencies: Iterable[tuple[date, str]]) -> RateBook:
    """Load the rates for any number of (day, currency) pairs, with at most one cache call and one database call."""
    return RateBook({(code, day.year) for day, code in days_and_currencies})


def rates_between(first: date, last: date, codes: Iterable[str]) -> RateBook:
    """Load the rates of all `codes` for every day from `first` to `last`."""
    return RateBook({(code, year) for code in codes for year in range(first.year, last.year + 1)})


def order_value(amount: Decimal, code: str, day: date) -> Decimal | None:
    """Return `RateBook.order_value` of one expense. For several expenses, load one book and ask it."""
    return rates_for([(day, code)]).order_value(amount, code, day)


def _is_quoted(code: str, year: int) -> bool:
    if code not in FIRST_QUOTED:
        return False
    return FIRST_QUOTED[code].year <= year <= ENDED.get(code, date.max).year
