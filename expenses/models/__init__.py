"""The stored models of ledgers: expenses, imports, months and exchange rates."""

from expenses.models.category_change import CategoryChange, new_change_batch
from expenses.models.expense import CategorySource, Expense, KindSource, new_entry_key
from expenses.models.folding import plain_key, search_words, title_key
from expenses.models.imports import ColumnMapping, Fingerprint, ImportBatch, ImportState
from expenses.models.month_version import MonthVersion, month_key
from expenses.models.pair import Pair
from expenses.models.rate import CurrencyInUse, Rate, RateKind, RateSource, YearOfRates, year_key
from expenses.models.rule_change import RuleChange
from expenses.models.series import Series, SeriesState
from expenses.models.stored_sums import StoredSums

__all__ = [
    "CategoryChange",
    "CategorySource",
    "ColumnMapping",
    "CurrencyInUse",
    "Expense",
    "Fingerprint",
    "ImportBatch",
    "ImportState",
    "KindSource",
    "MonthVersion",
    "Pair",
    "Rate",
    "RateKind",
    "RateSource",
    "RuleChange",
    "Series",
    "SeriesState",
    "StoredSums",
    "YearOfRates",
    "month_key",
    "new_change_batch",
    "new_entry_key",
    "plain_key",
    "search_words",
    "title_key",
    "year_key",
]
