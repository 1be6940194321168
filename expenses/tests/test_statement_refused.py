"""Files that are not statements, or are meant to do harm, get a helpful sentence."""

import gzip
import io
import resource
import struct
import time
import zipfile
from decimal import Decimal

import pytest

from expenses.statements import MAX_ROWS, Column, StatementError, flags, guess_mapping, read_file, vocabulary
from expenses.statements.analysis import Analysis
from expenses.statements.directions import row_says
from expenses.statements.part_readers import read_whole
from expenses.statements.sheets import MAX_UNPACKED
from expenses.statements.statement import MAX_COLUMNS, MAX_OTHER_ROWS, Table
from expenses.tests.statement_reading import read_all, workbook

HEADER = "Date,Title,Amount\n"


def refusal(data: bytes, name: str = "statement.csv") -> str:
    with pytest.raises(StatementError) as caught:
        read_file(data, name)
    return str(caught.value)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"x" * (18 * 1024 * 1024 + 1), "larger than 18 MB"),
        (b"<OFX>" + b" " * 24 * 1024 * 1024, "larger than 24 MB"),
        (b"<html>" + b" " * 5 * 1024 * 1024, "larger than 5 MB"),
        (b"PK\x03\x04" + bytes(8 * 1024 * 1024), "larger than 8 MB"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "picture"),
        (b"\x00\x00\x00\x20ftypheic", "picture"),
        (gzip.compress(b"Date,Amount\n", mtime=0), "archive"),
        (zipped({"statement.csv": b"Date,Amount\n"}), "archive"),
        (b"<html><body><table><tr><td>Date</td></tr></table>", "web page"),
        (b"\xef\xbb\xbf <!DOCTYPE html><table>", "web page"),
        (b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>', "no transactions"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><Ntry>', "can't read this XML"),
        (b'<!DOCTYPE a><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>', "web page"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Document>camt.053.001.02</Document>',
            "can't read this XML",
        ),
        (b"!Type:Bank\n^\n", "no transactions"),
        (b":20:STATEMENT\n:25:1\n:60F:C260820EUR100,00\n", "no transactions"),
        (zipped({"one.xml": b"<a/>", "two.csv": b"Words\nand more\n"}), "archive"),
        (b'<?xml version="1.0"?><invoice/>', "this kind of XML"),
        (b"<OFX><BANKTRANLIST></BANKTRANLIST></OFX>", "no transactions"),
        (b'{"expenses": []}', "isn't a FinBrain export"),
        (b'[{"date": "2026-08-20"}]', "isn't a FinBrain export"),
        (b'{"finbrain": 1, "expenses": [', "damaged"),
        (b'{"finbrain": 1, "expenses": []}', "no expenses"),
        (b'{"finbrain": 2, "spent": []}', "newer"),
        (b'{"finbrain": 1, "expenses": [{}]}', "isn't a FinBrain export"),
        (b'{"finbrain": 1, "expenses": {}}', "isn't a FinBrain export"),
        (b'{"finbrain": ' + b"[" * 100_000, "damaged"),
        (HEADER.encode(), "no rows"),
        (b"Date;Label;Debit euro;Credit eu26 et le 31/03/2026;\n\nDate;Label;Debit euro;Credit eu", "no rows"),
        (b"Dear customer\nyour statement is ready\n", "no columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "can't read this spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04" + b"broken" * 20, "can't read this spreadsheet"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), "can't read this spreadsheet"),
        (bytes(range(256)) * 4, "FinBrain can't read “statement.csv”"),
    ],
)
def test_the_sentence(data, words):
    assert words in refusal(data)


@pytest.mark.parametrize(
    "title", ["!Type:Bank", ":20:STATEMENT", ":61:2608200820D58", "{1:F01BANK}", "camt.053.001.02", "<Document>"]
)
def test_a_table_may_quote_the_marks_of_other_formats(title):
    table = read_file(f'{HEADER}2026-08-20,"{title}",58\n2026-08-21,"Tea\n{title}",5\n'.encode(), "statement.csv")
    assert [row[1] for row in table.rows] == [title, f"Tea\n{title}"]


def test_too_many_rows():
    row = "2026-08-20,Taxi,58\n"
    page = f"<table><tr><td>Date<td>Title<td>Amount{'<tr><td>2026-08-20<td>Taxi<td>58' * (MAX_OTHER_ROWS + 1)}"
    assert "more than 20,000 rows" in refusal(page.encode())
    assert "more than 100,000 rows" in refusal((HEADER + row * (MAX_ROWS + 1)).encode())
    assert len(read_file((HEADER + row * MAX_ROWS).encode(), "statement.csv").rows) == MAX_ROWS


@pytest.mark.parametrize("line", [0, 1])
def test_too_many_columns(line):
    """A cell beyond them is refused, wherever it is, and never lost silently."""
    table = [["Date", "Title", "Amount"], ["2026-08-20", "Taxi", "58"]]
    table[line] += [""] * (MAX_COLUMNS - 2) + ["", "beyond"]
    cells = [(row, place, cell) for row, each in enumerate(table) for place, cell in enumerate(each)]
    for data in ("\n".join(map(",".join, table)).encode(), workbook(*cells)):
        assert f"more than {MAX_COLUMNS} columns" in refusal(data)


def test_as_many_columns_as_allowed():
    names = ["Date", "Title", "Amount", *(f"Extra {n}" for n in range(3, MAX_COLUMNS))]
    cells = ["2026-08-20", "Taxi", "58", *["x"] * (MAX_COLUMNS - 3)]
    both = [(row, place, cell) for row, each in enumerate((names, cells)) for place, cell in enumerate(each)]
    for data in ("\n".join(map(",".join, (names, cells))).encode(), workbook(*both)):
        assert len(read_file(data, "statement.csv").header) == MAX_COLUMNS


def test_guessing_normalises_few_of_the_cells(monkeypatch):
    """The cost of a guess and of finding debit or credit doesn't grow with the number of rows."""
    names = ",".join(("Date", "Title", "Amount", *(f"Extra {n}" for n in range(3, MAX_COLUMNS))))
    rows = (f"2026-08-20,Taxi,58,{','.join(f'x{row}' for _ in range(3, MAX_COLUMNS))}" for row in range(5_000))
    table = read_file("\n".join((names, *rows)).encode(), "statement.csv")
    seen = []
    monkeypatch.setattr(vocabulary, "plain_header", lambda text: seen.append(text) or "")
    monkeypatch.setattr(flags, "plain_header", lambda text: seen.append(text) or "")
    mapping = guess_mapping(table, "EUR")
    Analysis(table, mapping)
    assert 0 < len(seen) < 500_000


def test_a_sheet_without_anything():
    assert "no rows" in refusal(workbook())
    assert "no rows" in refusal(workbook((0, 0, "Date"), (0, 1, "Amount")))


def test_a_bomb_in_a_zip():
    bomb = zipped({"xl/worksheets/sheet1.xml": b" " * (MAX_UNPACKED + 1)})
    assert len(bomb) < 200_000
    assert "too large once unpacked" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size():
    """The archive declares a size of 100 bytes, so only the memory limit of the reader's process helps."""
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    files = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        b' Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + row * 3_000_000 + b"</sheetData></worksheet>",
    }
    size = struct.pack("<I", len(files["xl/worksheets/sheet1.xml"]))
    bomb = zipped(files).replace(size, struct.pack("<I", 100))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert refusal(bomb)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 5.5


def test_a_cell_in_the_last_corner():
    """Eight kilobytes that would need a table of 17 billion cells."""
    corner = workbook((0, 0, "Date"), (0, 1, "Amount"), (1_048_575, 16_383, "x"))
    assert len(corner) < 10_000
    assert "can't read this spreadsheet" in refusal(corner)


def test_empty_sheets_that_reach_far():
    """Ten kilobytes that would need tables of a hundred million cells."""
    far = workbook((0, 0, "Date"), (800, 16_000, "x"), sheets=8)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert refusal(far)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 5.5
    assert "more than 8 sheets" in refusal(workbook((0, 0, "Date"), sheets=9))


def test_text_that_is_small_only_when_packed():
    """A hundred kilobytes with more text than a text file may have. Neither process needs much memory for it."""
    packed = workbook((0, 0, "Date"), *((row, 1, "א" * 29_000) for row in range(400)))
    assert len(packed) < 120_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "can't read this spreadsheet" in refusal(packed)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_blocks_of_which_few_have_all_the_names():
    names = "".join(f"Name {n}: x\n" for n in range(90)) * 2
    assert "more than 2,000,000 cells" in refusal((names + "Name 1: x\n" * 25_000).encode())


def test_one_long_text_in_many_cells():
    long = "x" * 30_000
    cells = [(row, column, long) for row in range(100) for column in range(20)]
    assert "can't read this spreadsheet" in refusal(workbook((0, 0, "Date"), (0, 1, "Amount"), *cells))


HEAD = b"Date,Title,Amount\n2026-08-20,Taxi,5\n"
SLOW = {
    "a tag without an end": b"<OFX><" + b"a" * 4_000_000,
    "quotations without an end": b"<OFX>]]>" + b"<![CDATA[" * 400_000,
    "tags": b"<OFX>" + b"<a>b" * 1_300_000,
    "movements": b"<OFX>" + b"<STMTTRN>" * 500_000,
    "blanks in accounts": b"<OFX>" + (b"<CCACCTFROM>" + b"<STMTTRN>" + b" " * 90) * 50_000,
    "parts of accounts": b"<OFX>" + b"<STMTTRN>" * 6000 + (b"<BANKACCTFROM>" + (b"<a>" + b" " * 90) * 6) * 7000,
    "accounts of camt": b"<Document><BkToCstmr>" + b"<Ntry>" * 6000 + (b"<Acct>" + b" " * 90 + b"<Id>") * 40_000,
    "brackets": HEAD + b"\n".join([b"(" * 120_000 + b",,"] * 30),
    "blanks": HEAD + b"\n".join([b"2026-08-20,Tea,1" + b" " * 120_000 + b"x"] * 30),
    "numbers": HEAD + b"\n".join([b"2026-08-20,Tea," + b"1.,1" * 30_000] * 30),
    "blanks in blocks": b"Date: 2026-08-20\nTitle: Taxi\nAmount: 5\n" * 70 + b"Title: a" + b" " * 4_000_000 + b"b",
    "empty cells": b"," * 5_000_000,
    "empty rows": b",\n" * 2_000_000,
    "rows": b"a,\n" * 1_600_000,
    "quotation marks": b'"' * 4_999_999,
    "open quotation marks": b'Date,Title,"Amount\n' + b'"2026-08-20,"Taxi,5\n' * 200_000,
    "lists": b"[" + b"[]," * 1_600_000 + b"[]]",
    "accents": "é".encode("cp1252") * 4_000_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_what_is_made_to_take_long(name):
    """Some seconds of work for a processor, waiting for it not counted. What grows with the square takes hours."""
    started = time.process_time()
    read_all(SLOW[name], "statement")
    assert time.process_time() - started < 60


def test_blanks_in_categories_take_linear_time():
    started = time.process_time()
    assert row_says(["Taxi" + " " * 400_000 + "x"], [0]) is None
    assert row_says(["Income  :  Salary"], [0]) is False
    assert time.process_time() - started < 60


def test_more_tags_than_movements_have():
    assert "more than 20,000 rows" in refusal(SLOW["tags"])
    tags = "".join(f"<{name}>x</{name}>" for name in ("FITID", "NAME", "MEMO", "TRNTYPE", "CHECKNUM", "REFNUM"))
    movement = f"<STMTTRN><DTPOSTED>20260820</DTPOSTED><TRNAMT>-1</TRNAMT>{tags}</STMTTRN>\n"
    most = f"<OFX><CURDEF>EUR{movement * MAX_OTHER_ROWS}</OFX>"
    assert len(read_whole(read_file(most.encode(), "statement.ofx")).entries) == MAX_OTHER_ROWS


def test_entities_are_not_expanded():
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY l0 "lol"> {lol}]><OFX><CURDEF>EUR<STMTTRN><DTPOSTED>20260820'
    reading = read_file(f"{bomb}<TRNAMT>-1<NAME>&l9;<MEMO>&#x41;</STMTTRN></OFX>".encode(), "statement.ofx")
    assert reading.entries[0].title == "&l9;"
    assert reading.entries[0].note == "A"


def test_a_number_that_is_no_character():
    text = f"OFXHEADER:100\n<OFX><CURDEF>EUR<STMTTRN><DTPOSTED>20260820<TRNAMT>-1<NAME>Tea&#{'9' * 5000};</STMTTRN>"
    assert read_file(text.encode(), "statement.ofx").entries[0].title == "Tea"


JSON_ROW = (
    '{"finbrain":1,"expenses":[{"date":"2026-08-20","title":"Tea","amount":AMOUNT,"currency":"EUR","category":"",'
    '"note":"","reviewed":true,"confidence":null}]}'
)


@pytest.mark.parametrize(
    "amount", ["1e99999999999999999999", "1e-99999999999999999999", "NaN", "[" * 400 + "]" * 400, '{"a": 1}', "true"]
)
def test_a_json_amount_that_is_none(amount):
    [problem] = read_file(JSON_ROW.replace("AMOUNT", amount).encode(), "expenses.json").problems
    assert problem.column == Column.AMOUNT


def test_json_numbers_are_amounts():
    reading = read_file(JSON_ROW.replace("AMOUNT", "12.50").encode(), "expenses.json")
    assert reading.entries[0].amount == Decimal("12.50")


EXCEL = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>{}</Table></Worksheet></Workbook>"""
XML_ROWS = "<Row>{cells}<Cell{last}><Data>x</Data></Cell></Row>"
NAMES = ("Date", "Title", "Amount")


def excel_row(cells: tuple[str, ...], last: str) -> str:
    return XML_ROWS.format(cells="".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in cells), last=last)


def test_long_rows_count_more_than_long_texts():
    """What reading costs follows from the cells, so a file of many bytes is read if it has few of them."""
    rows = "".join(f"2026-08-{1 + n % 28:02},{'A long purpose ' * 20}{n},-3.20\n" for n in range(45_000))
    table = read_file(f"{HEADER}{rows}".encode(), "long.csv")
    assert isinstance(table, Table)
    assert len(table.rows) == 45_000
    wide = f"2026-08-03,Bus,-3.20{',1' * (MAX_COLUMNS - 3)}\n" * 20_200
    names = ",".join(f"C{n}" for n in range(MAX_COLUMNS - 3))
    assert "more than 2,000,000 cells" in refusal(f"{HEADER.strip()},{names}\n{wide}".encode(), "wide.csv")


@pytest.mark.parametrize("place", [str(MAX_COLUMNS + 1), "9" * 12, "9" * 6000])
def test_columns_of_excels_xml_are_refused_instead_of_cut(place):
    rows = [excel_row(cells, f' ss:Index="{place}"') for cells in (NAMES, ("2026-08-20", "Tea", "-3.20"))]
    assert f"more than {MAX_COLUMNS} columns" in refusal(EXCEL.format("".join(rows)).encode(), "statement.xls")


def test_a_colspan_of_thousands_of_digits():
    row = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    wide = f'<tr><td colspan="{"9" * 6000}">August</td></tr>'
    page = f"<table>{wide}{row.format(*NAMES)}{row.format('2026-08-20', 'Tea', '-3.20')}</table>"
    table = read_file(page.encode(), "statement.xls")
    assert ("2026-08-20", "Tea", "-3.20") in [row[:3] for row in table.rows]


def test_rows_of_words_in_which_further_headers_would_be_searched_for_long():
    rows = "".join(f"day {n},shop {n},much{n},note {n},more {n},x{n}\n" for n in range(MAX_OTHER_ROWS))
    data = f"Date,Title,Amount,Note,A,B\n2026-08-01,Tea,3.50,,,\n{rows}".encode()
    assert "neither a date nor a number" in refusal(data)


def test_some_rows_of_words_are_read():
    rows = "".join(f"day,shop,much,note {n},more,x\n" for n in range(500))
    table = read_all(f"Date,Title,Amount,Note,A,B\n2026-08-01,Tea,3.50,,,\n{rows}".encode(), "words.csv")
    assert isinstance(table, Table)
    assert len(table.rows) == 501
