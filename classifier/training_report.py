"""Format the outcome of a training as text."""

from collections.abc import Iterator, Sequence

from classifier.activation_verdict import Unlearned
from classifier.categories import SLUGS
from classifier.evaluation import QualityReport
from classifier.flips import Flip
from classifier.kinds import Kind
from classifier.model_comparison import Comparison
from classifier.training import TrainingOutcome

_MOST_FLIPS = 15
_FIGURES = (
    ("accuracy", "accuracy"),
    ("macro-F1", "macro_f1"),
    ("calibration error", "calibration_error"),
    ("share with confidence of .7", "coverage"),
    ("accuracy of those", "sure_accuracy"),
)


def report_lines(outcome: TrainingOutcome) -> Iterator[str]:
    """Yield the lines: figures and confusion matrices of both models, changed predictions, and what was done."""
    if outcome.after:
        yield from _compared("category", outcome.after, outcome.before, SLUGS)
    if outcome.kinds_after:
        yield from _compared("kind", outcome.kinds_after, outcome.kinds_before, tuple(Kind))
    yield from _tested("categories", outcome.verdict.categories)
    yield from _tested("kinds", outcome.verdict.kinds)
    yield from _unlearned(outcome.verdict.unlearned)
    yield from _flips(outcome.flips)
    yield outcome.message


def _compared(what: str, after: QualityReport, before: QualityReport | None, classes: Sequence[str]) -> Iterator[str]:
    yield f"{what}, cross-validated".ljust(30) + f"{'new':>8}{'active':>8}"
    for label, name in _FIGURES:
        other = f"{getattr(before, name):8.3f}" if before else f"{'-':>8}"
        yield f"{label:30}{getattr(after, name):8.3f}{other}"
    yield from _confusion("new model", after, what, classes)
    if before:
        yield from _confusion("active model", before, what, classes)


def _confusion(name: str, report: QualityReport, what: str, classes: Sequence[str]) -> Iterator[str]:
    yield f"{name}, rows: true {what}; columns: predictions in the same order, in % of the row"
    for slug, row in zip(classes, report.confusion, strict=True):
        total = sum(row) or 1.0
        yield f"{slug:20}" + "".join(f"{100 * cell / total:6.1f}" for cell in row)


def _tested(what: str, comparisons: Sequence[Comparison]) -> Iterator[str]:
    if comparisons:
        yield f"{what}, on the same held-out texts".ljust(38) + "active     new  difference, 95 % interval"
    for each in comparisons:
        interval = f"{each.low:+.4f} to {each.high:+.4f}{'  worse' if each.worse else ''}"
        yield f"  {each.figure:34}{each.before:8.3f}{each.after:8.3f}  {interval}"


def _unlearned(missed: Sequence[Unlearned]) -> Iterator[str]:
    if missed:
        yield "approved corrections that the new model answers differently:"
    for each in missed[:_MOST_FLIPS]:
        yield f"  {each.text!r}: approved {each.approved}, answered {each.answer}"


def _flips(flips: list[Flip]) -> Iterator[str]:
    if flips:
        yield "changed predictions, pending corrections first:"
    for flip in flips[:_MOST_FLIPS]:
        yield f"  {flip.text!r}: {flip.before} {flip.before_confidence} -> {flip.after} {flip.after_confidence}"
