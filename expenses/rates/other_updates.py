"""Fetch and store the rates that the ECB doesn't publish, for the currencies that people use."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from expenses.models.rate import CurrencyInUse
from expenses.months import EARLIEST_DAY
from expenses.rates import other_checks, rate_series
from expenses.rates.checks import MAX_GAP_DAYS, Checked
from expenses.rates.frankfurter import FrankfurterError, NotServedError, UnknownCodeError
from expenses.rates.in_use import want
from expenses.rates.other_banks import BankAnswer, fetch_banks, fetch_quotes
from expenses.rates.other_years import last_before, load_years, merge_quotes, published_days
from expenses.rates.updates import load_bundled_history, newest_day

_OVERLAP = timedelta(days=MAX_GAP_DAYS)
# Currencies in one request for the whole history, which is about 1 MB for each.
_AT_ONCE = 10
# Minutes before the second try, the third, and so on.
_PAUSES = (5, 30, 120, 720)
# How long FinBrain doesn't ask again for a currency that the service doesn't know.
_UNKNOWN_PAUSE = timedelta(days=30)

logger = logging.getLogger(__name__)


@dataclass
class OtherResult:
    """The result of an update. codes: the currencies that were asked for. unknown: those that the service lacks.

    days: rates added or changed. held, rejected, apart: rates set aside, refused, and different from blended ones.
    error: why Frankfurter failed, "" if it didn't.
    """

    codes: tuple[str, ...] = ()
    unknown: list[str] = field(default_factory=list)
    days: int = 0
    held: int = 0
    rejected: int = 0
    apart: int = 0
    error: str = ""

    def __str__(self) -> str:
        return (
            f"{', '.join(self.codes)}: {self.days} rates stored or changed, {self.held} set aside, "
            f"{self.rejected} refused, {self.apart} far from blended ones"
        )


@dataclass(frozen=True)
class _Asked:
    """What to fetch: the rates of these currencies from the day `first` on."""

    codes: Sequence[str]
    first: date
    now: datetime
    accept_jumps: bool


def update_others(now: datetime | None = None) -> OtherResult:
    """Fetch newer rates of all currencies whose history is stored: one request, and one for each central bank."""
    now = now or timezone.now()
    rows = list(CurrencyInUse.objects.filter(fetched_until__isnull=False, try_at__lte=now))
    if not rows:
        return OtherResult()
    first = min(row.fetched_until for row in rows if row.fetched_until) - _OVERLAP
    return _update([row.code for row in rows], first, now, at_once=len(rows))


def fetch_new(now: datetime | None = None) -> OtherResult:
    """Fetch the history of the currencies that somebody needed for the first time."""
    now = now or timezone.now()
    found = CurrencyInUse.objects.filter(fetched_until=None, try_at__lte=now)
    return fetch_histories([row.code for row in found], now)


def fetch_histories(codes: Sequence[str], now: datetime | None = None, *, accept_jumps: bool = False) -> OtherResult:
    """Fetch all rates of these currencies since 1999, also if some are stored.

    accept_jumps: whether to use rates that would be set aside, because an operator knows that they are true.
    """
    if not codes:
        return OtherResult()
    want(codes)
    return _update(codes, EARLIEST_DAY - _OVERLAP, now or timezone.now(), at_once=_AT_ONCE, accept_jumps=accept_jumps)


def _update(
    codes: Sequence[str], first: date, now: datetime, *, at_once: int, accept_jumps: bool = False
) -> OtherResult:
    """Fetch and store. If the service fails, what is stored stays, and the currencies are tried again later."""
    result = OtherResult(tuple(codes))
    if newest_day() is None:
        load_bundled_history()
    try:
        banks = _central_banks()
        for start in range(0, len(codes), at_once):
            asked = _Asked(codes[start : start + at_once], first, now, accept_jumps)
            _update_some(asked, banks, result)
    except FrankfurterError as error:
        logger.warning("Rates of %s: Frankfurter failed: %s", ", ".join(codes), error)
        _put_off(codes, str(error), now)
        result.error = str(error)
    newest = newest_day()
    if newest:
        rate_series.announce_change(newest)
    return result


def _central_banks() -> dict[str, str]:
    """Return the central bank of each currency. Empty if the service doesn't list them."""
    try:
        return fetch_banks()
    except NotServedError:
        return {}


def _update_some(asked: _Asked, banks: dict[str, str], result: OtherResult) -> None:
    last = timezone.localdate(asked.now)
    blended, unknown = _fetch_blended(asked.codes, asked.first, last)
    result.unknown += unknown
    for code in asked.codes:
        own = _fetch_of_bank(code, banks.get(code, ""), asked.first, last)
        outcome = _store(code, own, blended, asked, result)
        state = {"fetched_until": last, "bank": banks.get(code, ""), "failures": 0, "try_at": asked.now}
        state |= {"outcome": outcome}
        if code in unknown:
            state |= {"outcome": "Frankfurter doesn't know it", "try_at": asked.now + _UNKNOWN_PAUSE}
        CurrencyInUse.objects.filter(pk=code).update(**state)


def _fetch_blended(codes: Sequence[str], first: date, last: date) -> tuple[BankAnswer, list[str]]:
    """Fetch blended rates, and return which currencies are unknown. Only if there are some, each is asked by itself."""
    try:
        return fetch_quotes(codes, first, last), []
    except UnknownCodeError:
        logger.info("Rates: Frankfurter doesn't know all of %s", ", ".join(codes))
    answer, unknown = BankAnswer(), []
    for code in codes:
        try:
            found = fetch_quotes([code], first, last)
        except UnknownCodeError:
            unknown.append(code)
        else:
            answer.quotes |= found.quotes
            answer.unclear |= found.unclear
    return answer, unknown


def _fetch_of_bank(code: str, bank: str, first: date, last: date) -> BankAnswer:
    """Fetch the rates of a currency's central bank. Empty without one, and if it is no longer served."""
    if not bank:
        return BankAnswer()
    try:
        return fetch_quotes([code], first, last, bank)
    except UnknownCodeError:
        logger.warning("Rates: Frankfurter doesn't serve %s from %s any more, so blended rates are used", code, bank)
        return BankAnswer()


def _store(code: str, own: BankAnswer, blended: BankAnswer, asked: _Asked, result: OtherResult) -> str:
    """Check the rates of one currency and store what changed. Return what operators should know, or ""."""
    bank, blend = own.quotes.get(code, {}), blended.quotes.get(code, {})
    comparison = other_checks.compare_rates(bank, blend)
    if comparison.apart:
        message = "Rates: %s differs from the blended rate on %s of %s days"
        logger.warning(message, code, comparison.apart, comparison.compared)
    result.apart += comparison.apart
    if not comparison.trusted and not asked.accept_jumps:
        logger.warning("Rates: the central bank of %s is far from the blended rate, so neither is used", code)
        return "central bank and blended rate are far apart: none is used"
    stored = load_years(code, asked.first.year - 1, timezone.localdate(asked.now).year)
    chosen = other_checks.choose_rates(bank, blend, published_days(stored))
    confirmed = chosen if asked.accept_jumps else other_checks.independent(chosen, blend)
    checked = other_checks.check(code, chosen, confirmed, last_before(stored, asked.first))
    for day, _ in own.unclear | blended.unclear:
        logger.warning("Rates: Frankfurter has two rates of %s for %s", code, day)
    _log_doubts(checked)
    result.days += merge_quotes(code, chosen, checked, stored)
    result.held += len(checked.held)
    result.rejected += len(checked.rejected)
    return f"{len(checked.held)} rates set aside" if checked.held else ""


def _log_doubts(checked: Checked) -> None:
    for doubts, what in ((checked.rejected, "refused"), (checked.held, "an unconfirmed jump: set aside")):
        for day, code, rate in doubts:
            logger.warning("Rates: %s of %s is %s: %s", code, day, rate, what)


def _put_off(codes: Iterable[str], error: str, now: datetime) -> None:
    """Note when to try again the currencies that have no history yet."""
    for row in CurrencyInUse.objects.filter(pk__in=list(codes), fetched_until=None):
        pause = _PAUSES[min(row.failures, len(_PAUSES) - 1)]
        later = {"failures": row.failures + 1, "try_at": now + timedelta(minutes=pause), "outcome": error[:200]}
        CurrencyInUse.objects.filter(pk=row.code).update(**later)
