"""Checks that the sums that lists keep by day are those of their entries. They differ only if there is a bug."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bson import ObjectId

from accounts.models import User
from expenses.ledger.outdating import outdate_month
from expenses.listing.list_page import match_of
from expenses.listing.list_query import ListQuery
from expenses.listing.totals import count_and_sum, list_totals
from expenses.models import MonthVersion
from expenses.models.ledger import Ledger
from expenses.months import add_months, month_of
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from expenses.rates.rate_series import rates_version
from expenses.sums.month_tokens import all_tokens
from finbrain.core.past_the_orm import collection

# How many months a night are checked, chosen at random from those of the last day's writes.
_MOST = 500

logger = logging.getLogger(__name__)


def check_sums(now: datetime) -> str:
    """Check months that were written within a day, mend those that are wrong, and say how many there were of both."""
    checked = wrong = 0
    for ledger_id, month in _written_since(now - timedelta(days=1)):
        person = User.objects.filter(pk=ledger_id).first()
        if not person:
            continue
        ledger = personal_ledger(person)
        with showing_ledger(ledger):
            for shown in sorted({month_of(month), month_of(add_months(month, 1) - timedelta(days=1))}):
                checked += 1
                if not _is_right(ledger, shown):
                    wrong += 1
                    logger.error("The daily sums of %s differ from its entries. Adding them up again.", shown)
                    outdate_month(ledger.id, shown)
    return f"{checked} months checked, {wrong} wrong" if checked else ""


def _is_right(ledger: Ledger, month: date) -> bool:
    """Whether the list of a month shows the sums of its entries, or there was a write or new rates in between."""
    query, version = ListQuery(month), rates_version()
    match, tokens = match_of(ledger, query), all_tokens(ledger.id)
    shown, _waiting = list_totals(ledger, query, match, ledger.home_currency, tokens)
    in_full = count_and_sum(match, ledger.home_currency, **ledger.counting)
    return shown == in_full or (all_tokens(ledger.id), rates_version()) != (tokens, version)


def _written_since(when: datetime) -> Iterator[tuple[ObjectId, date]]:
    """Yield ledgers with a calendar month each. A token tells when it was made."""
    recent = {"token": {"$gte": str(ObjectId.from_datetime(when))}}
    for row in collection(MonthVersion).aggregate([{"$match": recent}, {"$sample": {"size": _MOST}}]):
        ledger_id, _, month = row["_id"].partition(":")
        yield ObjectId(ledger_id), date.fromisoformat(f"{month}-01")
