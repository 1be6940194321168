"""Suggest a ledger's own categories. The common model knows base categories, and the ledger's memory divides them."""

from collections.abc import Sequence
from dataclasses import replace

from classifier.categories import base_slug
from classifier.category_set import is_own, shown_categories
from classifier.personal import Neighbour, evidence

Candidates = Sequence[tuple[str, float]]
# What the base category itself weighs against its own ones: as much as the model's opinion does against neighbours.
_WEIGHT_OF_BASE = 1.0


def in_base_categories(neighbours: Sequence[Neighbour]) -> Sequence[Neighbour]:
    """Return the neighbours, those in an own category as if they were in its base category."""
    return [_filed_as(one, _base_of(_offered(one.category))) for one in neighbours]


def divide(candidates: Candidates, neighbours: Sequence[Neighbour]) -> tuple[tuple[str, float], ...]:
    """Divide the probability of each base category among it and its own ones, by the evidence of the neighbours.

    An own category gets the share `evidence / (1 + evidence of all neighbours in its base category)`. Without own or
    hidden categories, the candidates stay as they are.
    """
    near = [_filed_as(one, _offered(one.category)) for one in neighbours]
    own = sorted({one.category for one in near if is_own(one.category)})
    hidden = {slug for slug, _ in candidates if shown_categories().category_of(slug).hidden}
    if not own and not hidden:
        return tuple(candidates)
    classes = [*(slug for slug, _ in candidates), *own]
    found = dict(zip(classes, evidence(near, classes).tolist(), strict=True))
    whole = {base: sum(value for slug, value in found.items() if _base_of(slug) == base) for base, _ in candidates}
    left = dict(candidates)
    divided: dict[str, float] = {}
    for slug in own:
        base = _base_of(slug)
        divided[slug] = dict(candidates)[base] * found[slug] / (_WEIGHT_OF_BASE + whole[base])
        left[base] -= divided[slug]
    kept = {slug: value for slug, value in left.items() if slug not in hidden} or left
    return tuple(sorted((kept | divided).items(), key=lambda each: -each[1]))


def _filed_as(one: Neighbour, category: str) -> Neighbour:
    return one if one.category == category else replace(one, category=category)


def _offered(stored: str) -> str:
    """Return the category that a stored one counts as, or the base category of one that is hidden or unknown."""
    slug = shown_categories().slug_of(stored)
    known = shown_categories().categories.get(slug)
    return slug if known and not known.hidden else _base_of(slug)


def _base_of(slug: str) -> str:
    return base_slug(shown_categories().base_of(slug))
