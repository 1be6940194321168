"""Builds the preview of an import: counts, and the first rows of each group as ready-made strings."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.utils.translation import get_language

from classifier.categories import Kind
from expenses.importing.fingerprints import FileRow
from expenses.importing.plan import Plan
from expenses.importing.suggestions import file_entry, suggest_for_entries
from expenses.listing.rows import category_name, confidence_percent, day_text, signed_text
from expenses.models import Expense
from expenses.models.documents import Reviewable
from expenses.models.ledger import Ledger
from expenses.models.unsure import is_unsure

SHOWN = 100


def build_preview(ledger: Ledger, plan: Plan, wanted: set[str]) -> dict[str, Any]:
    """Build the template context: the rows of each group, and counts.

    plan: the beginning of a plan, with at most SHOWN rows of each group. wanted: fingerprints of ticked rows.
    """
    shown = iter(_shown_rows(ledger, [*plan.new, *(row for row, _ in plan.alike), *plan.unbooked]))
    new, doubtful, unbooked = list(islice(shown, len(plan.new))), list(islice(shown, len(plan.alike))), list(shown)
    language = get_language() or "en"
    for row, (_, like) in zip(doubtful, plan.alike, strict=True):
        row["like"] = {"title": like.title, "date_text": day_text(like.spent_on, language, True)}
    for row in (*doubtful, *unbooked):
        row["wanted"] = row["fingerprint"] in wanted
    counts = plan.counts
    return {
        "rows": new,
        "alike": doubtful,
        "unbooked": unbooked,
        "known": [_known_row(row, language) for row in plan.known],
        "unreadable": plan.unreadable,
        "counts": counts,
        "more": {kind: max(0, count - SHOWN) for kind, count in counts.items()},
    }


def _shown_rows(ledger: Ledger, rows: Sequence[FileRow]) -> list[dict[str, Any]]:
    """Build the rows with the categories that FinBrain would file them under."""
    found = suggest_for_entries(ledger.id, [row.entry for row in rows])
    language = get_language() or "en"
    shown = []
    for row, filing in zip(rows, found, strict=True):
        filed = Expense()
        file_entry(filed, row.entry, filing)
        shown.append(_shown_row(row, filed, ledger.threshold, language))
    return shown


def _shown_row(row: FileRow, filed: Expense, threshold: float, language: str) -> dict[str, Any]:
    state: Reviewable = {"reviewed": filed.reviewed, "confidence": filed.confidence}
    return _known_row(row, language, filed.kind) | {
        "fingerprint": row.fingerprint,
        "note": row.entry.note,
        "refund": row.entry.amount < 0 and filed.kind == Kind.SPENT,
        "kind": filed.kind,
        "category": filed.category,
        "category_name": category_name(filed.category, language),
        "confidence_pct": confidence_percent(state),
        "unsure": is_unsure(state, threshold),
    }


def _known_row(row: FileRow, language: str, kind: str = "") -> dict[str, Any]:
    """The fields that identify a row: line, title, date and amount. kind: "" unless the file says it."""
    entry = row.entry
    kind = kind or entry.kind
    amount = -entry.amount if kind == Kind.RECEIVED else entry.amount
    return {
        "line": entry.line,
        "title": entry.title,
        "date_iso": entry.spent_on.isoformat(),
        "date_text": day_text(entry.spent_on, language, True),
        "amount_text": signed_text(amount, entry.currency, kind, language),
        "status": entry.status,
    }
