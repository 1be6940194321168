"""The currency of the amounts in a table."""

from decimal import Decimal

import pytest

from expenses.statements import Column, apply_mapping, guess_mapping
from expenses.tests.statement_reading import table_of

C = Column
HOME_ROWS = (("Ace", "-5.10"), ("Bud", "-6.20"), ("Cox", "-7.30"))


@pytest.mark.parametrize(
    ("header", "cell", "home", "currency"),
    [
        ("Amount (EUR)", "5.00", "ILS", "EUR"),
        ("Betrag in CHF", "5.00", "EUR", "CHF"),
        ('סכום חיוב בש"ח', "5.00", "EUR", "ILS"),
        ("Amount £", "5.00", "EUR", "GBP"),
        ("Amount ($)", "5.00", "CAD", "CAD"),
        ("Amount ($)", "5.00", "EUR", "USD"),
        ("Amount", "£5.00", "EUR", "GBP"),
        ("Amount", "5.00 kr", "SEK", "SEK"),
        ("Amount", "5.00", "PLN", "PLN"),
        ("Amount", "¥5.00", "ILS", "CNY"),
        ("Amount", "￥1,205.50", "EUR", "CNY"),
        ("Amount (¥)", "5.5", "ILS", "CNY"),
        ("Amount", "¥1,205", "ILS", "JPY"),
        ("Amount (¥)", "5", "ILS", "JPY"),
        ("Amount", "¥5", "CNY", "CNY"),
    ],
)
def test_the_currency(header, cell, home, currency):
    table = table_of(f"Date;Title;{header}", f"2026-08-20;Taxi;{cell}")
    mapping = guess_mapping(table, home)
    assert mapping.currency == currency
    assert apply_mapping(table, mapping).entries[0].currency == currency


def test_a_currency_of_each_row():
    table = table_of("Date;Title;Amount;Currency", "2026-08-20;Taxi;5;USD", "2026-08-20;Tea;6;", "2026-08-20;Bus;7;XYZ")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.currency for entry in reading.entries] == ["USD", "EUR"]
    [unknown] = reading.problems
    assert (unknown.line, unknown.column, unknown.text) == (4, C.CURRENCY, "XYZ")


@pytest.mark.parametrize(
    ("header", "row", "home"),
    [
        ("Date;Payee;Amount (EUR);Amount (Foreign Currency);Type Foreign Currency", "5.00;5.50;USD", "ILS"),
        ("Date;Payee;Amount;Original amount;Original currency", "5.00;5.50;USD", "EUR"),
        ("תאריך עסקה;שם בית העסק;סכום חיוב;סכום עסקה מקורי;מטבע מקורי", "5.00;5.50;$", "EUR"),
        ("Date;Payee;Amount (EUR);Currency", "5.00;USD", "ILS"),
        ("Date;Payee;Amount;Currency;Local amount;Local currency", "5.00;EUR;5.50;USD", "ILS"),
    ],
)
def test_the_currency_of_another_amount_is_not_taken(header, row, home):
    table = table_of(header, f"2026-08-20;Taxi;{row}")
    [entry] = apply_mapping(table, guess_mapping(table, home)).entries
    assert (entry.amount, entry.currency) == (5, "EUR")


def test_an_original_amount_in_its_original_currency():
    table = table_of("Date;Payee;Original amount;Original currency", "2026-08-20;Taxi;5.50;USD")
    [entry] = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert (entry.amount, entry.currency) == (Decimal("5.50"), "USD")


@pytest.mark.parametrize("header", [(), ("A;B;C;D",), ("Date;Title;Amount;Kind",)])
def test_a_column_of_codes_is_the_currency(header):
    table = table_of(*header, "20.08.2026;Taxi home;-58,00;EUR", "21.08.2026;Bakery;-3,50;EUR", "22.08.2026;Tea;-4,00;")
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.title for entry in reading.entries] == ["Taxi home", "Bakery", "Tea"]
    assert [entry.currency for entry in reading.entries] == ["EUR", "EUR", "USD"]


def test_a_column_of_unknown_codes_is_not_taken_for_the_home_currency():
    table = table_of("20.08.2026;Taxi home;-58,00;XAU", "21.08.2026;Bakery;-3,50;EUR")
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.currency for entry in reading.entries] == ["EUR"]
    assert [(problem.line, problem.column) for problem in reading.problems] == [(1, C.CURRENCY)]


def test_of_two_columns_of_codes_the_one_beside_the_amount():
    table = table_of("20.08.2026;GBP;Taxi home;-58,00;EUR", "21.08.2026;GBP;Bakery;-3,50;EUR")
    assert guess_mapping(table, "USD").columns == {C.DATE: 0, C.AMOUNT: 3, C.CURRENCY: 4, C.TITLE: 2}


def test_a_column_of_shouted_words_is_no_currency():
    table = table_of("20.08.2026;ALL;-58,00", "21.08.2026;BUS;-3,50")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 2, C.TITLE: 1}


def test_a_currency_that_was_gone():
    table = table_of("Date;Title;Amount;Currency", "2026-08-20;Tea;5;HRK")
    [gone] = apply_mapping(table, guess_mapping(table, "EUR")).problems
    assert gone.column == C.CURRENCY
    assert "not in use" in gone.message


@pytest.mark.parametrize(
    ("home", "foreign"),
    [
        ("{} EUR", "{} EUR ({} USD)"),
        ("{} €", "{} € [{} $]"),
        ("€{}", "${1} | €{0}"),
        ("EUR {}", "EUR {} / USD {}"),
    ],
)
def test_two_amounts_in_a_cell(home, foreign):
    rows = [f"2026-08-{20 + n};Shop {name};{home.format(cost)}" for n, (name, cost) in enumerate(HOME_ROWS)]
    table = table_of("Date;Title;Amount", *rows, f"2026-08-24;Diner;{foreign.format('-12.50', '-13.60')}")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    last = reading.entries[-1]
    assert [entry.amount for entry in reading.entries] == [*map(Decimal, ("5.10", "6.20", "7.30", "12.50"))]
    assert (last.currency, last.note) == ("EUR", "-13.60 USD")
