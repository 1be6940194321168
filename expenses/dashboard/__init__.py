"""The dashboard: from sums in the database to figures, sentences and tables."""
