"""Prometheus counters of imports, without file names or people."""

from prometheus_client import Counter

IMPORTS = Counter(
    "finbrain_imports", "Files, by format and outcome: read, refused, done, undone", ["format", "outcome"]
)
_IMPORTED = Counter(
    "finbrain_imported_expenses", "Rows of imported files: added, known, left_out, unreadable", ["outcome"]
)


def count_imported(**counts: int) -> None:
    """Count rows by outcome: `count_imported(added=3, known=1)`."""
    for outcome, count in counts.items():
        _IMPORTED.labels(outcome).inc(count)
