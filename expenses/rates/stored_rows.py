"""Read stored rates from MongoDB in one round trip, and from the bundled history, as rows of series."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from django.db.models import Model

from expenses.models.documents import RateDocument
from expenses.models.rate import CurrencyInUse, Rate, RateKind, YearOfRates, year_key
from expenses.months import parse_day
from expenses.rates import ecb_history
from expenses.rates.compact import Row, fill_gaps, span
from finbrain.core import stored
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import Expression, collection

_read = stored.reader(Rate, ("rates", "source"))
_read_year = stored.reader(YearOfRates, ("rates",))
_DIGITS_KIND_SOURCE = 3
_RAW = CodecOptions(document_class=RawBSONDocument)

# (currency, year).
SeriesKey = tuple[str, int]


class Documents(NamedTuple):
    """What was read. days: of the ECB. years: of others, in BSON, by key. newest, fetched: the state."""

    days: list[RateDocument]
    years: dict[str, bytes]
    newest: list[date]
    fetched: list[str]


def read_documents(keys: Collection[SeriesKey], *, with_state: bool) -> Documents:
    """Read the days and years that the series need, and optionally the state."""
    found = Documents([], {}, [], [])
    for raw in collection(Rate).with_options(_RAW).aggregate(_pipeline(keys, with_state=with_state), batchSize=10_000):
        if isinstance(raw.get("_id"), str):
            found.years[raw["_id"]] = bytes(raw.raw)  # decoded one by one: as objects, a year takes 100 KB
            continue
        document: Any = bson.decode(bytes(raw.raw))
        found.newest.extend([document["newest"].date()] if "newest" in document else ())
        found.fetched.extend(document.get("fetched", ()))
        if "rates" in document:
            found.days.append(_read(document))
    return found


def rate_rows_of(documents: Documents, keys: Iterable[SeriesKey]) -> Iterator[tuple[SeriesKey, list[Row]]]:
    """Yield each of the series with its rows in the documents, the ECB's first."""
    for code, year in keys:
        yield (code, year), fill_gaps(_ecb_rows(documents.days, code, year), _other_rows(documents.years, code, year))


def _pipeline(keys: Collection[SeriesKey], *, with_state: bool) -> list[Expression]:
    """Build the pipeline for the wanted currencies and years, optionally with documents that have the state."""
    spans = [{"_id": {"$gte": midnight(first), "$lte": midnight(last)}} for first, last in map(span, _years(keys))]
    wanted = {f"rates.{code}": 1 for code, _ in keys}
    pipeline: list[Expression] = [{"$match": {"$or": spans} if spans else {"_id": None}}]
    if wanted:
        pipeline += [{"$sort": {"_id": 1}}, {"$project": {"source": 1, **wanted}}]
        ids = sorted({year_key(code, each) for code, year in keys for each in (year - 1, year)})
        pipeline.append(_union(YearOfRates, {"$match": {"_id": {"$in": ids}}}, {"$project": {"rates": 1}}))
    if with_state:
        pipeline.append(_union(Rate, {"$sort": {"_id": -1}}, {"$limit": 1}, {"$project": {"_id": 0, "newest": "$_id"}}))
        fetched = {"$group": {"_id": None, "fetched": {"$push": "$_id"}}}
        pipeline.append(_union(CurrencyInUse, {"$match": {"fetched_until": {"$ne": None}}}, fetched))
    return pipeline


def _union(model: type[Model], *pipeline: Expression) -> Expression:
    return {"$unionWith": {"coll": model._meta.db_table, "pipeline": list(pipeline)}}


def _years(keys: Collection[SeriesKey]) -> list[int]:
    return sorted({year for _, year in keys})


def _ecb_rows(documents: list[RateDocument], code: str, year: int) -> list[Row]:
    first, last = (day.toordinal() for day in span(year))
    return [
        (document["_id"].toordinal(), document["rates"][code], document["source"], RateKind.PUBLISHED.value)
        for document in documents
        if first <= document["_id"].toordinal() <= last and _is_rate(document["rates"].get(code))
    ]


def _other_rows(years: dict[str, bytes], code: str, year: int) -> list[Row]:
    """Return the rates that others than the ECB publish."""
    first, last = span(year)
    stored_years = (years.get(year_key(code, each)) for each in (year - 1, year))
    quotes = {day: quote for raw in stored_years if raw for day, quote in _read_year(bson.decode(raw))["rates"].items()}
    return [
        (day.toordinal(), quote[0], stored.text(quote[2]), stored.text(quote[1]))
        for text, quote in quotes.items()
        if (day := parse_day(text)) and first <= day <= last and _is_quote(quote)
    ]


def _is_quote(quote: Any) -> bool:
    return isinstance(quote, list) and len(quote) == _DIGITS_KIND_SOURCE and _is_rate(quote[0])


def _is_rate(digits: Any) -> bool:
    """Whether a stored rate is a positive number in decimal digits."""
    if not isinstance(digits, str) or not digits.isascii():
        return False
    return digits.replace(".", "", 1).isdecimal() and digits.strip("0.") != ""


def bundled_rows(code: str, year: int) -> list[Row]:
    """Return the rows of a series from the bundled history."""
    quotes = ecb_history.read_currency(code, *span(year))
    kind = RateKind.PUBLISHED.value
    return [(quote.day.toordinal(), str(quote.rate), ecb_history.SOURCE, kind) for quote in quotes]
