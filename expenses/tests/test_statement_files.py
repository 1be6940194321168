"""Whole statements in the formats of banks. The files are made up."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from expenses.statements import (
    Column,
    DateOrder,
    Reading,
    Sign,
    StatementError,
    Table,
    apply_mapping,
    guess_mapping,
    needed_columns,
    read_file,
)

FILES = Path(__file__).with_name("statements")


def table_of(name: str) -> Table:
    table = read_file((FILES / name).read_bytes(), name)
    assert isinstance(table, Table)
    return table


def read(name: str, home: str) -> Reading:
    found = read_file((FILES / name).read_bytes(), name)
    return found if isinstance(found, Reading) else apply_mapping(found, guess_mapping(found, home))


def said(reading: Reading) -> list[tuple]:
    return [(f"{one.spent_on:%m-%d}", one.title, one.amount, one.currency) for one in reading.entries]


def test_an_american_bank():
    mapping = guess_mapping(table_of("us_bank.csv"), "USD")
    assert (mapping.date_order, mapping.decimal, mapping.sign) == (DateOrder.MONTH_FIRST, ".", Sign.SPENT_IS_NEGATIVE)
    reading = read("us_bank.csv", "USD")
    assert reading.problems == ()
    assert said(reading) == [
        ("08-28", "HARBOR COFFEE #112, SEATTLE WA", Decimal("4.75"), "USD"),
        ("08-27", "GREENLEAF GROCERY 0042", Decimal("86.19"), "USD"),
        ("08-25", "PAYROLL NORTHWIND TOYS", Decimal("-2150.00"), "USD"),
        ("08-13", "CITY TRANSIT PASS", Decimal("99.00"), "USD"),
        ("08-09", "REFUND BLUE HERON BOOKS", Decimal("-18.50"), "USD"),
    ]
    assert [entry.line for entry in reading.entries] == [2, 3, 4, 5, 6]


def test_a_german_bank_with_a_letterhead_and_a_total():
    table = table_of("german_bank.csv")
    assert table.header[:2] == ("Buchungstag", "Wertstellung")
    mapping = guess_mapping(table, "ILS")
    assert (mapping.date_order, mapping.decimal, mapping.currency) == (DateOrder.DAY_FIRST, ",", "EUR")
    reading = apply_mapping(table, mapping)
    assert reading.problems == ()
    assert said(reading) == [
        ("08-28", "Bäckerei Krüger", Decimal("7.35"), "EUR"),
        ("08-27", "Stadtwerke Würzburg", Decimal("1089.00"), "EUR"),
        ("08-03", "Ökokiste GmbH", Decimal("-12.90"), "EUR"),
        ("08-01", "Miete August", Decimal("850.00"), "EUR"),
    ]
    assert [entry.note for entry in reading.entries] == ["Danke für Ihren Einkauf", "Abschlag August", "Erstattung", ""]
    assert reading.entries[0].line == 7


@pytest.mark.parametrize("more", ["", "<Balance><Date>2026-03-01</Date><Amount>9.00</Amount><Kind>A</Kind></Balance>"])
def test_a_list_in_xml_with_a_single_movement(more):
    movement = (
        "<Move><Date>2026-03-01</Date><Amount>-3.20</Amount><Payee><Name>Bakery</Name></Payee><Text>Rye</Text></Move>"
    )
    text = f"<?xml version='1.0'?><Statement><IBAN>LV80BANK0000435195001</IBAN>{2 * more}{movement}</Statement>"
    table = read_file(text.encode(), "bank.xml")
    assert isinstance(table, Table)
    [entry] = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert (entry.title, entry.note, str(entry.amount)) == ("Bakery", "Rye", "3.20")


def test_balances_in_xml_are_no_movements():
    balances = "".join(
        f"<{name}><Date>2026-03-01</Date><Amount>9.00</Amount></{name}>" for name in ("Opening", "Closing")
    )
    with pytest.raises(StatementError):
        read_file(f"<?xml version='1.0'?><Statement>{balances}</Statement>".encode(), "bank.xml")


def test_a_latvian_bank_with_the_standard_of_its_country():
    reading = read("latvian_bank.xml", "USD")
    assert (reading.problems, {one.account for one in reading.entries}) == ((), {"LV00PARX0000000000001"})
    assert said(reading) == [
        ("03-02", "Maiznīca Ozols SIA", Decimal("12.40"), "EUR"),
        ("03-09", "Galdniecība SIA", Decimal("-2100.00"), "EUR"),
        ("03-16", "Grāmatnīca Pūce SIA", Decimal("39.20"), "EUR"),
    ]


def test_a_hebrew_card_in_a_sheet():
    table = table_of("hebrew_card.xlsx")
    mapping = guess_mapping(table, "EUR")
    named = {column: table.header[place] for column, place in mapping.columns.items()}
    assert named == {
        Column.DATE: "תאריך עסקה",
        Column.TITLE: "שם בית העסק",
        Column.AMOUNT: "סכום חיוב",
        Column.CURRENCY: "מטבע חיוב",
        Column.NOTE: "הערות",
    }
    reading = apply_mapping(table, mapping)
    assert reading.problems == ()
    assert said(reading) == [
        ("08-20", "סופר הכרמל", Decimal("212.40"), "ILS"),
        ("08-21", "HARBOR COFFEE", Decimal("18.55"), "ILS"),
        ("08-22", "זיכוי ספרים", Decimal("-40.00"), "ILS"),
    ]
    assert [entry.line for entry in reading.entries] == [5, 6, 7]


def test_a_british_bank_with_a_column_for_each_direction():
    table = table_of("uk_bank.csv")
    mapping = guess_mapping(table, "EUR")
    assert {Column.MONEY_OUT, Column.MONEY_IN} <= mapping.columns.keys()
    assert mapping.currency == "GBP"
    reading = apply_mapping(table, mapping)
    assert reading.problems == ()
    assert said(reading) == [
        ("08-31", "CASH MACHINE HIGH ST", Decimal("20.00"), "GBP"),
        ("08-30", "RIVERSIDE WATER", Decimal("1041.52"), "GBP"),
        ("08-28", "SALARY ACORN LTD", Decimal("-2241.63"), "GBP"),
    ]


def test_a_spanish_bank_in_an_old_sheet():
    reading = read("spanish_bank.xls", "ILS")
    assert reading.problems == ()
    assert said(reading) == [
        ("08-28", "Panadería El Trigal", Decimal("3.40"), "EUR"),
        ("08-27", "Nómina agosto", Decimal("-1850.00"), "EUR"),
        ("08-26", "Gasolinera Sur", Decimal("1045.25"), "EUR"),
    ]


def test_a_dutch_list_on_the_second_sheet_of_a_free_format():
    assert said(read("dutch_list.ods", "ILS")) == [
        ("08-28", "Fietsenmaker de Ketting", Decimal("45.50"), "EUR"),
        ("08-27", "Terugbetaling trein", Decimal("-12.00"), "EUR"),
        ("08-26", "Boekhandel", Decimal("0.30"), "EUR"),
    ]


MOVEMENTS = [["Date", "Title", "Amount"], ["2026-08-20", "Taxi", 58.0]]
SUMMARY = [["Card", "4711"], ["Until", "2026-08-31"], ["Total", 58.0]]


def sheets(*contents: list[list]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for rows in contents:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def test_the_sheet_with_movements_is_read_wherever_it_stands():
    table = read_file(sheets(SUMMARY, MOVEMENTS, [], SUMMARY), "statement.xlsx")
    assert table.rows == (("2026-08-20", "Taxi", "58"),)


def test_the_longest_sheet_is_read_where_no_movements_are_seen():
    table = read_file(sheets([["My bank"]], [["A", "B"], ["x", "y"], ["z", "w"]], [["Page", "2"]]), "statement.xlsx")
    assert table.header == ("A", "B")


def test_every_sheet_with_movements_is_a_table():
    other = [MOVEMENTS[0], ["2026-09-20", "Fuel", 12.5]]
    table = read_file(sheets(MOVEMENTS, SUMMARY, other), "statement.xlsx")
    assert [one.sheet for one in (table, *table.others)] == ["Sheet1", "Sheet3"]
    assert table.of_sheet("Sheet3").rows == (("2026-09-20", "Fuel", "12.5"),)
    assert table.of_sheet("Sheet1") == table.of_sheet("Sheet2") == table
    assert read_file(sheets(MOVEMENTS, SUMMARY), "statement.xlsx").others == ()


def test_a_csv_export_saved_as_a_sheet_keeps_no_guard():
    table = read_file(sheets([*MOVEMENTS, ["2026-08-20", "'=1+1", 5.0]]), "expenses.xlsx")
    assert table.rows[-1][1] == "=1+1"


def test_three_decimals_of_a_number_are_no_thousands():
    table = read_file(sheets([MOVEMENTS[0], ["2026-08-20", "Fuel", 12.345]]), "statement.xlsx")
    [problem] = apply_mapping(table, guess_mapping(table, "EUR")).problems
    assert "EUR has 2 decimals" in problem.message


def test_empty_rows_between_movements():
    rows = [row for movement in MOVEMENTS[1:] * 15_000 for row in (movement, [])]
    table = read_file(sheets([MOVEMENTS[0], *rows]), "statement.xlsx")
    assert len(table.rows) == 15_000
    assert (table.lines[0], table.lines[-1]) == (2, 30_000)


def test_ofx_of_the_first_kind():
    reading = read("bank_1.ofx", "ILS")
    assert said(reading) == [
        ("08-28", "Café Böhm & Söhne", Decimal("7.35"), "EUR"),
        ("08-03", "OEKOKISTE RUECKERSTATTUNG AUGUST 2026 NR 5", Decimal("-12.90"), "EUR"),
        ("08-02", "HARBOR COFFEE", Decimal("30.00"), "USD"),
    ]
    assert [entry.note for entry in reading.entries] == ["Karte 4711", "", ""]
    assert reading.entries[0].bank_id == "99900011:0012345678:2026082801"
    assert not reading.problems  # one movement is zero


def test_ofx_of_the_second_kind():
    reading = read("card_2.qfx", "EUR")
    assert said(reading) == [
        ("08-20", "מונית תל אביב", Decimal("58.00"), "ILS"),
        ("08-21", "Refund books", Decimal("-18.50"), "ILS"),
    ]
    assert reading.entries[0].note == "נסיעה <לילה> & חזרה"
    assert [entry.bank_id for entry in reading.entries] == ["XXXX-4711:A-1", "XXXX-4711:A-2"]


@pytest.mark.parametrize("name", ["us_bank.csv", "german_bank.csv", "hebrew_card.xlsx", "uk_bank.csv"])
def test_nothing_is_missing_for_reading_them(name):
    assert needed_columns(guess_mapping(table_of(name), "EUR")) == []


def test_what_expenses_must_be_is_what_entries_are():
    for path in FILES.iterdir():
        for entry in read(path.name, "ILS").entries:
            assert entry.spent_on > date(1999, 1, 4)
            assert entry.amount
            assert 0 < len(entry.title) <= 120
