"""Rows as templates show them: ready-made strings only, because a list shows thousands of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NotRequired, TypedDict

from babel.dates import format_skeleton
from bson import ObjectId
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import CATEGORIES
from expenses import money, rates
from expenses.models.documents import ExpenseDocument, Reviewable
from expenses.models.ledger import Ledger
from expenses.models.matches import is_unsure
from expenses.money.formatting import babel_locale

_NOTE_SHOWN = 120


@dataclass(frozen=True)
class RowStyle:
    """How rows are shown.

    display: the currency of the amounts beside. with_year: whether days outside `this_year` carry their year.
    """

    display: str
    threshold: float
    language: str
    with_year: bool = False
    this_year: int = 0
    new_id: ObjectId | None = None

    @classmethod
    def to(cls, ledger: Ledger, display: str = "", **options: Any) -> "RowStyle":
        language = get_language() or "en"
        year = timezone.localdate().year
        return cls(display or ledger.home_currency, ledger.threshold, language, this_year=year, **options)


class ListRow(TypedDict):
    """One row as templates print it: texts are ready, amounts formatted, addresses complete."""

    id: str
    title: str
    note: str
    amount: str
    amount_text: str
    refund: bool
    currency: str
    converted_text: str
    rate_text: str
    category: str
    category_name: str
    source: str
    own_rate: bool
    by_own_rate: bool
    confidence_pct: int | None
    unsure: bool
    alternatives: Sequence[tuple[str, str]]
    date_iso: str
    date_text: str
    edit_url: str
    category_url: str
    delete_url: str
    restore_url: str
    is_new: bool
    # Of the trash only.
    deleted_text: NotRequired[str]


def build_rows(documents: Iterable[ExpenseDocument], shown: RowStyle) -> list[ListRow]:
    """The template's rows; amounts in another than the display currency also converted, at one look-up for all."""
    documents = list(documents)
    foreign = [row for row in documents if row["currency"] != shown.display]
    pairs = {(row["spent_on"].date(), code) for row in foreign for code in (row["currency"], shown.display)}
    pairs |= {(row["spent_on"].date(), row["own_rate_currency"]) for row in foreign if row["own_rate"]}
    book = rates.rates_for(pairs) if pairs else None
    base = reverse("expenses:list")
    return [_build_row(row, shown, book, base) for row in documents]


def _build_row(row: ExpenseDocument, shown: RowStyle, book: rates.RateBook | None, base: str) -> ListRow:
    amount: Decimal = row["amount"].to_decimal()
    code, category, day = row["currency"], row["category"], row["spent_on"].date()
    url = f"{base}{row['_id']}/"
    unsure = is_unsure(row, shown.threshold)
    converted = _convert_row(row, amount, day, shown, book) if book and code != shown.display else None
    return {
        "id": str(row["_id"]),
        "title": row["title"],
        "note": row["note"][:_NOTE_SHOWN],
        "amount": format(amount, "f"),
        "amount_text": money.format_money(amount, code, shown.language),
        "refund": amount < 0,
        "currency": code,
        "converted_text": money.format_money(converted.amount, shown.display, shown.language) if converted else "",
        "rate_text": _rate_text(converted, shown) if converted else "",
        "category": category,
        "category_name": category_name(category, shown.language),
        "source": row["category_source"],
        "own_rate": row["own_rate"] is not None,
        "by_own_rate": bool(converted and converted.own),
        "confidence_pct": confidence_percent(row),
        "unsure": unsure,
        "alternatives": _alternatives_of(row, shown.language) if unsure else (),
        "date_iso": day.isoformat(),
        "date_text": day_text(day, shown.language, shown.with_year and day.year != shown.this_year),
        "edit_url": f"{url}edit/",
        "category_url": f"{url}category/",
        "delete_url": f"{url}delete/",
        "restore_url": f"{url}restore/",
        "is_new": row["_id"] == shown.new_id,
    }


def confidence_percent(row: Reviewable) -> int | None:
    """The confidence in percent; never 100, which nobody can promise. None once a person has decided."""
    confidence = row["confidence"]
    return None if row["reviewed"] or confidence is None else min(99, round(confidence * 100))


def _convert_row(
    row: ExpenseDocument, amount: Decimal, day: date, shown: RowStyle, book: rates.RateBook
) -> rates.Converted | None:
    own = rates.OwnRate.of(row["own_rate"], row["own_rate_currency"])
    return book.convert(amount, row["currency"], shown.display, day, own)


def _rate_text(converted: rates.Converted, shown: RowStyle) -> str:
    """Which rate an amount was converted at."""
    if converted.own:
        return _("At your own rate")
    return _("At the rate of %(day)s") % {"day": day_text(converted.rate_day, shown.language, True)}


def _alternatives_of(row: ExpenseDocument, language: str) -> list[tuple[str, str]]:
    """(slug, name) of the next candidates that were stored with the suggestion."""
    slugs = (row.get("alternatives") or "").split(",")
    return [(slug, category_name(slug, language)) for slug in slugs if slug in CATEGORIES]


@lru_cache(maxsize=256)
def category_name(slug: str, language: str) -> str:
    """The category's name in the language that is active now, which `language` only names for the cache."""
    return str(CATEGORIES[slug].name)


@lru_cache(maxsize=4096)
def day_text(day: date, language: str, with_year: bool) -> str:
    """`Nov 22`, or `Nov 22, 2025` with its year, as the language writes it."""
    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=babel_locale(language))
