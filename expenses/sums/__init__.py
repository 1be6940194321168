"""What a ledger's entries add up to, month by month: the one engine of totals. Pages read sums, never all entries."""
