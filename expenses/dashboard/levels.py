"""The two levels of categories: which to show, and which stored ones each of them adds up. Pure."""

from collections.abc import Sequence

from classifier.categories import Kind
from classifier.category_set import CategorySet, is_own, rest_of
from expenses.dashboard.scope import Figures


def parts_to_show(figures: Figures, chosen: Sequence[str], categories: CategorySet) -> dict[str, tuple[str, ...]]:
    """Return the categories to show -> the stored categories that each adds up, in display order.

    chosen: those that a person selected, empty for all base categories and the unknown ones that some expenses have. A
    single base category is shown as its own categories and the rest of it.
    """
    used = {slug: None for month in figures.values() for slug in month.categories}
    shown = list(chosen) or [slug for slug, name in categories.categories.items() if _is_base(slug, name.kind)]
    if len(chosen) == 1 and (own := categories.own_of(chosen[0])):
        shown = [*own, rest_of(chosen[0])]
    parts = {slug: tuple(filter(used.__contains__, categories.stored_slugs([slug]))) for slug in shown}
    unknown = () if chosen else used.keys() - {slug for part in parts.values() for slug in part}
    return parts | {slug: (slug,) for slug in sorted(unknown)}


def _is_base(slug: str, kind: Kind) -> bool:
    return kind == Kind.SPENT and not is_own(slug)
