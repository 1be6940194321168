"""Suggest a ledger's own categories. The common model knows base categories, and the ledger's memory divides them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from classifier.categories import base_slug
from classifier.category_set import is_own, shown_categories
from classifier.personal import Neighbour, evidence


def in_base_categories(neighbours: Sequence[Neighbour]) -> Sequence[Neighbour]:
    """Return the neighbours, those in an own category as if they were in its base category."""
    return [_filed_as(one, _base_of(_offered(one.category))) for one in neighbours]


def divide(
    together: Mapping[str, float], general: Mapping[str, float], neighbours: Sequence[Neighbour]
) -> tuple[tuple[str, float], ...]:
    """Divide the probability of each base category among it and its own ones. Return (category, probability) pairs.

    together, general: the probabilities of base categories, blended and of the model alone, the likeliest first. The
    neighbours in an own category speak for it. The model's opinion of a base category is divided by their evidence,
    with the base category itself counting one. The first pair is the likeliest part of the likeliest base category; the
    others follow by probability. Without own or hidden categories, the pairs are those of `together`.
    """
    near = [_filed_as(one, _offered(one.category)) for one in neighbours]
    own = sorted({one.category for one in near if is_own(one.category)})
    hidden = {slug for slug in together if shown_categories().category_of(slug).hidden}
    if not own and not hidden:
        return tuple(together.items())
    classes = [*together, *own]
    found = dict(zip(classes, evidence(near, classes).tolist(), strict=True))
    inside = {base: sum(found[slug] for slug in classes if _base_of(slug) == base) for base in together}
    whole = 1 + sum(found.values())
    parts = dict(together)
    for slug in own:
        base = _base_of(slug)
        parts[slug] = found[slug] * (1 + general[base] / (1 + inside[base])) / whole
        parts[base] -= parts[slug]
    kept = {slug: value for slug, value in parts.items() if slug not in hidden} or parts
    ranked = sorted(kept, key=lambda slug: -kept[slug])
    first = min(ranked, key=lambda slug: -together[_base_of(slug)])
    return tuple((slug, kept[slug]) for slug in (first, *(slug for slug in ranked if slug != first)))


def _filed_as(one: Neighbour, category: str) -> Neighbour:
    return one if one.category == category else replace(one, category=category)


def _offered(stored: str) -> str:
    """Return the category that a stored one counts as, or the base category of one that is hidden or unknown."""
    slug = shown_categories().slug_of(stored)
    known = shown_categories().categories.get(slug)
    return slug if known and not known.hidden else _base_of(slug)


def _base_of(slug: str) -> str:
    return base_slug(shown_categories().base_of(slug))
