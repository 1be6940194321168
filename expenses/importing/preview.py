"""Builds the preview of an import: counts, and some rows of each group as ready-made strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.utils.translation import get_language, gettext, pgettext_lazy

from classifier.categories import Kind
from expenses import money
from expenses.importing.duplicates import StoredExpense
from expenses.importing.edits import Edits, unreadable_number
from expenses.importing.file_categories import meanings_of
from expenses.importing.fingerprints import FileRow
from expenses.importing.mended_likes import COMPARED, likes_of_mended
from expenses.importing.plan import TICKED, Plan
from expenses.importing.preview_types import (
    FileCategoryContext,
    Gap,
    LikeContext,
    PlainRow,
    PreviewContext,
    PreviewRow,
    QuestionContext,
    RuleContext,
    UnreadableRow,
)
from expenses.importing.questions import Question
from expenses.importing.suggestions import file_entry, suggest_for_entries
from expenses.importing.totals import Total, together, totals_text
from expenses.listing.rows import category_name, confidence_percent, day_text, signed_text
from expenses.models import CategorySource, Expense
from expenses.models.documents import Reviewable
from expenses.models.ledger import Ledger
from expenses.models.unsure import is_unfiled, is_unsure
from expenses.rules.wording import reason_of
from expenses.statements.statement import Entry

SHOWN = 100
KIND_NAMES = {
    Kind.SPENT: pgettext_lazy("kind of a row", "Spent"),
    Kind.MOVED: pgettext_lazy("kind of a row", "Moved"),
    Kind.RECEIVED: pgettext_lazy("kind of a row", "Received"),
}


@dataclass(frozen=True)
class Place:
    """The page of one group that a preview shows; of the other groups it shows the first page. page: from 1."""

    group: str = "new"
    page: int = 1

    @property
    def starts(self) -> dict[str, int]:
        return {self.group: (self.page - 1) * SHOWN}

    def of(self, group: str) -> int:
        return self.page if group == self.group else 1


def build_preview(ledger: Ledger, plan: Plan, edits: Edits, place: Place) -> PreviewContext:
    """Build the template context: the rows of each group, and counts.

    plan: the mended part of a plan that `place` shows.
    """
    rows = {"new": plan.new, "alike": [row for row, _ in plan.alike], "known": plan.known, "unbooked": plan.unbooked}
    shown = iter(_shown_rows(ledger, [row for group in rows.values() for row in group]))
    groups = {name: list(islice(shown, len(group))) for name, group in rows.items()}
    language = get_language() or "en"
    # Those that were mended leave their places, but the others keep theirs.
    unreadable = {"unreadable": plan.counts["unreadable"] + sum(number < 0 for number in edits.mended)}
    likes = {row.number: like for row, like in plan.alike if row.number not in edits.mended}
    likes |= likes_of_mended(ledger.id, (row for group in COMPARED for row in rows[group]), edits)
    for row in (row for group in COMPARED for row in groups[group]):
        if like := likes.get(row["number"]):
            row["like"] = _like(like, language)
    for name, group in groups.items():
        for row in group:
            row["wanted"] = edits.is_ticked(name, row["number"])
    return {
        "groups": groups,
        "unreadable": _unreadable(plan, edits, place),
        "counts": plan.counts,
        "wanted": edits.count_ticked(plan.counts),
        "pages": {kind: _pages(count, place.of(kind)) for kind, count in (plan.counts | unreadable).items()},
        "sum_line": _sum_line(plan, groups),
        "gap": _gap(plan, language),
        "questions": [_question(one, language) for one in plan.questions],
        "file_categories": _file_categories(plan, edits),
    }


def _sum_line(plan: Plan, groups: dict[str, list[PreviewRow]]) -> str:
    """Say what the import would add up to.

    groups: the rows that the page shows. If these are all, the ticked ones count by their kind. Otherwise they count by
    their direction, because nothing has looked at the kinds of those on other pages.
    """
    if any(len(groups[group]) < plan.counts[group] for group in TICKED):
        return totals_text(together(one for totals in plan.totals.values() for one in totals))
    ticked = [row for group in TICKED for row in groups[group] if row.get("wanted")]
    moved = sum(row["kind"] == Kind.MOVED for row in ticked)
    return totals_text(together(_total_of(row) for row in ticked if row["kind"] != Kind.MOVED), moved)


def _total_of(row: PreviewRow) -> Total:
    """A row as the import will count it: a refund is spent, and lowers what was spent."""
    entry, received = row["entry"], row["kind"] == Kind.RECEIVED
    return Total(received, entry.currency, 1, -entry.amount if received else entry.amount)


def _file_categories(plan: Plan, edits: Edits) -> list[FileCategoryContext]:
    """The categories that the file names, and what each of them means."""
    meanings = meanings_of(plan.categories, edits.meanings)
    return [
        {
            "name": one.name,
            "key": one.key,
            "count": one.count,
            "slug": meanings[one.key],
            "is_proposed": bool(one.proposed) and meanings[one.key] == one.proposed,
            "is_kept": one.kept,
            "percent": round(100 * one.share),
        }
        for one in plan.categories
    ]


def _pages(count: int, page: int) -> dict[str, int]:
    """The page, the last page, and the numbers of the first and last row on it, from 1."""
    first = (page - 1) * SHOWN + 1
    rows = {"from": first, "to": min(count, first + SHOWN - 1), "count": count}
    return rows | {"page": page, "before": page - 1, "after": page + 1, "last": max(1, -(-count // SHOWN))}


def _like(like: StoredExpense, language: str) -> LikeContext:
    return {"title": like.title, "date_text": day_text(like.spent_on, language, True), "account": like.account}


def _unreadable(plan: Plan, edits: Edits, place: Place) -> list[UnreadableRow]:
    """The rows that can't be read and aren't mended."""
    start = place.starts.get("unreadable", 0)
    numbered = ((unreadable_number(start + index), problem) for index, problem in enumerate(plan.unreadable))
    return [
        {"number": number, "line": problem.line, "text": problem.text, "message": problem.message}
        for number, problem in numbered
        if number not in edits.mended
    ]


def _gap(plan: Plan, language: str) -> Gap | None:
    """Whether the rows lead to the file's closing balance, and what is missing; None if the file states none."""
    if plan.gap is None:
        return None
    amount, currency, _is_owed = plan.gap
    return {
        "is_none": not amount,
        "amount_text": money.format_money(abs(amount), currency, language) if currency else "",
    }


def _question(question: Question, language: str) -> QuestionContext:
    """The readings, as rows of date, title and amount."""
    answers = [*map(str, range(len(question.labels)))] or ["this", "other"]
    labels = question.labels or [""] * len(answers)
    return {
        "name": question.name,
        "readings": [
            {
                "answer": f"{question.name}:{answer}",
                "label": label,
                "rows": [one and _plain_row(one, language) for one in rows],
            }
            for answer, label, rows in zip(answers, labels, zip(*question.rows, strict=True), strict=True)
        ],
    }


def _plain_row(entry: Entry, language: str) -> PlainRow:
    return {
        "date_text": day_text(entry.spent_on, language, True),
        "title": entry.title,
        "amount_text": money.format_money(abs(entry.amount), entry.currency, language),
        "came_in": entry.amount < 0,
    }


def _shown_rows(ledger: Ledger, rows: Sequence[FileRow]) -> list[PreviewRow]:
    """Build the rows with the categories that FinBrain would file them under."""
    found = suggest_for_entries(ledger, [row.entry for row in rows])
    language = get_language() or "en"
    shown = []
    for row, filing in zip(rows, found, strict=True):
        filed = Expense(amount=row.entry.amount)
        file_entry(filed, row.entry, filing)
        shown.append(_shown_row(ledger, row, filed, language))
    return shown


def _rule_of(ledger: Ledger, filed: Expense) -> RuleContext:
    """The rule that decides about a row, as its reason, and the title that it shows."""
    text, url = reason_of(ledger.rules, filed.rule) if filed.rule else ("", "")
    return {"rule_text": text, "rule_url": url, "shown_title": filed.shown_title}


def _shown_row(ledger: Ledger, row: FileRow, filed: Expense, language: str) -> PreviewRow:
    entry, threshold = row.entry, ledger.threshold
    state: Reviewable = {"reviewed": filed.reviewed, "confidence": filed.confidence}
    amount: Decimal = -entry.amount if filed.kind == Kind.RECEIVED else entry.amount
    # A category of spending is no help for money that came in, unless FinBrain knows that it is a refund.
    is_guess = entry.amount < 0 and filed.kind == Kind.SPENT and is_unsure(state, threshold)
    return {
        "number": row.number,
        "entry": entry,
        "line": entry.line,
        "title": entry.title,
        "note": entry.note,
        "date_iso": entry.spent_on.isoformat(),
        "date_text": day_text(entry.spent_on, language, True),
        "amount_text": signed_text(amount, entry.currency, filed.kind, language),
        "refund": amount < 0 and filed.kind == Kind.SPENT,
        "status": entry.status,
        "kind": filed.kind,
        "kind_name": KIND_NAMES[Kind(filed.kind)],
        "is_guess": is_guess,
        "category": filed.category,
        "category_name": gettext("Not filed yet") if is_unfiled(state) else category_name(filed.category, language),
        "confidence_pct": None if filed.category_source == CategorySource.RULE else confidence_percent(state),
        "unsure": is_unsure(state, threshold),
        **_rule_of(ledger, filed),
    }
