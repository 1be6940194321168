"""The page with a ledger's categories: its own, and its changes of the base ones."""
