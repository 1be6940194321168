"""Formats that name each field: QIF, MT940, CAMT, unsigned OFX; and tables inside HTML, JSON and ZIP."""

import io
import json
import zipfile
from decimal import Decimal

import pytest

from expenses.statements import Reading, StatementError, Table, apply_mapping, guess_mapping, read_file
from expenses.tests.statement_reading import workbook

Said = list[tuple[str, str, str, str]]


def reading_of(text: str | bytes, name: str = "statement.txt", home: str = "EUR") -> Reading:
    found = read_file(text if isinstance(text, bytes) else text.encode(), name)
    return apply_mapping(found, guess_mapping(found, home)) if isinstance(found, Table) else found


def said(reading: Reading) -> Said:
    return [(f"{one.spent_on}", one.title, str(one.amount), one.currency) for one in reading.entries]


QIF = """!Type:Bank
D03/15/2026
T-1,012.50
PBakery
MBread
LFood
^
D3/16'26
T2,000.00
PWorks
LSalary
^
D3/17'26
T-100.00
PSavings
L[Savings]
^
D3/18'26
T-30.00
PMarket
SFood
$-20.00
SHome
$-10.00
^
!Type:Cat
NFood
^
"""


@pytest.mark.parametrize("text", [QIF, QIF.replace("\n", "\r\n"), "\ufeff" + QIF, "!Option:AutoSwitch\n" + QIF])
def test_qif(text):
    reading = reading_of(text, home="USD")
    assert said(reading) == [
        ("2026-03-15", "Bakery", "1012.50", "USD"),
        ("2026-03-16", "Works", "-2000.00", "USD"),
        ("2026-03-17", "Savings", "100.00", "USD"),
        ("2026-03-18", "Market", "20.00", "USD"),
        ("2026-03-18", "Market", "10.00", "USD"),
    ]
    assert [one.kind for one in reading.entries] == ["", "", "moved", "", ""]
    assert reading.entries[0].file_category == "Food"


MT940 = """:20:STARTUMS
:25:10020030/1234567
:28C:1/1
:60F:C260501EUR1000,00
:61:2605020502D12,50NMSCNONREF
:86:106?00KARTENZAHLUNG?20EREF+77?21SVWZ+Brot und?22 Semmeln?32Bäckerei Krume und Söhne Gm?33bH
:61:2605030503CR2000,00N052NONREF
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL00/NAME/Mill Works/REMI/Salary April/EREF/1
:61:260504D7,NMSC
:86:Corner Shop 12
London
:62F:C260504EUR2980,50
-"""


@pytest.mark.parametrize(
    "text",
    [MT940, MT940.replace("\n", "\r\n"), "{1:F01BANKNL2AXXXX0000000000}{4:\n" + MT940 + "}", "BANK\n940\n" + MT940],
)
def test_mt940(text):
    reading = reading_of(text)
    assert said(reading) == [
        ("2026-05-02", "Bäckerei Krume und Söhne GmbH", "12.50", "EUR"),
        ("2026-05-03", "Mill Works", "-2000.00", "EUR"),
        ("2026-05-04", "Corner Shop 12 London", "7.00", "EUR"),
    ]
    assert [one.note for one in reading.entries] == ["Brot und Semmeln", "Salary April", ""]
    assert reading.gap == 0


def test_mt940_that_lacks_a_movement_does_not_add_up():
    assert reading_of(MT940.replace("2980,50", "2981,50")).gap == 1


def test_mt940_reversals_and_the_turn_of_the_year():
    text = (
        ":20:A\n:60F:C251230EUR10,00\n:61:2512310101RD5,00NMSC\n:86:Refund\n:61:2512310101RC5,00NMSC\n:86:Taken back\n"
    )
    assert said(reading_of(text)) == [
        ("2026-01-01", "Refund", "-5.00", "EUR"),
        ("2026-01-01", "Taken back", "5.00", "EUR"),
    ]


ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>2026-05-02</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"""
ONE = """<TxDtls><Refs><AcctSvcrRef>{ref}</AcctSvcrRef></Refs>{amount}
<RltdPties><{who}><Nm>{name}</Nm></{who}></RltdPties></TxDtls>"""
BALANCE = '<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'


def camt(*entries: str, wrapper: str = "Stmt", prefix: str = "") -> str:
    balances = BALANCE.format("OPBD", 100) + BALANCE.format("CLBD", 80)
    body = f"<{wrapper}><Acct><Id><IBAN>DE00</IBAN></Id></Acct>{balances}{''.join(entries)}</{wrapper}>"
    return f'{prefix}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><X>{body}</X></Document>'


def entry(amount: str, way: str, name: str, status: str = "BOOK") -> str:
    who = "Cdtr" if way == "DBIT" else "Dbtr"
    details = ONE.format(ref=f"R{amount}", amount="", who=who, name=name)
    return ENTRY.format(amount=amount, way=way, status=status, details=details)


@pytest.mark.parametrize("prefix", ["", '<?xml version="1.0" encoding="UTF-8"?>\n'])
@pytest.mark.parametrize("wrapper", ["Stmt", "Rpt", "Ntfctn"])
def test_camt(prefix, wrapper):
    parts = (entry("30.00", "DBIT", "Bakery"), entry("10.00", "CRDT", "Works"), entry("5.00", "DBIT", "Fuel", "PDNG"))
    reading = reading_of(camt(*parts, wrapper=wrapper, prefix=prefix), "statement.xml")
    assert said(reading) == [
        ("2026-05-02", "Bakery", "30.00", "EUR"),
        ("2026-05-02", "Works", "-10.00", "EUR"),
        ("2026-05-02", "Fuel", "5.00", "EUR"),
    ]
    assert [one.status for one in reading.entries] == ["booked", "booked", "pending"]
    assert [one.bank_id for one in reading.entries][:2] == ["DE00:R30.00", "DE00:R10.00"]
    assert reading.gap == 0


@pytest.mark.parametrize(("way", "who", "other"), [("CRDT", "Cdtr", "Dbtr"), ("DBIT", "Dbtr", "Cdtr")])
def test_a_reversal_names_the_parties_of_its_payment(way, who, other):
    party = f"<{who}><Nm>Gym</Nm></{who}><{other}><Nm>M Muster</Nm></{other}>"
    details = f"<TxDtls><RltdPties>{party}</RltdPties></TxDtls>"
    text = ENTRY.format(amount="29.90", way=way, status="BOOK", details=details)
    text = text.replace("</CdtDbtInd>", "</CdtDbtInd><RvslInd>true</RvslInd>")
    assert [one.title for one in reading_of(camt(text), "statement.xml").entries] == ["Gym"]


def test_a_collective_entry_becomes_its_payments():
    amounts = {"Bakery": "12.00", "Books": "8.00"}
    details = "".join(
        ONE.format(ref="R", amount=f'<Amt Ccy="EUR">{amount}</Amt>', who="Cdtr", name=name)
        for name, amount in amounts.items()
    )
    reading = reading_of(camt(ENTRY.format(amount="20.00", way="DBIT", status="BOOK", details=details)))
    assert [(one.title, str(one.amount)) for one in reading.entries] == [("Bakery", "12.00"), ("Books", "8.00")]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_tables_in_a_zip():
    """As YNAB and Sure pack their exports. A table without days, titles and amounts isn't offered."""
    plan = b"Month,Category,Assigned\nJan 2026,Food,10.00\n"
    register = b"Date,Payee,Amount\n2026-03-01,Bakery,-3.20\n2026-03-02,Bus,-2.80\n"
    trips = b"Date,Payee,Amount\n2026-04-01,Ferry,-13.20\n"
    files = {"Plan.csv": plan, "a/Register.csv": register}
    table = read_file(zipped(files), "export.zip")
    assert isinstance(table, Table)
    assert (len(table.rows), table.sheet, table.others, table.format) == (2, "Register.csv", (), "zip")
    table = read_file(zipped(files | {"Trips.csv": trips}), "export.zip")
    assert isinstance(table, Table)
    assert [one.sheet for one in (table, *table.others)] == ["Register.csv", "Trips.csv"]
    table = read_file(zipped({f"{number}.csv": trips for number in range(8)}), "export.zip")
    assert isinstance(table, Table)
    assert len(table.others) == 7
    for more in ({"bank.sta": MT940.encode()}, {f"{number}.csv": trips for number in range(7)}):
        with pytest.raises(StatementError, match="archive"):
            read_file(zipped(files | more), "export.zip")


def test_statements_in_a_zip():
    days = {f"{name}.xml": camt(entry("20.00", "DBIT", name)).encode() for name in ("Bakery", "Books")}
    reading = reading_of(zipped(days | {"__MACOSX/x": b"x"}), "statements.zip")
    assert [one.title for one in reading.entries] == ["Bakery", "Books"]
    assert len({one.line for one in reading.entries}) == 2
    with pytest.raises(StatementError, match="archive"):
        read_file(zipped({"inner.zip": zipped(days)}), "statements.zip")


@pytest.mark.parametrize(
    ("kinds", "amounts"),
    [
        (("DEBIT", "CREDIT", "POS"), ("3.20", "-1200.00", "2.80")),
        (("CREDIT", "DEP", "CREDIT"), ("-3.20", "-1200.00", "-2.80")),
    ],
)
def test_ofx_without_signs(kinds, amounts):
    rows = "".join(
        f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>20260115<TRNAMT>{amount.strip('-')}<NAME>X</STMTTRN>"
        for kind, amount in zip(kinds, amounts, strict=True)
    )
    reading = reading_of(f"OFXHEADER:100\n<OFX><CURDEF>EUR{rows}</OFX>")
    assert [one.amount for one in reading.entries] == [Decimal(amount) for amount in amounts]


HTML = """<html><body><script>x</script><table><tr><td colspan=3>Account 1</td></tr></table><table>
<tr><th>Date</th><th>Description</th><th>Amount</th></tr>
<tr><td>20/08/2026<td>Bakery<br>&amp; Sons<td>-12.50</tr><tr><td>21/08/2026</td><td>Works</td><td>1,900.00</td></tr>
</table></body></html>"""
EXCEL_XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet><Table><Row><Cell><Data>Date</Data></Cell>
<Cell><Data>Description</Data></Cell><Cell><Data>Amount</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-08-20T00:00:00</Data></Cell><Cell><Data>Bakery &amp; Sons</Data></Cell>
<Cell><Data>-12.50</Data></Cell></Row>
<Row><Cell><Data>2026-08-21</Data></Cell><Cell ss:Index="2"><Data>Works</Data></Cell>
<Cell><Data>1900.00</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("text", [HTML, EXCEL_XML])
def test_tables_that_are_named_like_spreadsheets(text):
    reading = reading_of(text, "statement.xls")
    assert said(reading) == [
        ("2026-08-20", "Bakery & Sons", "12.50", "EUR"),
        ("2026-08-21", "Works", "-1900.00", "EUR"),
    ]


def test_tags_without_an_end_and_what_a_page_hides():
    text = HTML.replace("</table></body></html>", "<script>if (a < b) '<td>9.99'</script><!-- <tr><td>x")
    assert [one.title for one in reading_of(text, "statement.xls").entries] == ["Bakery & Sons", "Works"]
    with pytest.raises(StatementError, match="more than 20,000 rows"):
        read_file(b"<html>" + b"</a" * 1_000_000, "statement.xls")


def test_lines_that_are_mostly_empty():
    rows = b"Date,Title,Amount\n2026-08-20,Taxi,5.00" + b"\n" * 100_000 + b"2026-08-21,Bus,3.00\n"
    assert [one.line for one in reading_of(rows, "statement.csv").entries] == [2, 100_002]
    with pytest.raises(StatementError, match="more than 100,000 rows"):
        read_file(rows + b"\n" * 200_000 + b"2026-08-22,Bus,3.00\n", "statement.csv")


PLAID = """{"accounts": [{"account_id": "a"}], "transactions": [
{"transaction_id": "t1", "date": "2026-08-20", "name": "BAKERY 12", "merchant_name": "Bakery", "amount": 12.5,
 "iso_currency_code": "USD", "pending": false, "category": ["Food"], "location": {"city": "Rome"}},
{"transaction_id": "t2", "date": "2026-08-21", "name": "BOOKS", "merchant_name": null, "amount": 8,
 "iso_currency_code": "USD",
 "pending": false, "category": []},
{"transaction_id": "t3", "date": "2026-08-22", "name": "FUEL", "merchant_name": "Fuel", "amount": 30,
 "iso_currency_code": "USD",
 "pending": true, "category": []}]}"""
OPEN_BANKING = """{"transactions": {"booked": [
{"bookingDate": "2026-08-20", "transactionAmount": {"amount": "-12.50", "currency": "EUR"}, "creditorName": "Bakery",
 "remittanceInformationUnstructured": "bread"},
{"bookingDate": "2026-08-21", "transactionAmount": {"amount": "1900.00", "currency": "EUR"}, "debtorName": "Works",
 "remittanceInformationUnstructured": "salary"}],
"pending": [{"bookingDate": "2026-08-22",
 "transactionAmount": {"amount": "-5.00", "currency": "EUR"}, "creditorName": "Kiosk"}]}}"""


IN_TWO_CURRENCIES = """<Export xmlns="urn:bank"><Account><AccNo>LV01BANK0000000000011</AccNo>
<Movements><Ccy>EUR</Ccy><Trx id="7"><BookDate>2026-08-20</BookDate><CorD>D</CorD><AccAmt>12.50</AccAmt>
<Party><Name>Bakery</Name></Party></Trx>
<Trx id="8"><BookDate>2026-08-21</BookDate><CorD>C</CorD><AccAmt>1900.00</AccAmt><Party><Name>Works</Name></Party></Trx>
</Movements><Movements><Ccy>USD</Ccy><Trx id="9"><BookDate>2026-08-22</BookDate><CorD>D</CorD><AccAmt>8.00</AccAmt>
<Party><Name>Books</Name></Party></Trx><Trx id="10"><BookDate>2026-08-23</BookDate><CorD>D</CorD><AccAmt>3.00</AccAmt>
<Party><Name>Kiosk</Name></Party></Trx></Movements><Movements><Ccy>CHF</Ccy><Trx id="11"><BookDate>2026-08-24</BookDate>
<CorD>D</CorD><AccAmt>4.00</AccAmt><Party><Name>Taxi</Name></Party></Trx></Movements></Account></Export>"""


def test_xml_of_banks():
    entries = reading_of(IN_TWO_CURRENCIES).entries
    assert [(one.title, str(one.amount), one.currency) for one in entries] == [
        ("Bakery", "12.50", "EUR"),
        ("Works", "-1900.00", "EUR"),
        ("Books", "8.00", "USD"),
        ("Kiosk", "3.00", "USD"),
        ("Taxi", "4.00", "CHF"),
    ]
    assert {one.account for one in entries} == {"LV01BANK0000000000011"}


def test_json_with_a_list_for_each_account():
    accounts = [
        {
            "iban": f"DE0{at}",
            "currency": code,
            "items": [{"date": f"2026-08-{at}{n}", "payee": "Tea", "amount": "-3.10"} for n in range(3)],
        }
        for at, code in ((1, "EUR"), (2, "CHF"))
    ]
    entries = reading_of(json.dumps({"accounts": accounts})).entries
    assert [one.currency for one in entries] == ["EUR"] * 3 + ["CHF"] * 3
    assert [one.account for one in entries] == ["DE01"] * 3 + ["DE02"] * 3


def test_json_of_banks():
    reading = reading_of(PLAID)
    assert [(one.title, str(one.amount), one.currency) for one in reading.entries] == [
        ("Bakery", "12.50", "USD"),
        ("BOOKS", "8.00", "USD"),
        ("Fuel", "30.00", "USD"),
    ]
    assert [one.status for one in reading.entries] == ["booked", "booked", "pending"]
    reading = reading_of(OPEN_BANKING)
    assert [(str(one.amount), one.status) for one in reading.entries] == [
        ("12.50", "booked"),
        ("-1900.00", "booked"),
        ("5.00", "pending"),
    ]
    assert reading.entries[0].title == "Bakery"


def test_an_old_spreadsheet_that_contains_a_zip_is_no_archive():
    theme = zipped({"theme/theme1.xml": b"<theme/>"})
    with pytest.raises(StatementError, match="can't read this spreadsheet"):
        read_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + theme, "statement.xls")
    assert read_file(workbook((0, 0, "Date"), (0, 1, "Amount"), (1, 0, "2026-08-20"), (1, 1, "5")), "x.xlsx").rows
