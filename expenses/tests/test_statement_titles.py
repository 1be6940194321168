"""Which of a row's texts is its title when the column of merchants says nothing, and values with labels."""

import pytest

from expenses.statements import Entry, Table, apply_mapping, read_file
from expenses.statements.guess import guess
from expenses.tests.statement_reading import read_lines


def entries_of(*lines: str, home: str = "EUR") -> tuple[Entry, ...]:
    table = read_file("\n".join(lines).encode(), "statement.csv")
    assert isinstance(table, Table)
    return apply_mapping(table, guess(table, home).mapping).entries


def titles_of(*lines: str) -> list[str]:
    return [one.title for one in entries_of(*lines)]


LABELLED = """\
Data operacji;Typ transakcji;Kwota;Opis transakcji;;;
2026-03-30;Płatność kartą;-12,40;Tytuł: 010000000 00001;Lokalizacja: PIEKARNIA ROGAL;Karta: 42**01;
2026-03-27;Przelew na konto;2150,00;Rachunek: 00 1140;Nazwa nadawcy: STOLARNIA DĄB;Tytuł: Pensja marzec;
2026-03-22;Przelew z rachunku;-830,00;Rachunek: 00 1020;Nazwa odbiorcy: OSIEDLE LIPA;Tytuł: Czynsz marzec;
2026-03-20;Zwrot płatności;15,25;Tytuł: 010000000 00002;Lokalizacja: KSIĘGARNIA PORT;Karta: 42**01;
"""


def test_values_with_labels_in_columns_without_names():
    found = entries_of(*LABELLED.splitlines())
    titles = [one.title for one in found]
    assert titles == ["PIEKARNIA ROGAL", "STOLARNIA DĄB", "OSIEDLE LIPA", "KSIĘGARNIA PORT"]
    assert "Czynsz marzec" in found[2].note


def test_labels_that_name_no_party_stay_in_their_cells():
    text = LABELLED.replace("Nazwa nadawcy", "Kolor").replace("Nazwa odbiorcy", "Zapach")
    table = read_file(text.encode(), "statement.csv")
    assert isinstance(table, Table)
    assert table.header[:4] == ("Data operacji", "Typ transakcji", "Kwota", "Opis transakcji")
    assert "Kolor: STOLARNIA DĄB" in table.rows[1]


def test_apostrophes_around_some_of_the_cells():
    found = entries_of(
        "Cuenta,Fecha,Descripción,Cargo/Abono,Importe,Concepto",
        "'000001','02032026','COMPRA TPV','-',124.00,'PANADERIA, ESQUINA'",
        "'000001','16032026','ABONO SPEI','+',21500.00,'NOMINA MARZO'",
        "'000001','20032026','DEVOLUCION','+',152.50,'LIBRERIA PUERTO'",
        home="MXN",
    )
    assert [(f"{one.spent_on}", f"{one.amount}") for one in found] == [
        ("2026-03-02", "124.00"),
        ("2026-03-16", "-21500.00"),
        ("2026-03-20", "-152.50"),
    ]
    assert found[0].title == "PANADERIA, ESQUINA"


@pytest.mark.parametrize("text", ["'n Beetje", "Rock 'n' roll", "O'Neill's"])
def test_apostrophes_in_texts_stay(text):
    found = entries_of("Date,Payee,Amount", f"2026-03-02,{text},-12.40", "2026-03-05,Books,-45.25")
    assert [one.title for one in found] == [text, "Books"]


def test_notes_come_before_the_kinds_of_a_column_called_type():
    titles = titles_of(
        "Date,Transaction Type,Amount,Notes,Name of sender/receiver,Account",
        "2026-03-30,Cash Card,-12.40,Corner Bakery,,Your Cash",
        "2026-03-28,P2P,-25.00,dinner,Lena Park,Your Cash",
        "2026-03-27,P2P,40.00,concert,Tom Field,Your Cash",
        "2026-03-24,Cash Card,15.25,Harbour Books,,Your Cash",
        "2026-03-22,ATM Withdrawal,-62.50,,,Your Cash",
    )
    assert titles == ["Corner Bakery", "Lena Park", "Tom Field", "Harbour Books", "ATM Withdrawal"]


def test_channels_and_equal_cells_are_no_titles():
    titles = titles_of(
        "交易日期,摘要,交易场所,钞/汇,收入,支出,余额,对方户名",
        "2026-03-30,消费,财付通,钞,,12.40,987.60,街角面包店",
        "2026-03-27,工资,网上银行,钞,2150.00,,1000.00,橡木公司",
        "2026-03-24,手续费,手机银行,钞,,2.00,-1150.00,",
        "2026-03-21,利息,,钞,0.12,,-1148.00,",
    )
    assert titles == ["街角面包店", "橡木公司", "手续费", "利息"]


def test_the_type_of_a_record_is_no_title():
    titles = titles_of(
        "0,,,ACC-NO,000000001,",
        "HIST,20260302,-12.40,CARD PURCHASE,CORNER BAKERY 0001,0001",
        "HIST,20260305,-15.20,CASH WITHDRAWAL FEE,,0001",
        "HIST,20260316,21500.00,SALARY/WAGES,ACORN WORKS,0001",
        "HIST,20260318,152.50,CARD REFUND,HARBOUR BOOKS,0001",
    )
    assert titles == ["CORNER BAKERY 0001", "CASH WITHDRAWAL FEE", "ACORN WORKS", "HARBOUR BOOKS"]


def test_a_bank_and_the_end_of_its_account_are_no_title():
    titles = titles_of(
        "Date,Type,Note,From,To,Amount,Funding Source,Destination",
        "2026-03-02,Payment,dinner,Mia Muster,Lena Park,- $25.00,Venmo balance,",
        "2026-03-05,Payment,concert,Tom Field,Mia Muster,+ $40.00,,Venmo balance",
        "2026-03-09,Charge,rent,Lena Park,Mia Muster,- $830.00,Bank *0001,",
        "2026-03-16,Standard Transfer,,,,- $50.00,Venmo balance,Bank *0001",
    )
    assert titles == ["Lena Park", "Tom Field", "Lena Park", "Standard Transfer"]


@pytest.mark.parametrize("names", ["操作日(年),操作日(月),操作日(日)", "Year,Month,Day", "Año,Mes,Día"])
def test_columns_for_the_year_the_month_and_the_day(names):
    found = entries_of(
        f"{names},摘要,お支払金額,お預り金額,残高",
        "2026,3,2,カドベーカリー,1240,,298760",
        "2026,3,16,給与　オークモクコウ,,215000,513760",
        "2026,12,31,利息,,12,513772",
        "合計,,,,1240,215012,",
        home="JPY",
    )
    assert [f"{one.spent_on} {one.amount}" for one in found] == [
        "2026-03-02 1240",
        "2026-03-16 -215000",
        "2026-12-31 -12",
    ]


def test_charges_of_this_month_count_and_not_the_whole_purchase():
    found = entries_of(
        "Fecha,Descripción,Valor Original,Cargos y Abonos,Saldo a Diferir,Cuotas",
        '28/03/2026,PANADERIA,"12,400.00","12,400.00",0.00,1/1',
        '18/03/2026,TIENDA,"1,200,000.00","100,000.00","900,000.00",3/12',
        '20/03/2026,DEVOLUCION,"-15,250.00","-15,250.00",0.00,',
        home="COP",
    )
    assert [f"{one.amount}" for one in found] == ["12400.00", "100000.00", "-15250.00"]


def test_a_note_in_one_row_is_no_title():
    found = entries_of(
        "Transaction Date,Details,Notes,Debit,Credit,Balance,Original Description",
        "2026-03-30,Corner Bakery,,12.40,,987.60,CORNER BAKERY SYDNEY AU",
        "2026-03-27,Acorn Works,,,2150.00,3137.60,From ACORN WORKS PTY LTD - salary",
        "2026-03-26,ATM Withdrawal,,60.00,,3077.60,ATM GEORGE ST SYDNEY",
        "2026-03-22,Lena Park,flat 4,830.00,,2247.60,To LENA PARK - rent",
        "2026-03-18,Interest Paid,,,0.12,2247.72,INTEREST PAID",
    )
    assert "flat 4" in found[3].note
    assert "lena park" in found[3].title.casefold()


def test_dashes_are_no_note_and_other_is_no_title():
    found = entries_of(
        "记账日期,金额,余额,交易名称,渠道,附言,对方账户名",
        "2026-03-30,-12.40,987.60,网上快捷支付,银企对接,财付通-街角面包店,财付通-街角面包店",
        "2026-03-27,2150.00,3137.60,代发工资,其他,三月工资,橡木公司",
        "2026-03-24,-830.00,2307.60,网上银行转账,手机银行,物业费,公园物业",
        "2026-03-21,0.12,2307.72,结息,其他,--------,--------",
        home="CNY",
    )
    assert (found[3].title, found[3].note) == ("结息", "")


def test_a_merchant_may_be_called_like_a_channel():
    rows = ("2026-03-02,Online Banking,ref 310,-12.40", "2026-03-03,Gym,ref 311,-60.00")
    assert titles_of("Date,Merchant,Memo,Amount", *rows) == ["Online Banking", "Gym"]


def test_codes_of_banks_are_no_titles_but_names_of_that_length_are():
    rows = [("INGDDEFFXXX", "Bakery Moon"), ("BELADEBEXXX", "Books by the Sea"), ("SOLADEST600", "City Power")]
    reading = read_lines(
        "Date;Payee BIC;Text;Amount", *(f"2026-03-0{at};{a};{b};-5" for at, (a, b) in enumerate(rows, 1))
    )
    assert [one.title for one in reading.entries] == [text for _bank, text in rows]
    reading = read_lines(
        "Date;Payee;Amount", "2026-03-01;BOOKSHOP;-5", "2026-03-02;SEASHELL;-6", "2026-03-03;PIZZERIA;-7"
    )
    assert [one.title for one in reading.entries] == ["BOOKSHOP", "SEASHELL", "PIZZERIA"]


def test_merchants_that_look_like_codes_are_kept():
    rows = "2026-03-02;GreenCafeUKLtd24;Card;-5", "2026-03-03;MoonBakeryLeeds3;Card;-6"
    reading = read_lines("Date;Description;Type;Amount", *rows)
    assert [one.title for one in reading.entries] == ["GreenCafeUKLtd24", "MoonBakeryLeeds3"]
    rows = "2026-03-02;SHOP-OAK-48213;gift;-5", "2026-03-03;SHOP-ELM-20261;;-6", "2026-03-04;ELM-TRIP-99217;work;-7"
    reading = read_lines("Date;Merchant;Notes;Amount", *rows)
    assert all(row.split(";")[1] in f"{one.title} {one.note}" for row, one in zip(rows, reading.entries, strict=True))


def test_names_of_few_letters_in_a_column_of_descriptions_are_titles():
    rows = "2026-03-02;Card payment;C&A;-5", "2026-03-03;Card payment;O2;-6", "2026-03-04;Card payment;Oak Books;-7"
    reading = read_lines("Date;Type;Description;Amount", *rows, "2026-03-05;Cash withdrawal;CW;-8")
    assert [one.title for one in reading.entries] == ["C&A", "O2", "Oak Books", "Cash withdrawal"]
