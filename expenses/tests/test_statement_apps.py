"""Exports of finance apps: which rows were spent, only moved or received, without a choice by a person.

The files have the columns and conventions of each app's export, and invented rows.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from expenses.statements import Table, apply_mapping, guess_mapping, needed_columns, read_file

FILES = Path(__file__).parent / "statements"
MOVED = [("812.40", "moved"), ("300.00", "moved")]
# What the app's file says of each amount. "" leaves it to the model.
WANTED = {
    "copilot.csv": {("2450", "received"), ("64.18", "spent"), *MOVED, ("89.95", "spent"), ("1.12", "received")},
    "ezbookkeeping.csv": {("2450", "received"), ("64.18", "spent"), *MOVED, ("1.12", "received")},
    "firefly.csv": {("2450", "received"), ("64.18", "spent"), *MOVED, ("1.12", "received")},
    "mint.csv": {("2450", "received"), ("64.18", ""), *MOVED, ("89.95", ""), ("1.12", "received")},
    "monarch.csv": {("2450", "received"), ("64.18", ""), *MOVED, ("89.95", ""), ("1.12", "received")},
    "money_manager.csv": {("2450", "received"), ("64.18", "spent"), *MOVED, ("1.12", "received")},
}
CAME_IN = {Decimal(2450), Decimal("89.95"), Decimal("1.12")}
# Expense, income and transfer, as apps name them in each language.
WORDS = """
en Expense Income Transfer
he הוצאה הכנסה העברה
de Ausgabe Einnahme Umbuchung
fr Dépense Revenu Transfert
es Gasto Ingreso Transferencia
it Spesa Entrata Trasferimento
nl Uitgave Inkomsten Overboeking
pt Despesa Receita Transferência
pl Wydatek Przychód Przelew
cs Výdaj Příjem Převod
sk Výdavok Príjem Prevod
hu Kiadás Bevétel Átvezetés
ro Cheltuială Venit Transfer
bg Разход Приход Трансфер
hr Trošak Prihod Prijenos
sl Odhodek Prihodek Prenos
lt Išlaidos Pajamos Pervedimas
lv Izdevumi Ienākumi Pārskaitījums
et Kulu Tulu Ülekanne
fi Meno Tulo Siirto
sv Utgift Inkomst Överföring
da Udgift Indtægt Overførsel
nb Utgift Inntekt Overføring
is Útgjöld Tekjur Millifærsla
tr Gider Gelir Transfer
el Έξοδα Έσοδα Μεταφορά
ru Расход Доход Перевод
uk Витрата Дохід Переказ
ar مصروف دخل تحويل
fa هزینه درآمد انتقال
ja 支出 収入 振替
zh 支出 收入 转账
ko 지출 수입 이체
id Pengeluaran Pemasukan Transfer
ms Perbelanjaan Pendapatan Pemindahan
th รายจ่าย รายรับ โอน
vi Chi_tiêu Thu_nhập Chuyển_khoản
"""


def entries_of(data: bytes, name: str):
    table = read_file(data, name)
    assert isinstance(table, Table)
    mapping = guess_mapping(table, "USD")
    assert not needed_columns(mapping)
    reading = apply_mapping(table, mapping)
    assert not reading.problems
    return reading.entries


@pytest.mark.parametrize("name", sorted(WANTED))
def test_an_apps_export_says_what_was_moved_and_received(name):
    entries = entries_of((FILES / name).read_bytes(), name)
    found = {(abs(entry.amount), str(entry.kind)) for entry in entries}
    assert {(Decimal(amount), kind) for amount, kind in WANTED[name]} <= found
    assert {kind for _amount, kind in found} <= {"spent", "moved", "received", ""}
    for entry in entries:
        if entry.kind != "moved":
            assert (entry.amount < 0) == (abs(entry.amount) in CAME_IN)


@pytest.mark.parametrize("name", ["mint.csv", "monarch.csv"])
def test_an_apps_category_names_the_income(name):
    categories = {abs(entry.amount): entry.category for entry in entries_of((FILES / name).read_bytes(), name)}
    assert (categories[Decimal(2450)], categories[Decimal("1.12")]) == ("salary", "interest")


def test_a_category_says_nothing_of_a_banks_file():
    """Without accounts it is a bank's, which also calls payments to other people transfers."""
    [entry] = entries_of(b"Date,Description,Category,Amount\n2026-11-15,ANNA LOPEZ,Transfer,-300.00\n", "bank.csv")
    assert not entry.kind


def test_money_paid_is_never_income():
    rows = [
        "15,Bank,Interest,Giro,-3",
        "16,Shop,Food,Giro,-5",
        "17,Orchard,Paycheck,Giro,90",
        "18,Acme,Paycheck,Giro,9",
    ]
    lines = ["Date,Merchant,Category,Account,Amount", *(f"2026-11-{row}" for row in rows)]
    entries = entries_of("\n".join(lines).encode(), "app.csv")
    assert [entry.kind for entry in entries] == ["", "", "received", "received"]


@pytest.mark.parametrize("words", WORDS.strip().splitlines())
def test_expense_income_and_transfer_in_every_language(words):
    _language, spent, received, moved = words.split()
    rows = [(spent, "Corner Shop", "64.18"), (spent, "City Power", "71.03"), (moved, "Rainy Day", "300.00")]
    lines = ["Date,Type,Description,Amount", *(f"2026-11-03,{','.join(row)}" for row in rows)]
    lines.append(f"2026-11-25,{received},Orchard,2450.00")
    entries = entries_of("\n".join(lines).replace("_", " ").encode(), "app.csv")
    assert [str(entry.kind) for entry in entries] == ["spent", "spent", "moved", "received"]
    assert [entry.amount < 0 for entry in entries] == [False, False, False, True]
