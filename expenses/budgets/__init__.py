"""Budgets and goals: what a ledger wants to spend or save, compared with its sums."""
