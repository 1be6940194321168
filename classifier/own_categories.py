"""Suggest a ledger's own categories. The common model knows base categories, and the ledger's memory divides them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from classifier.categories import base_slug
from classifier.category_set import is_own, shown_categories
from classifier.pack import Rival
from classifier.personal import Neighbour, evidence


def in_base_categories(neighbours: Sequence[Neighbour]) -> Sequence[Neighbour]:
    """Return the neighbours, those in an own category as if they were in its base category."""
    return [_filed_as(one, lambda stored: _base_of(_offered(stored))) for one in neighbours]


def divide(
    together: Mapping[str, float], general: Mapping[str, float], neighbours: Sequence[Neighbour]
) -> tuple[tuple[str, float], ...]:
    """Divide the probability of each base category among it and its own ones. Return (category, probability) pairs.

    together, general: the probabilities of base categories, blended and of the model alone, the likeliest first. The
    neighbours in an own category speak for it. The model's opinion of a base category is divided by their evidence,
    with the base category itself counting one. The first pair is the likeliest part of the likeliest base category; the
    others follow by probability. Without own or hidden categories, the pairs are those of `together`.
    """
    near = [_filed_as(one, _offered) for one in neighbours]
    own = sorted({slug for one in near for slug in (one.category, one.rivals[0].label) if is_own(slug)})
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


def _filed_as(one: Neighbour, place: Callable[[str], str]) -> Neighbour:
    """Return the neighbour with its category and the rival of it replaced. Categories that become one are no rivals."""
    category, rival = place(one.category), one.rivals[0]
    other = Rival(place(rival.label), rival.doubt) if rival.label else rival
    if other.label == category:
        other = Rival()
    if (category, other) == (one.category, rival):
        return one
    return replace(one, category=category, rivals=(other, *one.rivals[1:]))


def _offered(stored: str) -> str:
    """Return the category that a stored one counts as, or the base category of one that is hidden or unknown."""
    slug = shown_categories().slug_of(stored)
    known = shown_categories().categories.get(slug)
    return slug if known and not known.hidden else _base_of(slug)


def _base_of(slug: str) -> str:
    return base_slug(shown_categories().base_of(slug))
