"""Long files are read part by part, and long workbooks window by window, with the same result as at once."""

import io
import json
import zipfile

import pytest

from expenses.importing import workbooks
from expenses.statements import StatementError, Table, long_files, own_exports, read_file, sheets
from expenses.statements.long_files import LongFile
from expenses.statements.part_readers import read_whole
from expenses.statements.sheets import LongWorkbook
from expenses.tests.statement_reading import workbook


def ofx_movement(day: int, number: str, title: str, amount: str = "-5.00", kind: str = "DEBIT") -> str:
    about = f"<TRNTYPE>{kind}<DTPOSTED>202608{day:02}<TRNAMT>{amount}<FITID>{number}<NAME>{title}"
    return f"<STMTTRN>{about}\n</STMTTRN>\n"


def ofx(*movements: str) -> str:
    """Two accounts, of which the second one has two of the movements."""
    head = "OFXHEADER:100\n\n<OFX><CURDEF>EUR<BANKACCTFROM><BANKID>100<ACCTID>4711</BANKACCTFROM>\n"
    card = "<CURDEF>USD<CCACCTFROM><ACCTID>4712</CCACCTFROM>\n"
    return f"{head}{''.join(movements[:-2])}{card}{''.join(movements[-2:])}</OFX>"


MT940 = """:20:A\n:25:10020030/1234567\n:60F:C260801EUR100,00
:61:2608010801D10,00NMSCNONREF\n:86:Bakery\n:61:2608020802D20,00NMSCNONREF\n:86:Books\n two lines
:61:2608030803C5,00NMSCNONREF\n:86:Refund\n:62F:C260803EUR75,00
:20:B\n:25:10020030/7654321\n:60F:C260801USD50,00\n:61:2608040804D1,00NMSCNONREF\n:86:Tea
:62F:C260804USD48,00
"""
ENTRY = (
    '<{0}Ntry><{0}Amt Ccy="EUR">{1}.00</{0}Amt><{0}CdtDbtInd>DBIT</{0}CdtDbtInd><{0}Sts>BOOK</{0}Sts><{0}BookgDt>'
    "<{0}Dt>2026-08-0{1}</{0}Dt></{0}BookgDt><{0}AddtlNtryInf>Shop {1}</{0}AddtlNtryInf></{0}Ntry>\n"
)
BALANCE = (
    "<{0}Bal><{0}Tp><{0}CdOrPrtry><{0}Cd>{1}</{0}Cd></{0}CdOrPrtry></{0}Tp><{0}Amt>{2}</{0}Amt>"
    "<{0}CdtDbtInd>CRDT</{0}CdtDbtInd></{0}Bal>"
)


def camt(prefix: str, closing: str = "84.00") -> str:
    """Two accounts. The entries of the first one add up to 15."""
    name = prefix.removesuffix(":")
    space = f'xmlns{f":{name}" if name else ""}="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"'
    entries = "".join(ENTRY.format(prefix, number) for number in (1, 2, 3, 4, 5))
    balances = BALANCE.format(prefix, "OPBD", "100.00") + BALANCE.format(prefix, "CLBD", closing)
    account = "<{0}Acct><{0}Id><{0}IBAN>{1}</{0}IBAN></{0}Id></{0}Acct>"
    first = account.format(prefix, "DE89370400440532013000") + balances + entries
    second = account.format(prefix, "AT611904300234573201") + ENTRY.format(prefix, 6)
    reports = "".join(f"<{prefix}Stmt>{report}</{prefix}Stmt>" for report in (first, second))
    statement = f"<{prefix}BkToCstmrStmt>{reports}</{prefix}BkToCstmrStmt>"
    return f'<?xml version="1.0"?><{prefix}Document {space}>{statement}</{prefix}Document>'


def own_json() -> str:
    names = ("date", "title", "amount", "currency", "category", "note", "reviewed", "confidence")
    rows = [
        dict(zip(names, (f"2026-08-0{n}", f"Shop {n}", amount, "EUR", "", "", False, None), strict=True))
        | {"account": f"Visa {n % 2}"}
        for n, amount in enumerate(("1.00", "x", "3.00", "4.00", "5.00"), 1)
    ]
    return json.dumps({"finbrain": 1, "expenses": rows})


FILES = {
    "ofx": ofx(*(ofx_movement(n, f"F{n}", f"Shop {n}") for n in range(1, 7))),
    "ofx without signs": ofx(
        *(ofx_movement(n, f"F{n}", "Shop", "5.00", "CREDIT" if n == 5 else "DEBIT") for n in range(1, 7))
    ),
    "ofx with ids for several movements": ofx(
        *(ofx_movement(3, number, f"Shop {number} {n}") for n, number in enumerate(("1", "2", "2", "1", "3", "1", "2")))
    ),
    "ofx with a movement twice": ofx(*[ofx_movement(3, "A", "Tea")] * 3, *(ofx_movement(4, "B", "Bus"),) * 2),
    "mt940": MT940,
    "camt": camt(""),
    "camt with prefixes": camt("ns2:"),
    "camt that adds up": camt("", "85.00"),
    "json": own_json(),
}


@pytest.fixture
def short_parts(monkeypatch):
    for module in (long_files, own_exports):
        monkeypatch.setattr(module, "MOST_IN_A_PART", 2)


@pytest.mark.parametrize("name", FILES)
def test_a_long_file_is_read_as_at_once(name, short_parts, monkeypatch):
    found = read_file(FILES[name].encode(), "statement")
    assert isinstance(found, LongFile)
    assert len(found.texts) > 1
    monkeypatch.undo()
    whole = read_file(FILES[name].encode(), "statement")
    assert read_whole(found) == whole
    assert found.accounts - {""} == {entry.account for entry in whole.entries} - {""}


def test_where_a_long_file_does_not_add_up(short_parts):
    assert str(read_whole(read_file(camt("").encode(), "statement")).gap) == "-1.00"
    assert str(read_whole(read_file(MT940.encode(), "statement")).gap) == "-1.00"


def test_a_long_document_with_a_damaged_end_is_refused(short_parts):
    text = camt("").replace("Shop 5</AddtlNtryInf>", "Shop 5</Wrong>")
    with pytest.raises(StatementError, match="can't read this XML"):
        read_file(text.encode(), "statement.xml")


def test_a_movement_that_is_longer_than_a_part(short_parts, monkeypatch):
    monkeypatch.setattr(long_files, "_LONGEST", 300)
    with pytest.raises(StatementError, match="Split it into smaller files"):
        read_file(FILES["ofx"].replace("Shop 3", "x" * 300).encode(), "statement.ofx")


def test_parts_of_long_movements_have_fewer(monkeypatch):
    for module in (long_files, own_exports):
        monkeypatch.setattr(module, "MOST_IN_A_PART", 5)
    monkeypatch.setattr(long_files, "_LENGTH", 300)
    assert len(read_file(FILES["camt"].encode(), "statement.xml").texts) == 4


def test_a_zip_with_one_long_file(short_parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", camt(""))
    found = read_file(packed.getvalue(), "statements.zip")
    assert isinstance(found, LongFile)
    assert found.format == "zip"
    assert len(read_whole(found).entries) == 6


ROWS = ["Date", "Title", "Amount"], *([f"2026-08-{n:02}", f"Shop {n}", f"{n}.50"] for n in range(1, 8))
BOOK = workbook(*((row, place, cell) for row, cells in enumerate(ROWS) for place, cell in enumerate(cells)), sheets=2)


def test_a_long_workbook_is_read_as_at_once(monkeypatch):
    whole = read_file(BOOK, "book.xlsx")
    monkeypatch.setattr(sheets, "_LONG", 0)
    monkeypatch.setattr(workbooks, "_ROWS_OF_A_WINDOW", 3)
    found = read_file(BOOK, "book.xlsx")
    assert isinstance(found, LongWorkbook)
    values = workbooks.unread_values(found)
    percents = []
    while not isinstance(values, Table):
        percents.append(workbooks.percent_read(values["content"]))
        values = workbooks.read_next(values["content"])
    assert values == whole
    assert percents == [0, 18, 37, 56, 75, 93, 100]
    assert len(whole.others) == 1


def test_too_many_rows_of_a_workbook(monkeypatch):
    monkeypatch.setattr(sheets, "_LONG", 0)
    monkeypatch.setattr(workbooks, "MAX_ROWS", 2)
    monkeypatch.setattr(workbooks, "LETTERHEAD", 0)
    monkeypatch.setattr(workbooks, "_ROWS_OF_A_WINDOW", 3)
    with pytest.raises(StatementError, match="more than 2 rows"):
        workbooks.read_next(workbooks.unread_values(read_file(BOOK, "book.xlsx"))["content"])


def test_a_workbook_on_a_slow_processor_is_read_whole(monkeypatch):
    windows = iter([sheets.Window([("A", [(1, ["Date", "Title", "Amount"])])], 1, 3)])
    rest = sheets.Window([("A", [(2, ["2026-08-01", "Tea", "5"]), (3, ["2026-08-02", "Bus", "3"])])], None, 3)
    monkeypatch.setattr(sheets, "read_window", lambda *_: next(windows, rest))
    assert len(read_file(BOOK, "book.xlsx").rows) == 2


@pytest.mark.parametrize(("kind", "most"), [("ofx", 24), ("camt", 24), ("csv", 18), ("qif", 18), ("html", 5)])
def test_how_large_a_file_may_be(kind, most):
    text = {
        "ofx": "<OFX>",
        "camt": "<Document>camt.053.001",
        "csv": "Date,Amount",
        "qif": "!Type:Bank\n",
        "html": "<html>",
    }
    data = text[kind].encode() + b" " * most * 1024 * 1024
    with pytest.raises(StatementError, match=f"larger than {most} MB"):
        read_file(data, "statement")
