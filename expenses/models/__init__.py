"""What FinBrain stores about money."""

from expenses.models.expense import CategorySource, Expense, new_entry_key
from expenses.models.month import MonthVersion, month_key

__all__ = ["CategorySource", "Expense", "MonthVersion", "month_key", "new_entry_key"]
