"""The inbox for reviewing expenses that FinBrain is unsure about, one keystroke each."""

from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classifier.categories import Kind, category_of_kind
from expenses.ledger.filing import set_categories, undo_categories
from expenses.listing import cursor
from expenses.listing.cursor import DEFAULT_SORT
from expenses.listing.find import find_page
from expenses.listing.kind_reason import kind_reason
from expenses.listing.rows import ListRow, RowStyle, build_rows
from expenses.listing.waiting import count_waiting
from expenses.models.ledger import Ledger
from expenses.models.matches import waiting_for_review
from expenses.views.access import LedgerRequest, limited, signed_in
from finbrain.core.numbers import whole_number

_UPCOMING = 4
_MOST_DONE = 100_000


@require_safe
@signed_in
@limited("list")
def show_inbox(request: LedgerRequest) -> HttpResponse:
    """Show the next expense to review.

    after: cursor of the last skipped expense. done, undo: the progress of this session.
    """
    context = _inbox_context(request.ledger, **_progress_of(request.GET))
    fragment = request.htmx.target == "inbox" and not request.htmx.history_restore_request
    template = "expenses/_inbox.html" if fragment else "expenses/inbox.html"
    return render(request, template, context | {"fragment": fragment})


@require_POST
@signed_in
@limited("write")
def review_expense(request: LedgerRequest) -> HttpResponse:
    """File the expense `id` under `category`, then show the next one."""
    current = _progress_of(request.POST)
    category = request.POST.get("category", "")
    try:
        ids = [ObjectId(request.POST.get("id", ""))]
    except InvalidId:
        ids = []
    if ids and category in request.ledger.categories:
        changed = set_categories(request.ledger, ids, category)
        if changed.count:
            current |= {"done": current["done"] + 1, "undo": changed.batch, "before": current["after"]}
    return _inbox_answer(request, current)


@require_POST
@signed_in
@limited("write")
def undo_review(request: LedgerRequest) -> HttpResponse:
    """Undo the last review and show that expense again."""
    current = _progress_of(request.POST)
    if undo_categories(request.ledger, current["undo"]):
        current["done"] = max(0, current["done"] - 1)
    return _inbox_answer(request, current | {"undo": "", "after": current["before"], "before": ""})


def _kind_choices(row: ListRow) -> list[tuple[str, str, str]]:
    """The answers "moved" and "received": the category that each stands for, its name and its key."""
    slugs = [row["category"], *(slug for slug, _name in row["alternatives"])]
    choices = [(category_of_kind(Kind.MOVED, slugs), _("Only moved"), "m")]
    if row["can_be_received"]:
        choices.append((category_of_kind(Kind.RECEIVED, slugs), _("Received"), "r"))
    return choices


def _inbox_answer(request: LedgerRequest, current: dict[str, Any]) -> HttpResponse:
    if request.htmx:
        context = _inbox_context(request.ledger, **current)
        return render(request, "expenses/_inbox.html", context | {"fragment": True})
    kept = {name: value for name, value in current.items() if value}
    return redirect(f"{reverse('expenses:inbox')}?{urlencode(kept)}")


def _progress_of(params: Any) -> dict[str, Any]:
    """The progress that links and forms carry from one expense to the next."""
    return {
        "done": whole_number(params.get("done", ""), 0, _MOST_DONE) or 0,
        "undo": params.get("undo", "")[:24],
        "after": params.get("after", "")[:200],
        "before": params.get("before", "")[:200],
    }


def _inbox_context(ledger: Ledger, done: int, undo: str, after: str, before: str) -> dict[str, Any]:
    """The template context: the current expense, the upcoming ones, and the progress of this session."""
    page = find_page(waiting_for_review(ledger.id, ledger.threshold), DEFAULT_SORT, after, _UPCOMING)
    rows = build_rows(page.rows, RowStyle.to(ledger, with_year=True))
    waiting = count_waiting(ledger.id, ledger.threshold)
    return {
        "current": rows[0] if rows else None,
        "upcoming": rows[1:],
        "skip_to": cursor.encode_cursor(DEFAULT_SORT, page.rows[0]) if page.after or len(rows) > 1 else "",
        "after": after,
        "done": done,
        "undo": undo,
        "before": before,
        "inbox_count": waiting,
        "all_count": done + waiting,
        "categories": ledger.categories.keyed_choices(),
        "kinds": _kind_choices(rows[0]) if rows else [],
        "kind_reason": kind_reason(ledger, page.rows[0]) if rows else None,
        "skipped_all": not rows and waiting > 0,
    }
