"""The series of a ledger as the page needs them, with their values in the home currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from expenses import rates
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.models.series import SeriesState
from expenses.rates import RateBook
from expenses.recurring.cycles import LENGTHS, day_after
from expenses.recurring.fitting import Attached, SeriesFacts, facts_of
from expenses.recurring.life import state_of, usual_amount

_YEAR = Decimal("365.2425")
_LIVE = (SeriesState.PROPOSED, SeriesState.KEPT)


@dataclass(frozen=True)
class Item:
    """A series.

    state: as it is shown. amount: to expect, never negative. value: in the home currency, None without a rate.
    """

    row: SeriesDocument
    facts: SeriesFacts
    state: str
    amount: Decimal
    value: Decimal | None

    @property
    def key(self) -> str:
        return str(self.row["_id"])

    @property
    def name(self) -> str:
        return self.row["name"]

    @property
    def is_live(self) -> bool:
        """Whether entries are due: it is proposed or kept, neither paused nor ended."""
        return self.state in _LIVE

    @property
    def yearly(self) -> Decimal | None:
        """What it comes to in a year, in the home currency."""
        per_year = _YEAR / Decimal(LENGTHS[self.facts.cycle])
        return None if self.value is None else self.value * per_year

    def due_days(self, until: date) -> list[date]:
        """Return the days that it is due up to `until`, an overdue one first."""
        days, last = [], self.row["ends_on"] and self.row["ends_on"].date()
        left = None if self.row["payments"] is None else self.row["payments"] - len(self.facts.entries)
        day = self.facts.next_on
        while day <= until and (last is None or day <= last) and (left is None or len(days) < left):
            days.append(day)
            day = day_after(self.facts.next_on, self.facts.cycle, len(days))
        return days

    @property
    def cancel_by(self) -> date | None:
        """Return the last day to cancel it: its own, or the notice period before the next entry."""
        if self.row["cancel_by"]:
            return self.row["cancel_by"].date()
        notice = self.row["notice_days"]
        return None if notice is None else self.facts.next_on - timedelta(days=notice)


def book_for(ledger: Ledger, rows: Sequence[SeriesDocument], today: date) -> RateBook:
    """Return the rates of today and of the entries whose price may have changed, in one round trip."""
    wanted = set()
    for row in rows:
        facts = facts_of(row)
        days = [today, *(entry.day for entry in compared(facts))]
        wanted |= {(day, code) for day in days for code in (facts.currency, ledger.home_currency)}
    return rates.rates_for(wanted, ledger.own_rates)


def compared(facts: SeriesFacts) -> tuple[Attached, ...]:
    """Return the last entry, and the one of about a year before or the first one. Empty if there aren't both."""
    same = [entry for entry in facts.entries if entry.currency == facts.currency]
    if len(same) < 2:
        return ()
    last = same[-1]
    year_ago = last.day - timedelta(days=370)
    before = next((entry for entry in same if entry.day >= year_ago), same[0])
    if before is last:
        before = same[-2]
    return before, last


def kept_items(rows: Iterable[SeriesDocument]) -> list[Item]:
    """Return the kept series that go on, without their values, the next due first."""
    return _in_state(SeriesState.KEPT, rows)


def dismissed_items(rows: Iterable[SeriesDocument]) -> list[Item]:
    """Return the dismissed series, without their values."""
    return _in_state(SeriesState.DISMISSED, rows)


def _in_state(state: SeriesState, rows: Iterable[SeriesDocument]) -> list[Item]:
    stored = ((row, facts_of(row)) for row in rows)
    items = [Item(row, facts, state_of(row, facts), usual_amount(facts), None) for row, facts in stored]
    return sorted((item for item in items if item.state == state), key=_by_day)


def items_of(ledger: Ledger, rows: Iterable[SeriesDocument], book: RateBook, today: date) -> list[Item]:
    """Return the series that weren't dismissed, the next due first."""
    items = []
    for row in rows:
        facts = facts_of(row)
        state, amount = state_of(row, facts), usual_amount(facts)
        found = book.convert(amount, facts.currency, ledger.home_currency, today)
        if state != SeriesState.DISMISSED:
            items.append(Item(row, facts, state, amount, found.amount if found else None))
    return sorted(items, key=_by_day)


def _by_day(item: Item) -> tuple[date, str]:
    return item.facts.next_on, item.name
