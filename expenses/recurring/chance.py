"""Weighs whether entries are a series or came about by chance. Pure.

The weight is the logarithm of how much likelier the days and amounts are in a series than if somebody visits this
merchant now and then. What other entries the merchant has, and how steady the amounts are, decide with the days.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, lgamma, log
from statistics import median

from expenses.recurring.cycles import LENGTHS, TOLERANCES, Cycle

# Before any evidence. Most merchants have no series, and some cycles are rarer than others.
_PRIOR = -6.0
_OF_CYCLE = dict(zip(Cycle, (-1.0, 0.0, -0.5, 1.0, -0.5, 0.0, -0.5, 0.5), strict=True))
# Share and spread of the punctual entries; the others spread over the tolerance.
_PUNCTUAL, _SPREAD = 0.6, 1.0
# Three ways in which amounts go on, with their share of all series: fixed, steady, varying. Of each, how often an
# amount is the same as the one before, nearly the same, and similar.
_WAYS = ((0.5, (0.8, 0.15, 0.05)), (0.3, (0.1, 0.6, 0.3)), (0.2, (0.02, 0.13, 0.85)))
_NEAR, _SIMILAR = 0.04, 0.25
_SAME_BY_CHANCE = 0.03
_BY_CHANCE_SPREAD = 0.5
_OTHER_CURRENCY = -0.5
_NO_STEP = 1e-9
# How often a series skips: as if 9 of 10 entries had come before.
_CAME, _SKIPPED = 9.0, 1.0
_LATE_COST, _MOST_LATE = 1.6, 3
WILD = 0.35


def days_weight(offs: Sequence[float], cycle: Cycle, others: int, span: float, skipped: int, late: int) -> float:
    """Weigh the days of a chain.

    offs: how many days each entry but the first is early or late. others: entries of the merchant in the same time that
    the chain leaves out. span: days. late: how many more are overdue at the end.
    """
    chain = len(offs) + 1
    every = chain + others
    rate = every / span
    weight = log(1 / LENGTHS[cycle]) - chain * log(rate) + chain
    weight += sum(log(_density(off, cycle)) for off in offs)
    if others:
        weight += others * log(others / every)
    weight += _log_beta(chain - 1 + _CAME, skipped + _SKIPPED) - _log_beta(_CAME, _SKIPPED)
    return weight - _LATE_COST * min(late, _MOST_LATE)


def amounts_weight(amounts: Sequence[float], currencies: Sequence[str], same: float) -> float:
    """Weigh how alike the amounts of a chain are, each compared with the one before.

    same: how often two visits cost the same at this merchant. A coffee often does.
    """
    steps = [
        abs(log(after / before)) if code == code_before else None
        for (before, after), (code_before, code) in zip(pairwise(amounts), pairwise(currencies), strict=True)
    ]
    weights = [
        log(share) + sum(_step_weight(step, way, max(same, _SAME_BY_CHANCE)) for step in steps) for share, way in _WAYS
    ]
    most = max(weights)
    return most + log(sum(exp(weight - most) for weight in weights))


def prior_weight(cycle: Cycle, hint: float) -> float:
    """Return the weight before any evidence. hint: of what the names say."""
    return _PRIOR + _OF_CYCLE[cycle] + hint


def is_wild(amounts: Sequence[float]) -> bool:
    """Whether amounts jump, as those of a café do."""
    steps = [abs(log(after / before)) for before, after in pairwise(amounts)]
    return median(steps) > WILD


def confidence(weight: float) -> float:
    """Return a weight as a confidence of 0 to 1."""
    return 1 / (1 + exp(-min(weight, 50.0) / 2))


def _step_weight(step: float | None, way: tuple[float, float, float], same: float) -> float:
    """Weigh a step from one amount to the next. step: of the logarithms, None between two currencies."""
    if step is None:
        return _OTHER_CURRENCY
    if step < _NO_STEP:
        return log(way[0] / same)
    series = way[1] * _laplace(step, _NEAR) + way[2] * _laplace(step, _SIMILAR)
    return log(series / _laplace(step, _BY_CHANCE_SPREAD))


def _density(off: float, cycle: Cycle) -> float:
    return _PUNCTUAL * _laplace(off, _SPREAD) + (1 - _PUNCTUAL) * _laplace(off, TOLERANCES[cycle] / 2)


def _laplace(distance: float, spread: float) -> float:
    return exp(-abs(distance) / spread) / (2 * spread)


def _log_beta(one: float, two: float) -> float:
    return lgamma(one) + lgamma(two) - lgamma(one + two)
