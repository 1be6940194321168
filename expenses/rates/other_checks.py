"""Choose between the rates of a central bank and blended ones, and check what was chosen. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from expenses.models.rate import RateKind
from expenses.rates.checks import MAX_GAP_DAYS, Checked, DayQuotes, Quote, check_days, is_jump, rates_agree
from expenses.rates.other_banks import OtherQuote

# Central banks fix their rates at different hours of a day.
_NEAR = Decimal("0.05")

ByDay = Mapping[date, OtherQuote]


@dataclass(frozen=True)
class RateComparison:
    """How a central bank's rates compare with blended ones: on how many days of `compared` they are `apart`.

    trusted: False if most are so far apart that one of the two is probably in different units. The blend may contain
    the bank's rates, so nobody knows which.
    """

    compared: int
    apart: int
    trusted: bool


def compare_rates(bank: ByDay, blend: ByDay) -> RateComparison:
    """Compare the two on the days that both have. Blends of this bank alone are the same rates, so they don't count."""
    pairs = [
        (bank[day].rate, blend[day].rate) for day in bank.keys() & blend.keys() if _is_independent(bank, blend, day)
    ]
    good = [(one, other) for one, other in pairs if min(one, other) > 0]
    apart = sum(not rates_agree(*pair, _NEAR) for pair in good)
    far = sum(is_jump(other, one) for one, other in good)
    return RateComparison(len(good), apart, trusted=far * 2 <= len(good))


def choose_rates(bank: ByDay, blend: ByDay, stored: Iterable[date] = ()) -> dict[date, OtherQuote]:
    """Return the bank's rates, and blended ones for days on which the bank has had none for ten days. Ascending.

    stored: the days of which the bank's rates are stored.
    """
    covered = {day.toordinal() + back for day in (*bank, *stored) for back in range(MAX_GAP_DAYS + 1)}
    chosen = {**{day: quote for day, quote in blend.items() if day.toordinal() not in covered}, **bank}
    return dict(sorted(chosen.items()))


def independent(chosen: ByDay, blend: ByDay) -> ByDay:
    """Return the blended rates that can confirm the chosen ones, because they have another bank's."""
    return {day: blend[day] for day in chosen if day in blend and _is_independent(chosen, blend, day)}


def check(code: str, chosen: ByDay, confirmed: ByDay, before: tuple[date, OtherQuote] | None) -> Checked:
    """Check the chosen rates of a currency. before: its last accepted one before the first day, and its day.

    A jump is accepted if `confirmed` has about the same rate, or if the next day does and the blend has had the same
    members for ten days.
    """
    days = [DayQuotes(day, {code: quote.rate}) for day, quote in chosen.items()]
    others = {day: {code: quote.rate} for day, quote in confirmed.items()}
    last = {code: Quote(before[0], before[1].rate)} if before else {}
    unsettled = {(day, code) for day in _unsettled([before, *chosen.items()] if before else list(chosen.items()))}
    return check_days(days, last, others, share=_NEAR, unsettled=unsettled)


def _unsettled(quotes: Sequence[tuple[date, OtherQuote]]) -> Iterator[date]:
    """Yield the days of a blend whose members changed in the last ten days."""
    changed = date.min
    for (_, previous), (day, quote) in pairwise(quotes):
        if RateKind.BLENDED in (quote.kind, previous.kind) and quote[1:] != previous[1:]:
            changed = day
        if (day - changed).days <= MAX_GAP_DAYS:
            yield day


def _is_independent(quotes: ByDay, blend: ByDay, day: date) -> bool:
    """Whether the blend of the day isn't the quote itself, and has another member than the quote's bank."""
    members = set(blend[day].source.split(",")) - {""}
    return quotes[day] != blend[day] and bool(members - {quotes[day].source})
