"""Stores the rates of other banks than the ECB: one document for each currency and year."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from pymongo import ReplaceOne

from expenses.models.documents import YearOfRatesDocument
from expenses.models.rate import RateKind, YearOfRates, year_key
from expenses.rates.checks import Checked
from expenses.rates.other_banks import OtherQuote
from finbrain.core.past_the_orm import collection

# A kind replaces stored rates of the same kind and of those before it.
_RANK = {RateKind.BLENDED.value: 0, RateKind.PEGGED.value: 1, RateKind.PUBLISHED.value: 2}

YearDocuments = dict[str, YearOfRatesDocument]


def load_years(code: str, first: int, last: int) -> YearDocuments:
    """Load the rates of a currency in these years. Those of a year without any are empty."""
    keys = [year_key(code, year) for year in range(first, last + 1)]
    found = {row["_id"]: row for row in collection(YearOfRates, YearOfRatesDocument).find({"_id": {"$in": keys}})}
    return {key: found.get(key, {"_id": key, "rates": {}, "held": {}}) for key in keys}


def published_days(stored: YearDocuments) -> list[date]:
    """Return the days whose rate a central bank published."""
    return [
        date.fromisoformat(day)
        for row in stored.values()
        for day, (_, kind, _) in row["rates"].items()
        if kind == RateKind.PUBLISHED
    ]


def last_before(stored: YearDocuments, first: date) -> tuple[date, OtherQuote] | None:
    """Return the last stored rate before a day, with its day."""
    quotes = {day: quote for row in stored.values() for day, quote in row["rates"].items() if day < first.isoformat()}
    if not quotes:
        return None
    day = max(quotes)
    digits, kind, source = quotes[day]
    return date.fromisoformat(day), OtherQuote(Decimal(digits), source, kind)


def merge_quotes(code: str, chosen: dict[date, OtherQuote], checked: Checked, stored: YearDocuments) -> int:
    """Write the years that changed, and return how many rates did.

    A stored rate stays where there is no new one, or only one of a lower rank.
    """
    held = {doubt.day for doubt in checked.held}
    changed: set[str] = set()
    count = 0
    for day, quote in chosen.items():
        row, text = stored[year_key(code, day.year)], day.isoformat()
        value, before = [f"{quote.rate:f}", quote.kind, quote.source], row["rates"].get(text)
        is_new = code in checked.accepted[day] and value != before
        if is_new and (before is None or _RANK.get(before[1], 0) <= _RANK[quote.kind]):
            row["rates"][text] = value
            count += 1
            changed.add(row["_id"])
        if (day in held) != (text in row["held"]):
            row["held"] = {**row["held"], text: value} if day in held else _without(row["held"], text)
            changed.add(row["_id"])
    now = timezone.now()
    writes = [ReplaceOne({"_id": key}, {**stored[key], "updated_at": now}, upsert=True) for key in sorted(changed)]
    if writes:
        collection(YearOfRates).bulk_write(writes, ordered=False)
    return count


def _without(held: dict[str, list[str]], day: str) -> dict[str, list[str]]:
    return {key: value for key, value in held.items() if key != day}
