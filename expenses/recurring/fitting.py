"""Decides which series an entry belongs to, from what is stored about the series. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import log
from typing import Any, NamedTuple

from django.utils.crypto import salted_hmac

from expenses.models.documents import StoredFacts
from expenses.models.expense import title_key
from expenses.recurring.chains import SeriesEntry
from expenses.recurring.cycles import LENGTHS, TOLERANCES, Cycle, day_after, next_day, place
from expenses.recurring.detection import usual_range
from expenses.recurring.names import are_alike
from finbrain.core.decimals import decimal_of

_KEY_LENGTH = 32
# How far an amount may be from the usual range, and from an entry of the same cycle to be the same charge again.
_FURTHEST, _CHARGED_AGAIN = log(1.6), 0.02
# The part of a cycle by which an entry may be late.
_LATE = 0.45
# From this many entries on, they say when the next one is due.
_ENOUGH = 3
_RECENT_NAMES = 3
# For how many days a second charge is worth a look.
RECENT_DAYS = 70


class Attached(NamedTuple):
    """An entry of a series, as it is stored. amount: never negative."""

    id: str
    day: date
    amount: Decimal
    currency: str

    def to_stored(self) -> list[str]:
        return [self.id, self.day.isoformat(), f"{self.amount:f}", self.currency]


class SeriesFacts(NamedTuple):
    """What decides whether an entry belongs to a series."""

    texts: Sequence[str]
    is_income: bool
    cycle: Cycle
    next_on: date
    low: Decimal
    high: Decimal
    currency: str
    entries: Sequence[Attached]
    detached: Sequence[str]


def read_entries(stored: Any) -> list[Attached]:
    """Return the stored entries by day. One that another release wrote in another form is left out."""
    found = []
    for row in stored if isinstance(stored, list) else ():
        try:
            key, day, amount, currency = row
            found.append(Attached(key, date.fromisoformat(day), Decimal(amount), currency))
        except (ValueError, TypeError, ArithmeticError):
            continue
    return sorted(found, key=lambda entry: (entry.day, entry.id))


def facts_of_series(row: StoredFacts) -> SeriesFacts:
    """Return the facts of a stored series, whose columns are mended."""
    cycle = Cycle(row["cycle"]) if row["cycle"] in Cycle.values else Cycle.MONTHLY
    low, high = decimal_of(row["low"]), decimal_of(row["high"])
    about = [text for text in row["texts"] if isinstance(text, str)], row["is_income"], cycle, row["next_on"].date()
    return SeriesFacts(*about, low, high, row["currency"], read_entries(row["entries"]), row["detached"])


def movement_key(title: str, amount: Decimal, currency: str, day: date) -> str:
    """Return a keyed hash of a movement, the same for every import of it. It outlives the entry."""
    value = "\0".join((day.isoformat(), f"{abs(amount).normalize():f}", currency, title_key(title)))
    return salted_hmac("expenses.series", value, algorithm="sha256").hexdigest()[:_KEY_LENGTH]


def best_fit(entry: SeriesEntry, series: Iterable[tuple[Any, SeriesFacts]]) -> Any | None:
    """Return the key of the series that an entry fits best, None if it fits none."""
    distances = ((_distance_of(entry, facts), key) for key, facts in series)
    fits = [(distance, str(key), key) for distance, key in distances if distance is not None]
    return min(fits)[-1] if fits else None


def _distance_of(entry: SeriesEntry, facts: SeriesFacts) -> float | None:
    """Return how far an entry is from what a series expects, 0 for exactly that. None if it is of another one."""
    if (entry.amount < 0) != facts.is_income or not is_name(entry.text, facts.texts):
        return None
    if movement_key(entry.title, entry.amount, entry.currency, entry.day) in facts.detached:
        return None
    off, step = _days_off(entry.day, facts), _amount_off(entry, facts)
    if off is None or step is None:
        return None
    again = _in_cycle_of(entry.day, facts)
    if again and not any(_is_same(entry, each) for each in again):
        return None
    return off / LENGTHS[facts.cycle] + step


def is_name(text: str, texts: Sequence[Any]) -> bool:
    """Whether a normalised title is one of a series's, or like one of its latest."""
    return text in texts or any(isinstance(each, str) and are_alike(text, each) for each in texts[-_RECENT_NAMES:])


def _amount_off(entry: SeriesEntry, facts: SeriesFacts) -> float | None:
    if entry.currency != facts.currency or not facts.high:
        return 0.5
    size = log(abs(float(entry.amount)))
    off = max(log(float(facts.low)) - size, size - log(float(facts.high)), 0.0) if facts.low else 0.0
    return off if off <= _FURTHEST else None


def _is_same(entry: SeriesEntry, other: Attached) -> bool:
    apart = abs(abs(entry.amount) - other.amount)
    return entry.currency == other.currency and float(apart) <= _CHARGED_AGAIN * float(other.amount)


def _days_off(day: date, facts: SeriesFacts) -> float | None:
    """Return how many days early or late a day is. None if it is too far from any day that the series is due."""
    length = LENGTHS[facts.cycle]
    cycles = place(day, facts.cycle) - place(facts.next_on, facts.cycle)
    off = (cycles - round(cycles)) * length
    late = day > facts.next_on and 0 < off <= _LATE * length and abs(cycles) < 1
    return abs(off) if late or abs(off) <= TOLERANCES[facts.cycle] * 1.3 else None


def _in_cycle_of(day: date, facts: SeriesFacts) -> list[Attached]:
    """Return the entries of the cycle that a day is in."""
    reach = timedelta(days=max(LENGTHS[facts.cycle] * _LATE, 1))
    return [each for each in facts.entries if abs(each.day - day) < reach]


def is_second_charge(entry: SeriesEntry, facts: SeriesFacts) -> bool:
    """Whether an entry charges the same again in a cycle that already has its entry."""
    if (entry.amount < 0) != facts.is_income or not is_name(entry.text, facts.texts):
        return False
    return any(_is_same(entry, each) for each in _in_cycle_of(entry.day, facts))


def with_entry(entry: SeriesEntry, facts: SeriesFacts) -> SeriesFacts:
    """Return a series with another entry: its next day and its usual range change as well."""
    texts = [*(text for text in facts.texts if text != entry.text), entry.text]
    return with_entries(facts._replace(texts=texts), [*facts.entries, attached(entry)])


def attached(entry: SeriesEntry) -> Attached:
    return Attached(str(entry.id), entry.day, abs(entry.amount), entry.currency)


def with_entries(facts: SeriesFacts, entries: Iterable[Attached]) -> SeriesFacts:
    """Return a series with these entries instead of its own."""
    ordered = sorted(entries, key=lambda each: (each.day, each.id))
    if not ordered:
        return facts._replace(entries=())
    currency = ordered[-1].currency
    low, high = usual_range([each.amount for each in ordered if each.currency == currency])
    following = _next_of(facts, ordered)
    return facts._replace(entries=ordered, next_on=following, low=low, high=high, currency=currency)


def _next_of(facts: SeriesFacts, entries: Sequence[Attached]) -> date:
    """Return when the entry after these is due. Of few entries, the day that was known before decides."""
    days = sorted({each.day for each in entries})
    if len(days) >= _ENOUGH:
        return next_day(days, facts.cycle)
    passed = round(place(days[-1], facts.cycle) - place(facts.next_on, facts.cycle))
    late = days[-1] > facts.next_on and passed < 1
    return day_after(facts.next_on, facts.cycle, max(passed, 0 if late else passed) + 1)
