"""What a table says besides its columns: direction, status, kind, fees, sections, years, and what stays undecided."""

from datetime import date, timedelta

import pytest

from expenses.statements import Reading, Table, apply_mapping, guess_mapping, needed_columns, read_file
from expenses.statements.guess import guess
from expenses.tests.statement_reading import latest_year, table_of


def reading_of(*lines: str, home: str = "EUR", name: str = "statement.csv") -> Reading:
    table = read_file("\n".join(lines).encode(), name)
    assert isinstance(table, Table)
    return apply_mapping(table, guess_mapping(table, home))


def amounts(reading: Reading) -> list[str]:
    return [str(one.amount) for one in reading.entries]


BALANCES = (
    "01.01.2026;A;100,00;1100,00",
    "01.02.2026;B;100,00;1200,00",
    "15.02.2026;C;-350,00;850,00",
    "01.03.2026;D;5,00;855,00",
)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("unsigned", [False, True])
def test_the_running_balance_proves_what_came_in(newest_first, unsigned):
    lines = [line.replace(";-", ";") for line in BALANCES] if unsigned else list(BALANCES)
    rows = [("31.12.2025;Opening balance;;1000,00"), *lines]
    reading = reading_of("Datum;Text;Betrag;Saldo", *(rows[::-1] if newest_first else rows))
    wanted = ["-100.00", "-100.00", "350.00", "-5.00"]
    assert amounts(reading) == (wanted[::-1] if newest_first else wanted)
    assert reading.gap == 0


def test_the_balance_is_never_the_amount():
    reading = reading_of(
        "Tag;Wer;Rest;Geld",
        "02.03.2026;Bakery;98,50;-1,50",
        "03.03.2026;Books;88,50;-10,00",
        "04.03.2026;Gym;80,00;-8,50",
    )
    assert amounts(reading) == ["1.50", "10.00", "8.50"]


@pytest.mark.parametrize(
    ("header", "out", "came"),
    [
        ("D/K", "D", "K"),
        ("借/贷", "借", "贷"),
        ("收/支", "支", "收"),
        ("Af Bij", "Af", "Bij"),
        ("S/H", "S", "H"),
        ("B/A", "B", "A"),
        ("Typ", "+", "-"),
        ("Irány", "T", "J"),
        ("Дт/Кт", "Дт", "Кт"),
        ("Type", "Expense", "Income"),
        ("구분", "출금", "입금"),
    ],
)
@pytest.mark.parametrize("minus", ["", "out", "in"])
def test_flags_decide_whatever_the_signs(header, out, came, minus):
    if header == "Typ":
        out, came = came, out
    spent, received = ("-" if minus == "out" else ""), ("-" if minus == "in" else "")
    lines = (
        f"2026-08-20,Taxi,{spent}58.00,{out}",
        f"2026-08-21,Works,{received}9.00,{came}",
        f"2026-08-22,Tea,{spent}3.00,{out}",
    )
    assert amounts(reading_of(f"Date,Title,Amount,{header}", *lines)) == ["58.00", "-9.00", "3.00"]


def test_income_words_in_other_columns_where_the_flag_says_nothing():
    lines = (
        "2026-02-12,消费,小店,支出,49.74",
        "2026-02-08,退款,书店,不计收支,20.00",
        "2026-02-05,转账,老王,收入,30.00",
    )
    assert amounts(reading_of("交易时间,交易分类,交易对方,收/支,金额", *lines, home="CNY")) == [
        "49.74",
        "-20.00",
        "-30.00",
    ]


def test_balanced_signs_are_asked_about():
    rows = [
        "2026-08-20;Ann;5.00",
        "2026-08-21;Ben;-6.00",
        "2026-08-22;Cid;7.00",
        "2026-08-23;Dan;-8.00",
        "2026-08-24;Eve;9.00",
    ]
    assert "sign" in guess(table_of("Date;Title;Amount", *rows), "EUR").asks
    assert guess(table_of("Date;Title;Amount", *(row.replace(";-", ";") for row in rows)), "EUR").asks == {}


def test_two_columns_without_names_are_asked_about():
    table = table_of(
        "18.09.2026;Ann;18.09.2026;1800,00;", "19.09.2026;Ben;19.09.2026;;33,87", "20.09.2026;Cid;20.09.2026;;3,87"
    )
    assert "amount" in guess(table, "EUR").asks
    words = table_of(
        "18.09.2026;Lohn;18.09.2026;1800,00;", "19.09.2026;Bäcker;19.09.2026;;33,87", "21.09.2026;Zinsen;;1,73;"
    )
    assert amounts(apply_mapping(words, guess_mapping(words, "EUR"))) == ["-1800.00", "33.87", "-1.73"]


def test_days_that_fit_two_orders_are_asked_about():
    table = table_of("Date;Title;Amount", "01/02/2026;Tea;5.00", "05/04/2026;Bus;6.00")
    assert guess(table, "EUR").asks.keys() == {"date_order"}
    assert guess(table_of("Date;Title;Amount", "01.02.2026;Tea;5.00", "05.04.2026;Bus;6.00"), "EUR").asks == {}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            ["PENDING", "Vorgemerkt", "בהמתנה", "En attente", "Pendiente", "In attesa", "Gereserveerd", "Pendente"],
            "pending",
        ),
        (["Oczekująca", "Függő", "В обработке", "Reserverat", "处理中", "보류", "未確定", "Beklemede"], "pending"),
        (["REVERTED", "Storniert", "נדחתה", "Refusé", "Rechazada", "Annullata", "Geweigerd", "Recusada"], "cancelled"),
        (["Odrzucona", "Zamítnuta", "Отклонено", "Avbruten", "交易关闭", "취소", "取消", "İptal"], "cancelled"),
    ],
)
def test_the_status_of_payments(words, status):
    for word in words:
        lines = ("2026-01-06,Bookshop,-38.71,", f"2026-01-08,Hotel,-300.00,{word}", "2026-01-09,Tea,-3.00,")
        entries = reading_of("Date,Payee,Amount,Status", *lines).entries
        assert [one.status for one in entries] == ["booked", status, "booked"], word


def test_a_title_and_a_heading_that_say_pending():
    lines = (
        "2026-06-14,Pending: CORNER BAKERY,-4.20",
        "2026-06-13,Greengrocer,-20.00",
        "Pending transactions,,",
        "2026-06-15,Tea,-2.00",
    )
    entries = reading_of("Date,Payee,Amount", *lines).entries
    assert [one.status for one in entries] == ["pending", "booked", "pending"]


def test_transfers_and_income_of_trackers():
    lines = ("2026-02-17,Expense,Groceries,-37.00,shop", "2026-02-18,Outgoing Transfer,Transfer,-200.00,to savings")
    entries = reading_of("Date,Type,Category,Amount,Note", *lines, "2026-02-19,Income,Salary,900.00,pay").entries
    assert [one.kind for one in entries] == ["spent", "moved", "received"]
    assert [one.file_category for one in entries] == ["Groceries", "Transfer", "Salary"]


def test_transfers_of_a_bank_may_be_spent():
    lines = ("2026-02-17,Card payment,Bakery,-37.00", "2026-02-18,Transfer,Landlord,-900.00")
    assert [one.kind for one in reading_of("Date,Type,Payee,Amount", *lines).entries] == ["", ""]


def test_a_fee_is_a_row_of_its_own_also_beside_a_net_amount():
    header = "Type,Started Date,Description,Amount,Fee,Currency,State,Balance"
    lines = (
        "ATM,2026-03-01,Cash,-100.00,2.00,EUR,COMPLETED,898.00",
        "CARD,2026-03-03,Museum,-12.50,0.00,EUR,COMPLETED,885.50",
    )
    entries = reading_of(header, *lines).entries
    assert [(one.title, str(one.amount), one.note) for one in entries] == [
        ("Cash", "100.00", ""),
        ("Cash", "2.00", "Fee"),
        ("Museum", "12.50", ""),
    ]
    with_net = (
        "2026-03-01,Ann,50.00,-2.00,48.00",
        "2026-03-02,Ben,-7.50,0.00,-7.50",
        "2026-03-03,Cid,-9.50,0.00,-9.50",
    )
    assert amounts(reading_of("Date,Name,Gross,Fee,Net", *with_net)) == ["-50.00", "2.00", "7.50", "9.50"]


def test_a_column_per_currency():
    lines = ("6/12/2026,BAKERY,-12.40,", "6/14/2026,FILMS,,-11.99", "6/15/2026,GARAGE,-129.12,")
    entries = reading_of("Transaction Date,Description,CAD$,USD$", *lines, home="CAD").entries
    assert [(str(one.amount), one.currency) for one in entries] == [
        ("12.40", "CAD"),
        ("11.99", "USD"),
        ("129.12", "CAD"),
    ]


def test_the_original_amount_belongs_in_the_note():
    line = "2026-08-20;Hotel;5.00;EUR;5.50;USD"
    [entry] = reading_of("Date;Payee;Amount;Currency;Original amount;Original currency", line).entries
    assert entry.note == "5.50 USD"


def test_sections_have_columns_and_currencies_of_their_own():
    reading = reading_of(
        "Card 8841",
        "Date,Merchant,Amount,Billed amount",
        "02/03/2026,Bakery,31.00,31.00",
        "Abroad,,,",
        "Date,Billing date,Merchant,Original amount,Original currency,Billed amount USD",
        "17/03/2026,02/04/2026,Songs,9.90,GBP,36.60",
    )
    assert [(one.title, str(one.amount), one.currency) for one in reading.entries] == [
        ("Bakery", "31.00", "EUR"),
        ("Songs", "36.60", "USD"),
    ]


def test_names_over_two_lines_and_text_on_the_next_line():
    reading = reading_of(
        "Transaction,,,,",
        ",Description,Debits,Credits,Balance",
        "date,,,,",
        "17/02/2026,CARD PURCHASE,600.00,,400.00",
        ",Paper shop,,,",
        "18/02/2026,CARD PURCHASE,100.00,,300.00",
        ",Fuel,,,",
    )
    assert [one.title for one in reading.entries] == ["CARD PURCHASE Paper shop", "CARD PURCHASE Fuel"]
    assert amounts(reading) == ["600.00", "100.00"]


def test_double_entry_becomes_expenses_and_transfers():
    lines = (
        "01/13/2026,a1,Bakery,Expenses:Food,12.50",
        ",,,Expenses:Home,3.00",
        ",,,Assets:Checking,-15.50",
        "01/14/2026,a2,Pay,Income:Salary,-900.00",
        ",,,Assets:Checking,900.00",
        "01/15/2026,a3,Saving,Assets:Savings,50.00",
        ",,,Assets:Checking,-50.00",
    )
    entries = reading_of("Date,Transaction ID,Description,Full Account Name,Amount Num.", *lines, home="USD").entries
    assert [(one.title, str(one.amount), one.kind) for one in entries] == [
        ("Bakery", "12.50", "spent"),
        ("Bakery", "3.00", "spent"),
        ("Pay", "-900.00", "received"),
        ("Saving", "50.00", "moved"),
    ]


@pytest.mark.parametrize(
    ("before", "name"),
    [("Period: 15.12.2025 - 14.01.2026;;", "x.csv"), ("Statement 2026;;", "x.csv"), ("", "card-2026-01.csv")],
)
def test_days_without_a_year(before, name):
    lines = [line for line in (before, "Datum;Text;Betrag") if line]
    days = (
        ("28.12.;Bakery;-3,20", "05.01.;Bus;-2,80")
        if "Period" in before
        else ("04.01.;Bakery;-3,20", "05.01.;Bus;-2,80")
    )
    found = [f"{one.spent_on}" for one in reading_of(*lines, *days, name=name).entries]
    assert found == (["2025-12-28", "2026-01-05"] if "Period" in before else ["2026-01-04", "2026-01-05"])


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("46037", "46038"), ("2026-01-15", "2026-01-16")),
        (("1768435200", "1768521600"), ("2026-01-15", "2026-01-16")),
        (("2026:01:15", "2026:01:16"), ("2026-01-15", "2026-01-16")),
        (("01/15/2026 as of 01/14/2026", "01/16/2026"), ("2026-01-15", "2026-01-16")),
        (("24 lug 2026. 02:59:45", "25 lug 2026. 02:59:45"), ("2026-07-24", "2026-07-25")),
        (("2026년 1월 15일", "2026년 1월 16일"), ("2026-01-15", "2026-01-16")),
        (("令和8年1月15日", "R8.1.16"), ("2026-01-15", "2026-01-16")),
        (("Ｒ０８．０１．１５", "R080116"), ("2026-01-15", "2026-01-16")),
        (("平成30年4月1日", "令和元年5月1日"), ("2018-04-01", "2019-05-01")),
        (("㋿8年1月15日", "平成31年4月30日"), ("2026-01-15", "2019-04-30")),
        (("中華民國115年1月15日", "115年1月16日"), ("2026-01-15", "2026-01-16")),
        (("1150115", "1150116"), ("2026-01-15", "2026-01-16")),
        (("15/01/69", "16/01/69"), ("2026-01-15", "2026-01-16")),
        (("15 ม.ค. พ.ศ. 2569", "16 ก.พ. 69"), ("2026-01-15", "2026-02-16")),
        (("15-1-6", "16-1-6 10:22"), ("2026-01-15", "2026-01-16")),
        (("15/01/2569", "16/01/2569"), ("2026-01-15", "2026-01-16")),
        (("115/01/15", "115/01/16"), ("2026-01-15", "2026-01-16")),
        (("15 ianuarie 2026", "16 februarie 2026"), ("2026-01-15", "2026-02-16")),
        (("2026. január 15.", "2026. február 16."), ("2026-01-15", "2026-02-16")),
        (("15 มกราคม 2569", "16 ก.พ. 2569"), ("2026-01-15", "2026-02-16")),
        (("15/Jan/2026", "16-Feb-2026"), ("2026-01-15", "2026-02-16")),
    ],
)
def test_notations_of_days(cells, days):
    lines = [f"{cell};Shop {at};-3,20" for at, cell in enumerate(cells)]
    assert tuple(f"{one.spent_on}" for one in reading_of("Datum;Text;Betrag", *lines).entries) == days


def test_days_without_any_year_are_the_latest_and_asked_about():
    table = table_of("Datum;Text;Betrag", "28.12.;Bakery;-3,20", "05.01.;Bus;-2,80")
    this_year = latest_year(1, 5)
    guessed = guess(table, "EUR")
    assert (table.year, guessed.asks.keys()) == (this_year, {"year"})
    days = [f"{one.spent_on}" for one in apply_mapping(table, guessed.asks["year"]).entries]
    assert days == [f"{this_year - 2}-12-28", f"{this_year - 1}-01-05"]
    leap = table_of("Datum;Text;Betrag", "29.02.;Bakery;-3,20", "05.03.;Bus;-2,80")
    assert apply_mapping(leap, guess_mapping(leap, "EUR")).problems == ()


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("before", ["Erstellt am 10.03.2026;;", "Zeitraum: 01.04.2024 - 10.03.2026;;"])
def test_rows_in_order_tell_how_often_the_year_turned(before, newest_first):
    days = [date(2024, 4, 2) + timedelta(days=20 * number) for number in range(36)]
    days[4], days[5] = days[5], days[4]  # booked a little later
    days = days[::-1] if newest_first else days
    lines = [f"{day:%d.%m.};Shop {number};-3,20" for number, day in enumerate(days)]
    assert [one.spent_on for one in reading_of(before, "Datum;Text;Betrag", *lines).entries] == days


def test_rows_in_no_order_are_of_the_twelve_months_before():
    days = [date(2025, 3, 20) + timedelta(days=number * 150 % 347) for number in range(30)]
    lines = [f"{day:%d.%m.};Shop {number};-3,20" for number, day in enumerate(days)]
    found = reading_of("Zeitraum: 15.03.2025 bis 10.03.2026;;", "Datum;Text;Betrag", *lines).entries
    assert [one.spent_on for one in found] == days


@pytest.mark.parametrize(
    ("before", "order"),
    [
        ("Period: 01/02/2026 - 28/02/2026;;", "%d/%m/%Y"),
        ("Period: 02/01/2026 - 02/28/2026;;", "%m/%d/%Y"),
        ("Statement period;1 February 2026 to 28 February 2026;", "%d/%m/%Y"),
        ("2026-02-01 – 2026-02-28;;", "%m/%d/%Y"),
    ],
)
def test_the_stated_period_settles_the_order_of_day_and_month(before, order):
    days = [date(2026, 2, day) for day in (9, 2, 11)]
    table = table_of(before, "Date;Text;Amount", *(f"{day.strftime(order)};Shop;-3.20" for day in days))
    guessed = guess(table, "EUR")
    assert "date_order" not in guessed.asks
    assert [one.spent_on for one in apply_mapping(table, guessed.mapping).entries] == days


def test_two_days_that_are_no_period_settle_nothing():
    table = table_of("Printed 05/02/2026; account opened 01/02/2019;", "Date;Text;Amount", "09/02/2026;Shop;-3.20")
    assert table.period is None
    assert "date_order" in guess(table, "EUR").asks


def test_days_without_a_year_may_start_with_the_month():
    table = table_of("Date;Text;Amount", "03/04;Bakery;-3.20", "03/25;Bus;-2.80")
    assert [one.spent_on.month for one in apply_mapping(table, guess_mapping(table, "EUR")).entries] == [3, 3]


def test_what_is_missing_against_the_closing_balance():
    lines = ("01.01.2026;A;-100,00;900,00", "01.02.2026;B;-100,00;800,00", "15.02.2026;C;-50,00;710,00")
    assert reading_of("Datum;Text;Betrag;Saldo", *lines, "16.02.2026;D;-10,00;700,00").gap == -40
    assert reading_of("Datum;Text;Betrag", "01.01.2026;A;-100,00").gap is None


@pytest.mark.parametrize(
    ("opening", "closing", "gap"),
    [
        ("Opening balance;;1.000,00", "Closing balance;;889,90", 0),
        ("Anfangssaldo: 1.000,00;;", "Endsaldo 31.12.2026;;889,90 EUR", 0),
        ("Saldo iniziale;;EUR;1.000,00", "Saldo finale;;EUR;849,90", -40),
        ("יתרת פתיחה;;100,00", "יתרת סגירה;;210,10", 0),
        ("期初余额;;100,00", "Closing;;210,10", None),
    ],
)
@pytest.mark.parametrize("is_above", [False, True])
def test_balances_in_lines_of_their_own(opening, closing, gap, is_above):
    rows = ("Datum;Text;Betrag", "01.03.2026;Bäckerei;-10,10", "04.03.2026;Miete;-100,00")
    lines = (opening, closing, *rows) if is_above else (rows[0], opening, *rows[1:], closing)
    reading = reading_of(*lines)
    assert (amounts(reading), reading.gap) == (["10.10", "100.00"], gap)


def test_a_pending_row_without_a_balance_is_no_gap():
    lines = ("2026-01-01,A,-10.00,90.00,Booked", "2026-01-02,B,-10.00,80.00,Booked", "2026-01-03,C,-5.00,,Pending")
    assert reading_of("Date,Title,Amount,Balance,Status", *lines).gap == 0


def test_two_columns_of_currencies_are_no_question():
    lines = ("6/12/2026;BAKERY;-12.40;", "6/14/2026;FILMS;;-11.99", "6/15/2026;GARAGE;-129.12;")
    assert guess(table_of("Date;Description;CAD$;USD$", *lines), "CAD").asks == {}


def test_titles_fall_back_row_by_row():
    lines = (
        "2026-03-01,,Interest,-37.49",
        "2026-03-14,Florist,Flowers,-12.00",
        "2026-03-16,4835-****-****-0000,Corner Dairy,-4.10",
    )
    more = ("2026-03-17,Harbour Books,two novels,-9.00", "2026-03-18,Town Gym,membership,-30.00")
    entries = reading_of("Date,Payee,Description,Amount", *lines, *more).entries
    assert [one.title for one in entries] == ["Interest", "Florist", "Corner Dairy", "Harbour Books", "Town Gym"]
    assert entries[1].note == "Flowers"


def test_balances_are_no_movements():
    lines = ("01/07/2026;Saldo Anterior;1.000,00", "02/07/2026;Padaria;-12,50", "03/07/2026;Total Fitness;-40,00")
    assert [one.title for one in reading_of("Data;Histórico;Valor", *lines, home="BRL").entries] == [
        "Padaria",
        "Total Fitness",
    ]


def test_the_account_is_told():
    entries = reading_of("Date,Payee,Amount,IBAN", "2026-03-01,Tea,-3.00,DE02100100100006820101").entries
    assert entries[0].account == "DE02100100100006820101"


def test_what_cannot_be_read_asks():
    assert needed_columns(guess_mapping(table_of("A;B;C", "x;y;z", "u;v;w"), "EUR"))


@pytest.mark.parametrize("figure", ["99.99", "1,234.56", "99,99", "1.234,56", "12"])
@pytest.mark.parametrize(
    ("amounts_in_file", "amounts_read"),
    [
        (["15.000", "250.000", "1.250.000"], ["15000", "250000", "1250000"]),
        (["15.000", "250.000", "35.500"], ["15000", "250000", "35500"]),
        (["15,000", "250,000", "1,250,000"], ["15000", "250000", "1250000"]),
    ],
)
@pytest.mark.parametrize("place", ["above", "footer", "balances"])
def test_figures_beside_the_entries_do_not_decide_their_notation(amounts_in_file, amounts_read, figure, place):
    rows = "".join(f"0{n}/03/2026;Tienda {n};{cell}\n" for n, cell in enumerate(amounts_in_file, 1))
    table = f"Fecha;Comercio;Importe\n{rows}"
    text = {
        "above": f"Saldo;{figure}\n{table}",
        "footer": f"{table}Total;;{figure}\nSubtotal;;{figure}\nTotal;;{figure}\nTotal general;;{figure}\n",
        "balances": f"{table}Saldo inicial;;{figure}\nSaldo final;;{figure}\n",
    }[place]
    found = read_file(text.encode(), "statement.csv")
    entries = apply_mapping(found, guess_mapping(found, "PYG")).entries
    assert [f"{one.amount}" for one in entries] == amounts_read


@pytest.mark.parametrize("word", ["Gehalt", "Kartenzahlung", "Überweisung", "Miete", "Firma Gehalt"])
@pytest.mark.parametrize("header", ["Empfänger", "Auftraggeber/Empfänger", "Payee", "Merchant"])
@pytest.mark.parametrize("more", [(), ("03.09.2026;Stadtwerke;Abschlag;60,00;", "04.09.2026;Gehalt;Bonus;;90,00")])
def test_a_payee_that_is_called_like_a_kind(word, header, more):
    lines = "01.09.2026;Bäckerei Müller;Brötchen;4,50;", f"02.09.2026;{word};September;;2.500,00"
    entries = reading_of(f"Buchungstag;{header};Verwendungszweck;Soll;Haben", *lines, *more).entries
    assert [one.title for one in entries][:2] == ["Bäckerei Müller", word]
    assert [str(one.amount) for one in entries][:2] == ["4.50", "-2500.00"]


def test_a_column_of_kinds_holds_no_payees_whatever_its_name():
    words = "Kartenzahlung", "Lastschrift", "Kartenzahlung", "Gehalt", "Sondertext"
    lines = (f"{day:02}.09.2026;{word};Laden {day} am Markt;4,50" for day, word in enumerate(words, 1))
    titles = [one.title for one in reading_of("Buchungstag;Empfänger;Verwendungszweck;Betrag", *lines).entries]
    assert titles == [f"Laden {day} am Markt" for day in range(1, 6)]
