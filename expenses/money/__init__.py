"""Money in many currencies: codes, reading, formatting and converting amounts. Needs no database and no network.

A rate is the number of units of a currency that one euro buys, as the ECB publishes it. Other modules import from here
what they need of these modules.
"""

from decimal import Decimal

from expenses.money.calculation import is_sum, parse_typed_amount
from expenses.money.codes import (
    COMMON,
    CURRENT,
    EUR,
    FIRST_QUOTED,
    KNOWN,
    MOST_DECIMALS,
    is_valid,
    minor_units,
)
from expenses.money.errors import AmountError, UnknownCurrencyError, refusal
from expenses.money.formatting import (
    MINUS,
    currency_name,
    format_money,
    format_percent,
    format_received,
    format_whole,
    minus_sign,
    symbol,
)
from expenses.money.in_title import TitleAndAmount, split_title, without_came_in
from expenses.money.iso4217 import ENDED
from expenses.money.parsing import ParsedAmount, parse_amount, parse_rate
from expenses.money.rounding import EXACT, quantize

__all__ = [
    "COMMON",
    "CURRENT",
    "ENDED",
    "EUR",
    "FIRST_QUOTED",
    "KNOWN",
    "MINUS",
    "MOST_DECIMALS",
    "AmountError",
    "ParsedAmount",
    "TitleAndAmount",
    "UnknownCurrencyError",
    "convert",
    "currency_name",
    "format_money",
    "format_percent",
    "format_received",
    "format_whole",
    "is_sum",
    "is_valid",
    "minor_units",
    "minus_sign",
    "parse_amount",
    "parse_rate",
    "parse_typed_amount",
    "quantize",
    "refusal",
    "split_title",
    "symbol",
    "without_came_in",
]


def convert(amount: Decimal, from_rate: Decimal, to_rate: Decimal) -> Decimal:
    """Convert `amount` to another currency through the euro, unrounded: amount / from_rate * to_rate.

    Both rates are positive units per euro (1 for the euro itself). The result has 50 significant digits, so converting
    there and back changes an amount by far less than 1e-12. Round only for display, with `quantize`.
    """
    return EXACT.divide(EXACT.multiply(amount, to_rate), from_rate)
