"""Change the rows of a ledger's categories. Pure: each function returns new rows, or raises CategoryError."""

import secrets
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from classifier.categories import OWN, Category, kind_of
from expenses.models.own_categories import MOST, PALETTE, CategoryRow, category_set

Rows = tuple[CategoryRow, ...]
_SLUG_BYTES = 3


class CategoryError(ValueError):
    """A change that isn't possible. `str(error)` is a translated sentence."""


def category_row(rows: Sequence[CategoryRow], slug: str) -> CategoryRow | None:
    """Return the row of a category, merged or not."""
    return next((row for row in rows if row.slug == slug), None)


def add_category(rows: Rows, base: str, name: str, icon: str = "", palette: int = 0) -> tuple[Rows, str]:
    """Add an own category, the last of its base category. Return the rows and its slug. palette: 0 for a free one."""
    if sum(row.is_own for row in rows) >= MOST:
        raise CategoryError(_("You can have at most %(n)d categories.") % {"n": MOST})
    check_name(rows, name)
    taken = {row.slug for row in rows}
    slug = next(slug for slug in iter(lambda: f"{base}{OWN}{secrets.token_hex(_SLUG_BYTES)}", "") if slug not in taken)
    return (*rows, CategoryRow(slug, name, icon, palette or free_palette(rows))), slug


def change_category(rows: Rows, slug: str, name: str, icon: str, palette: int, *, hidden: bool) -> Rows:
    """Change how a category looks. What is stored with its entries stays as it is."""
    check_name(rows, name, slug)
    return _replaced(rows, slug, lambda row: row._replace(name=name, icon=icon, palette=palette, hidden=hidden))


def check_name(rows: Sequence[CategoryRow], name: str, slug: str = "") -> None:
    """Raise CategoryError if another category has the name, in any language. slug: the category that may have it."""
    others = [each for each in category_set(rows, "").categories.values() if each.slug != slug]
    if name and any(name.casefold() in _names_in(others, language) for language, _name in settings.LANGUAGES):
        raise CategoryError(_("You already have a category with this name."))


def _names_in(categories: Iterable[Category], language: str) -> set[str]:
    with override(language):
        return {str(each.name).casefold() for each in categories}


def move_category(rows: Rows, slug: str, step: int) -> Rows:
    """Swap a category with the one before it (-1) or after it (1) on its level. The first and the last one stay."""
    row = category_row(rows, slug)
    places = [at for at, each in enumerate(rows) if row and _are_siblings(each, row)]
    order = [rows[at].slug for at in places]
    at = order.index(slug)
    if not 0 <= at + step < len(order):
        return rows
    moved = list(rows)
    moved[places[at]], moved[places[at + step]] = rows[places[at + step]], rows[places[at]]
    return tuple(moved)


def _are_siblings(one: CategoryRow, other: CategoryRow) -> bool:
    if one.into or one.is_own != other.is_own or kind_of(one.slug) != kind_of(other.slug):
        return False
    return not one.is_own or one.base == other.base


def merge_category(rows: Rows, slug: str, into: str) -> Rows:
    """Count an own category as another one of the same kind. It is no longer shown, and can be restored."""
    target = category_row(rows, into)
    if target is None or target.into or into == slug or kind_of(into) != kind_of(slug):
        raise CategoryError(_("Choose another category to merge with."))
    return _replaced(rows, slug, lambda row: row._replace(into=into))


def restore_category(rows: Rows, slug: str) -> Rows:
    """Undo `merge_category`."""
    return _replaced(rows, slug, lambda row: row._replace(into=""))


def free_palette(rows: Sequence[CategoryRow]) -> int:
    """Return the first colour that no category has."""
    used = {each.palette for each in category_set(rows, "").categories.values()}
    return next((number for number in range(1, PALETTE + 1) if number not in used), 1)


def _replaced(rows: Rows, slug: str, change: Callable[[CategoryRow], CategoryRow]) -> Rows:
    return tuple(change(row) if row.slug == slug else row for row in rows)
