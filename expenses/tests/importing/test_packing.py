"""Packing and unpacking changes nothing."""

import json
import zlib
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from classifier.categories import Kind
from expenses.importing.fingerprints import FileRow
from expenses.importing.frame import pack
from expenses.importing.packing import pack_file, row_values, unpack_file, unpack_rows
from expenses.statements import Column, Entry, Problem, Reading, Table
from expenses.statements.statement import Status

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
    kind=st.sampled_from(Kind),
    status=st.sampled_from(Status),
    account=texts,
    file_category=texts,
    one_off=st.booleans(),
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
    assert unpack_rows(pack([*map(row_values, rows)]), start, most) == rows[start : start + most]


def test_what_the_last_release_packed_is_a_booked_entry_of_unknown_kind():
    values = [2, "2026-08-01", "Bread", "3.20", "EUR", "food-drinks", True, "", "1:7"]
    entry = Entry(2, date(2026, 8, 1), "Bread", Decimal("3.20"), "EUR", "food-drinks", True, "", "1:7")
    file = zlib.compress(json.dumps({"entries": [values], "problems": []}).encode())
    assert unpack_file(file) == Reading((entry,))
    rows = zlib.compress(json.dumps([[0, "print", *values]]).encode())
    assert unpack_rows(rows, 0, 1) == [FileRow(0, "print", entry)]


def test_half_a_character_is_a_question_mark():
    entry = Entry(1, date(2026, 8, 1), "a\ud800b", Decimal(1), "EUR")
    read = unpack_file(pack_file(Reading((entry,), (Problem(2, Column.DATE, "\udfff", "No."),))))
    assert (read.entries[0].title, read.problems[0].text) == ("a?b", "?")
