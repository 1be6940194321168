"""Build the rows of a list with all texts formatted, because a list may have thousands of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from bson import ObjectId
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind, category_of_kind, kind_of
from classifier.category_set import BASE, CategorySet, name_in, shown_categories
from classifier.merchant_name import merchant_name
from expenses import money, rates
from expenses.listing.rate_text import day_text, rate_text
from expenses.models.documents import ExpenseDocument, Reviewable
from expenses.models.kinds import counts_as, stored_kind
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate
from expenses.models.rules import BY_RULE, Rule
from expenses.models.unsure import is_unfiled, is_unsure
from expenses.rules.wording import reason_of
from finbrain.core.decimals import decimal_of

_NOTE_SHOWN = 120


@dataclass(frozen=True)
class RowStyle:
    """The style of rows.

    display: the currency to convert amounts to. with_year: whether days outside `this_year` show their year.
    new_id: the expense to mark as new. cash_withdrawn, own_rates, rules, categories: the ledger's.
    """

    display: str
    threshold: float
    language: str
    with_year: bool = False
    this_year: int = 0
    new_id: ObjectId | None = None
    cash_withdrawn: bool = False
    own_rates: tuple[LedgerRate, ...] = ()
    rules: tuple[Rule, ...] = ()
    categories: CategorySet = BASE

    @classmethod
    def to(cls, ledger: Ledger, display: str = "", **options: Any) -> "RowStyle":
        """Return the style for a ledger in the active language, with its home currency unless `display` is given."""
        language = get_language() or "en"
        year = timezone.localdate().year
        of_ledger = {"cash_withdrawn": ledger.cash_withdrawn, "own_rates": ledger.own_rates, "rules": ledger.rules}
        of_ledger |= {"this_year": year, "categories": ledger.categories}
        return cls(display or ledger.home_currency, ledger.threshold, language, **of_ledger, **options)


class ListRow(TypedDict):
    """A row for templates, with formatted texts and complete URLs.

    title: the one to show. If that is a name, the note begins with the title as it was entered. rule_text, rule_url:
    the reason `By your rule: …` if a rule filed it, and the rule; see `wording.reason_of`.
    amount: positive for income, too. asks_kind: whether the question is if it was spent at all. why: see `kind_reason`,
    filled in where a page has room for it.
    """

    id: str
    title: str
    note: str
    amount: str
    amount_text: str
    refund: bool
    kind: str
    can_be_received: bool
    one_off: bool
    account: str
    currency: str
    converted_text: str
    rate_text: str
    category: str
    category_name: str
    source: str
    rule_text: str
    rule_url: str
    asks_kind: bool
    why: str
    own_rate: bool
    by_own_rate: bool
    confidence_pct: int | None
    unfiled: bool
    unsure: bool
    alternatives: Sequence[tuple[str, str]]
    date_iso: str
    date_text: str
    edit_url: str
    category_url: str
    delete_url: str
    restore_url: str
    is_new: bool
    # Only in the trash.
    deleted_text: NotRequired[str]
    # Only in the first row of a day, see `days`.
    day_text: NotRequired[str]
    day_sum: NotRequired[str]


def build_rows(documents: Iterable[ExpenseDocument], shown: RowStyle) -> list[ListRow]:
    """Build the rows of a template. Foreign amounts are also converted, with one look-up for all rates."""
    documents = list(documents)
    foreign = [row for row in documents if row["currency"] != shown.display]
    pairs = {(row["spent_on"].date(), code) for row in foreign for code in (row["currency"], shown.display)}
    pairs |= {(row["spent_on"].date(), row["own_rate_currency"]) for row in foreign if row["own_rate"]}
    book = rates.rates_for(pairs, shown.own_rates) if pairs else None
    base = reverse("expenses:list")
    return [_build_row(row, shown, book, base) for row in documents]


def _build_row(row: ExpenseDocument, shown: RowStyle, book: rates.RateBook | None, base: str) -> ListRow:
    kind, _category = counts_as(stored_kind(row), row["category"], cash_withdrawn=shown.cash_withdrawn)
    stored = decimal_of(row["amount"])
    amount = -stored if kind == Kind.RECEIVED else stored
    code, day = row["currency"], row["spent_on"].date()
    category = shown.categories.slug_of(row["category"])
    url = f"{base}{row['_id']}/"
    by_rule = not row["reviewed"] and BY_RULE in (row["category_source"], row["kind_source"])
    rule_text, link = reason_of(shown.rules, row["rule"]) if by_rule else ("", "")
    # A statement's money that left the account can't become income.
    can_be_received = stored < 0 or row["import_batch"] is None or stored_kind(row) == Kind.RECEIVED
    unfiled = is_unfiled(row)
    unsure = not unfiled and is_unsure(row, shown.threshold)
    name = row["shown_title"] or merchant_name(row["title"])
    asks_kind = unsure and kind == Kind.SPENT and (row["kind_confidence"] or 1) < shown.threshold
    converted = _convert_row(row, amount, day, shown, book) if book and code != shown.display else None
    return {
        "id": str(row["_id"]),
        "title": name or row["title"] or _("No title"),
        "note": " · ".join(filter(None, (name and row["title"], row["note"])))[:_NOTE_SHOWN],
        "amount": format(amount, "f"),
        "amount_text": signed_text(amount, code, kind, shown.language),
        "refund": amount < 0 and kind == Kind.SPENT,
        "kind": kind,
        "can_be_received": can_be_received,
        "one_off": row["one_off"],
        "account": row["account"],
        "currency": code,
        "converted_text": money.format_money(converted.amount, shown.display, shown.language) if converted else "",
        "rate_text": rate_text(converted, amount, code, shown.display, shown.language) if converted else "",
        "category": "" if unfiled else category,
        "category_name": _("Not filed yet") if unfiled else name_in(shown.categories, category, shown.language),
        "source": row["category_source"],
        "rule_text": rule_text,
        "rule_url": link,
        "asks_kind": asks_kind,
        "why": "",
        "own_rate": row["own_rate"] is not None,
        "by_own_rate": bool(converted and converted.own),
        "confidence_pct": None if row["category_source"] == BY_RULE else confidence_percent(row),
        "unfiled": unfiled,
        "unsure": unsure,
        "alternatives": _alternatives_of(row, shown, asks_kind, can_be_received) if unsure else (),
        "date_iso": day.isoformat(),
        "date_text": day_text(day, shown.language, shown.with_year and day.year != shown.this_year),
        "edit_url": f"{url}edit/",
        "category_url": f"{url}category/",
        "delete_url": f"{url}delete/",
        "restore_url": f"{url}restore/",
        "is_new": row["_id"] == shown.new_id,
    }


def signed_text(amount: Decimal, code: str, kind: str, language: str) -> str:
    """Format an amount. Income has a plus sign, placed like the language's minus sign.

    Only an amount that can't be read is zero, and only a currency that can't be read is empty.
    """
    if not amount:
        return _("No amount")
    write = money.format_received if kind == Kind.RECEIVED and amount > 0 else money.format_money
    return write(amount, code or "?", language)


def confidence_percent(row: Reviewable) -> int | None:
    """Return the confidence in percent, at most 99 because no suggestion is certain.

    None once a person decided, and before FinBrain filed it.
    """
    confidence = row["confidence"]
    return None if row["reviewed"] or not confidence else min(99, round(confidence * 100))


def _convert_row(
    row: ExpenseDocument, amount: Decimal, day: date, shown: RowStyle, book: rates.RateBook
) -> rates.Converted | None:
    own = rates.OwnRate.of(row["own_rate"], row["own_rate_currency"])
    return book.convert(amount, row["currency"], shown.display, day, own)


def _alternatives_of(
    row: ExpenseDocument, shown: RowStyle, asks_kind: bool, can_be_received: bool
) -> list[tuple[str, str]]:
    """Return (slug, name) of the next candidates that are possible. They were stored with the suggestion.

    asks_kind: whether to offer first that it was only moved.
    """
    known = map(shown.categories.slug_of, row["alternatives"].split(","))
    slugs = [slug for slug in dict.fromkeys(known) if slug in shown.categories]
    if not can_be_received:
        slugs = [slug for slug in slugs if kind_of(slug) != Kind.RECEIVED]
    if asks_kind:
        slugs = [category_of_kind(Kind.MOVED, slugs), *(slug for slug in slugs if kind_of(slug) != Kind.MOVED)]
    return [(slug, name_in(shown.categories, slug, shown.language)) for slug in slugs]


def category_name(slug: str, language: str) -> str:
    """Return the category's name in the active language and the current set, like `name_in`."""
    return name_in(shown_categories(), slug, language)
