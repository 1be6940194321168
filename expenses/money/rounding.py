"""The rounding rule of amounts, and the precision of what is computed from them."""

from decimal import ROUND_HALF_UP, Context, Decimal

from expenses.money.codes import KNOWN, minor_units

_CENT = Decimal("0.01")
_EXPONENTS = {code: Decimal(1).scaleb(-minor_units(code)) for code in KNOWN}

# With 50 digits, twelve integer digits times the largest rate still leave more than twenty decimals.
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


def quantize(amount: Decimal, code: str) -> Decimal:
    """Round `amount` to the currency's minor units, halves away from zero, as on bills and bank statements.

    A refund therefore rounds to the exact negative of its payment. The result is never a negative zero.
    """
    rounded = amount.quantize(_EXPONENTS.get(code, _CENT), context=EXACT)
    return rounded if rounded else abs(rounded)
