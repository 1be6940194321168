"""Render the rows of the list from a template that is rendered once per language, with placeholders for each row.

Rendering fifty rows with Django's templates takes several milliseconds. This takes a tenth of a millisecond.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from classifier.category_set import category_of
from expenses.listing.rows import ListRow
from expenses.models.own_categories import palette_class

_TEMPLATE = "expenses/_row_parts.html"
_PARTS = (
    "row",
    "note",
    "account",
    "one-off",
    "percent",
    "percent-unsure",
    "percent-memory",
    "ask",
    "alternative",
    "converted",
    "converted-own",
    "rule",
    "rule-deleted",
    "day",
)
_PLAIN = ("id", "amount", "date_iso", "edit_url", "category_url", "delete_url", "kind", "rule_url")
_TEXTS = (
    *("title", "note", "account", "amount_text", "converted_text", "rate_text", "date_text"),
    *("currency", "category", "category_name", "rule_text"),
)
_FILLED = (
    *("new", "unsure", "refund", "note_html", "account_html", "one_off_html", "percent_html", "ask_html"),
    *("converted_html", "alternatives_html", "why_text", "rule_html"),
)
_OTHER = ("palette", "icon", "percent", "slug", "name", "day_text", "day_sum")


def render_rows(rows: Iterable[ListRow]) -> SafeString:
    """Render rows built by `rows.build_rows` as `<tr>` elements in the active language, each day below its head."""
    parts = _parts_of(get_language() or "en")
    made = (_day_html(row, parts) + _render_row(row, parts) for row in rows)
    return mark_safe("".join(made))  # noqa: S308 - every text is escaped below


def _day_html(row: ListRow, parts: Mapping[str, str]) -> str:
    if "day_text" not in row:
        return ""
    texts = {"day_text": escape(row["day_text"]), "day_sum": escape(row.get("day_sum", ""))}
    return parts["day"].format(date_iso=row["date_iso"], **texts)


def _render_row(row: ListRow, parts: Mapping[str, str]) -> str:
    values = {name: row[name] for name in _PLAIN} | {name: row[name] and escape(row[name]) for name in _TEXTS}
    values |= _look_of(row["category"])
    percent = row["confidence_pct"]
    return parts["row"].format_map(
        values
        | {
            "new": " is-new" if row["is_new"] else "",
            "unsure": " chip-unsure" if row["unsure"] else "",
            "refund": " row-refund" if row["refund"] else "",
            "note_html": parts["note"].format_map(values) if row["note"] else "",
            "account_html": parts["account"].format_map(values) if row["account"] else "",
            "why_text": f" ({escape(row['why'])})" if row["why"] else "",
            "rule_html": _rule_html(row, values, parts),
            "one_off_html": parts["one-off"] if row["one_off"] else "",
            "converted_html": _converted_html(row, values, parts),
            "percent_html": "" if percent is None else parts[_percent_part(row)].format(percent=percent),
            "ask_html": _ask_html(row, values, parts) if row["unsure"] else "",
        }
    )


def _look_of(slug: str) -> dict[str, str]:
    category = category_of(slug)
    return {"palette": palette_class(category.palette), "icon": category.icon}


def _converted_html(row: ListRow, values: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    if not row["converted_text"]:
        return ""
    return parts["converted-own" if row["by_own_rate"] else "converted"].format_map(values)


def _rule_html(row: ListRow, values: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    if not row["rule_text"]:
        return ""
    return parts["rule" if row["rule_url"] else "rule-deleted"].format_map(values)


def _percent_part(row: ListRow) -> str:
    if row["unsure"]:
        return "percent-unsure"
    return "percent-memory" if row["source"] == "memory" else "percent"


def _ask_html(row: ListRow, values: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    others = (
        parts["alternative"].format_map({**values, "slug": slug, "name": escape(name), **_look_of(slug)})
        for slug, name in row["alternatives"]
    )
    return parts["ask"].format_map({**values, "alternatives_html": "".join(others)})


def _render_parts(language: str) -> dict[str, str]:
    """Render the parts of the row's template in the active language, as texts for `str.format_map`."""
    names = (*_PLAIN, *_TEXTS, *_FILLED, *_OTHER)
    placeholders = {name: mark_safe(f"{{{name}}}") for name in names}  # noqa: S308 - a constant
    return {part: _without_breaks(render_to_string(_TEMPLATE, placeholders | {"part": part})) for part in _PARTS}


def _without_breaks(html: str) -> str:
    """Join the lines of the HTML. The template only has line breaks to be readable."""
    return "".join(line.strip() for line in html.splitlines())


_parts_of = _render_parts if settings.DEBUG else lru_cache(maxsize=None)(_render_parts)
