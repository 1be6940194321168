"""Exports of trackers: both accounts in a row, kinds and categories that move money, titles without a note."""

import pytest

from expenses.statements import Reading, from_and_to, read_file
from expenses.tests.statement_reading import read_lines


def read(*lines: str) -> list[tuple[str, str, str]]:
    """The title, the amount and the kind of each row."""
    return [(one.title, f"{one.amount}", one.kind) for one in read_lines(*lines).entries]


FROM_AND_TO = (
    ("2026-03-05", "{spent}", "Wallet", "Bakery", "12.40", "Luna"),
    ("2026-03-04", "{spent}", "Bank", "Books", "45.25", ""),
    ("2026-03-03", "{moved}", "Bank", "Wallet", "60.00", ""),
    ("2026-03-02", "{received}", "Wages", "Bank", "2150.00", ""),
)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Date,Type,From,To,Amount,Note", ("Expense", "Transfer", "Income")),
        ("ДАТА,ТИП,СО СЧЁТА,НА СЧЁТ / НА КАТЕГОРИЮ,СУММА,ЗАМЕТКИ", ("Расход", "Перевод", "Доход")),
        ("Datum,Typ,Von,Nach,Betrag,Notiz", ("Ausgabe", "Umbuchung", "Einnahme")),
    ],
)
def test_an_account_on_either_side_of_a_category(header, words):
    names = dict(zip(("spent", "moved", "received"), words, strict=True))
    rows = [",".join(row).format(**names) for row in FROM_AND_TO]
    wanted = [("Luna", "12.40", "spent"), ("Books", "45.25", "spent"), ("Wages", "-2150.00", "received")]
    assert [one for one in read(header, *rows) if one[2] != "moved"] == wanted
    assert [one for one in read(header, *rows, "Page 1 of 2") if one[2] != "moved"] == wanted


def test_many_columns_of_kinds_are_looked_at_once(monkeypatch):
    """Each pair of 60 columns for each of them would be 13 million looks in this file."""
    looks, original = [], from_and_to.is_number
    monkeypatch.setattr(from_and_to, "is_number", lambda text: looks.append(text) or original(text))
    names = ",".join(["Date", "Amount"] + ["Type"] * 58)
    rows = [f"2026-03-02,{n}.50," + ",".join([("Expense", "Income")[n % 2]] * 58) for n in range(2000)]
    read_file("\n".join([names, *rows]).encode(), "statement.csv")
    assert 0 < len(looks) < 2000 * 60


def test_names_on_either_side_are_no_accounts():
    wanted = [("Luna", "12.40", "spent"), ("Harbour", "45.25", "spent"), ("Acorn", "-2150.00", "received")]
    rows = ["2026-03-05,Expense,Mia Muster,Luna,12.40,rolls", "2026-03-04,Expense,Mia Muster,Harbour,45.25,books"]
    last = "2026-03-02,Income,Acorn,Mia Muster,2150.00,March"
    assert read("Date,Type,Payer,Payee,Amount,Note", *rows, last) == wanted


def test_an_account_in_brackets_is_no_category():
    rows = ["2026-03-05;Luna;12.40;;Bakery", "2026-03-04;;200.00;;[Savings]", "2026-03-03;Acorn;;2150.00;[Available]"]
    assert [one[2] == "moved" for one in read("Date;Payee;Expense;Income;Category", *rows)] == [False, True, False]


def test_a_transfer_without_a_category_between_several_accounts():
    head = "Account,Date,Payee,Category,Amount,Place"
    rows = ["Giro,2026-03-05,Luna,Bakery,-12.40,", "Giro,2026-03-04,,,-200.00,Transfer Out"]
    more = ["Savings,2026-03-04,,,200.00,Transfer In", "Giro,2026-03-03,Acorn,Wages,2150.00,"]
    assert [one[2] for one in read(head, *rows, *more)][1:3] == ["moved", "moved"]


def test_a_refund_among_kinds_came_back():
    head = "时间,分类,二级分类,类型,金额,账户1,账户2,备注"
    rows = [
        "2026-03-05,餐饮,早餐,支出,12.4,支付宝,,月光面包店",
        "2026-03-04,购物,图书,支出,45.25,招商银行卡,,港湾书店",
        "2026-03-03,转账,,转账,200,招商银行卡,支付宝,",
        "2026-03-02,工资,,收入,8150,招商银行卡,,橡树公司",
        "2026-03-01,购物,衣服,退款,39.95,支付宝,,北方外套",
    ]
    assert read(head, *rows)[-1] == ("北方外套", "-39.95", "spent")


def test_a_category_says_more_than_the_word_for_income():
    rows = ["2026-03-05,支出,餐饮,12.40,月光面包店", "2026-03-04,支出,书籍,45.25,", "2026-03-02,支出,交通,18.00,去机场"]
    assert read("日期,收支类型,类别,金额,备注", *rows, "2026-03-03,收入,工资,8150.00,")[-1][0] == "工资"


def test_a_sales_report_whose_fees_have_a_minus():
    head = "Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net"
    rows = [
        "2026-03-05,Sale,Payment for Order #41,,EUR,29.99,-1.44,28.55",
        "2026-03-04,Fee,Listing,,EUR,--,-0.16,-0.16",
    ]
    wanted = [("Payment for Order #41", "-29.99"), ("Payment for Order #41", "1.44"), ("Listing", "0.16")]
    last = [("Refund for Order #40", "12.00"), ("Refund for Order #40", "-0.60")]
    found = read(head, *rows, "2026-03-03,Refund,Refund for Order #40,,EUR,-12.00,0.60,-11.40")
    assert [one[:2] for one in found] == [*wanted, *last]


def test_a_ledger_with_nothing_but_kinds():
    head = "txid,refid,time,type,subtype,aclass,asset,wallet,amount,balance"
    rows = ["L1AA,R1AA,2026-03-05,deposit,,currency,EUR,spot / main,500.00,500.00"]
    rows += ["L2AA,R2AA,2026-03-06,spend,,currency,EUR,spot / main,-120.00,380.00"]
    found = read(head, *rows, "L3AA,R3AA,2026-03-07,withdrawal,,currency,EUR,spot / main,-80.00,300.00")
    assert [one[:2] for one in found] == [("deposit", "-500.00"), ("spend", "120.00"), ("withdrawal", "80.00")]


def test_an_initiated_time_comes_before_a_posted_one():
    head = "Initiated time,Posted time,Amount,To/From,Memo"
    rows = ["2026-03-31,2026-04-01,-12.40,Luna,rolls", "2026-03-27,2026-03-28,2150.00,Acorn,March"]
    assert [f"{one.spent_on}" for one in read_lines(head, *rows).entries] == ["2026-03-31", "2026-03-27"]


def test_accounts_that_name_the_other_side():
    head = "Dato;Inn på konto;Ut fra konto;Til konto;Til kontonummer;Fra konto;Fra kontonummer;Type;Melding"
    rows = ["2026-03-31;;-124;Bakeri Måne;;Brukskonto;12345678901;Betaling;Varekjøp"]
    rows += ["2026-03-27;21500;;Brukskonto;12345678901;Eik Snekkeri;98765432109;Overføring;Lønn"]
    rows += ["2026-03-25;;-640;Sør Kraft;23456789012;Brukskonto;12345678901;Betaling;Strøm"]
    assert [one[0] for one in read(head, *rows)] == ["Bakeri Måne", "Eik Snekkeri", "Sør Kraft"]


@pytest.mark.parametrize(
    ("payee", "purpose", "kind"),
    [
        ("Karin Schmidt", "Umbuchung auf Karin Schmidt", ""),
        ("Karin Schmidt", "Umbuchung auf Tagesgeld", "moved"),
        ("Umbuchung auf Tagesgeld", "", "moved"),
    ],
)
def test_a_transfer_to_a_person_whom_the_row_names(payee, purpose, kind):
    rows = ["31.03.2026;Brotstube Ahrens;Kartenzahlung;-12,40", f"28.03.2026;{payee};{purpose};-200,00"]
    last = "27.03.2026;Holzbau Linde GmbH;Gehalt;2.150,00"
    assert read("Buchungstag;Empfänger;Verwendungszweck;Betrag", *rows, last)[1][2] == kind


def test_a_way_of_paying_in_place_of_a_name_in_ofx():
    names = "<NAME>POINT OF SALE DEBIT<MEMO>CORNER BAKERY SEATTLE", "<NAME>ACORN WORKS<MEMO>PAYROLL"
    moves = [f"<STMTTRN><TRNTYPE>POS<DTPOSTED>20260331<TRNAMT>-12.40{name}</STMTTRN>" for name in names]
    text = f"OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>USD<BANKTRANLIST>{''.join(moves)}</BANKTRANLIST></STMTRS></OFX>"
    reading = read_file(text.encode(), "statement.ofx")
    assert isinstance(reading, Reading)
    assert [(one.title, one.note) for one in reading.entries] == [
        ("CORNER BAKERY SEATTLE", "POINT OF SALE DEBIT"),
        ("ACORN WORKS", "PAYROLL"),
    ]


def test_one_column_names_payers_and_payees():
    head = "Buchungstag;Auftragsart;Betrag;Auftraggebername;Auftraggeber BLZ;Buchungsinformationen"
    rows = ["30.03.2026;Kartenzahlung;-7,85;Brotstube Ahrens;INGDDEFFXXX;2026-03-28T08:12 Debitk.4"]
    rows += ["27.03.2026;Gehalt;2.410,33;Holzbau Linde GmbH;BELADEBEXXX;Gehalt 03/26"]
    rows += ["24.03.2026;Lastschrift;-64,00;Stadtwerke Süd;SOLADEST600;Abschlag"]
    assert [one[0] for one in read(head, *rows)] == ["Brotstube Ahrens", "Holzbau Linde GmbH", "Stadtwerke Süd"]


def test_money_manager_calls_titles_contents_in_korean():
    head = "날짜,자산,분류,소분류,내용,KRW,수입/지출,메모,금액,화폐"
    rows = ["2026-03-31 08:12:00,신한카드,식비,베이커리,달빛제과,12400,지출,,12400,KRW"]
    rows += ["2026-03-30 19:30:00,신한카드,문화,도서,항구서점,45000,지출,선물,45000,KRW"]
    rows += ["2026-03-28 10:00:00,국민은행,저축통장,,,200000,이체출금,,200000,KRW"]
    found = read(head, *rows, "2026-03-27 09:00:00,국민은행,급여,,참나무상사,2150000,수입,,2150000,KRW")
    assert [one[0] for one in found if one[2] != "moved"] == ["달빛제과", "항구서점", "참나무상사"]
