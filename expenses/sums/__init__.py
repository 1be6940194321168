"""The sums of a ledger's expenses by month. All totals come from here, so that pages never read every expense."""
