"""Packing and unpacking changes nothing."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from expenses.importing.fingerprints import FileRow
from expenses.importing.packing import pack_file, pack_rows, unpack_file, unpack_rows
from expenses.statements import Column, Entry, Problem, Reading, Table

texts = st.text(max_size=20)
entries = st.builds(
    Entry,
    line=st.integers(1, 20_000),
    spent_on=st.dates(date(1999, 1, 4), date(2031, 12, 31)),
    title=texts,
    amount=st.decimals(-(10**12), 10**12, allow_nan=False, places=2),
    currency=st.sampled_from(("EUR", "JPY")),
    category=texts,
    reviewed=st.booleans(),
    note=texts,
    bank_id=texts,
)
problems = st.builds(Problem, line=st.integers(1), column=st.sampled_from(Column), text=texts, message=texts)


@given(st.lists(entries, max_size=5), st.lists(problems, max_size=5))
def test_a_reading(found, unread):
    reading = Reading(tuple(found), tuple(unread))
    assert unpack_file(pack_file(reading)) == reading


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_a_table(rows):
    table = Table(("a", "b"), tuple(rows), tuple(range(2, len(rows) + 2)))
    assert unpack_file(pack_file(table)) == table


@given(st.lists(entries, max_size=9), st.integers(0, 9), st.integers(0, 9))
def test_rows_from_any_place_on(found, start, most):
    rows = [FileRow(number, f"print {number}", entry) for number, entry in enumerate(found)]
    assert unpack_rows(pack_rows(rows), start, most) == rows[start : start + most]


def test_half_a_character_is_a_question_mark():
    entry = Entry(1, date(2026, 8, 1), "a\ud800b", Decimal(1), "EUR")
    read = unpack_file(pack_file(Reading((entry,), (Problem(2, Column.DATE, "\udfff", "No."),))))
    assert (read.entries[0].title, read.problems[0].text) == ("a?b", "?")
