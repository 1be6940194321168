"""Guessing columns in many languages and notations, but only where there is evidence."""

from decimal import Decimal

import pytest

from expenses.statements import Column, DateOrder, Mapping, Sign, Table, apply_mapping, guess_mapping, needed_columns
from expenses.tests.statement_reading import table_of

C = Column


def named(table: Table, home: str = "EUR") -> dict[Column, str]:
    return {column: table.header[place] for column, place in guess_mapping(table, home).columns.items()}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Date;Description;Amount;Currency", "2026-08-20;Taxi;58.00;ILS"),
        ("תאריך;תיאור;סכום;מטבע", "20/08/2026;מונית;58.00;₪"),
        ("Buchungstag;Empfänger;Betrag;Währung", "20.08.2026;Taxi;-58,00;EUR"),
        ("Date;Libellé;Montant;Devise", "20/08/2026;Taxi;-58,00;EUR"),
        ("Fecha;Concepto;Importe;Divisa", "20/08/2026;Taxi;-58,00;EUR"),
        ("Data;Descrizione;Importo;Valuta", "20/08/2026;Taxi;-58,00;EUR"),
        ("Datum;Omschrijving;Bedrag;Munt", "20-08-2026;Taxi;-58,00;EUR"),
        ("Data;Descrição;Valor;Moeda", "20/08/2026;Táxi;-58,00;EUR"),
        ("Data operacji;Opis operacji;Kwota;Waluta", "2026-08-20;Taksówka;-58,00;PLN"),
        ("Дата операции;Описание;Сумма операции;Валюта", "20.08.2026;Такси;-58,00;EUR"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_ten_languages(header, row, delimiter):
    table = table_of(header, row, delimiter=delimiter)
    assert list(named(table).values()) == [table.header[place] for place in (0, 2, 3, 1)]
    [entry] = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert (entry.spent_on.isoformat(), abs(entry.amount)) == ("2026-08-20", 58)


@pytest.mark.parametrize(
    ("header", "out", "came"),
    [
        ("Date;Details;Debit;Credit;Balance", "Debit", "Credit"),
        ("Date;Details;Withdrawals ($);Deposits ($);Balance", "Withdrawals ($)", "Deposits ($)"),
        ("תאריך;תיאור;בחובה;בזכות;יתרה", "בחובה", "בזכות"),
        ("Datum;Text;Belastung;Gutschrift;Saldo", "Belastung", "Gutschrift"),
        ("Date;Libellé;Débit euros;Crédit euros;Solde", "Débit euros", "Crédit euros"),
        ("Data;Descrizione;Addebiti;Accrediti;Saldo", "Addebiti", "Accrediti"),
    ],
)
def test_a_column_for_each_direction(header, out, came):
    table = table_of(header, "20/08/2026;Taxi;58.00;;900.00", "21/08/2026;Salary;;1000.00;1900.00")
    assert named(table)[C.MONEY_OUT] == out
    assert named(table)[C.MONEY_IN] == came
    assert C.AMOUNT not in named(table)
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.amount for entry in reading.entries] == [Decimal("58.00"), Decimal("-1000.00")]


def test_money_out_with_a_sign_of_its_own():
    table = table_of("Date;Details;Debit;Credit", "2026-08-20;Taxi;-58.00;0.00", "2026-08-21;Pay;0.00;9.00")
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.amount for entry in reading.entries] == [Decimal("58.00"), Decimal("-9.00")]


def test_a_row_with_both_directions_is_a_problem():
    table = table_of("Date;Details;Debit;Credit", "2026-08-20;Taxi;58.00;3.00", "2026-08-21;Bus;;")
    both, neither = apply_mapping(table, guess_mapping(table, "USD")).problems
    assert both.text == "58.00 / 3.00"
    assert "amount is missing" in neither.message


@pytest.mark.parametrize(
    ("cells", "home", "order"),
    [
        (["01/02/2026", "25/02/2026"], "USD", DateOrder.DAY_FIRST),
        (["02/01/2026", "02/25/2026"], "EUR", DateOrder.MONTH_FIRST),
        (["01/02/2026", "02/02/2026", "03/02/2026"], "USD", DateOrder.DAY_FIRST),
        (["02/01/2026", "02/02/2026", "02/03/2026"], "EUR", DateOrder.MONTH_FIRST),
        (["01/02/2026"], "EUR", DateOrder.DAY_FIRST),
        (["01/02/2026"], "USD", DateOrder.MONTH_FIRST),
        (["2026-02-01"], "USD", DateOrder.YEAR_FIRST),
        (["26-02-01", "26-02-28"], "EUR", DateOrder.YEAR_FIRST),
    ],
)
def test_the_order_of_days(cells, home, order):
    table = table_of("Date;Title;Amount", *(f"{cell};Taxi;5.00" for cell in cells))
    assert guess_mapping(table, home).date_order == order


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1.234", "5,00"], ","),
        (["1,234", "5.00"], "."),
        (["1.234,50"], ","),
        (["1,234.50"], "."),
        (["5"], "."),
        (["12,5", "7"], ","),
        (["1.234.567", "8,10"], ","),
        (["1.250.000", "50.000", "15.750"], ","),
        (["1,250,000", "50,000"], "."),
        (["12.500", "3.000", "700"], ","),
        (["12,500", "3,000"], "."),
        (["12.500", "3.5"], "."),
    ],
)
def test_the_decimal_sign(cells, decimal):
    table = table_of("Date;Title;Amount", *(f"2026-08-20;Taxi;{cell}" for cell in cells))
    assert guess_mapping(table, "EUR").decimal == decimal


@pytest.mark.parametrize("home", ["IDR", "EUR", "HUF", "TRY", "ISK"])
def test_points_that_only_separate_thousands(home):
    table = table_of("Date;Title;Amount", *(f"2026-08-20;Taxi;{cell}" for cell in ("1.250.000", "50.000", "15.750")))
    entries = apply_mapping(table, guess_mapping(table, home)).entries
    assert [entry.amount for entry in entries] == [1_250_000, 50_000, 15_750]


def test_days_without_a_name_are_no_amounts():
    table = table_of("20.08.2026;21.08.2026;Taxi;58,00", "21.08.2026;22.08.2026;Bus;3,50")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 3, C.TITLE: 2}


def test_credit_and_debit_behind_the_amount():
    cells = ("58.00 DR", "9.00 CR", "45.00CR", "1.00cr.")
    table = table_of("Date;Title;Amount", *(f"2026-08-20;Taxi;{cell}" for cell in cells))
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.amount for entry in reading.entries] == [58, -9, -45, -1]


@pytest.mark.parametrize(
    ("header", "out", "came"),
    [("Af Bij", "Af", "Bij"), ("Debit/Credit", "DR", "CR"), ("Soll/Haben", "S", "H"), ("סוג", "חובה", "זכות")],
)
def test_a_column_that_says_the_direction_of_each_amount(header, out, came):
    table = table_of(f"Date;Title;Amount;{header}", f"2026-08-20;Taxi;58.00;{out}", f"2026-08-21;Pay;9.00;{came}")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.amount for entry in reading.entries] == [Decimal("58.00"), Decimal("-9.00")]


def test_a_total_has_no_direction_and_leaves_those_of_the_others():
    lines = ("20.08.2026;Rewe;12,50;S", "21.08.2026;Gehalt;2.000,00;H", "22.08.2026;Aldi;5,00;S")
    table = table_of("Datum;Text;Betrag;S/H", *lines, "Saldo;;1.982,50;")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.amount for entry in reading.entries] == [Decimal("12.50"), -2000, 5]
    assert reading.problems == ()


@pytest.mark.parametrize("word", ["", "fee"])
def test_a_row_without_a_direction_is_a_problem(word):
    lines = ("2026-08-20;Salary;2500.00;credit", "2026-08-22;Rent;900.00;debit", f"2026-08-23;Cash;20.00;{word}")
    table = table_of("Date;Description;Amount;Type", *lines)
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.amount for entry in reading.entries] == [-2500, 900]
    [problem] = reading.problems
    assert (problem.line, problem.column, problem.text) == (4, C.AMOUNT, word)


def test_a_sign_is_believed_rather_than_words():
    table = table_of("Date;Title;Amount;Type", "2026-08-20;Taxi;-58.00;debit", "2026-08-21;Bus;-9.00;credit")
    assert [entry.amount for entry in apply_mapping(table, guess_mapping(table, "EUR")).entries] == [58, 9]


def test_without_names_of_columns():
    table = table_of("20.08.2026;Taxi home;-58,00;900,00", "21.08.2026;Bakery;-3,50;896,50")
    assert table.header == ("", "", "", "")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 2, C.TITLE: 1}


def test_names_that_say_nothing():
    table = table_of("A;B;C", "20.08.2026;Taxi home;-58,00", "21.08.2026;Bakery;-3,50")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 2, C.TITLE: 1}


def test_what_cannot_be_guessed_is_absent_and_needed():
    table = table_of("A;B", "x;y", "z;w")
    mapping = guess_mapping(table, "EUR")
    assert needed_columns(mapping) == [C.DATE, C.AMOUNT]
    with pytest.raises(ValueError, match="lacks"):
        apply_mapping(table, mapping)


def test_money_out_alone_is_enough():
    mapping = Mapping({C.DATE: 0, C.TITLE: 1, C.MONEY_OUT: 2}, DateOrder.YEAR_FIRST, ".", Sign.SPENT_IS_POSITIVE, "EUR")
    assert needed_columns(mapping) == []
    table = table_of("A;B;C", "2026-08-20;Taxi;5")
    assert apply_mapping(table, mapping).entries[0].amount == 5
