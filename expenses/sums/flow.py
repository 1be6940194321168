"""The parts of a sum: its spending in one currency, and what rests on one kind of rate. Pure."""

from decimal import Decimal
from typing import NamedTuple

from expenses.money import EXACT

ZERO = Decimal(0)
# Precision of converted values, far finer than the rounding of any sum.
_EXPONENT = Decimal("1e-15")


class Based(NamedTuple):
    """The part of a sum that rests on one kind of rate: how many expenses, and their value."""

    count: int = 0
    value: Decimal = ZERO

    def plus(self, count: int, value: Decimal) -> "Based":
        """Return the part with more expenses."""
        return Based(self.count + count, self.value + value)


class Flow(NamedTuple):
    """The spending in one currency. amount: in that currency. value: in the display currency.

    gross_amount, gross_value: the same with refunds counted as spending, so that their ratio is an average rate.
    """

    amount: Decimal = ZERO
    value: Decimal = ZERO
    gross_amount: Decimal = ZERO
    gross_value: Decimal = ZERO

    def plus(self, amount: Decimal, value: Decimal) -> "Flow":
        """Return the flow with one more amount and its value."""
        return Flow(
            self.amount + amount, self.value + value, self.gross_amount + abs(amount), self.gross_value + abs(value)
        )

    def joined(self, other: "Flow") -> "Flow":
        """Return the sum of both flows."""
        return Flow(
            self.amount + other.amount,
            self.value + other.value,
            self.gross_amount + other.gross_amount,
            self.gross_value + other.gross_value,
        )


def to_add(value: Decimal) -> Decimal:
    """Return a converted value with fifteen decimals.

    Values are rounded before they are added up. So sums below 10^13 are exact, and neither order nor a cache changes
    them. Of larger ones, the last decimals may differ.
    """
    return value.quantize(_EXPONENT, context=EXACT)
