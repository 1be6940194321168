"""What the categories of a finance app say about a row: that it was only moved, or which income it is."""

from decimal import Decimal

from classifier.categories import Kind, kind_of
from expenses.statements.vocabulary import is_exactly

_CATEGORIES = {
    "moved category": "transfer",
    "salary category": "salary",
    "interest category": "interest",
    "income category": "other-income",
}


def named_by_app(text: str, amount: Decimal) -> tuple[str, str]:
    """Return the kind and the category that an app's category stands for, ("", "") if it says nothing about the kind.

    amount: positive if it was paid, which can't be income.
    """
    names = [name.strip() for name in (text, *text.split(":")) if name.strip()]
    slug = next((slug for name in names for meaning, slug in _CATEGORIES.items() if is_exactly(name, meaning)), "")
    if not slug or (kind_of(slug) == Kind.RECEIVED and amount > 0):
        return "", ""
    return kind_of(slug).value, slug
