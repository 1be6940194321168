"""Turn the query of the expenses page into a MongoDB filter."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from bson import Decimal128, ObjectId

from classifier.categories import Kind
from classifier.category_set import BASE, CategorySet
from expenses.listing.list_query import ListQuery
from expenses.models import plain_key
from expenses.models.entry_filters import Match, entries_of
from expenses.models.folding import asked_words
from expenses.models.kinds import in_categories, of_kinds
from expenses.models.unsure import unsure
from expenses.months import add_months, first_of
from finbrain.core.dates import midnight

OrderValue = Callable[[Decimal, str, date], Decimal | None]


def match_list_query(
    query: ListQuery,
    ledger_id: ObjectId,
    threshold: float,
    home: str,
    today: date,
    value: OrderValue,
    *,
    cash_withdrawn: bool = False,
    categories: CategorySet = BASE,
) -> Match:
    """Return the MongoDB filter of a query. It only matches expenses of the ledger that aren't in the trash.

    threshold, cash_withdrawn, categories: the ledger's. home: the display currency if the query has none. value: the
    order value of an amount (`rates.order_value`), called only for a range of amounts without a currency filter. If it
    is unknown, the range is one of amounts in the display currency.
    """
    match = entries_of(ledger_id)
    if days := _match_days(query):
        match["spent_on"] = days
    if query.categories:
        match |= in_categories(categories.stored_slugs(query.categories), cash_withdrawn=cash_withdrawn)
    if query.account:
        match["account"] = query.account
    if query.currency:
        match["currency"] = query.currency
    if query.one_off:
        match["one_off"] = True if query.one_off == "only" else {"$ne": True}
    if query.needs_review:
        match |= unsure(threshold)
    if query.has_range:
        match |= _match_range(query, home, today, value)
    if query.q:
        match["$or"] = [_match_words(query.q), _match_before_words(query.q)]
    further = [_match_months(query)] if query.months else []
    further += [of_kinds(query.kinds, cash_withdrawn=cash_withdrawn)] if query.kinds else []
    return match | ({"$and": further} if further else {})


def _match_days(query: ListQuery) -> Match:
    """Return the bounds of `spent_on`, empty for all time."""
    if query.day:
        return {"$gte": midnight(query.day), "$lt": midnight(query.day + timedelta(days=1))}
    return _days_of(query.month or query.first, query.month or query.last, query.since, query.until)


def _match_months(query: ListQuery) -> Match:
    return {"$or": [{"spent_on": _days_of(month, month)} for month in query.months]}


def _days_of(first: date | None, last: date | None, since: date | None = None, until: date | None = None) -> Match:
    """Return the bounds of the days from one month to another that are also from one day to another."""
    after = last and first_of(add_months(last, 1))
    starts = [day for day in (first and first_of(first), since) if day]
    ends = [day for day in (after, until and until + timedelta(days=1)) if day]
    lower = {"$gte": midnight(max(starts))} if starts else {}
    return lower | ({"$lt": midnight(min(ends))} if ends else {})


def _match_range(query: ListQuery, home: str, today: date, value: OrderValue) -> Match:
    """Return the bounds of the stored amount. A list of income only has bounds of what it shows: positive amounts."""
    lowest, highest = query.minimum, query.maximum
    if query.kinds == (Kind.RECEIVED,):
        lowest, highest = (bound if bound is None else -bound for bound in (highest, lowest))
    bounds = {operator: bound for operator, bound in (("$gte", lowest), ("$lte", highest)) if bound is not None}
    shown = query.currency or query.display or home
    values = {operator: value(bound, shown, today) for operator, bound in bounds.items() if not query.currency}
    approximate = {operator: Decimal128(found) for operator, found in values.items() if found is not None}
    if approximate:
        return {"order_value": approximate}
    return {"currency": shown, "amount": {operator: Decimal128(bound) for operator, bound in bounds.items()}}


def _match_words(text: str) -> Match:
    """Match titles and notes in which every word of the text begins a word. An index finds these beginnings."""
    words = asked_words(text)
    if not words:
        return {"search_words": {"$in": []}}
    return {"$and": [{"search_words": {"$regex": f"^{re.escape(word)}"}} for word in words]}


def _match_before_words(text: str) -> Match:
    """Match expenses that an earlier release stored, which have no words yet, if title or note contain the text."""
    title = {"title_key": {"$regex": re.escape(plain_key(text))}}
    return {"search_words": None, "$or": [title, {"note": {"$regex": re.escape(text), "$options": "i"}}]}
