"""The rows of a table: movements, problems, and rows that are neither."""

from decimal import Decimal

import pytest

from expenses.statements import Column, apply_mapping, guess_mapping, read_file
from expenses.tests.statement_reading import read_lines, table_of

C = Column


def test_totals_and_headings_are_no_movements_and_the_rest_is():
    table = table_of(
        "Date;Title;Amount",
        "Card 4711;;",
        "2026-08-20;Total Fitness;30.00",
        ";Bakery;3.00",
        "Date;Title;Amount",
        "2026-08-21;Closing balance;",
        "2026-08-21;Closing balance;0.00",
        "Total;;33.00",
        ';סה"כ לחיוב;33.00',
        "Thank you for your business;;",
    )
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.title for entry in reading.entries] == ["Total Fitness"]
    [bakery] = reading.problems
    assert (bakery.line, bakery.column, bakery.message) == (4, C.DATE, "The date is missing.")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2026-08-20;Total Wine;", C.AMOUNT),
        ("2026-08-20;Sum Up Coffee;n/a", C.AMOUNT),
        ("2026-08-20;Balance;n/a", C.AMOUNT),
        ("2026-08-20;Balance Gym;abc", C.AMOUNT),
        ("20268-8-20;Balance Gym;15.00", C.DATE),
        ("20268-8-20;Total;15.00", C.DATE),
        (";;15.00", C.DATE),
        ("2026-08-20;;", C.AMOUNT),
    ],
)
def test_what_only_begins_like_a_total_is_a_problem(row, column):
    table = table_of("Date;Title;Amount", row, "2026-08-21;Tea;5.00", "2026-08-22;Bus;3.00")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.title for entry in reading.entries] == ["Tea", "Bus"]
    assert [(problem.line, problem.column) for problem in reading.problems] == [(2, column)]


def test_problems_name_line_column_text_and_reason():
    table = table_of("Date;Title;Amount", "2026-08-20;;5", "2026-08-20;Tea;five", "1990-08-20;Tea;5")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert reading.entries == ()
    assert [(one.line, one.column, one.text) for one in reading.problems] == [
        (2, C.TITLE, ""),
        (3, C.AMOUNT, "five"),
        (4, C.DATE, "1990-08-20"),
    ]
    assert all(one.message.endswith(".") for one in reading.problems)


def test_categories_of_others_are_taken_where_they_are_ours_but_nobody_reviewed_them():
    table = table_of("Date;Title;Amount;Category", "2026-08-20;Taxi;5;Transportation", "2026-08-20;Tea;5;Cafés")
    entries = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert [(entry.category, entry.reviewed) for entry in entries] == [("transportation", False), ("", False)]


def test_commas_in_a_title_without_quotation_marks_shift_no_money():
    table = read_file(b"Date,Title,Amount\n2026-08-20,Taxi, home,5.00\n2026-08-20,Tea,6.00\n", "statement.csv")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [(entry.title, entry.amount) for entry in reading.entries] == [("Taxi, home", 5), ("Tea", 6)]
    assert not reading.problems


def test_a_quotation_mark_that_is_never_closed_swallows_nothing():
    text = 'Date,Title,Amount\n2026-08-20,"Taxi,5.00\n2026-08-21,Tea,6.00\n2026-08-22,Bus,7.00\n'
    table = read_file(text.encode(), "statement.csv")
    assert [entry.amount for entry in apply_mapping(table, guess_mapping(table, "EUR")).entries] == [5, 6, 7]


def test_the_line_that_tells_excel_the_delimiter():
    table = read_file(b"sep=|\r\nDate|Title|Amount\r\n2026-08-20|Taxi|5\r\n", "statement.csv")
    assert (table.header, table.lines) == (("Date", "Title", "Amount"), (3,))


def test_an_export_that_a_spreadsheet_has_saved_again():
    table = table_of(
        "Date;Title;Amount;Currency;Category;Note;Reviewed;Confidence",
        "20.08.2026;Taxi;-58,00;EUR;Transportation;;yes;",
        "21.08.2026;Tea;-1.003,50;EUR;Food & Drinks;;NO;0,4",
    )
    entries = apply_mapping(table, guess_mapping(table, "ILS")).entries
    assert [entry.amount for entry in entries] == [Decimal("-58.00"), Decimal("-1003.50")]
    assert [(entry.category, entry.reviewed) for entry in entries] == [("transportation", True), ("food-drinks", False)]


def test_a_name_with_a_digit_is_a_name():
    table = table_of("Date;Title;Q1;Amount", "2026-08-20;Taxi;x;58.00")
    assert table.header == ("Date", "Title", "Q1", "Amount")


def test_rows_of_zero_are_left_out():
    rows = "2026-03-02;Bakery;12.40;0.00", "2026-03-03;Card check;0.00;0.00", "2026-03-05;Wages;;2150.00"
    reading = read_lines("Date;Description;Out;In", *rows)
    assert [one.title for one in reading.entries] == ["Bakery", "Wages"]
    assert not reading.problems


def test_a_row_without_an_amount_is_a_problem():
    assert len(read_lines("Date;Description;Amount", "2026-03-02;Bakery;12.40", "2026-03-05;Books;").problems) == 1
    rows = "2026-03-02;Bakery;-12.40;0.00", "2026-03-03;Books;;0.00", "2026-03-05;Cash;-50.00;1.00"
    assert len(read_lines("Date;Description;Amount;Fee", *rows).problems) == 1


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("Original amount;Original currency", ["12.40;EUR", "8.00;USD", "5.00;EUR", "6.00;EUR"]),
        ("Amount (USD);Town", ["0.00;Ulm", "8.00;Ulm", "0.00;Ulm", "0.00;Ulm"]),
        ("Balance;Town", ["987.60;Ulm", "979.60;Ulm", "974.60;Ulm", "968.60;Ulm"]),
    ],
)
def test_a_row_of_zero_is_a_problem_if_another_amount_or_the_balance_moved(names, cells):
    rows = "2026-03-02;Bakery;-12.40", "2026-03-03;Books;0.00", "2026-03-05;Tea;-5.00", "2026-03-06;Gym;-6.00"
    pairs = zip(rows, cells, strict=True)
    reading = read_lines(f"Date;Description;Amount;{names}", *(f"{row};{cell}" for row, cell in pairs))
    assert [one.title for one in reading.entries] == ["Bakery", "Tea", "Gym"]
    assert [one.text for one in reading.problems] == ["0.00"]


def test_what_pieces_cost_together_counts_whatever_its_name():
    rows = "2026-03-02;Bread;2;3.20;6.40", "2026-03-05;Juice;6;1.15;6.90", "2026-03-09;Candles;1;4.50;4.50"
    for name in ("Fee", "Total", "Charge"):
        reading = read_lines(f"Date;Item;Quantity;Price;{name}", *rows)
        assert [str(one.amount) for one in reading.entries] == ["6.40", "6.90", "4.50"]
