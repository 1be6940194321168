"""What is counted about filing, for whoever watches how well FinBrain does it. No titles, no people."""

from prometheus_client import Counter, Histogram

from classifier.suggest import Suggestion

SUGGESTIONS = Counter(
    "finbrain_suggestions", "Expenses added without a category, by who filed them: memory, model, nobody", ["source"]
)
CONFIDENCE = Histogram(
    "finbrain_suggestion_confidence",
    "Confidence of these suggestions",
    buckets=(0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
)
CORRECTIONS = Counter("finbrain_corrections", "Suggested categories that a person changed to another")

IMPORTS = Counter(
    "finbrain_imports", "Files, by kind and what became of them: read, refused, done, undone", ["format", "outcome"]
)
IMPORTED = Counter(
    "finbrain_imported_expenses", "Rows of imported files: added, known, left_out, unreadable", ["outcome"]
)


def count_imported(**counts: int) -> None:
    """So many rows of a file had each outcome."""
    for outcome, count in counts.items():
        IMPORTED.labels(outcome).inc(count)


def count_suggestion(suggestion: Suggestion | None) -> None:
    """An expense was filed by it; None: there was no suggestion."""
    SUGGESTIONS.labels(suggestion.source if suggestion else "nobody").inc()
    if suggestion:
        CONFIDENCE.observe(suggestion.confidence)
