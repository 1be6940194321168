"""The expenses of a list across all its pages, streamed from the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from classifier.categories import ALL_CATEGORIES, Kind
from classifier.category_set import BASE, CategorySet
from expenses import money
from expenses.listing.cursor import SORTS
from expenses.listing.list_page import match_of
from expenses.listing.list_query import ListQuery
from expenses.listing.mongodb_filter import Match
from expenses.models import Expense
from expenses.models.documents import READ_AMOUNT, READ_DAY, ExpenseDocument, text_in
from expenses.models.kinds import stored_kind
from expenses.models.ledger import Ledger
from finbrain.core import stored
from finbrain.core.decimals import decimal_of
from finbrain.core.past_the_orm import collection

# Rows per round trip.
_AT_ONCE = 1000
_COLUMNS = (
    *("spent_on", "title", "amount", "currency", "category", "note", "reviewed", "confidence"),
    *("kind", "account", "one_off"),
)
_read = stored.reader(Expense, _COLUMNS)
_CURRENCY = text_in("$currency")


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One exported entry. category: a slug of `categories`. confidence: None if a person chose the category.

    amount: positive for money spent and received; what was moved is positive if it left the account.
    """

    id: str
    day: date
    title: str
    amount: Decimal
    currency: str
    category: str
    note: str
    reviewed: bool
    confidence: float | None
    kind: Kind = Kind.SPENT
    account: str = ""
    one_off: bool = False
    categories: CategorySet = BASE

    @property
    def category_name(self) -> str:
        return str(self.categories.category_of(self.category).name)

    @property
    def base_category(self) -> str:
        """The slug of the base category, by which another ledger knows the entry's category."""
        return self.categories.base_of(self.category)

    @property
    def base_name(self) -> str:
        """The usual name of the base category, whatever this ledger calls it."""
        base = self.base_category
        return str(ALL_CATEGORIES[base].name) if base in ALL_CATEGORIES else self.category_name


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """A selection's total in one currency, with the first and last day on which it was spent."""

    currency: str
    first: date
    last: date
    total: Decimal


@dataclass(frozen=True)
class Selection:
    """The expenses that match, in the order of `sort`. categories: the ledger's."""

    match: Match
    sort: str
    categories: CategorySet = BASE

    def rows(self, currency: str | None = None) -> Iterator[ExportRow]:
        """Yield all rows, or those in one currency. At most AT_ONCE are in memory."""
        match = self.match if currency is None else {"$and": [self.match, {"$expr": {"$eq": [_CURRENCY, currency]}}]}
        found = collection(Expense, ExpenseDocument).find(match, dict.fromkeys(_COLUMNS, 1))
        found = found.sort(list(SORTS[self.sort])).batch_size(_AT_ONCE)
        return (_to_row(document, self.categories) for document in found)

    def currencies(self) -> list[CurrencySum]:
        """The total of each currency, sorted by code. One round trip."""
        days = {"first": {"$min": READ_DAY}, "last": {"$max": READ_DAY}}
        group = {"_id": _CURRENCY, **days, "total": {"$sum": {"$toDecimal": READ_AMOUNT}}}
        found = collection(Expense).aggregate([{"$match": self.match}, {"$group": group}, {"$sort": {"_id": 1}}])
        return [
            CurrencySum(row["_id"], row["first"].date(), row["last"].date(), decimal_of(row["total"])) for row in found
        ]


def select_rows(ledger: Ledger, query: ListQuery) -> Selection:
    """Select the expenses that the list shows for a query, across all pages."""
    return Selection(match_of(ledger, query), query.sort, ledger.categories)


def _to_row(document: ExpenseDocument, categories: CategorySet) -> ExportRow:
    row = _read(document)
    kind = Kind(stored_kind(row))
    amount = money.quantize(decimal_of(row["amount"]), row["currency"])
    return ExportRow(
        str(row["_id"]),
        row["spent_on"].date(),
        row["title"],
        -amount if kind == Kind.RECEIVED else amount,
        row["currency"],
        categories.slug_of(row["category"]),
        row["note"],
        row["reviewed"],
        row["confidence"],
        kind,
        row["account"],
        row["one_off"],
        categories,
    )
