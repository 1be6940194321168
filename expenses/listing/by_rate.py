"""Filter a list by the rates at which its amounts are converted."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, cast

from bson import Decimal128
from django.utils.translation import gettext as _

from expenses import rates
from expenses.models import Expense
from expenses.models.entry_filters import Match
from expenses.models.ledger import Ledger
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

_COLUMNS = ("spent_on", "currency", "own_rate", "own_rate_currency")
_read = stored.reader(Expense, _COLUMNS)


class _Way(TypedDict):
    """What decides how an entry is converted."""

    currency: str
    own_rate: Decimal128 | None
    own_rate_currency: str
    spent_on: datetime


def rate_filters() -> dict[str, str]:
    """Return the names of the filters in the active language."""
    return {
        rates.OWN: _("Your own rate"),
        rates.OLD: _("Earlier day's rate"),
        rates.BLENDED: _("Blended rate"),
        rates.NO_RATE: _("No rate"),
    }


def match_rate(match: Match, wanted: str, display: str, ledger: Ledger) -> Match:
    """Limit a filter to entries that are converted to `display` at the kind of rate `wanted`, one of `query._RATES`.

    Costs an aggregation: MongoDB knows no rates, so it lists the days and currencies, and gets back those that match.
    """
    key = {name: f"${name}" for name in _COLUMNS}
    foreign = {"$and": [match, {"currency": {"$ne": display}}]}
    groups = collection(Expense).aggregate([{"$match": foreign}, {"$group": {"_id": key}}], batchSize=10_000)
    raw = [{name: group["_id"].get(name) for name in _COLUMNS} for group in groups]
    readable = [(each, _read(cast(_Way, dict(each)))) for each in raw]
    needed = {(row["spent_on"].date(), code) for _, row in readable for code in (*_codes(row), display) if code}
    book = rates.rates_for(needed, ledger.own_rates)
    ways: dict[str, Match] = {}
    for each, row in readable:
        if wanted in _bases(row, display, book):
            alike = {name: {"$eq": each[name]} for name in _COLUMNS[1:]}
            ways.setdefault(repr(alike), alike | {"spent_on": {"$in": []}})["spent_on"]["$in"].append(each["spent_on"])
    return {**match, "$and": [*match.get("$and", []), {"$or": list(ways.values())} if ways else {"_id": {"$in": []}}]}


def _codes(row: _Way) -> tuple[str, str]:
    return row["currency"], row["own_rate_currency"]


def _bases(row: _Way, display: str, book: rates.RateBook) -> tuple[str, ...]:
    own, day = rates.OwnRate.of(row["own_rate"], row["own_rate_currency"]), _day(row)
    converted = book.convert(Decimal(1), row["currency"], display, day, own)
    return converted.bases if converted else (rates.NO_RATE,)


def _day(row: _Way) -> date:
    return row["spent_on"].date()
