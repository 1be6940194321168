"""Read the tokens under which sums are cached. `ledger.touch` replaces them with every write.

They are stored by calendar month. A month that begins on another day has days of two, and a token made of theirs and of
the day on which months begin. So nothing that is cached outlives a change of that day.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from bson import ObjectId

from expenses.models.documents import MonthVersionDocument
from expenses.models.month_version import MonthVersion, month_key
from expenses.months import ON_FIRST, add_months, current_start
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

NEVER_WRITTEN = "0"
# By default MongoDB's first answer has only 101 documents, which would cost a second round trip.
_MANY_MONTHS = 1000
_TOKEN = ("token",)
_read = stored.reader(MonthVersion, _TOKEN)


def month_tokens(ledger_id: ObjectId, months: Iterable[date]) -> dict[date, str]:
    """Return the token of each month, in one round trip. A month without any write gets NEVER_WRITTEN."""
    wanted = list(months)
    keys = {month_key(ledger_id, part): part for month in wanted for part in calendar_parts(month)}
    found = map(
        _read,
        collection(MonthVersion, MonthVersionDocument).find({"_id": {"$in": list(keys)}}, dict.fromkeys(_TOKEN, 1)),
    )
    tokens = {keys[row["_id"]]: row["token"] for row in found}
    return {month: _token_of(month, tokens) for month in wanted}


def all_tokens(ledger_id: ObjectId) -> dict[date, str]:
    """Return the tokens of all months in which the ledger ever had an expense, in one round trip."""
    own = {"_id": {"$gte": f"{ledger_id}:", "$lt": f"{ledger_id};"}}
    found = map(
        _read,
        collection(MonthVersion, MonthVersionDocument).find(own, dict.fromkeys(_TOKEN, 1), batch_size=_MANY_MONTHS),
    )
    tokens = {date.fromisoformat(f"{row['_id'].partition(':')[2]}-01"): row["token"] for row in found}
    if current_start() == ON_FIRST:
        return tokens
    months = sorted({*tokens, *(add_months(month, -1) for month in tokens)})
    return {month: _token_of(month, tokens) for month in months}


def tokens_for(months: Iterable[date], every: Mapping[date, str]) -> dict[date, str]:
    """Return the token of each month. every: those of all the ledger's months, from `all_tokens`."""
    return {month: every.get(month, NEVER_WRITTEN) for month in months}


def calendar_parts(month: date) -> tuple[date, ...]:
    """Return the calendar months that have days of a month."""
    return (month,) if current_start() == ON_FIRST else (month, add_months(month, 1))


def _token_of(month: date, tokens: Mapping[date, str]) -> str:
    """Return the token of a month. tokens: by calendar month."""
    found = [tokens.get(part, NEVER_WRITTEN) for part in calendar_parts(month)]
    if len(found) == 1 or set(found) == {NEVER_WRITTEN}:
        return found[0]
    return ".".join((str(current_start()), *found))
