"""Kinds of oddities of statements, each with several inputs. Whole files of each kind are in `statements_kept`."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from babel.dates import get_month_names

from expenses.statements import Reading, Table, apply_mapping, read_file
from expenses.statements.apply import TableReader
from expenses.statements.days import read_day
from expenses.statements.guess import guess
from expenses.statements.notation import credit_or_debit
from expenses.statements.persian_days import YEARS, of_persian
from expenses.statements.so_far import SoFar
from expenses.statements.statement import DateOrder, Status
from expenses.statements.title_status import status_beside, without_status
from expenses.tests.statement_reading import table_of
from scripts import month_names


def reading_of(*lines: str) -> Reading:
    table = table_of(*lines)
    return apply_mapping(table, guess(table, "EUR").mapping)


def amounts(*lines: str) -> list[str]:
    return [str(one.amount) for one in reading_of(*lines).entries]


def statuses(*lines: str) -> list[str]:
    return [one.status for one in reading_of(*lines).entries]


@pytest.mark.parametrize("language", ["th", "hi", "bn", "mr", "ta", "te", "my", "km", "lo", "si", "ne", "gu"])
def test_months_whose_vowels_are_marks_stay_apart(language):
    """Without the marks, two months have one name in some languages. Those that FinBrain doesn't know give no day."""
    for width in ("wide", "abbreviated"):
        for month, name in get_month_names(width, "format", language).items():
            read = read_day(f"5 {name} 2026", DateOrder.DAY_FIRST)
            assert read in (None, date(2026, month, 5)), (name, read)


def test_the_names_of_months_are_those_of_cldr():
    rows = list(csv.reader(month_names.PATH.read_text(encoding="utf-8").splitlines()))
    assert rows[1:] == month_names.month_rows(), "Run: .venv/bin/python -m scripts.month_names"


def test_short_months_of_thai():
    names = get_month_names("abbreviated", "format", "th")
    read = [read_day(f"5 {names[month]} 69", DateOrder.DAY_FIRST) for month in names]
    assert read == [date(2026, month, 5) for month in names]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("2026 m. kovo 2 d.", date(2026, 3, 2)), ("2026. gada 2. marts", date(2026, 3, 2))),
        *(("2 tháng 3, 2026", date(2026, 3, 2)), ("ngày 2 tháng 3 năm 2026", date(2026, 3, 2))),
        *(("2 Agt 2026", date(2026, 8, 2)), ("2. Jänner 2026", date(2026, 1, 2)), ("2-Nop-26", date(2026, 11, 2))),
        *(("2 Sept 2026", date(2026, 9, 2)), ("2 mrz 2026", date(2026, 3, 2)), ("2 Ene 2026", date(2026, 1, 2))),
    ],
)
@pytest.mark.parametrize("order", DateOrder)
def test_days_in_words(text, day, order):
    assert read_day(text, order) == day


def test_every_day_of_the_persian_calendar_is_the_day_after_the_one_before():
    day = of_persian(YEARS.start, 1, 1)
    for year in YEARS:
        for month in range(1, 13):
            for number in range(1, 32):
                try:
                    found = of_persian(year, month, number)
                except ValueError:
                    continue
                assert found == day, (year, month, number)
                day += timedelta(days=1)
    assert (of_persian(1403, 12, 30), of_persian(1404, 1, 1)) == (date(2025, 3, 20), date(2025, 3, 21))


@pytest.mark.parametrize("text", ["1404/12/30", "1404/13/01", "1404/00/10", "14041230"])
def test_days_that_the_persian_calendar_lacks(text):
    assert read_day(text, DateOrder.YEAR_FIRST) is None


@pytest.mark.parametrize("text", ["1405/01/01", "۱۴۰۵/۰۱/۰۱", "14050101", "1 فروردین 1405", "1405-1-1 10:30"])
def test_notations_of_the_persian_calendar(text):
    assert read_day(text, DateOrder.YEAR_FIRST) == date(2026, 3, 21)


@pytest.mark.parametrize(
    ("text", "number", "mark"),
    [
        *(("12.40 Debit", "12.40", "DR"), ("12.40 (credit)", "12.40", "CR"), ("Credit: 12.40", "12.40", "CR")),
        *(("12,40 Soll", "12,40", "DR"), ("12,40 Haben", "12,40", "CR"), ("12,40 uttag", "12,40", "DR")),
        *(("Debit 12.40", "12.40", "DR"), ("1,240 出金", "1,240", "DR"), ("1,240(入金)", "1,240", "CR")),
        *(("12.40 CR", "12.40", "CR"), ("12.40D", "12.40", "DR"), ("12,40 €", "12,40 €", "")),
        *(("12,40 kr", "12,40 kr", ""), ("kr 12,40", "kr 12,40", ""), ("12.40 dollars", "12.40 dollars", "")),
        *(("Rs. 12.40", "Rs. 12.40", ""), ("USD 12.40", "USD 12.40", ""), ("-12.40", "-12.40", "")),
    ],
)
def test_words_beside_an_amount(text, number, mark):
    assert credit_or_debit(text) == (number, mark)


MARKED = ("Date;Text;Amount;{}", "2026-03-02;Bakery;12.40;{}", "2026-03-05;Books;45.25;{}", "2026-03-10;Paid;57.65;{}")


@pytest.mark.parametrize(
    ("name", "marks", "found"),
    [
        ("", ("", "", "CR"), ["12.40", "45.25", "-57.65"]),
        ("", ("", "", "C"), ["12.40", "45.25", "-57.65"]),
        ("Sign", ("-", "-", ""), ["12.40", "45.25", "-57.65"]),
        ("D/C", ("D", "D", ""), ["12.40", "45.25", "-57.65"]),
        ("", ("", "", "Gutschrift"), ["12.40", "45.25", "-57.65"]),
        ("Cleared", ("", "", "c"), ["12.40", "45.25", "57.65"]),
        ("Note", ("", "", "urgent"), ["12.40", "45.25", "57.65"]),
    ],
)
def test_a_mark_in_only_some_rows_says_the_other_way_of_the_others(name, marks, found):
    lines = [line.format(mark) for line, mark in zip(MARKED, (name, *marks), strict=True)]
    assert amounts(*lines) == found


@pytest.mark.parametrize("plus", ["+57.65", "+ 57.65", "57.65+", "+€57.65"])
def test_a_plus_in_only_some_rows_marks_money_in(plus):
    lines = ("2026-03-02;Bakery;12.40", "2026-03-05;Books;45.25", f"2026-03-10;Paid;{plus}")
    assert amounts("Date;Text;Amount", *lines) == ["12.40", "45.25", "-57.65"]


def test_a_plus_in_all_rows_says_nothing():
    assert amounts("Date;Text;Amount", "2026-03-02;Bakery;+12.40", "2026-03-05;Books;+45.25") == ["12.40", "45.25"]


def test_a_mark_says_nothing_beside_signs():
    lines = [line.format(mark) for line, mark in zip(MARKED, ("", "", "", "c"), strict=True)]
    assert amounts(*(line.replace(";12", ";-12").replace(";45", ";-45") for line in lines)) == [
        "12.40",
        "45.25",
        "-57.65",
    ]


@pytest.mark.parametrize(
    ("out", "came"),
    [
        *(("Withdrawals", "Deposits"), ("Expenses", "Income"), ("Ausgaben", "Einnahmen"), ("Dépenses", "Revenus")),
        *(("Cargos", "Abonos"), ("Uscite", "Entrate"), ("Wydatki", "Przychody"), ("Расходы", "Доходы")),
        *(("הוצאות", "הכנסות"), ("出金", "入金"), ("支出", "收入"), ("المصروفات", "الإيرادات")),
        ("Withdrawals and other debits", "Deposits and other credits"),
    ],
)
def test_headings_say_the_direction_of_the_rows_below(out, came):
    names, spent, received = "Date;Text;Amount", "2026-03-02;Bakery;12.40", "2026-03-16;Works;2150.00"
    assert amounts(out, names, spent, came, names, received) == ["12.40", "-2150.00"]
    assert amounts(came, names, received, out, names, spent) == ["-2150.00", "12.40"]
    assert amounts(names, spent, f"{came};;", received, f"{out};;", spent) == ["12.40", "-2150.00", "12.40"]


def test_a_heading_says_nothing_beside_signs():
    lines = ("Deposits", "Date;Text;Amount", "2026-03-02;Bakery;-12.40", "2026-03-16;Works;2150.00")
    assert amounts(*lines) == ["12.40", "-2150.00"]


def test_the_direction_of_a_heading_reaches_the_next_part():
    table = table_of("Deposits", "Date;Text;Amount", *(f"2026-03-{day};Works;21.50" for day in range(10, 20)))
    mapping, kept = guess(table, "EUR").mapping, SoFar().stored()
    found: list[Decimal] = []
    for start, end in ((0, 5), (5, len(table.rows))):
        reader = TableReader(table, mapping, so_far=SoFar.of(kept))
        part = Table(table.header, table.rows[start:end], table.lines[start:end])
        found += [one.amount for one in reader.read(part).entries]
        kept = reader.so_far.stored()
    assert found == [Decimal("-21.50")] * 10
    assert "is_spent" not in SoFar().stored()


@pytest.mark.parametrize(
    ("to", "came"),
    [
        *(
            ("Paid to {}", "Received from {}"),
            ("Transfer to {}", "Transfer from {}"),
            ("You sent {}", "You received {}"),
        ),
        *(("Zahlung an {}", "Zahlung von {}"), ("Virement à {}", "Virement de {}"), ("Pago a {}", "Abono de {}")),
        *(
            ("Pix enviado {}", "Pix recebido {}"),
            ("Перевод на {}", "Перевод от {}"),
            ("Transfer ke {}", "Transfer dari {}"),
        ),
    ],
)
def test_titles_that_begin_with_a_direction(to, came):
    lines = [
        f"2026-03-0{day};{title};1{day}.50" for day, title in enumerate((to.format("Anna"), came.format("Ben")), 1)
    ]
    assert amounts("Date;Text;Amount", *lines) == ["11.50", "-12.50"]


@pytest.mark.parametrize(
    ("header", "yes", "no", "found"),
    [
        ("Pending", "true", "false", ["pending", "booked"]),
        ("Is pending", "1", "0", ["pending", "booked"]),
        ("Posted", "no", "yes", ["pending", "booked"]),
        ("Gebucht", "nein", "ja", ["pending", "booked"]),
        ("Cancelled", "Y", "N", ["cancelled", "booked"]),
        ("Annulé", "oui", "non", ["cancelled", "booked"]),
        ("Pendiente", "sí", "no", ["pending", "booked"]),
        ("Storniert", "ja", "", ["cancelled", "booked"]),
    ],
)
def test_statuses_as_answers(header, yes, no, found):
    lines = (f"2026-03-05;Books;-45.25;{yes}", f"2026-03-02;Bakery;-12.40;{no}")
    assert statuses(f"Date;Text;Amount;{header}", *lines) == found


@pytest.mark.parametrize(
    ("header", "yes", "no", "found"),
    [
        ("Income", "true", "false", ["-12.40", "45.25"]),
        ("is_income", "True", "False", ["-12.40", "45.25"]),
        ("Expense", "no", "yes", ["-12.40", "45.25"]),
        ("Einnahme", "ja", "nein", ["-12.40", "45.25"]),
        ("Débit", "non", "oui", ["-12.40", "45.25"]),
    ],
)
def test_directions_as_answers(header, yes, no, found):
    lines = (f"2026-03-02;Works;12.40;{yes}", f"2026-03-05;Books;45.25;{no}")
    assert amounts(f"Date;Text;Amount;{header}", *lines) == found


def test_ones_and_zeros_below_a_direction_are_amounts():
    assert amounts("Date;Text;Debit;Credit", "2026-03-02;Bakery;1;0", "2026-03-05;Works;0;1") == ["1.00", "-1.00"]


@pytest.mark.parametrize(
    ("title", "status", "bare"),
    [
        ("Pending: Bakery", "pending", "Bakery"),
        ("Bakery (pending)", "pending", "Bakery"),
        ("Bakery [vorgemerkt]", "pending", "Bakery"),
        ("Boulangerie (en attente)", "pending", "Boulangerie"),
        ("Hotel (cancelled)", "cancelled", "Hotel (cancelled)"),
        ("Bakery (North)", "", "Bakery (North)"),
        ("(pending)", "", "(pending)"),
        ("Prel Bakery", "pending", "Bakery"),
        ("Prel", "", "Prel"),
        ("Bakery", "", "Bakery"),
    ],
)
def test_a_status_beside_the_title(title, status, bare):
    assert (status_beside(title), without_status(title)) == (status, bare)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("2026-03-03", "2026-03-06", ""), ["booked", "booked", "pending"]),
        (("", "2026-03-06", "2026-03-07"), ["pending", "booked", "booked"]),
        (("2026-03-03", "", "2026-03-07"), ["booked", "booked", "booked"]),  # not the newest ones
        (("", "", "2026-03-07"), ["booked", "booked", "booked"]),  # hardly ever filled
    ],
)
@pytest.mark.parametrize("name", ["Posting Date", "Boekdatum", "Date de comptabilisation", "入账日期"])
def test_the_newest_rows_without_a_day_of_booking_are_pending(name, days, found):
    lines = [f"2026-03-0{number};{day};Shop {number};-1{number}.50" for number, day in enumerate(days, 2)]
    assert statuses(f"Transaction date;{name};Description;Amount", *lines) == found


@pytest.mark.parametrize(
    ("header", "cell", "amount"),
    [
        *(
            ("Amount (cents)", "1240", "12.40"),
            ("amount_cents", "-1240", "-12.40"),
            ("Bedrag in centen", "1240", "12.40"),
        ),
        *(
            ("amountMinorUnits", "1240", "12.40"),
            ("Amount in pence", "5", "0.05"),
            ("Сумма в копейках", "1240", "12.40"),
        ),
        *(("Amount (cents)", "12.40", "12.40"), ("Amount", "1240", "1240.00")),
    ],
)
def test_amounts_in_minor_units(header, cell, amount):
    found = amounts(f"Date;Text;{header}", f"2026-03-02;Bakery;{cell}", f"2026-03-03;Books;{cell}")
    assert {one.lstrip("-") for one in found} == {amount.lstrip("-")}


def test_minor_units_are_those_of_the_currency():
    text = (
        "Date,Text,Minor units,Currency\n2026-03-02,Sushi,1240,JPY\n2026-03-03,Tea,1240,KWD\n2026-03-04,Bun,1240,EUR\n"
    )
    table = read_file(text.encode(), "a.csv")
    assert isinstance(table, Table)
    assert [row[2] for row in table.rows] == ["1240", "1.240", "12.40"]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("2026-03-02,Smith, Jones and Co,-12.40", ("2026-03-02", "Smith, Jones and Co", "-12.40")),
        ("2026-03-02,A, B, C,-12.40", ("2026-03-02", "A, B, C", "-12.40")),
        ("2026-03-02,Rent,-1,240.00", ("2026-03-02", "Rent", "-1,240.00")),
        ("2026-03-02,Prize,1,002,240.00", ("2026-03-02", "Prize", "1,002,240.00")),
    ],
)
def test_a_comma_without_quotation_marks(line, row):
    usual = [f"2026-03-{day:02},Corner Bakery,-8.{day:02}" for day in range(3, 9)]
    table = read_file("\n".join(["Date,Description,Amount", *usual, line]).encode(), "a.csv")
    assert isinstance(table, Table)
    assert table.rows[-1] == row


def test_a_row_that_fits_in_no_way_stays_as_it_is():
    usual = [f"2026-03-{day:02},Corner Bakery,-8.{day:02}" for day in range(3, 9)]
    line = "2026-03-02,Route, 66,-12.40"
    table = read_file("\n".join(["Date,Description,Amount", *usual, line]).encode(), "a.csv")
    assert isinstance(table, Table)
    assert table.rows[-1] == ("2026-03-02", "Route", "66", "-12.40")


def test_a_wider_table_below_is_not_joined():
    first = ("Date;Shop;Amount", "2026-03-02;Bakery;12.40", "2026-03-05;Books;45.25", "2026-03-06;Tea;3.20")
    second = ("Date;Shop;Kind;Amount", "2026-03-07;Gym;card;60.00", "2026-03-08;Rent;bill;900.00")
    assert amounts(*first, *second) == ["12.40", "45.25", "3.20", "60.00", "900.00"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_that_are_one_cell_each(delimiter):
    lines = ("Date,Text,Amount", '2026-03-02,""Smith, Jones"",-12.40', "2026-03-05,Books,-45.25")
    text = "\r\n".join(f'"{line.replace(",", delimiter)}"' for line in lines)
    table = read_file(text.encode(), "a.csv")
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["2026-03-02", "2026-03-05"]
    assert [row[2] for row in table.rows] == ["-12.40", "-45.25"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("Amount BGN;Amount EUR", ["12.40", "45.25"]),
        ("Сума BGN;Сума EUR", ["12.40", "45.25"]),
        ("Amount EUR;Amount USD", ["24.25", "88.50"]),
        ("Monto USD;Monto EUR", ["12.40", "45.25"]),
    ],
)
def test_the_amount_in_the_home_currency_counts(names, found):
    lines = ("2026-03-02;Bakery;-24.25;-12.40", "2026-03-05;Books;-88.50;-45.25")
    assert amounts(f"Date;Text;{names}", *lines) == found


@pytest.mark.parametrize("name", ["TOTAL DES OPERATIONS", "Total", "Summe Umsätze", "Totale movimenti", 'סה"כ'])
def test_a_total_with_a_day_is_no_movement(name):
    rows = ("2026-03-02;Bakery;12.40", "2026-03-05;Books;45.25")
    for amount in ("57.65", "-57.65"):
        assert amounts("Date;Text;Amount", *rows, f"2026-03-31;{name};{amount}")[:2] == ["12.40", "45.25"]
        assert len(amounts("Date;Text;Amount", *rows, f"2026-03-31;{name};{amount}")) == 2
    assert amounts("Date;Text;Amount", *rows, f"2026-03-31;{name} shop;57.60") == ["12.40", "45.25", "57.60"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            "Pending vorgemerkt Pendiente Oczekująca Beklemede Холд ממתין בתהליך Zárolva 承認待ち लंबित 대기 معلق",
            "pending",
        ),
        ("Declined Storniert Devuelto Anulowana Reddedildi Возвращено נדחה Törölve 取消 रद्द 거절 Revenit", "cancelled"),
    ],
)
def test_statuses_in_many_languages(words, status):
    for word in words.split():
        rows = [f"2026-03-0{day},Shop {day},-{day}.00,{word}" for day in range(1, 4)]
        found = statuses("Date,Description,Amount,Status", *rows, "2026-03-04,Shop,-9.00,")
        assert found == [*[status] * 3, "booked"], word


def test_the_statuses_of_sections_still_count():
    lines = ("Pending", "Date;Text;Amount", "2026-03-02;Bakery;-12.40")
    assert statuses(*lines) == [Status.PENDING]
