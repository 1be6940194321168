"""Any file is either read or refused, whatever it contains."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expenses.statements.own_exports import OWN_COLUMNS
from expenses.tests.statement_reading import read_all, workbook


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)), st.text(max_size=20))
def test_garbage_is_refused_and_nothing_else_happens(data, name):
    read_all(data, name)


@settings(max_examples=200)
@given(
    st.lists(st.text(st.sampled_from("\"',;\t\n\r0123./-€ aβא\x00"), max_size=12), max_size=40), st.sampled_from(",;\t")
)
def test_garbage_with_columns(cells, delimiter):
    body = "\n".join(delimiter.join(cells[at : at + 4]) for at in range(0, len(cells), 4))
    read_all(f"Date{delimiter}Title{delimiter}Amount{delimiter}Currency\n{body}".encode(), "statement.csv")


@settings(max_examples=100)
@given(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\r\n\t '), st.sampled_from(["\n", "\r\n"]))
def test_any_delimiter_that_a_file_names(delimiter, end):
    rows = (("Date", "Title", "Amount"), ("2026-08-20", "Taxi", "5.00"))
    read_all(f"sep={delimiter}{end}{end.join(map(delimiter.join, rows))}".encode(), "statement.csv")


@settings(max_examples=100)
@given(st.text(st.sampled_from("<>/&;!-[]0123456789 abSTMRNDFIOX\n"), max_size=300))
def test_garbage_in_ofx(body):
    read_all(f"OFXHEADER:100\n<OFX><CURDEF>EUR<STMTTRN><DTPOSTED>20260820<TRNAMT>{body}".encode(), "statement.ofx")


@pytest.mark.parametrize("value", [0, 1, 0x7F, 0xFF])
def test_an_archive_with_any_byte_changed(value):
    whole = (Path(__file__).with_name("statements") / "austrian_days.zip").read_bytes()
    for at in range(len(whole)):
        read_all(whole[:at] + bytes([value]) + whole[at + 1 :], "statements.zip")


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["<td", "<tr>", "</", "<!--", "<script", "&#x0;", "colspan=9", ">", '"', "5.00", "<"])))
def test_garbage_in_a_page(parts):
    read_all(f"<html><table><tr><td>2026-08-20<td>Taxi<td>5.00</tr>{''.join(parts)}".encode(), "statement.xls")


TAGS = [
    "<STMTTRN>",
    "</STMTTRN>",
    "<CURDEF>",
    "<DTPOSTED>",
    "<TRNAMT>",
    "<NAME>",
    "<CURRENCY>",
    "<CURSYM>",
    "<![CDATA[",
]
ENTITIES = [
    "&#",
    "&#x",
    "&amp;",
    "9" * 30,
    "9" * 5000,
    ";",
    "-5.00",
    "20260820",
    "EUR",
    "1e9999999999999",
    "٣",
    "\ud800",
]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(TAGS + ENTITIES), max_size=30), st.sampled_from(["utf-8", "idna", "punycode", "hex"]))
def test_garbage_of_tags_and_numbers_in_ofx(parts, charset):
    head = f'<?xml version="1.0" encoding="{charset}"?><OFX><CURDEF>EUR<STMTTRN><DTPOSTED>20260820<TRNAMT>'
    read_all((head + "".join(parts)).encode(errors="surrogatepass"), "statement.ofx")


NUMBERS = st.sampled_from([-1, 0, 1e300, "1e9999999999999999999", "9" * 5000, "NaN", "\ud800", "-", "20260820", "EUR"])
VALUES = st.recursive(st.none() | st.booleans() | st.text(max_size=9) | NUMBERS, lambda one: st.lists(one, max_size=3))
ROW = st.fixed_dictionaries({name.lower(): VALUES for name in OWN_COLUMNS})


@settings(max_examples=200)
@given(st.lists(ROW, max_size=3), st.sampled_from(["1", "1e99999999999999999999", "9" * 5000, "[" * 900 + "]" * 900]))
def test_garbage_in_an_export_of_our_own(rows, number):
    text = json.dumps({"finbrain": 1, "expenses": rows})
    for instead in ("null", '""'):
        read_all(text.replace(instead, number).encode(), "expenses.json")


@settings(max_examples=15)
@given(st.binary(min_size=1, max_size=60), st.floats(0, 1))
def test_damaged_sheets(noise, where):
    whole = workbook((0, 0, "Date"), (0, 1, "Amount"), (1, 0, "2026-08-20"), (1, 1, "58"))
    at = int(where * len(whole))
    read_all(whole[:at] + noise + whole[at + len(noise) :], "statement.xlsx")
