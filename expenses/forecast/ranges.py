"""The range that a forecast gives, and the sum of two. Pure."""

from math import hypot
from typing import NamedTuple


class Range(NamedTuple):
    """A forecast: in 8 of 10 cases the amount is from `low` to `high`, in half of them below `point`."""

    low: float
    point: float
    high: float

    def plus(self, other: "Range") -> "Range":
        """Return the range of the sum of two amounts that have nothing to do with each other."""
        point = self.point + other.point
        below = hypot(self.point - self.low, other.point - other.low)
        above = hypot(self.high - self.point, other.high - other.point)
        return Range(point - below, point, point + above)

    def shifted(self, known: float) -> "Range":
        """Return the range with an amount that is known."""
        return Range(self.low + known, self.point + known, self.high + known)

    def negated(self) -> "Range":
        """Return the range of the same amounts with the other sign."""
        return Range(-self.high, -self.point, -self.low)

    def holds(self, amount: float) -> bool:
        """Whether an amount is in the range, to half a cent."""
        return self.low - 0.005 <= amount <= self.high + 0.005


NOTHING = Range(0, 0, 0)
