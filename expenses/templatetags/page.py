"""Template tags that keep long pages fast. Parts that are the same for everybody are rendered once per language."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.category_set import CategorySet, indented, shown_categories
from expenses import money
from expenses.listing import waiting
from expenses.listing.row_html import render_rows
from expenses.listing.rows import ListRow
from expenses.people.ledgers import personal_ledger
from expenses.sums.month_tokens import all_tokens

register = template.Library()


@register.simple_tag
def expense_rows(rows: Iterable[ListRow]) -> SafeString:
    """Render rows as `<tr>` elements."""
    return render_rows(rows)


@register.simple_tag(takes_context=True)
def waiting_count(context: Mapping[str, Any]) -> int:
    """Return how many of the person's expenses need review, or `inbox_count` if the page has already counted them."""
    if "inbox_count" in context:
        return context["inbox_count"]
    user = context["user"]
    if not user.is_authenticated:
        return 0
    ledger = getattr(context.get("request"), "ledger", None) or personal_ledger(user)
    return waiting.waiting_count(ledger.id, ledger.threshold, all_tokens(ledger.id))


@register.filter
def is_settings(path: str) -> bool:
    """Whether the page is below the settings in the menu."""
    return path.startswith(("/accounts/", reverse("expenses:rules"), reverse("expenses:learned")))


@register.filter
def is_edit(path: str) -> bool:
    """Whether the page edits an expense, which is below the list in the menu."""
    return path.startswith(reverse("expenses:list")) and path.endswith("/edit/")


@register.simple_tag
def same_for_all(name: str) -> SafeString:
    """Render the template `name`, which must use no variable except `groups`: each kind with its (slug, name, key).

    It is the same for all who have the same categories.
    """
    return rendered_once(name, get_language() or "en", shown_categories())


@register.simple_tag
def currency_options(chosen: str = "", used: Iterable[str] = (), left_out: Iterable[str] = ()) -> SafeString:
    """Render `<option>`s of the currencies in use, with `chosen` selected: `used` and common ones, then all others.

    Includes `chosen` and `used` if they have ended. left_out: currencies that the page offers elsewhere.
    """
    first = dict.fromkeys([str(chosen or ""), *used, *money.COMMON])
    groups = [code for code in first if code in money.KNOWN], [code for code in money.CURRENT if code not in first]
    at_hand, others = (tuple(code for code in codes if code not in left_out) for codes in groups)
    return _options_of_currencies(str(chosen or ""), at_hand, others, get_language() or "en")


@register.simple_tag
def category_options(chosen: str = "") -> SafeString:
    """Render `<option>`s of the categories, grouped by kind, with `chosen` selected."""
    return _options_of_categories(str(chosen or ""), get_language() or "en", shown_categories())


@lru_cache(maxsize=128)
def _options_of_currencies(chosen: str, at_hand: tuple[str, ...], others: tuple[str, ...], language: str) -> SafeString:
    groups = []
    for label, codes in ((_("Common currencies"), at_hand), (_("All other currencies"), others)):
        options = ((selected(code == chosen), code) for code in codes)
        groups.append((label, format_html_join("", "<option{}>{}</option>", options)))
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


@lru_cache(maxsize=512)
def _options_of_categories(chosen: str, language: str, categories: CategorySet) -> SafeString:
    groups = []
    for kind, choices in categories.grouped_choices():
        rows = ((slug, selected(slug == chosen), indented(slug, name)) for slug, name in choices)
        groups.append((kind, format_html_join("", '<option value="{}"{}>{}</option>', rows)))
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def selected(yes: bool) -> str:
    """Return the attribute of a selected `<option>`, or ""."""
    return " selected" if yes else ""


def _render_same(name: str, language: str, categories: CategorySet) -> SafeString:
    keyed = [(str(Kind.SPENT.label), categories.keyed_choices())]
    groups = [(kind, [(*pair, "") for pair in choices]) for kind, choices in categories.grouped_choices()]
    return render_to_string(name, {"groups": [*keyed, *groups[1:]]})


rendered_once = _render_same if settings.DEBUG else lru_cache(maxsize=512)(_render_same)
