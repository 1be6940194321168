"""A person's earlier imports and their results."""

from dataclasses import dataclass

from bson import ObjectId
from django.urls import reverse
from django.utils.translation import gettext as _

from expenses.listing.list_query import ListQuery
from expenses.models import Expense, ImportBatch
from expenses.models.entry_filters import waiting_for_review
from expenses.models.ledger import Ledger
from expenses.months import month_of
from finbrain.core.past_the_orm import collection

_PAGE = 20


@dataclass(frozen=True)
class PastImports:
    """One page of imports. batches: newest first, without their content. after: cursor of the next page, or ""."""

    batches: list[ImportBatch]
    after: str


def past_imports(ledger: Ledger, after: str) -> PastImports:
    """Read one page of the ledger's imports. An invalid cursor gives the first page."""
    mine = ImportBatch.objects.of(ledger).order_by("-id").without_files()
    if ObjectId.is_valid(after):
        mine = mine.filter(pk__lt=ObjectId(after))
    found = list(mine[: _PAGE + 1])
    return PastImports(found[:_PAGE], str(found[_PAGE - 1].pk) if len(found) > _PAGE else "")


def import_summary(batch: ImportBatch) -> str:
    """The import's result, such as `212 added, 3 already imported, 1 could not be read`."""
    parts = [_("%(n)d added") % {"n": batch.added}]
    if batch.known:
        parts.append(_("%(n)d already imported") % {"n": batch.known})
    if batch.money_in:  # only imports of earlier releases
        parts.append(_("%(n)d left out (money received)") % {"n": batch.money_in})
    if unticked := batch.left_out - batch.money_in:
        parts.append(_("%(n)d not ticked") % {"n": unticked})
    if batch.unreadable:
        parts.append(_("%(n)d could not be read") % {"n": batch.unreadable})
    return ", ".join(parts)


def import_list_url(batch: ImportBatch) -> str:
    """The URL of the list for the months of the import's expenses."""
    if not batch.first_day or not batch.last_day:
        return reverse("expenses:list")
    first, last = month_of(batch.first_day), month_of(batch.last_day)
    query = ListQuery(first) if first == last else ListQuery(None, first=first, last=last)
    return query.url(reverse("expenses:list"))


def waiting_in_import(ledger: Ledger, batch: ImportBatch) -> int:
    """The number of the import's expenses that need review."""
    match = waiting_for_review(ledger.id, ledger.threshold) | {"import_batch": batch.pk}
    return collection(Expense).count_documents(match, hint="expense_by_import")
