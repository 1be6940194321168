"""Rows of other kinds between payments: money only moved, balances of a day, orders without a name, footers."""

from datetime import date

import pytest

from expenses.tests.statement_reading import latest_year, read_lines


@pytest.mark.parametrize(
    ("name", "out", "came"), [("收/支", "支出", "收入"), ("收支类型", "支", "收"), ("Direction", "OUT", "IN")]
)
@pytest.mark.parametrize("neither", ["/", " / ", "中性交易"])
def test_a_flag_that_says_neither_way_is_money_moved(name, out, came, neither):
    found = read_lines(
        f"Date;Merchant;{name};Amount;Method",
        f"2026-03-02;Corner Bakery;{out};12.40;Card",
        f"2026-03-05;Wallet change;{neither};500.00;Bank",
        f"2026-03-16;Lena Park;{came};25.00;Card",
        f"2026-03-17;Harbour Books;{out};45.00;Card",
    )
    assert not found.problems
    said = [(one.title, f"{one.amount}") for one in found.entries if one.kind != "moved"]
    assert said == [("Corner Bakery", "12.40"), ("Lena Park", "-25.00"), ("Harbour Books", "45.00")]
    assert [one.title for one in found.entries if one.kind == "moved"] == ["Wallet change"]


@pytest.mark.parametrize(
    "name",
    ["SALDO TOTAL DISPONÍVEL DIA", "Beginning balance as of 03/01/2026", "Kontostand am Monatsende", "Saldo hoy"],
)
def test_a_balance_between_rows_is_no_problem(name):
    rows = ("2026-03-02;Corner Bakery;-12.40;", f"2026-03-02;{name};;987.60", "2026-03-05;Books;-45.25;")
    found = read_lines("Date;Description;Amount;Balance", *rows)
    assert not found.problems
    assert [one.title for one in found.entries] == ["Corner Bakery", "Books"]


def test_a_payment_without_an_amount_is_a_problem_whatever_its_name():
    rows = ("2026-03-02;Corner Bakery;-12.40;", "2026-03-02;Total Station;;", "2026-03-05;Books;-45.25;")
    assert len(read_lines("Date;Description;Amount;Balance", *rows).problems) == 1


@pytest.mark.parametrize("code", ["a1b2c7", "9XK2PQ", "3f9a0c11e5"])
def test_a_kind_says_more_than_the_number_of_an_order(code):
    found = read_lines(
        "Date;Transaction ID;Transaction Type;Amount;Name of sender/receiver",
        "2026-03-02;d4e5f6;Card payment;-12.40;Corner Bakery",
        "2026-03-05;e5f6a7;Card payment;-45.25;Harbour Books",
        f"2026-03-16;{code};Cash withdrawal;-100.00;",
        "2026-03-17;b7c8d9;Card payment;-60.00;Town Gym",
    )
    assert [one.title for one in found.entries] == ["Corner Bakery", "Harbour Books", "Cash withdrawal", "Town Gym"]


@pytest.mark.parametrize("mark", ["'", ""])
@pytest.mark.parametrize("below", ["Saldo Awal : ", "Total credits", "Endsaldo"])
def test_sums_below_a_few_days_without_a_year(mark, below):
    found = read_lines(
        "Date;Description;Amount;Balance",
        f"{mark}01/03;Corner Bakery;-12.40;987.60",
        f"{mark}05/03;Harbour Books;-45.25;942.35",
        *[f"{below};100.00;;"] * 2,
        "Printed 31/03/2026;;;",
    )
    year = latest_year(3, 5)
    assert [one.spent_on for one in found.entries] == [date(year, 3, 1), date(year, 3, 5)]


@pytest.mark.parametrize(
    "kinds",
    [("簽帳消費", "薪資轉帳", "網銀轉帳"), ("刷卡消費", "薪資", "手續費"), ("ＡＴＭ轉帳", "匯入匯款", "自動扣繳")],
)
def test_kinds_of_taiwan_are_no_payees(kinds):
    first, second, third = kinds
    found = read_lines(
        "日期;摘要;提;存;餘額;存摺備註",
        f"115/03/02;{first};124;;876;街角麵包店",
        f"115/03/16;{second};;21500;22376;橡木木工",
        f"115/03/20;{third};8300;;14076;公園房屋",
    )
    assert [one.title for one in found.entries] == ["街角麵包店", "橡木木工", "公園房屋"]


@pytest.mark.parametrize(
    "kind",
    ["Bankgutschrift auf PayPal-Konto", "Virement bancaire sur le compte PayPal", "Bank Deposit to PayPal account"],
)
def test_a_name_with_a_capital_inside_is_a_word_too(kind):
    found = read_lines(
        "Datum;Beschreibung;Betrag;Name",
        "30.03.2026;Handyzahlung;-12,40;Bäckerei Krume",
        f"30.03.2026;{kind};12,40;",
        "24.03.2026;Handyzahlung;-45,25;Buchladen Eule",
    )
    assert [one.title for one in found.entries if one.kind != "moved"] == ["Bäckerei Krume", "Buchladen Eule"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Между своими счетами", "moved"),
        ("Umbuchung", "moved"),
        ("Transfer between own accounts", "moved"),
        ("Between own accounts cafe", ""),
        ("Transfer", ""),
    ],
)
def test_a_title_that_is_nothing_but_an_own_transfer(title, kind):
    shops = [f"2026-03-02;Bakery {letter};-12.40" for letter in "ABCDEFGHIJKLM"]
    found = read_lines("Date;Description;Amount", f"2026-03-05;{title};-300.00", *shops)
    assert [str(one.kind) for one in found.entries] == [kind, *[""] * len(shops)]


@pytest.mark.parametrize(
    "own", ["Card currency amount, (EUR)", "Account currency amount (EUR)", "Billing currency amount (EUR)"]
)
def test_the_amount_in_the_currency_of_the_card_counts(own):
    found = read_lines(
        f"Date and time;Description;{own};Operation amount;Operation currency;Exchange rate;Commission, (EUR);Balance",
        "30.03.2026 12:10:11;Corner Bakery;-124.00;-124.00;EUR;—;—;9876.00",
        "27.03.2026 10:00:00;Acorn Works;21500.00;21500.00;EUR;—;—;10000.00",
        "25.03.2026 18:00:00;Cash machine;-505.00;-505.00;EUR;—;5.00;-11500.00",
        "24.03.2026 10:00:00;Cafe Paris;-450.50;-10.00;USD;45.05;—;-10995.00",
        "20.03.2026 10:00:00;Harbour Books;152.50;152.50;EUR;—;—;-10544.50",
    )
    assert "450.50" in [f"{one.amount}" for one in found.entries if one.title == "Cafe Paris"]


@pytest.mark.parametrize("status", ["RÜCKGÄNGIG GEMACHT", "ANNULÉ", "ÅTERFÖRD", "TILBAKEFØRT", "teruggeboekt"])
def test_payments_that_were_reverted(status):
    rows = (f"2026-03-02;Fuel Stop;-100.00;{status}", "2026-03-05;Books;-45.25;Completed")
    assert [one.status for one in read_lines("Date;Description;Amount;Status", *rows).entries] == [
        "cancelled",
        "booked",
    ]


def test_an_amount_before_its_conversion_beside_both_ways():
    found = read_lines(
        "Einkaufsdatum;Buchungstext;Betrag;Originalwährung;Kurs;Währung;Belastung;Gutschrift",
        "30.03.2026;Bäckerei Steiner;8.60;EUR;;EUR;8.60;",
        "27.03.2026;Diner Six;24.10;USD;0.9710;EUR;23.40;",
        "20.03.2026;Modehaus Alm;49.90;EUR;;EUR;;49.90",
        "15.03.2026;Zahlung;412.00;EUR;;EUR;;412.00",
    )
    assert [f"{one.amount}" for one in found.entries] == ["8.60", "23.40", "-49.90", "-412.00"]


@pytest.mark.parametrize("paid", ["ZAHLUNG/ÜBERWEISUNG ERHALTEN BESTEN DANK", "PAIEMENT RECU", "BETALING ONTVANGEN"])
@pytest.mark.parametrize("fee", ["KARTENENTGELT", "COTISATION ANNUELLE", "MEMBERSHIP FEE"])
def test_fees_and_payments_tell_that_a_plus_was_spent(paid, fee):
    found = read_lines(
        "Datum;Beschreibung;Betrag",
        "30.03.2026;BROTSTUBE AHRENS;7,85",
        f"24.03.2026;{paid};-412,00",
        "20.03.2026;MODEHAUS PETERSEN;-39,95",
        f"16.03.2026;{fee};12,00",
        "12.03.2026;DINER SIX;64,00",
    )
    assert [f"{one.amount}" for one in found.entries] == ["7.85", "-412.00", "-39.95", "12.00", "64.00"]


def test_the_payer_of_what_is_spent_did_not_send_a_refund():
    found = read_lines(
        "Date;Description;Payer;Amount",
        "2026-03-20;Cloud Hosting;M Muster;-18.50",
        "2026-03-18;Paper Works;M Muster;-320.00",
        "2026-03-16;Invoice 88;Kunde Weber;1190.00",
        "2026-03-11;Office Store;M Muster;42.10",
        "2026-03-10;Car Park;M Muster;-30.00",
    )
    assert [one.title for one in found.entries][2:4] == ["Kunde Weber", "Office Store"]


def test_names_beside_accounts_in_a_table_without_names_of_columns():
    found = read_lines(
        "02-03-2026;NL02TRIO0000000001;12,40;Debet;Bakker Brood;;BA;Bakker Brood 02-03-2026 10:11;987,60",
        "04-03-2026;NL02TRIO0000000001;70,00;Debet;;;GM;Geldmaat Vredenburg 04-03-2026;917,60",
        "05-03-2026;NL02TRIO0000000001;143,00;Debet;Stroom en Gas;NL11INGB0000000003;IC;Termijn maart 88;774,60",
        "12-03-2026;NL02TRIO0000000001;18,00;Credit;J Keller;NL11RABO0000000004;ET;Betaalverzoek etentje;792,60",
        "10-03-2026;NL02TRIO0000000001;3,00;Debet;;;KN;Kosten rekening maart;789,60",
    )
    titles = ["Bakker Brood", "Geldmaat Vredenburg 04-03-2026", "Stroom en Gas", "J Keller", "Kosten rekening maart"]
    assert [one.title for one in found.entries] == titles


@pytest.mark.parametrize("kind", ["Reservert", "Vorgemerkt", "Pending", "Reserverat"])
def test_a_kind_that_is_called_pending(kind):
    rows = (f"2026-03-31;Coffee Cart;{kind};-5.20", "2026-03-30;Town Gym;Storno;60.00", "2026-03-28;Books;Visa;-45.25")
    found = read_lines("Date;Description;Type;Amount", *rows)
    assert [str(one.status) for one in found.entries] == ["pending", "booked", "booked"]


def test_a_kind_of_most_rows_is_not_their_status():
    rows = (
        "2026-03-02;Bakery;Authorization;-12.40",
        "2026-03-03;Gym;Authorization;-60.00",
        "2026-03-05;Lena;Credit;9.00",
    )
    found = read_lines("Date;Description;Type;Amount", *rows)
    assert [str(one.status) for one in found.entries] == ["booked"] * 3


@pytest.mark.parametrize("title", ["Pension Alpenblick", "Retour Mode", "Rente Plus"])
def test_titles_that_sound_like_money_received_dont_turn_minuses_alone(title):
    rows = [f"2026-03-0{day};{name};-{day}0.00" for day, name in enumerate((title, f"{title} 2", "Bakery", "Gym"), 1)]
    found = read_lines("Date;Description;Amount", *rows)
    assert all(one.amount > 0 for one in found.entries)


def test_a_title_speaks_for_a_sign_only_once():
    rows = [f"2026-03-0{day};{name};-{day}0.00" for day, name in enumerate(("Rente Plus", "Rente Plus", "Bakery"), 1)]
    found = read_lines("Date;Description;Amount", *rows, "2026-03-09;Acorn Works;2150.00")
    assert [one.amount > 0 for one in found.entries] == [True, True, True, False]


@pytest.mark.parametrize("status", ["Refunded", "Partially refunded"])
def test_a_refunded_row_with_signs_stays_because_its_refund_has_a_row_of_its_own(status):
    rows = (
        f"2026-03-02;Shoes;{status};-45.25",
        "2026-03-05;Shoes;Completed;45.25",
        "2026-03-06;Bakery;Completed;-3.20",
    )
    found = read_lines("Date;Description;Status;Amount", *rows, "2026-03-07;Gym;Completed;-60.00")
    assert [str(one.amount) for one in found.entries if one.status != "cancelled"][:2] == ["45.25", "-45.25"]


@pytest.mark.parametrize(("above", "below"), [((), ()), (("Client M Muster", ""), ()), ((), ("", "Page 1"))])
def test_apostrophes_around_cells_between_other_lines(above, below):
    rows = ("'2026-03-02';'Bakery';-12.40", "'2026-03-05';'Books; used';-45.25", "'2026-03-06';'Gym';-60.00")
    found = read_lines(*above, "Date;Description;Amount", *rows, *below)
    assert [one.title for one in found.entries] == ["Bakery", "Books; used", "Gym"]
