"""Where the months are heading: forecasts from a ledger's own daily spending and from its series."""
