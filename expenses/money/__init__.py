"""Arithmetic of money in many currencies, without Django, database or network.

Rates are the ECB's: how many units of a currency one euro buys. The neighbours are re-exported, so that other modules
need to know this one only: codes and minor units (`currency_codes`), typed amounts (`amounts`), shown ones
(`money_format`).
"""

from decimal import Decimal

from expenses.money.amounts import AmountError, ParsedAmount, parse_amount, parse_rate
from expenses.money.codes import CURRENT, ENDED, EUR, EXACT, FIRST_QUOTED, KNOWN, is_valid, minor_units, quantize
from expenses.money.formatting import format_money, symbol
from expenses.money.in_title import TitleAndAmount, split_title

__all__ = [
    "CURRENT",
    "ENDED",
    "EUR",
    "FIRST_QUOTED",
    "KNOWN",
    "AmountError",
    "ParsedAmount",
    "TitleAndAmount",
    "convert",
    "format_money",
    "is_valid",
    "minor_units",
    "parse_amount",
    "parse_rate",
    "quantize",
    "split_title",
    "symbol",
]


def convert(amount: Decimal, from_rate: Decimal, to_rate: Decimal) -> Decimal:
    """`amount` in another currency, not rounded: amount / from_rate * to_rate, through the euro.

    Both rates are units per euro and positive (the euro's own is 1). Carries 50 significant digits, so that a
    conversion there and back differs from the original by far less than 1e-12; round only what is shown, with
    `quantize`.
    """
    return EXACT.divide(EXACT.multiply(amount, to_rate), from_rate)
