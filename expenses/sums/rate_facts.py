"""Which rates a total rests on. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from expenses.money import quantize
from expenses.sums.figures import Based, CategoryFigures


@dataclass
class RateFacts:
    """The rates under a total in `display`.

    foreign: the converted currencies. based: what rests on old, blended and own rates. excluded: currency -> number of
    expenses left out because there is no rate.
    """

    display: str
    foreign: set[str] = field(default_factory=set)
    based: dict[str, Based] = field(default_factory=lambda: defaultdict(Based))
    excluded: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, figures: CategoryFigures) -> None:
        """Add the facts of a category in a month. What rests on a rate is rounded as in the total of its list."""
        self.foreign |= figures.flows.keys() - {self.display}
        for basis, part in figures.based.items():
            self.based[basis] = self.based[basis].plus(part.count, quantize(part.value, self.display))
        for code, n in figures.excluded.items():
            self.excluded[code] += n

    @property
    def left_out(self) -> int:
        """How many expenses are left out."""
        return sum(self.excluded.values())

    def to_json(self) -> list[Any]:
        based = {basis: [part.count, str(part.value)] for basis, part in self.based.items()}
        return [self.display, sorted(self.foreign), based, self.excluded]

    @classmethod
    def from_json(cls, data: list[Any]) -> "RateFacts":
        display, foreign, based, excluded = data
        parts = {basis: Based(count, Decimal(value)) for basis, (count, value) in based.items()}
        return cls(display, set(foreign), parts, excluded)
