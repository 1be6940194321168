"""What the parts of a table that were read say, for those after them and for the closing balance."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, NotRequired, Self, TypedDict, cast

from expenses.statements.notation import decimal_votes, read_number
from expenses.statements.statement import Entry, Status

_NUMBERS = ("inner", "booked", "moved", "spent")


class StoredSoFar(TypedDict):
    """`SoFar` as JSON can hold it, with numbers as text. The last release doesn't know `is_spent`."""

    status: str
    is_spent: NotRequired[bool]
    has_texts_below: bool | None
    balances: int
    inner: str
    booked: str
    moved: str
    spent: str
    currencies: list[str]


@dataclass
class SoFar:
    """What was read so far.

    status: of the section that the last row is in. is_spent: whether its heading says so of all its rows, None if it
    says nothing. has_texts_below: whether lines continue the movements above them, None if unknown. balances: how many
    rows had a running balance. inner: what came in by those balances. booked, moved: the sums of the entries after the
    first balance, without and with those that aren't booked. spent: the sum of all booked entries. currencies: of the
    entries.
    """

    status: Status = Status.BOOKED
    is_spent: bool | None = None
    has_texts_below: bool | None = None
    balances: int = 0
    inner: Decimal = Decimal(0)
    booked: Decimal = Decimal(0)
    moved: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    currencies: set[str] = field(default_factory=set)

    def add(
        self,
        entries: Sequence[Entry],
        lines: Sequence[int],
        balances: Sequence[Decimal | None],
        changes: Sequence[Decimal | None],
    ) -> None:
        """Count the entries of a part. balances, changes: of each of its lines, empty without a running balance."""
        self.currencies.update(entry.currency for entry in entries)
        self.balances += sum(one is not None for one in balances)
        self.inner += sum((one for one in changes if one is not None), Decimal(0))
        pairs = zip(lines, changes, balances, strict=True) if changes else ()
        first = {line for line, change, balance in pairs if change is None and balance is not None}
        for entry in entries:
            is_booked, is_moved = entry.status == Status.BOOKED, entry.line not in first
            self.spent += entry.amount if is_booked else 0
            self.moved += entry.amount if is_moved else 0
            self.booked += entry.amount if is_booked and is_moved else 0

    def gap(self, stated: tuple[str, str] | None, decimal: str) -> Decimal | None:
        """The last balance minus what the first one and the entries lead to; None without balances.

        stated: the balances that lines of their own state. What isn't booked may or may not be part of the balances.
        """
        if len(self.currencies) > 1:
            return None
        if self.balances < 2:
            return self._gap_to_stated(stated, decimal)
        gaps = self.inner + self.booked, self.inner + self.moved
        return next((gap for gap in gaps if not gap), gaps[0])

    def _gap_to_stated(self, stated: tuple[str, str] | None, decimal: str) -> Decimal | None:
        """The gap between the balances that lines of their own state. On a card they may be what is owed."""
        gaps = self._gaps_to_stated(stated, decimal)
        return min(gaps, key=abs) if gaps else None

    def _gaps_to_stated(self, stated: tuple[str, str] | None, decimal: str) -> tuple[Decimal, ...]:
        """The gap if the stated balances are what the person has, and if they are what is owed; empty without them."""
        opening, closing = (read_number(text, decimal_votes(text) or decimal) for text in stated or ("", ""))
        if opening is None or closing is None:
            return ()
        return closing - opening + self.spent, closing - opening - self.spent

    def is_owed(self, stated: tuple[str, str] | None, decimal: str) -> bool:
        """Whether the balances, by which `gap` is found, are what the person owes, so that spending raises them."""
        gaps = self._gaps_to_stated(stated, decimal) if self.balances < 2 else ()
        return bool(gaps) and abs(gaps[1]) < abs(gaps[0])

    def stored(self) -> StoredSoFar:
        """These values as JSON can hold them; `of` reads them."""
        numbers = {name: str(getattr(self, name)) for name in _NUMBERS}
        values = asdict(self) | numbers | {"currencies": sorted(self.currencies)}
        if self.is_spent is None:  # few files need it
            del values["is_spent"]
        return cast(StoredSoFar, values)

    @classmethod
    def of(cls, stored: StoredSoFar) -> Self:
        values: dict[str, Any] = {**stored, **{name: Decimal(stored[name]) for name in _NUMBERS}}
        return cls(**values | {"currencies": {*stored["currencies"]}, "status": Status(stored["status"])})
