"""The preview of a draft: how the file is read, which rows are imported, and rows that the person mends."""

from dataclasses import dataclass, field
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from expenses.forms.import_rows import RowForm, form_values
from expenses.forms.imports import AccountForm, category_choices, look_form, look_values, sent_meanings
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
_COUNTS = "look-counts"


@dataclass
class _Look:
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
    return _look_page(request, batch, _look_at(request, batch))


def begin_draft(request: LedgerRequest, batch: ImportBatch) -> HttpResponse | None:
    """Start the import. Returns a page instead if the person has to look at something first."""
    if is_unread(batch.content):
        return read_on(request, batch)
    before = Choices.of(batch.choices)
    look = _look_at(request, batch)
    if look.kept is None or look.plan is None or look.mending is not None:
        return _look_page(request, batch, look)
    plan = _mended(request, look.kept, look)
    if look.plan.questions:
        look.notice = _("FinBrain can't tell how to read this file. Choose the right reading, then import it.")
    elif look.choices != before:
        look.notice = _("You changed how the file is read. Check the new preview, then import it.")
    elif not look.edits.count_ticked(plan.summary.counts):
        look.notice = _("There is nothing to import. Tick the rows you want, or discard the file.")
    if look.notice:
        return _look_page(request, batch, look)
    if table := drafts.table_of_draft(request.ledger, batch):
        keep_mapping(request.ledger, table, look.choices)
    keep_meanings(request.ledger.id, plan.summary.categories, look.edits.meanings)
    begin_import(request.ledger, batch.pk, plan)
    return None


def _look_at(request: LedgerRequest, batch: ImportBatch) -> _Look:
    """Apply what the request changes, and find what to show."""
    stored = Choices.of(batch.choices)
    table = drafts.table_of_draft(request.ledger, batch)
    form = look_form(table, request.POST if request.method == "POST" else look_values(stored))
    if not form.is_valid():
        return _Look(form, stored, Edits.of(batch.edits))
    choices = stored.changed(form.choices())
    name, _colon, which = request.POST.get("answer", "").partition(":")
    if name in choices.asks:
        answered = choices.answered(name, which)
        its_form = look_form(table, look_values(answered))
        choices, form = (answered, its_form) if its_form.is_valid() else (choices, form)
    look = _Look(form, choices, Edits.of(batch.edits))
    if choices != stored:
        look.changing = "answer" not in request.POST
        if drafts.update_choices(request.ledger, batch, choices):
            look.notice = _("You changed how the file is read, so your changes to its rows were discarded.")
        look.edits = Edits.of(batch.edits)
    look.kept = kept = keep_plan(request.ledger, batch, choices, partial(limit, "plan", request.user.pk))
    if not kept.done:
        return look
    if request.method == "POST":
        _edit(request, batch, look, kept)
    look.plan = _part(request, kept, look)
    if not _wants_counts(request):
        _open_row(request, batch, look)
    return look


def _part(request: LedgerRequest, kept: KeptPlan, look: _Look) -> Plan:
    """The part of the plan that the page shows."""
    look.place = _place_of(request)
    if look.place.page > -(-kept.summary.counts[look.place.group] // SHOWN):
        look.place = Place()
    return _mended(request, kept, look).page(look.place.starts, SHOWN)


def _mended(request: LedgerRequest, kept: KeptPlan, look: _Look) -> MendedPlan:
    return MendedPlan(request.ledger, kept, look.edits, look.choices.account)


def _place_of(request: LedgerRequest) -> Place:
    """The page that the last of the sent values names: the page that was shown comes first, then a button."""
    group, _colon, page = (request.POST.getlist("page") or [""])[-1].partition(":")
    number = whole_number(page, 1, _MOST_PAGES)
    return Place(group, number) if group in KINDS and number else Place()


def _edit(request: LedgerRequest, batch: ImportBatch, look: _Look, kept: KeptPlan) -> None:
    """Store the ticks that the page sent, and what it says that the file's categories mean."""
    before = look.edits
    ticked = _numbers_by_group(request.POST.getlist("take"))
    shown = _numbers_by_group(request.POST.getlist("shown"))
    for group in TICKED:
        if sent := shown[group] | ticked[group]:
            look.edits = look.edits.with_ticks(group, sent, ticked[group])
    group, _colon, way = request.POST.get("all", "").partition(":")
    if group in TICKED:
        look.edits = look.edits.with_all(group, ticked=way == "on")
    if sent := sent_meanings(request.POST.getlist("means")):
        look.edits = look.edits.with_meanings(kept.summary.categories, sent)
    if look.edits != before:
        drafts.update_edits(request.ledger, batch.pk, look.edits)


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


def _open_row(request: LedgerRequest, batch: ImportBatch, look: _Look) -> None:
    """Open the form of the row that a button names, or save the row whose form was sent."""
    sent, opened = (_row_number(request.POST.get(name, "")) for name in ("mending", "mend"))
    if sent is not None and "cancel" not in request.POST:
        _save_row(request, batch, look, sent)
    elif sent is not None:
        look.saved = sent
    found = opened if look.mending is None else None
    if found is not None and (row := _row_of(look, found)):
        values = form_values(row.entry) if isinstance(row, FileRow) else _values_as_read(batch, look.choices, row)
        look.mending, look.row_form = found, RowForm(initial=values, home_currency=request.ledger.home_currency)


def _values_as_read(batch: ImportBatch, choices: Choices, problem: Problem) -> RowValues:
    return row_as_read(unpack_file(batch.content), choices, problem.line)


def _row_of(look: _Look, number: int) -> FileRow | Problem | None:
    """The shown row with this number."""
    plan = look.plan
    if plan is None:
        return None
    start = look.place.starts.get("unreadable", 0)
    problems = {unreadable_number(start + index): problem for index, problem in enumerate(plan.unreadable)}
    rows = {row.number: row for row in (*plan.new, *(row for row, _ in plan.alike), *plan.known, *plan.unbooked)}
    return rows.get(number) or problems.get(number)


def _save_row(request: LedgerRequest, batch: ImportBatch, look: _Look, number: int) -> None:
    """Store a mended row, or keep its form open with the errors."""
    row = _row_of(look, number)
    if row is None:
        return
    form = RowForm(request.POST, home_currency=request.ledger.home_currency)
    if form.is_valid() and len(look.edits.mended) >= MOST_MENDED and number not in look.edits.mended:
        message = _("You can change up to %(most)d rows of a file. Import them, then edit the others in your list.")
        form.add_error(None, message % {"most": MOST_MENDED})
    if form.errors:
        look.mending, look.row_form = number, form
        return
    entry = form.entry(row.entry.line if isinstance(row, FileRow) else row.line)
    look.edits, look.saved = look.edits.with_mended(number, entry), number
    drafts.update_edits(request.ledger, batch.pk, look.edits)
    if look.kept:
        look.plan = _part(request, look.kept, look)


def _wants_counts(request: LedgerRequest) -> bool:
    """Whether htmx only sends ticks and replaces the counts."""
    return bool(request.htmx) and request.htmx.target == _COUNTS


def _look_page(request: LedgerRequest, batch: ImportBatch, look: _Look) -> HttpResponse:
    """Render the draft's page, or for htmx its changing part. Without a plan there is no preview."""
    table = drafts.table_of_draft(request.ledger, batch)
    context = vars(look) | {"batch": batch, "fragment": bool(request.htmx), "sheets": table and table.get("sheets")}
    if look.kept and not look.kept.done:
        return reading_page(request, batch, 100 * look.kept.pieces // len(Pieces(batch.content)))
    if look.plan:
        context |= build_preview(request.ledger, look.plan, look.edits, look.place)
        if _wants_counts(request):
            return render(request, "expenses/_import_counts.html", context)
        context["category_choices"] = category_choices()
    template = "expenses/_import_look.html" if request.htmx else "expenses/import_look.html"
    return render(request, template, context)
