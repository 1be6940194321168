"""Prometheus metrics of suggestions. They contain no titles and no people."""

from prometheus_client import Counter, Histogram

from classifier.suggest import Suggestion

_SUGGESTIONS = Counter(
    "finbrain_suggestions", "Expenses added without a category, by who filed them: memory, model, nobody", ["source"]
)
CONFIDENCE = Histogram(
    "finbrain_suggestion_confidence",
    "Confidence of these suggestions",
    buckets=(0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
)
CORRECTIONS = Counter("finbrain_corrections", "Suggested categories that a person changed to another")


def count_suggestion(suggestion: Suggestion | None) -> None:
    """Count an expense that `suggestion` filed, or that had no suggestion (None)."""
    _SUGGESTIONS.labels(suggestion.source if suggestion else "nobody").inc()
    if suggestion:
        CONFIDENCE.observe(suggestion.confidence)
