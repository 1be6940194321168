"""Views for deleting expenses, for the trash, and for undoing both."""

from datetime import UTC

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from expenses.ledger.set_categories import undo_categories
from expenses.ledger.trash import TRASH_DAYS, delete_expenses, restore_batch, restore_expenses
from expenses.listing.cursor import LATEST_DELETED
from expenses.listing.find_rows import find_page
from expenses.listing.rows import RowStyle, build_rows
from expenses.models import Expense
from expenses.models.entry_filters import trash_of
from expenses.views.access import LedgerRequest, limited, signed_in, with_expense
from expenses.views.answers import list_changed
from finbrain.core.bidi import isolated


@require_safe
@signed_in
@limited("list")
def show_trash(request: LedgerRequest) -> HttpResponse:
    """Show the trash, latest deletion first."""
    page = find_page(trash_of(request.ledger.id), LATEST_DELETED, request.GET.get("after", "")[:200])
    rows = build_rows(page.rows, RowStyle.to(request.ledger, with_year=True))
    for row, document in zip(rows, page.rows, strict=True):
        if deleted_at := document["deleted_at"]:
            when = date_format(localtime(deleted_at.replace(tzinfo=UTC)), "SHORT_DATETIME_FORMAT")
            row["deleted_text"] = _("Deleted %(when)s") % {"when": when}
    next_url = f"{reverse('expenses:trash')}?after={page.after}" if page.after else ""
    return render(request, "expenses/trash.html", {"rows": rows, "next_url": next_url, "keep_days": TRASH_DAYS})


@require_POST
@with_expense(in_trash=None)
@limited("write")
def delete_expense(request: LedgerRequest, expense: Expense) -> HttpResponse:
    """Move one expense to the trash. An expense already there stays there."""
    trashed = delete_expenses(request.ledger, [expense.pk])
    undo_url = reverse("expenses:restore", args=[expense.pk]) if trashed.count else ""
    return list_changed(request, _("Deleted %(title)s") % {"title": isolated(expense.display_title)}, undo_url)


@require_POST
@with_expense(in_trash=None)
@limited("write")
def restore_expense(request: LedgerRequest, expense: Expense) -> HttpResponse:
    """Restore one expense from the trash. An expense not in the trash does not change."""
    restore_expenses(request.ledger, [expense.pk])
    return list_changed(request, _("Restored %(title)s") % {"title": isolated(expense.display_title)})


@require_POST
@signed_in
@limited("write")
def restore_deleted_together(request: LedgerRequest, batch: str) -> HttpResponse:
    """Restore the expenses that were deleted together."""
    try:
        count = restore_batch(request.ledger, batch)
    except ValueError:
        raise Http404 from None
    return list_changed(request, restored_text(count))


@require_POST
@signed_in
@limited("write")
def undo_category_change(request: LedgerRequest, batch: str) -> HttpResponse:
    """Undo a change of categories. Undoing it twice changes nothing."""
    count = undo_categories(request.ledger, batch)
    if not count:
        return list_changed(request, _("Nothing to undo: these expenses have changed since."))
    text = ngettext("%(n)d category restored", "%(n)d categories restored", count) % {"n": count}
    return list_changed(request, text)


def restored_text(count: int) -> str:
    if not count:
        return _("There is nothing left to restore.")
    return ngettext("%(n)d expense restored", "%(n)d expenses restored", count) % {"n": count}
