"""The preview of a draft: how the file is read, which rows are imported, and rows that the person mends."""

from dataclasses import dataclass, field
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from expenses.forms.import_rows import RowForm, form_values
from expenses.forms.imports import AccountForm, category_choices, preview_form, preview_values, sent_meanings
from expenses.importing import drafts
from expenses.importing.choices import Choices
from expenses.importing.edits import MOST_MENDED, Edits, unreadable_number
from expenses.importing.file_categories import keep_meanings
from expenses.importing.fingerprints import FileRow
from expenses.importing.kept_mappings import keep_mapping
from expenses.importing.kept_plan import KeptPlan, MendedPlan
from expenses.importing.packing import unpack_file
from expenses.importing.pieces import Pieces
from expenses.importing.plan import KINDS, TICKED, Plan
from expenses.importing.plan_steps import keep_plan
from expenses.importing.preview import SHOWN, Place, build_preview
from expenses.importing.raw_rows import RowValues, row_as_read
from expenses.importing.workbooks import is_unread
from expenses.importing.writing import begin_import
from expenses.models import ImportBatch
from expenses.statements.statement import Problem
from expenses.views.access import LedgerRequest
from expenses.views.import_reading import read_on, reading_page
from finbrain.core.numbers import whole_number
from finbrain.core.rate_limits import limit

_MOST_PAGES = 10_000
_COUNTS = "preview-counts"


@dataclass
class _Preview:
    """A draft as a request shows it.

    plan: the part that is shown; None if a choice is missing, or while the file is being read. kept: the whole plan, or
    as much of it as is made. mending: the number of the row that the person mends, and its form. saved: that of the row
    whose form was closed. changing: whether the person is changing how the file is read.
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


def show_draft(request: LedgerRequest, batch: ImportBatch) -> HttpResponse:
    """Show a draft with its preview. A POST changes how it is read, ticks rows, pages, or mends a row."""
    if is_unread(batch.content):
        return read_on(request, batch)
    if "sheet" in request.POST:
        drafts.choose_sheet(request.ledger, batch, request.POST["sheet"])
        return redirect("expenses:import_batch", batch.pk)
    return _preview_page(request, batch, _preview_of(request, batch))


def begin_draft(request: LedgerRequest, batch: ImportBatch) -> HttpResponse | None:
    """Start the import. Returns a page instead if the person has to look at something first."""
    if is_unread(batch.content):
        return read_on(request, batch)
    before = Choices.of(batch.choices)
    preview = _preview_of(request, batch)
    if preview.kept is None or preview.plan is None or preview.mending is not None:
        return _preview_page(request, batch, preview)
    plan = _mended(request, preview.kept, preview)
    if preview.plan.questions:
        preview.notice = _("FinBrain can't tell how to read this file. Choose the right reading, then import it.")
    elif preview.choices != before:
        preview.notice = _("You changed how the file is read. Check the new preview, then import it.")
    elif not preview.edits.count_ticked(plan.summary.counts):
        preview.notice = _("There is nothing to import. Tick the rows you want, or discard the file.")
    if preview.notice:
        return _preview_page(request, batch, preview)
    if table := drafts.table_of_draft(request.ledger, batch):
        keep_mapping(request.ledger, table, preview.choices)
    keep_meanings(request.ledger.id, plan.summary.categories, preview.edits.meanings)
    begin_import(request.ledger, batch.pk, plan)
    return None


def _preview_of(request: LedgerRequest, batch: ImportBatch) -> _Preview:
    """Apply what the request changes, and find what to show."""
    stored = Choices.of(batch.choices)
    table = drafts.table_of_draft(request.ledger, batch)
    form = preview_form(table, request.POST if request.method == "POST" else preview_values(stored))
    if not form.is_valid():
        return _Preview(form, stored, Edits.of(batch.edits))
    choices = stored.changed(form.choices())
    name, _colon, which = request.POST.get("answer", "").partition(":")
    if name in choices.asks:
        answered = choices.answered(name, which)
        its_form = preview_form(table, preview_values(answered))
        choices, form = (answered, its_form) if its_form.is_valid() else (choices, form)
    preview = _Preview(form, choices, Edits.of(batch.edits))
    if choices != stored:
        preview.changing = "answer" not in request.POST
        if drafts.update_choices(request.ledger, batch, choices):
            preview.notice = _("You changed how the file is read, so your changes to its rows were discarded.")
        preview.edits = Edits.of(batch.edits)
    preview.kept = kept = keep_plan(request.ledger, batch, choices, partial(limit, "plan", request.user.pk))
    if not kept.done:
        return preview
    if request.method == "POST":
        _edit(request, batch, preview, kept)
    preview.plan = _part(request, kept, preview)
    if not _wants_counts(request):
        _open_row(request, batch, preview)
    return preview


def _part(request: LedgerRequest, kept: KeptPlan, preview: _Preview) -> Plan:
    """The part of the plan that the page shows."""
    preview.place = _place_of(request)
    if preview.place.page > -(-kept.summary.counts[preview.place.group] // SHOWN):
        preview.place = Place()
    return _mended(request, kept, preview).page(preview.place.starts, SHOWN)


def _mended(request: LedgerRequest, kept: KeptPlan, preview: _Preview) -> MendedPlan:
    return MendedPlan(request.ledger, kept, preview.edits, preview.choices.account)


def _place_of(request: LedgerRequest) -> Place:
    """The page that the last of the sent values names: the page that was shown comes first, then a button."""
    group, _colon, page = (request.POST.getlist("page") or [""])[-1].partition(":")
    number = whole_number(page, 1, _MOST_PAGES)
    return Place(group, number) if group in KINDS and number else Place()


def _edit(request: LedgerRequest, batch: ImportBatch, preview: _Preview, kept: KeptPlan) -> None:
    """Store the ticks that the page sent, and what it says that the file's categories mean."""
    before = preview.edits
    ticked = _numbers_by_group(request.POST.getlist("take"))
    shown = _numbers_by_group(request.POST.getlist("shown"))
    for group in TICKED:
        if sent := shown[group] | ticked[group]:
            preview.edits = preview.edits.with_ticks(group, sent, ticked[group])
    group, _colon, way = request.POST.get("all", "").partition(":")
    if group in TICKED:
        preview.edits = preview.edits.with_all(group, ticked=way == "on")
    if sent := sent_meanings(request.POST.getlist("means")):
        preview.edits = preview.edits.with_meanings(kept.summary.categories, sent)
    if preview.edits != before:
        drafts.update_edits(request.ledger, batch.pk, preview.edits)


def _numbers_by_group(sent: list[str]) -> dict[str, set[int]]:
    """Read texts such as "new:1 2 3"."""
    found: dict[str, set[int]] = {group: set() for group in TICKED}
    for text in sent:
        group, _colon, numbers = text.partition(":")
        if group in found:
            found[group] |= {number for one in numbers.split() if (number := _row_number(one)) is not None}
    return found


def _row_number(text: str) -> int | None:
    """The number of a row, which is negative for those that were unreadable."""
    number = whole_number(text.removeprefix("-"), 0, 10**6)
    return -number if number is not None and text.startswith("-") else number


def _open_row(request: LedgerRequest, batch: ImportBatch, preview: _Preview) -> None:
    """Open the form of the row that a button names, or save the row whose form was sent."""
    sent, opened = (_row_number(request.POST.get(name, "")) for name in ("mending", "mend"))
    if sent is not None and "cancel" not in request.POST:
        _save_row(request, batch, preview, sent)
    elif sent is not None:
        preview.saved = sent
    found = opened if preview.mending is None else None
    if found is not None and (row := _row_of(preview, found)):
        values = form_values(row.entry) if isinstance(row, FileRow) else _values_as_read(batch, preview.choices, row)
        preview.mending, preview.row_form = found, RowForm(initial=values, home_currency=request.ledger.home_currency)


def _values_as_read(batch: ImportBatch, choices: Choices, problem: Problem) -> RowValues:
    return row_as_read(unpack_file(batch.content), choices, problem.line)


def _row_of(preview: _Preview, number: int) -> FileRow | Problem | None:
    """The shown row with this number."""
    plan = preview.plan
    if plan is None:
        return None
    start = preview.place.starts.get("unreadable", 0)
    problems = {unreadable_number(start + index): problem for index, problem in enumerate(plan.unreadable)}
    rows = {row.number: row for row in (*plan.new, *(row for row, _ in plan.alike), *plan.known, *plan.unbooked)}
    return rows.get(number) or problems.get(number)


def _save_row(request: LedgerRequest, batch: ImportBatch, preview: _Preview, number: int) -> None:
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
    entry = form.entry(row.entry.line if isinstance(row, FileRow) else row.line)
    preview.edits, preview.saved = preview.edits.with_mended(number, entry), number
    drafts.update_edits(request.ledger, batch.pk, preview.edits)
    if preview.kept:
        preview.plan = _part(request, preview.kept, preview)


def _wants_counts(request: LedgerRequest) -> bool:
    """Whether htmx only sends ticks and replaces the counts."""
    return bool(request.htmx) and request.htmx.target == _COUNTS


def _preview_page(request: LedgerRequest, batch: ImportBatch, preview: _Preview) -> HttpResponse:
    """Render the draft's page, or for htmx its changing part. Without a plan there is no preview."""
    table = drafts.table_of_draft(request.ledger, batch)
    context = vars(preview) | {"batch": batch, "fragment": bool(request.htmx), "sheets": table and table.get("sheets")}
    if preview.kept and not preview.kept.done:
        return reading_page(request, batch, 100 * preview.kept.pieces // len(Pieces(batch.content)))
    if preview.plan:
        context |= build_preview(request.ledger, preview.plan, preview.edits, preview.place)
        if _wants_counts(request):
            return render(request, "expenses/_import_counts.html", context)
        context["category_choices"] = category_choices()
    template = "expenses/_import_preview.html" if request.htmx else "expenses/import_preview.html"
    return render(request, template, context)
