"""The count and the sums of a list in one currency, cached until an expense or a rate changes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeVar

import pymongo
from pymongo.errors import PyMongoError

from classifier.categories import Kind
from expenses import money, rates
from expenses.listing.by_day import JustAdded, MonthDays, bring_up_to_date, figures_of_cells
from expenses.listing.by_month import Months, months_from_json, months_to_json, update_months
from expenses.listing.list_query import ListQuery
from expenses.listing.mongodb_filter import Match
from expenses.listing.reading_sums import Span, read_groups, within
from expenses.listing.waiting import count_waiting, waiting_count, waiting_key
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate
from expenses.months import current_start, day_in
from expenses.rates.rate_series import rates_version
from expenses.sums.besides import Besides, add_besides
from expenses.sums.converting import add_up, rates_needed
from expenses.sums.figures import KindFigures
from expenses.sums.month_sums import Sum
from expenses.sums.rate_facts import RateFacts
from finbrain.core import tolerant_cache

_Found = TypeVar("_Found")
_HOUR, _HOURS_24 = 3600, 24 * 3600
# How long MongoDB may take to add up a list: of one month or beside the page, and of several months with the page.
SECONDS, SECONDS_WITH_PAGE = 1.0, 0.2


class DaySum(NamedTuple):
    """What a day adds up to. total: digits as text, "" if nothing is added up. left_out: how many have no rate."""

    total: str
    left_out: int


class ListSums(NamedTuple):
    """The sums of a list in the display currency.

    count: of all entries. spent: how many of them were spent. total: what was spent, the sum of the (month, category)
    cells, each rounded once as on the dashboard. rates: those that the total rests on. besides: what else was moved and
    received. days: the sum of each day on the page, in ISO format: the total of a list of only that day.
    elsewhere: how many entries of other months match, None if nobody asked. known: False if adding up took too long.
    goes_on: whether it would come further if it went on in steps.
    """

    count: int
    spent: int
    total: Decimal
    rates: RateFacts
    besides: Besides
    days: Mapping[str, DaySum] = {}
    elsewhere: int | None = None
    known: bool = True
    goes_on: bool = False

    def to_json(self) -> list[Any]:
        return [
            *(self.count, self.spent, str(self.total), self.rates.to_json(), self.besides.to_json()),
            *(self.days, self.elsewhere),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> "ListSums":
        count, spent, total, facts, besides, days, elsewhere = data
        by_day = {day: DaySum(*values) for day, values in days.items()}
        facts, besides = RateFacts.from_json(facts), Besides.from_json(besides)
        return cls(count, spent, Decimal(total), facts, besides, by_day, elsewhere)


class TotalsAsked(NamedTuple):
    """Which sums of a list are asked for.

    match: the filter of `query`. tokens: of all the ledger's months, from `all_tokens`. span: the days whose own sums
    are needed. after_write: whether the ledger has just changed. More changes are likely to follow, so the sums of a
    month are kept by day. Those of several months are kept by month. added: what changed, if that is known. in_steps:
    whether to keep what is added up of several months before time runs out.
    """

    ledger: Ledger
    query: ListQuery
    match: Match
    display: str
    tokens: Mapping[date, str]
    span: Span | None = None
    after_write: bool = False
    added: JustAdded | None = None
    in_steps: bool = False


def list_totals(asked: TotalsAsked, step: Callable[[], object] = bool) -> tuple[ListSums, int]:
    """Return the sums of a list, and how many of all the ledger's expenses need review.

    step: called after each step whose months the cache has kept.
    """
    ledger, query, match, display, tokens, span, after_write, added, in_steps = asked
    seen = {month: token for month, token in tokens.items() if query.covers(month) or query.asks_elsewhere}
    settings = display, ledger.cash_withdrawn, ledger.own_rates, rates_version()
    about = sorted(seen.items()), query.kind, span, query.asks_elsewhere
    sum_key = tolerant_cache.cache_key("sum6", ledger.id, match, settings, about)
    count_key = waiting_key(ledger.id, ledger.threshold, tokens)
    same_count = waiting_key(ledger.id, ledger.threshold, added.before) if added and not added.waits else ""
    month = query.whole_month if query.whole_month in tokens else None
    days_key = tolerant_cache.cache_key("days2", ledger.id, match, settings) if month else ""
    months_key = "" if query.month else tolerant_cache.cache_key("months1", ledger.id, match, settings, current_start())
    cached = tolerant_cache.get_many(filter(None, [sum_key, count_key, same_count, days_key, months_key]))
    missing: dict[str, Any] = {}
    if sum_key not in cached and month and (after_write or days_key in cached):
        kept = MonthDays.from_json(cached[days_key]) if days_key in cached else None
        days = bring_up_to_date(ledger, month, match, display, tokens[month], kept, added)
        missing = {days_key: days.to_json(), sum_key: _sums_by_day(days, month, display, span).to_json()}
    elif sum_key not in cached and months_key:
        kept_months = months_from_json(cached.get(months_key, {}))

        def keep(months: Months) -> None:
            if tolerant_cache.set_many({months_key: months_to_json(months)}, _HOUR):
                step()

        months, sums = _sums_by_month(asked, seen, kept_months, keep if in_steps else None)
        missing = {months_key: months_to_json(months), sum_key: sums.to_json()}
    elif sum_key not in cached:
        sums = count_and_sum(
            match, display, **ledger.counting, span=span, kind=query.kind, elsewhere=query.asks_elsewhere
        )
        missing[sum_key] = sums.to_json()
    if count_key not in cached:
        known = same_count in cached
        missing[count_key] = cached[same_count] if known else count_waiting(ledger.id, ledger.threshold)
    # Each word that somebody searches has months of its own.
    tolerant_cache.set_many(missing, _HOUR if months_key in missing else _HOURS_24)
    found = cached | missing
    return ListSums.from_json(found[sum_key]), found[count_key]


def totals_in_time(asked: TotalsAsked) -> tuple[ListSums, int]:
    """Return the same as `list_totals`, but sums that aren't known if MongoDB takes too long to add up the list."""
    steps: list[None] = []
    several = not asked.query.month
    seconds = SECONDS_WITH_PAGE if several and not asked.in_steps else SECONDS
    found = _in_time(seconds, lambda: list_totals(asked, partial(steps.append, None)))
    if found is not None:
        return found
    ledger, query, match, display, tokens, span = asked[:6]
    # After a month has taken all this time, its days would take more than a request has left.
    days = _in_time(SECONDS, lambda: day_sums(ledger, match, display, span, query.kind)) if span and several else {}
    goes_on = bool(steps) if asked.in_steps else several
    unknown = _sums_of([], {}, display, query.kind)._replace(days=days or {}, known=False, goes_on=goes_on)
    return unknown, waiting_count(ledger.id, ledger.threshold, tokens)


def _in_time(seconds: float, ask: Callable[[], _Found]) -> _Found | None:
    """Return what MongoDB is asked for, None if it takes longer."""
    try:
        with pymongo.timeout(seconds):
            return ask()
    except PyMongoError as error:
        if not error.timeout:
            raise
        return None


def _sums_by_month(
    asked: TotalsAsked, tokens: Mapping[date, str], kept: Months, keep: Callable[[Months], None] | None
) -> tuple[Months, ListSums]:
    """Return the months of a list of several, and its sums, made of theirs."""
    ledger, query, match, display, span = asked.ledger, asked.query, asked.match, asked.display, asked.span
    months, days = update_months(ledger, match, display, tokens, kept, span, keep)
    sums = _sums_of([month.figures() for month in months.values()], days or {}, display, query.kind)
    if span and days is None:
        sums = sums._replace(days=day_sums(ledger, match, display, span, query.kind))
    return months, sums


def _sums_by_day(days: MonthDays, month: date, display: str, span: Span | None) -> ListSums:
    """Return the sums of the list of a whole month from those of its days."""
    shown = {day: number for number in days.days if span and span.has(day := day_in(month, number))}
    of_day = {day: figures_of_cells(days.cells(number)) for day, number in shown.items()}
    return _sums_of([figures_of_cells(days.whole)], of_day, display, Kind.SPENT)


def day_sums(ledger: Ledger, match: Match, display: str, span: Span, kind: Kind) -> Mapping[str, DaySum]:
    """Return the sums of the days of a page, with one aggregation of only these days."""
    return count_and_sum(within(match, span), display, **ledger.counting, span=span, kind=kind).days


def sums_by_month(match: Match, display: str, *, cash_withdrawn: bool = False) -> dict[date, list[Sum]]:
    """Return the sums of the matching entries that convert alike, in the currencies in which they were entered."""
    return read_groups(match, display, cash_withdrawn=cash_withdrawn).months


def count_and_sum(
    match: Match,
    display: str,
    *,
    cash_withdrawn: bool = False,
    own_rates: Sequence[LedgerRate] = (),
    span: Span | None = None,
    kind: Kind = Kind.SPENT,
    elsewhere: bool = False,
) -> ListSums:
    """Return the sums of the matching entries, with one aggregation.

    cash_withdrawn, own_rates: the ledger's. span: the days whose own sums are needed, of entries of `kind`.
    elsewhere: whether to count what matches in other months, too.
    """
    groups = read_groups(match, display, span, cash_withdrawn=cash_withdrawn, elsewhere=elsewhere)
    book = rates.rates_for(rates_needed(groups.months, display), own_rates)
    months = [add_up(month, rows, display, book) for month, rows in groups.months.items()]
    return _sums_of(months, groups.add_up_days(display, book), display, kind)._replace(
        elsewhere=groups.elsewhere if elsewhere else None
    )


def _sums_of(months: Sequence[KindFigures], days: Mapping[date, KindFigures], display: str, kind: Kind) -> ListSums:
    """Return the sums of a list from the figures of its months and of the days on the page."""
    cells = [cell for figures in months for cell in figures.spent.values()]
    facts = RateFacts(display)
    for cell in cells:
        facts.add(cell)
    every = [cell for figures in months for categories in figures for cell in categories.values()]
    return ListSums(
        count=sum(cell.count + sum(cell.excluded.values()) for cell in every),
        spent=sum(cell.count for cell in cells) + facts.left_out,
        total=sum((cell.shown(display) for cell in cells), money.quantize(Decimal(0), display)),
        rates=facts,
        besides=add_besides(((figures.moved, figures.received) for figures in months), display),
        days={day.isoformat(): _day_sum(figures, kind, display) for day, figures in days.items()},
    )


def _day_sum(figures: KindFigures, kind: Kind, display: str) -> DaySum:
    """Add up a day as the total of a list of only that day does."""
    of_kind = {Kind.SPENT: figures.spent, Kind.MOVED: figures.moved, Kind.RECEIVED: figures.received}[kind]
    left_out = sum(sum(cell.excluded.values()) for cell in of_kind.values())
    besides = add_besides([(figures.moved, figures.received)], display)
    spent = sum((cell.shown(display) for cell in figures.spent.values()), money.quantize(Decimal(0), display))
    total = {Kind.SPENT: spent, Kind.MOVED: besides.moved, Kind.RECEIVED: besides.received}[kind]
    return DaySum(str(total) if any(cell.count for cell in of_kind.values()) else "", left_out)
