"""Template tags of the pages with lists and forms of expenses."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.category_set import CategorySet, indented, shown_categories
from expenses import money
from expenses.listing import waiting
from expenses.listing.row_html import render_rows
from expenses.listing.rows import ListRow
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.month_tokens import all_tokens

# How many menus of each sort a process keeps. Without own categories, a language has one.
_KEPT = 128
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


@register.simple_tag
def links(items: Iterable[Mapping[str, Any]], current: str = "true", classes: str = "") -> SafeString:
    """Render links with `url` and `label`. Where `current` is true, `aria-current` has the value of `current`."""
    start = format_html('<a class="{}"', classes) if classes else mark_safe("<a")
    chosen = format_html(' aria-current="{}"', current)
    rows = ((start, item["url"], chosen if item["current"] else "", item["label"]) for item in items)
    return format_html_join("\n", '{} href="{}"{}>{}</a>', rows)


@register.simple_tag
def linked_rows(rows: Iterable[Sequence[str]]) -> SafeString:
    """Render rows of a table: the address and the text of the head, then the other cells."""
    made = ((url, name, format_html_join("", "<td>{}</td>", ((cell,) for cell in cells))) for url, name, *cells in rows)
    return format_html_join("", '<tr><th scope="row"><a href="{}">{}</a></th>{}</tr>', made)


@register.filter
def is_settings(path: str) -> bool:
    """Whether the page is below the settings in the menu."""
    return path.startswith(("/accounts/", reverse("expenses:rules"), reverse("expenses:learned")))


@register.filter
def is_edit(path: str) -> bool:
    """Whether the page edits an expense, which is below the list in the menu."""
    return path.startswith(reverse("expenses:list")) and path.endswith("/edit/")


@register.simple_tag
def with_categories(name: str, chosen: tuple[str, ...] = ()) -> SafeString:
    """Render the template `name` with `groups`: each kind with its categories as (slug, name, key), and with `chosen`.

    It must show nothing else, because it is rendered once for each set of categories.
    """
    return _with_categories(name, chosen, shown_categories(), get_language() or "en")


def _render_with(name: str, chosen: tuple[str, ...], categories: CategorySet, _language: str) -> SafeString:
    keyed = [(str(Kind.SPENT.label), categories.keyed_choices())]
    groups = [(kind, [(*pair, "") for pair in choices]) for kind, choices in categories.grouped_choices()]
    return render_to_string(name, {"groups": [*keyed, *groups[1:]], "chosen": chosen})


_with_categories = _render_with if settings.DEBUG else lru_cache(maxsize=_KEPT)(_render_with)


@register.simple_tag
def currency_options(chosen: str = "", used: Iterable[str] = (), left_out: Iterable[str] = ()) -> SafeString:
    """Render `<option>`s of the currencies in use, with `chosen` selected: `used` and common ones, then all others.

    Includes `chosen` and `used` if they have ended. left_out: currencies that the page offers elsewhere.
    """
    known = tuple(code for code in used if code in money.KNOWN)
    return _currency_options(chosen if chosen in money.KNOWN else "", known, tuple(left_out), get_language() or "en")


@lru_cache(maxsize=_KEPT)
def _currency_options(chosen: str, used: tuple[str, ...], left_out: tuple[str, ...], _language: str) -> SafeString:
    first = dict.fromkeys([*filter(None, [chosen]), *used, *money.COMMON])
    codes_of = list(first), [code for code in money.CURRENT if code not in first]
    groups = []
    for label, codes in zip((_("Common currencies"), _("All other currencies")), codes_of, strict=True):
        options = (f"<option{_selected(code == chosen)}>{code}</option>" for code in codes if code not in left_out)
        groups.append((label, mark_safe("".join(options))))  # noqa: S308 - only the codes of known currencies
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


@register.simple_tag
def category_options(chosen: str = "") -> SafeString:
    """Render `<option>`s of the categories, grouped by kind, with `chosen` selected."""
    categories = shown_categories()
    return _category_options(chosen if chosen in categories else "", categories, get_language() or "en")


@lru_cache(maxsize=_KEPT)
def _category_options(chosen: str, categories: CategorySet, _language: str) -> SafeString:
    groups = []
    for kind, choices in categories.grouped_choices():
        rows = ((slug, _selected(slug == chosen), indented(slug, name)) for slug, name in choices)
        groups.append((kind, format_html_join("", '<option value="{}"{}>{}</option>', rows)))
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def _selected(yes: bool) -> str:
    """Return the attribute of a selected `<option>`, or ""."""
    return " selected" if yes else ""
