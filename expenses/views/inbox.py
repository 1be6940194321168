"""The inbox for reviewing expenses that FinBrain is unsure about, one keystroke each."""

from dataclasses import dataclass
from typing import Any, TypedDict

from bson import ObjectId
from bson.errors import InvalidId
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classifier.categories import Kind, category_of_kind
from expenses.ledger.rows_of_changes import CHUNK
from expenses.ledger.set_categories import Changed, set_categories, undo_categories
from expenses.ledger.similar_waiting import suggest_twins_again
from expenses.ledger.waiting_texts import Waiting, read_waiting
from expenses.listing import cursor
from expenses.listing.cursor import DEFAULT_SORT
from expenses.listing.find_rows import find_in_order, find_page
from expenses.listing.groups import next_groups
from expenses.listing.kind_reason import KindReason, kind_reason
from expenses.listing.rows import ListRow, RowStyle, build_rows
from expenses.listing.waiting import count_waiting
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import waiting_for_review
from expenses.models.ledger import Ledger
from expenses.views.access import LedgerRequest, limited, signed_in
from finbrain.core.numbers import whole_number

_UPCOMING = 4
_MOST_DONE = 100_000
_MOST_SKIPPED = 40
# Steps that can be undone. The address of the page has them all.
_MOST_STEPS = 10
_LONGEST_STEP = 229
_STEP, _COUNT = "@", ":"


class Progress(TypedDict):
    """What links and forms carry from one expense to the next. undo: the steps, the last one last."""

    done: int
    undo: list[str]
    after: str


class InboxContext(Progress):
    """The current expense, those like it, the upcoming ones, and the progress of this session."""

    current: ListRow | None
    members: list[ListRow]
    upcoming: list[ListRow]
    skip_url: str
    inbox_count: int
    all_count: int
    categories: list[tuple[str, str, str]]
    kinds: list[tuple[str, str, str]]
    kind_reason: KindReason | None
    skipped_all: bool


@require_safe
@signed_in
@limited("list")
def show_inbox(request: LedgerRequest) -> HttpResponse:
    """Show the next expense to review, with those like it.

    after: cursor of what was skipped last. done, undo: the progress of this session, see `Progress`.
    """
    context = _inbox_context(request.ledger, None, **_progress_of(request.GET))
    fragment = request.htmx.target == "inbox" and not request.htmx.history_restore_request
    template = "expenses/_inbox.html" if fragment else "expenses/inbox.html"
    return render(request, template, context | {"fragment": fragment})


@require_POST
@signed_in
@limited("write")
def review_expense(request: LedgerRequest) -> HttpResponse:
    """File the expense `id` and those in `ids` under `category`, then show what comes next.

    asked: how many expenses the form showed. If some were taken out, what is like them isn't suggested again.
    """
    current: Progress = _progress_of(request.POST)
    category = request.POST.get("category", "")
    ids = _chosen(request)
    waiting: Waiting | None = None
    if ids and category in request.ledger.categories:
        changed = set_categories(request.ledger, ids, category, unreviewed=len(ids) > 1)
        if changed.count:
            done = current["done"] + changed.count
            steps = _with_step(current["undo"], f"{changed.batch}{_COUNT}{changed.count}", current["after"])
            current = {**current, "done": done, "undo": steps}
            if len(ids) == (whole_number(request.POST.get("asked", ""), 0, CHUNK) or 1):
                waiting = _suggest_again(request.ledger, ids[0], changed)
    return _inbox_answer(request, current, waiting)


def _chosen(request: LedgerRequest) -> list[ObjectId]:
    """The expense that was asked about and those like it, each once. Empty if the form is damaged."""
    try:
        first = ObjectId(request.POST.get("id", ""))
        return list(dict.fromkeys([first, *map(ObjectId, request.POST.getlist("ids")[:CHUNK])]))
    except InvalidId:
        return []


def _suggest_again(ledger: Ledger, asked: ObjectId, changed: Changed) -> Waiting:
    """Suggest again what is like the expense that was asked about, and return what waits."""
    waiting, filed = read_waiting(ledger), {row["_id"]: row for row in changed.before}
    row = filed.get(asked, changed.before[0])
    suggest_twins_again(ledger, waiting, row["title"], row["amount"].to_decimal() < 0, changed.batch)
    return waiting


@require_POST
@signed_in
@limited("write")
def undo_review(request: LedgerRequest) -> HttpResponse:
    """Undo the last review or skip and show that expense again."""
    current = _progress_of(request.POST)
    *earlier, last = current["undo"] or [_STEP]
    review, _separator, after = last.partition(_STEP)
    batch, _separator, count = review.partition(_COUNT)
    undone = undo_categories(request.ledger, batch) if batch else 0
    undone = undone or whole_number(count, 0, CHUNK + 1) or 0  # nothing is left to undo if the form was sent twice
    return _inbox_answer(request, {"done": max(0, current["done"] - undone), "undo": earlier, "after": after})


def _with_step(steps: list[str], review: str, after: str) -> list[str]:
    """Add a step to those that can be undone, and where the inbox was before it.

    review: its batch and how many expenses it filed, "" for a skip.
    """
    return [*steps, f"{review}{_STEP}{after}"][-_MOST_STEPS:]


def _kind_choices(row: ListRow) -> list[tuple[str, str, str]]:
    """The answers "moved" and "received": the category that each stands for, its name and its key."""
    slugs = [row["category"], *(slug for slug, _name in row["alternatives"])]
    choices = [(category_of_kind(Kind.MOVED, slugs), _("Only moved"), "m")]
    if row["can_be_received"]:
        choices.append((category_of_kind(Kind.RECEIVED, slugs), _("Received"), "r"))
    return choices


def _inbox_answer(request: LedgerRequest, current: Progress, waiting: Waiting | None = None) -> HttpResponse:
    """Show what comes next. waiting: what waits now, None if it wasn't read yet."""
    if request.htmx:
        context = _inbox_context(request.ledger, waiting, **current)
        return render(request, "expenses/_inbox.html", context | {"fragment": True})
    kept: dict[str, Any] = {name: value for name, value in current.items() if value}
    return redirect(f"{reverse('expenses:inbox')}?{urlencode(kept, doseq=True)}")


def _progress_of(params: QueryDict) -> Progress:
    return {
        "done": whole_number(params.get("done", ""), 0, _MOST_DONE) or 0,
        "undo": [step[:_LONGEST_STEP] for step in params.getlist("undo")[-_MOST_STEPS:] if step],
        "after": params.get("after", "")[:200],
    }


def _inbox_context(ledger: Ledger, waiting: Waiting | None, done: int, undo: list[str], after: str) -> InboxContext:
    waiting = waiting or read_waiting(ledger)
    asked = _next_questions(ledger, waiting, after)
    shown = RowStyle.to(ledger, with_year=True)
    rows = build_rows(asked.documents, shown)
    count = count_waiting(ledger.id, ledger.threshold) if waiting.count is None else waiting.count
    return {
        "current": rows[0] if rows else None,
        "members": rows[1:],
        "upcoming": build_rows(asked.upcoming, shown),
        "skip_url": _skip_url(asked.skip_to, done, _with_step(undo, "", after)) if asked.skip_to else "",
        "after": after,
        "done": done,
        "undo": undo,
        "inbox_count": count,
        "all_count": done + count,
        "categories": ledger.categories.keyed_choices(),
        "kinds": _kind_choices(rows[0]) if rows else [],
        "kind_reason": kind_reason(ledger, asked.documents[0]) if rows else None,
        "skipped_all": not rows and count > 0,
    }


def _skip_url(skip_to: str, done: int, undo: list[str]) -> str:
    return "?" + urlencode({"after": skip_to, "done": done, "undo": undo}, doseq=True)


@dataclass(frozen=True)
class _Asked:
    """What the page asks: an expense with those like it, and the first expenses of the next questions."""

    documents: list[ExpenseDocument]
    upcoming: list[ExpenseDocument]
    skip_to: str


def _next_questions(ledger: Ledger, waiting: Waiting, after: str) -> _Asked:
    """Find the group to ask about, or else the next expense that is in none. after: cursor of what was skipped last."""
    groups = [] if cursor.decode_cursor(DEFAULT_SORT, after) else next_groups(ledger, waiting, after, _UPCOMING)
    if groups:
        first, *others = groups
        ids = [*first.ids, *(group.ids[0] for group in others)]
        documents = find_in_order(ledger.id, ids)
        size = len(documents) - len(others)
        return _Asked(documents[:size], documents[size:], first.rank.cursor())
    match = waiting_for_review(ledger.id, ledger.threshold)
    if after:
        skipped = [key for group in next_groups(ledger, waiting, "", _MOST_SKIPPED) for key in group.ids]
        match |= {"_id": {"$nin": skipped}}
    page = find_page(match, DEFAULT_SORT, after, _UPCOMING)
    more = page.after or len(page.rows) > 1
    skip_to = cursor.encode_cursor(DEFAULT_SORT, page.rows[0]) if more else ""
    return _Asked(page.rows[:1], page.rows[1:], skip_to)
