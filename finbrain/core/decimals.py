"""Convert amounts that MongoDB stores."""

from decimal import Context, Decimal

from bson import Decimal128

# From the right: the digits as one number, then the exponent, then the sign. Both of these bits are set in what is
# written differently: infinities, NaN, and numbers with more digits than a Decimal128 may have.
_DIGITS, _OTHERS = (1 << 113) - 1, 3 << 125
_EXPONENT, _BIAS, _MOST_DIGITS = (1 << 14) - 1, 6176, 10**34
_ALL_DIGITS = Context(prec=34)


def decimal_of(value: Decimal128) -> Decimal:
    """Return the same as `to_decimal`, which takes four times as long: it makes a tuple of the digits."""
    bits = int.from_bytes(value.bid, "little")
    digits = bits & _DIGITS
    if bits & _OTHERS == _OTHERS or digits >= _MOST_DIGITS:
        return value.to_decimal()
    number = Decimal(digits).scaleb((bits >> 113 & _EXPONENT) - _BIAS, _ALL_DIGITS)
    return number.copy_negate() if bits >> 127 else number
