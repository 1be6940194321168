"""Say in sentences what a model version changed."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.activation_verdict import reasons
from classifier.category_set import category_of
from classifier.flips import MOST

_NAMED_MOVES = 5


def sentences(metrics: Mapping[str, Any], trained_on: Mapping[str, Any]) -> list[str]:
    """Describe a version compared with the model that was active then. Parameters: as `ModelVersion` stores them."""
    return [*filter(None, (_accuracy(metrics), _learned(trained_on), _changes(metrics))), *_verdict(metrics)]


def _accuracy(metrics: Mapping[str, Any]) -> str:
    after, before = metrics.get("accuracy"), (metrics.get("before") or {}).get("accuracy")
    if after is None:
        return ""
    if before is None:
        text = _("It files %(after)s%% of the test titles correctly. No model was active before.")
        return text % {"after": f"{100 * after:.1f}"}
    values = {"after": f"{100 * after:.1f}", "before": f"{100 * before:.1f}"}
    return _("It files %(after)s%% of the test titles correctly; the model before it %(before)s%%.") % values


def _learned(trained_on: Mapping[str, Any]) -> str:
    count = trained_on.get("corrections", 0)
    text = ngettext("It learned from %(n)d approved correction.", "It learned from %(n)d approved corrections.", count)
    return text % {"n": count} if count else _("It learned from the training files alone.")


def _changes(metrics: Mapping[str, Any]) -> str:
    flips = metrics.get("flips", ())
    if not metrics.get("before"):
        return ""
    if not flips:
        return _("It files every compared title as before.")
    moves = Counter((flip["before"], flip["after"]) for flip in flips).most_common(_NAMED_MOVES)
    named = ", ".join(
        _("%(n)d from %(before)s to %(after)s")
        % {"n": count, "before": category_of(before).name, "after": category_of(after).name}
        for (before, after), count in moves
    )
    count = len(flips)
    text = (
        _("It files at least %(n)d titles differently: %(moves)s.")
        if count >= MOST
        else ngettext(
            "It files %(n)d title differently: %(moves)s.", "It files %(n)d titles differently: %(moves)s.", count
        )
    )
    return text % {"n": count, "moves": named}


def _verdict(metrics: Mapping[str, Any]) -> list[str]:
    """Whether chance explains the difference, or why the version wasn't activated."""
    verdict = metrics.get("verdict")
    if not verdict or not metrics.get("before"):
        return []
    if verdict["refused"]:
        return [_("It was not activated:"), *reasons(verdict)]
    return [_("It is not significantly worse in any category.")]
