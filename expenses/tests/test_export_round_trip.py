"""Every expense that the form accepts is read back unchanged from each format. Pure: no database."""

from datetime import date
from decimal import Decimal

import pytest
from bson import ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.categories import ALL_CATEGORIES, Kind, kind_of
from expenses import money
from expenses.export import ExportRow
from expenses.export.csv_and_json import csv_lines, json_list, table_cells, to_json
from expenses.export.ofx_writer import MEMO_LENGTH, NOT_IN_XML, STATEMENT, _movement_line
from expenses.export.xlsx import write_rows
from expenses.forms.entry import ExpenseForm
from expenses.statements import Entry, Reading, apply_mapping, guess_mapping, read_file
from expenses.statements.ofx_reader import NAME_LENGTH
from expenses.statements.own_exports import OWN_COLUMNS

LINES = st.characters(exclude_categories=["Cs", "Cc"])
PECULIAR = st.sampled_from(
    ["=1+1", "'=1", "-5", "@a", "1,234.50", "2026-08-20", "_x0041_", "&amp;", "]]>", '"', "Total"]
)
TITLES = st.one_of(st.text(LINES, min_size=1, max_size=120), PECULIAR)
NOTES = st.one_of(st.text(st.one_of(LINES, st.sampled_from("\n\t")), max_size=1000), PECULIAR)


def kept(title: str, note: str) -> tuple[str, str] | None:
    """The form's values for both; None if it refuses them."""
    form = ExpenseForm(
        {"title": title, "amount": "5", "spent_on": "2026-08-20", "currency": "EUR", "note": note}, home_currency="EUR"
    )
    if not form.is_valid():
        return None
    return form.cleaned_data["title"], form.cleaned_data["note"].replace("\r\n", "\n")


@st.composite
def expenses(draw):
    """Draw an expense on a day on which its currency was in use."""
    title, note = draw(st.tuples(TITLES, NOTES).map(lambda texts: kept(*texts)).filter(bool))
    currency = draw(st.sampled_from(money.CURRENT))
    units = draw(st.integers(-(10**11), 10**11).filter(bool))
    category = draw(st.sampled_from([*ALL_CATEGORIES]))
    return ExportRow(
        id=str(ObjectId()),
        day=draw(st.dates(date(1999, 1, 4), date(2030, 12, 31))),
        title=title,
        amount=Decimal(units).scaleb(-money.minor_units(currency)),
        currency=currency,
        category=category,
        note=note,
        reviewed=draw(st.booleans()),
        confidence=draw(st.none() | st.floats(0, 1)),
        kind=kind_of(category),
        account=draw(st.sampled_from(["", "Giro", "=1+1", "\u05d7\u05e9\u05d1\u05d5\u05df 12"])),
        one_off=draw(st.booleans()),
    )


SOME = st.lists(expenses(), min_size=1, max_size=5)


def read(data: bytes, name: str) -> tuple[Entry, ...]:
    found = read_file(data, name)
    reading = found if isinstance(found, Reading) else apply_mapping(found, guess_mapping(found, "CHF"))
    assert reading.problems == ()
    return reading.entries


def said(entry: Entry) -> tuple:
    filed = entry.category, entry.reviewed, entry.kind, entry.one_off
    return (entry.spent_on, entry.title, entry.amount, entry.currency, entry.note, entry.account, *filed)


def meant(row: ExportRow) -> tuple:
    """The entry that is read back. Stored amounts are negative for money that came in."""
    filed = row.category, row.reviewed, row.kind, row.one_off
    return (row.day, row.title, signed(row), row.currency, row.note, row.account, *filed)


def signed(row: ExportRow) -> Decimal:
    return -row.amount if row.kind == Kind.RECEIVED else row.amount


@settings(max_examples=200)
@given(SOME)
def test_csv(rows):
    text = "\ufeff" + "".join(csv_lines([OWN_COLUMNS, *map(table_cells, rows)]))
    assert [said(entry) for entry in read(text.encode(), "finbrain.csv")] == [meant(row) for row in rows]


@settings(max_examples=200)
@given(SOME)
def test_json(rows):
    text = f'{{"finbrain": 1, "expenses": {"".join(json_list(map(to_json, rows)))}}}'
    assert [said(entry) for entry in read(text.encode(), "finbrain.json")] == [meant(row) for row in rows]


@settings(max_examples=25)
@given(SOME)
def test_xlsx(rows):
    assert [said(entry) for entry in read(b"".join(write_rows(iter(rows))), "finbrain.xlsx")] == [
        meant(row) for row in rows
    ]


@pytest.mark.parametrize("title", ["x" * 31 + " and more", "Rent & " + "y" * 24 + " and more", "x" * 40, "x" * 31])
@pytest.mark.parametrize("note", ["", "x", "y" * 40])
def test_a_title_that_is_too_long_for_ofx(title, note):
    day = date(2026, 8, 20)
    row = ExportRow("1" * 24, day, title, Decimal("5.00"), "EUR", "other", note, True, None)
    text = STATEMENT.format(code="EUR", first="20260801", last="20260831") + _movement_line(row)
    [entry] = read(f"<OFX>{text}</OFX>".encode(), "finbrain.ofx")
    assert (entry.title, entry.note) == (title, note if len(title) <= NAME_LENGTH else "")


def test_a_title_that_only_says_how_it_was_paid_stays_the_title():
    row = ExportRow("1" * 24, date(2026, 8, 20), "Card payment", Decimal("5.00"), "EUR", "other", "Dinner", True, None)
    text = STATEMENT.format(code="EUR", first="20260801", last="20260831") + _movement_line(row)
    [entry] = read(f"<OFX>{text}</OFX>".encode(), "finbrain.ofx")
    assert (entry.title, entry.note) == ("Card payment", "Dinner")


@settings(max_examples=200)
@given(SOME)
def test_ofx(rows):
    body = "".join(
        STATEMENT.format(code=row.currency, first="20260801", last="20260831") + _movement_line(row) + "</BANKTRANLIST>"
        for row in rows
    )
    for entry, row in zip(read(f"<OFX>{body}</OFX>".encode(), "finbrain.ofx"), rows, strict=True):
        title = " ".join(NOT_IN_XML.sub(" ", row.title).split())
        assert (entry.spent_on, entry.amount, entry.currency) == (row.day, signed(row), row.currency)
        assert entry.kind == row.kind
        assert entry.title == title or not title
        assert entry.bank_id.endswith(row.id)
        if len(row.title) <= NAME_LENGTH:
            assert entry.note in ("", NOT_IN_XML.sub(" ", row.note)[:MEMO_LENGTH].strip())
