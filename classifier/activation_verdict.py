"""The decision whether a new model is activated or refused, with its reasons. It is stored with the version."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from classifier.categories import CATEGORIES, SLUGS, Kind
from classifier.evaluation import HeldOut
from classifier.model_comparison import CALIBRATION_ERROR, MACRO_F1, Comparison, compare_models
from classifier.scorer import Scorer
from classifier.training_samples import Sample
from classifier.training_set import TrainingCorrection

# The share of the approved corrections that a new model must answer as approved.
_LEARNED = 0.95


@dataclass(frozen=True)
class Unlearned:
    """An approved correction that the new model answers otherwise. answer: the slug of its category."""

    text: str
    approved: str
    answer: str


@dataclass(frozen=True)
class Verdict:
    """The comparisons of categories and kinds, and what the new model didn't learn of the approved corrections.

    clear: how many approved corrections nothing contradicts.
    """

    categories: Sequence[Comparison] = ()
    kinds: Sequence[Comparison] = ()
    unlearned: Sequence[Unlearned] = ()
    clear: int = 0

    @property
    def refused(self) -> bool:
        """Whether the new model is worse beyond noise, or learned too little of what was approved."""
        worse = any(each.worse for each in (*self.categories, *self.kinds))
        return worse or len(self.unlearned) > (1 - _LEARNED) * self.clear

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as a dictionary for JSON."""
        return {
            "refused": self.refused,
            "categories": [each.as_dict() for each in self.categories],
            "kinds": [each.as_dict() for each in self.kinds],
            "unlearned": [asdict(each) for each in self.unlearned],
            "clear": self.clear,
        }


def compare_categories(new: HeldOut, active: HeldOut) -> list[Comparison]:
    """Compare two models of categories on the same held-out texts."""
    return compare_models(new, active, SLUGS)


def compare_kinds(new: HeldOut | None, active: HeldOut | None) -> list[Comparison]:
    """Compare two models of kinds on the same held-out texts. Nothing if one of them has none."""
    return compare_models(new, active, tuple(Kind)) if new and active else []


def unlearned(
    scorer: Scorer, corrections: Sequence[TrainingCorrection], files: Sequence[Sample]
) -> tuple[list[Unlearned], int]:
    """Return the corrections that the model answers otherwise, and how many nothing contradicts.

    A correction is contradicted if its text was approved for two categories, or has another one in the training files.
    """
    approved = Counter(correction.text for correction in corrections)
    filed = {(sample.text, sample.category) for sample in files}
    elsewhere = {sample.text for sample in files}
    clear = [
        each
        for each in corrections
        if approved[each.text] == 1 and (each.text not in elsewhere or (each.text, each.category) in filed)
    ]
    if not clear:
        return [], 0
    answers = scorer.probabilities([each.text for each in clear]).argmax(axis=1)
    pairs = zip(clear, (SLUGS[answer] for answer in answers), strict=True)
    return [Unlearned(each.text, each.category, said) for each, said in pairs if said != each.category], len(clear)


def reasons(verdict: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each reason why a version was refused. verdict: as stored, see `Verdict.as_dict`."""
    found = [
        _sentence(each, what)
        for what, comparisons in ((_("categories"), verdict["categories"]), (_("kinds"), verdict["kinds"]))
        for each in comparisons
        if each["worse"]
    ]
    missed = len(verdict["unlearned"])
    if missed > (1 - _LEARNED) * verdict["clear"]:
        text = _("It answers %(missed)d of %(all)d approved corrections differently.")
        found.append(text % {"missed": missed, "all": verdict["clear"]})
    return found


def _sentence(comparison: Mapping[str, Any], what: str) -> str:
    values = {
        "what": what,
        "name": _name(comparison["figure"]),
        "before": f"{comparison['before']:.3f}",
        "after": f"{comparison['after']:.3f}",
        "low": f"{comparison['low']:+.3f}",
        "high": f"{comparison['high']:+.3f}",
    }
    if comparison["figure"] == CALIBRATION_ERROR:
        text = _("Calibration error of %(what)s rose from %(before)s to %(after)s (95%% interval %(low)s to %(high)s).")
    elif comparison["figure"] == MACRO_F1:
        text = _("Macro-F1 of %(what)s fell from %(before)s to %(after)s (95%% interval %(low)s to %(high)s).")
    else:
        text = _("F1 of %(name)s fell from %(before)s to %(after)s (95%% interval %(low)s to %(high)s).")
    return text % values


def _name(figure: str) -> str:
    if figure in CATEGORIES:
        return str(CATEGORIES[figure].name)
    return str(Kind(figure).label) if figure in tuple(Kind) else figure
