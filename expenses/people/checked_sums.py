"""Checks that the sums that lists and dashboards keep are those of their entries. If they differ, there is a bug."""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bson import ObjectId

from accounts.models import User
from expenses.ledger.outdating import outdate_month
from expenses.listing.list_page import match_of
from expenses.listing.list_query import ListQuery
from expenses.listing.totals import TotalsAsked, count_and_sum, list_totals
from expenses.models import MonthVersion
from expenses.models.ledger import Ledger
from expenses.months import add_months, month_of
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from expenses.rates.rate_series import rates_version
from expenses.sums.loading_sums import load_sums, sum_months
from expenses.sums.month_sums import MonthSums
from expenses.sums.month_tokens import all_tokens, month_tokens
from finbrain.core.past_the_orm import collection

# How many months a night are checked, chosen at random from those of the last day's writes.
_MOST = 500

logger = logging.getLogger(__name__)


def check_sums(now: datetime) -> str:
    """Check what was written within a day, mend sums that are wrong, and say how many months were checked and wrong."""
    checked = wrong = 0
    for ledger_id, written in _written_since(now - timedelta(days=1)).items():
        person = User.objects.filter(pk=ledger_id).first()
        if not person:
            continue
        ledger = personal_ledger(person)
        with showing_ledger(ledger):
            ends = [*written, *(add_months(month, 1) - timedelta(days=1) for month in written)]
            for shown in sorted({*map(month_of, ends)}):
                checked += 1
                if not (_is_list_right(ledger, shown) and _is_dashboard_right(ledger, shown)):
                    wrong += 1
                    logger.error("The sums of %s differ from its entries. Adding them up again.", shown)
                    outdate_month(ledger.id, shown)
            if not _is_list_right(ledger, None):
                logger.error("The sums of all time differ from the entries. Adding them up again.")
                for month in all_tokens(ledger.id):
                    outdate_month(ledger.id, month)
    return f"{checked} months checked, {wrong} wrong" if checked else ""


def _is_list_right(ledger: Ledger, month: date | None) -> bool:
    """Whether the list of a month, or of all time, shows the sums of its entries.

    Also true if there was a write or new rates in between.
    """
    query, version = ListQuery(month), rates_version()
    match, tokens = match_of(ledger, query), all_tokens(ledger.id)
    shown, _waiting = list_totals(TotalsAsked(ledger, query, match, ledger.home_currency, tokens))
    in_full = count_and_sum(match, ledger.home_currency, **ledger.counting)
    return shown == in_full or (all_tokens(ledger.id), rates_version()) != (tokens, version)


def _is_dashboard_right(ledger: Ledger, month: date) -> bool:
    """Whether dashboards show the sums of a month's entries, or there was a write in between."""
    tokens, settings = month_tokens(ledger.id, [month]), (ledger.threshold, ledger.home_currency)
    shown = load_sums(ledger.id, tokens, *settings)[month]
    in_full = sum_months(ledger.id, [month], *settings)[month]
    return _content(shown) == _content(in_full) or month_tokens(ledger.id, [month]) != tokens


def _content(sums: MonthSums) -> tuple[object, ...]:
    """Return what sums say, the same whether their titles are by day or not."""
    titles = [(*row[:-1], row.amount(), row.count()) for row in sums.titles]
    return Counter(sums.sums), Counter(sums.biggest), titles, sums.truncated


def _written_since(when: datetime) -> Mapping[ObjectId, list[date]]:
    """Return ledgers with calendar months of theirs. A token tells when it was made."""
    recent = {"token": {"$gte": str(ObjectId.from_datetime(when))}}
    months: dict[ObjectId, list[date]] = defaultdict(list)
    for row in collection(MonthVersion).aggregate([{"$match": recent}, {"$sample": {"size": _MOST}}]):
        ledger_id, _, month = row["_id"].partition(":")
        months[ObjectId(ledger_id)].append(date.fromisoformat(f"{month}-01"))
    return months
