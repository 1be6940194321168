"""What is odd in a ledger: at most three sentences a week, and questions that links in emails answer."""
