"""What comes again: finds series among a ledger's entries, keeps them, and says what is due."""
