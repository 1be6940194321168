"""What a request shows of a draft, and the row of it that the person mends."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from expenses.forms.import_rows import RowForm, form_values
from expenses.forms.imports import AccountForm
from expenses.importing import drafts
from expenses.importing.carried_edits import RowPlace
from expenses.importing.choices import Choices
from expenses.importing.edits import MOST_MENDED, Edits, unreadable_number
from expenses.importing.fingerprints import FileRow
from expenses.importing.kept_plan import KeptPlan
from expenses.importing.mended_likes import with_mended
from expenses.importing.mended_plan import MendedPlan
from expenses.importing.packing import unpack_file
from expenses.importing.plan import KINDS, Plan
from expenses.importing.preview import SHOWN, Place
from expenses.importing.raw_rows import RowValues, row_as_read
from expenses.models import ImportBatch
from expenses.statements.statement import Problem
from expenses.views.access import LedgerRequest
from finbrain.core.numbers import whole_number

_MOST_PAGES = 10_000


@dataclass
class DraftPreview:
    """A draft as a request shows it.

    plan: the part that is shown; None if a choice is missing, or while the file is being read. kept: the whole plan, or
    as much of it as is made. mending: the number of the row that the person mends, and its form. saved: that of the row
    whose form was closed. changing: whether the person is changing how the file is read. places: if that changed, where
    the rows that the page showed are now, by their numbers.
    """

    form: AccountForm
    choices: Choices
    edits: Edits
    kept: KeptPlan | None = None
    plan: Plan | None = None
    place: Place = field(default_factory=Place)
    notice: str = ""
    mending: int | None = None
    row_form: RowForm | None = None
    saved: int | None = None
    changing: bool = False
    places: dict[int, RowPlace] | None = None


def shown_part(request: LedgerRequest, kept: KeptPlan, preview: DraftPreview) -> Plan:
    """The part of the plan that the page shows."""
    preview.place = _place_of(request)
    if preview.place.page > -(-kept.summary.counts[preview.place.group] // SHOWN):
        preview.place = Place()
    return mended_plan_of(request, kept, preview).page(preview.place.starts, SHOWN)


def mended_plan_of(request: LedgerRequest, kept: KeptPlan, preview: DraftPreview) -> MendedPlan:
    return MendedPlan(request.ledger, kept, preview.edits, preview.choices.account)


def _place_of(request: LedgerRequest) -> Place:
    """The page that the last of the sent values names: the page that was shown comes first, then a button."""
    group, _colon, page = (request.POST.getlist("page") or [""])[-1].partition(":")
    number = whole_number(page, 1, _MOST_PAGES)
    return Place(group, number) if group in KINDS and number else Place()


def row_number(text: str) -> int | None:
    """The number of a row, which is negative for those that were unreadable."""
    number = whole_number(text.removeprefix("-"), 0, 10**6)
    return -number if number is not None and text.startswith("-") else number


def open_row(request: LedgerRequest, batch: ImportBatch, preview: DraftPreview) -> None:
    """Open the form of the row that a button names, or save the row whose form was sent."""
    sent, opened = (_place_now(preview, row_number(request.POST.get(name, ""))) for name in ("mending", "mend"))
    if sent is not None and "cancel" not in request.POST:
        _save_row(request, batch, preview, sent)
    elif sent is not None:
        preview.saved = sent
    found = opened if preview.mending is None else None
    if found is not None and (row := _row_of(preview, found)):
        values = form_values(row.entry) if isinstance(row, FileRow) else _values_as_read(batch, preview.choices, row)
        preview.mending, preview.row_form = found, RowForm(initial=values, home_currency=request.ledger.home_currency)


def _place_now(preview: DraftPreview, number: int | None) -> int | None:
    """The number that a row has now."""
    if number is None or preview.places is None:
        return number
    place = preview.places.get(number)
    return place.number if place else None


def _values_as_read(batch: ImportBatch, choices: Choices, problem: Problem) -> RowValues:
    return row_as_read(unpack_file(batch.content), choices, problem.line)


def _row_of(preview: DraftPreview, number: int) -> FileRow | Problem | None:
    """The shown row with this number."""
    plan = preview.plan
    if plan is None:
        return None
    start = preview.place.starts.get("unreadable", 0)
    problems = {unreadable_number(start + index): problem for index, problem in enumerate(plan.unreadable)}
    rows = {row.number: row for row in (*plan.new, *(row for row, _ in plan.alike), *plan.known, *plan.unbooked)}
    return rows.get(number) or problems.get(number)


def _save_row(request: LedgerRequest, batch: ImportBatch, preview: DraftPreview, number: int) -> None:
    """Store a mended row, or keep its form open with the errors."""
    row = _row_of(preview, number)
    if row is None:
        return
    form = RowForm(request.POST, home_currency=request.ledger.home_currency)
    if form.is_valid() and len(preview.edits.mended) >= MOST_MENDED and number not in preview.edits.mended:
        message = _("You can change up to %(most)d rows of a file. Import them, then edit the others in your list.")
        form.add_error(None, message % {"most": MOST_MENDED})
    if form.errors:
        preview.mending, preview.row_form = number, form
        return
    if isinstance(row, FileRow):
        entry, was = form.entry(row.entry.line)._replace(note=row.entry.note, account=row.entry.account), row
    else:
        note, account = _values_as_read(batch, preview.choices, row).get("note", ""), preview.choices.account
        entry, was = form.entry(row.line)._replace(note=note, account=account), None
    preview.edits = with_mended(request.ledger.id, preview.edits, _group_of(preview, number), number, entry, was)
    preview.saved = number
    drafts.update_edits(request.ledger, batch.pk, preview.edits)
    if preview.kept:
        preview.plan = shown_part(request, preview.kept, preview)


def _group_of(preview: DraftPreview, number: int) -> str:
    """The group of a shown row. Unreadable rows become new ones."""
    groups = preview.plan.tickable() if preview.plan else {}
    return next((name for name, rows in groups.items() if any(row.number == number for row in rows)), "new")
