"""The dashboard: turn the sums of months into figures, sentences and tables."""
