"""What columns mean, in many languages and notations; what cannot be guessed is not."""

from decimal import Decimal

import pytest

from expenses.statements import (
    Column,
    DateOrder,
    Mapping,
    Sign,
    Table,
    apply_mapping,
    guess_mapping,
    needs,
    read_file,
)

C = Column


def table_of(*lines: str, delimiter: str = ";") -> Table:
    return read_file("\n".join(lines).replace(";", delimiter).encode(), "statement.csv")


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
    assert "no amount" in neither.message


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


def test_without_names_of_columns():
    table = table_of("20.08.2026;Taxi home;-58,00;900,00", "21.08.2026;Bakery;-3,50;896,50")
    assert table.header == ("Column 1", "Column 2", "Column 3", "Column 4")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 2, C.TITLE: 1}


@pytest.mark.parametrize("header", [(), ("A;B;C;D",), ("Date;Title;Amount;Kind",)])
def test_a_column_of_codes_is_the_currency(header):
    table = table_of(*header, "20.08.2026;Taxi home;-58,00;EUR", "21.08.2026;Bakery;-3,50;EUR", "22.08.2026;Tea;-4,00;")
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.title for entry in reading.entries] == ["Taxi home", "Bakery", "Tea"]
    assert [entry.currency for entry in reading.entries] == ["EUR", "EUR", "USD"]


def test_a_column_of_codes_without_rates_is_not_taken_for_the_home_currency():
    table = table_of("20.08.2026;Taxi home;-58,00;AED", "21.08.2026;Bakery;-3,50;EUR")
    reading = apply_mapping(table, guess_mapping(table, "USD"))
    assert [entry.currency for entry in reading.entries] == ["EUR"]
    assert [(problem.line, problem.column) for problem in reading.problems] == [(1, C.CURRENCY)]


def test_of_two_columns_of_codes_the_one_beside_the_amount():
    table = table_of("20.08.2026;GBP;Taxi home;-58,00;EUR", "21.08.2026;GBP;Bakery;-3,50;EUR")
    assert guess_mapping(table, "USD").columns == {C.DATE: 0, C.AMOUNT: 3, C.CURRENCY: 4, C.TITLE: 2}


def test_a_column_of_shouted_words_is_no_currency():
    table = table_of("20.08.2026;ALL;-58,00", "21.08.2026;BUS;-3,50")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 2, C.TITLE: 1}


def test_names_that_say_nothing():
    table = table_of("A;B;C", "20.08.2026;Taxi home;-58,00", "21.08.2026;Bakery;-3,50")
    assert guess_mapping(table, "EUR").columns == {C.DATE: 0, C.AMOUNT: 2, C.TITLE: 1}


def test_what_cannot_be_guessed_is_absent_and_needed():
    table = table_of("A;B", "x;y", "z;w")
    mapping = guess_mapping(table, "EUR")
    assert needs(mapping) == [C.DATE, C.AMOUNT]
    with pytest.raises(ValueError, match="lacks"):
        apply_mapping(table, mapping)


def test_money_out_alone_is_enough():
    mapping = Mapping({C.DATE: 0, C.TITLE: 1, C.MONEY_OUT: 2}, DateOrder.YEAR_FIRST, ".", Sign.SPENT_IS_POSITIVE, "EUR")
    assert needs(mapping) == []
    table = table_of("A;B;C", "2026-08-20;Taxi;5")
    assert apply_mapping(table, mapping).entries[0].amount == 5


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
    assert (bakery.line, bakery.column, bakery.message) == (4, C.DATE, "There is no date.")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2026-08-20;Total Wine;", C.AMOUNT),
        ("2026-08-20;Total Wine;0.00", C.AMOUNT),
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
    table = table_of(
        "Date;Title;Amount", "2026-08-20;;5", "2026-08-20;Tea;five", "1990-08-20;Tea;5", "2026-08-20;Tea;0"
    )
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert reading.entries == ()
    assert [(one.line, one.column, one.text) for one in reading.problems] == [
        (2, C.TITLE, ""),
        (3, C.AMOUNT, "five"),
        (4, C.DATE, "1990-08-20"),
        (5, C.AMOUNT, "0"),
    ]
    assert all(one.message.endswith(".") for one in reading.problems)


def test_a_currency_that_was_gone():
    table = table_of("Date;Title;Amount;Currency", "2026-08-20;Tea;5;HRK")
    [gone] = apply_mapping(table, guess_mapping(table, "EUR")).problems
    assert gone.column == C.CURRENCY
    assert "not in use" in gone.message


def test_categories_of_others_are_taken_where_they_are_ours_but_nobody_reviewed_them():
    table = table_of("Date;Title;Amount;Category", "2026-08-20;Taxi;5;Transportation", "2026-08-20;Tea;5;Cafés")
    entries = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert [(entry.category, entry.reviewed) for entry in entries] == [("transportation", False), ("", False)]


def test_commas_in_a_title_without_quotation_marks_shift_no_money():
    table = read_file(b"Date,Title,Amount\n2026-08-20,Taxi, home,5.00\n2026-08-20,Tea,6.00\n", "statement.csv")
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert [entry.amount for entry in reading.entries] == [6]
    assert [problem.line for problem in reading.problems] == [2]


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
