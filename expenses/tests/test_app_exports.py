"""Exports of finance apps as they are told by the names of their columns. The rows are invented."""

import pytest

from expenses.statements import Table, apply_mapping, guess_mapping, read_file

MINT = """"Date","Description","Original Description","Amount","Transaction Type","Category","Account Name","Labels","Notes"
"3/05/2023","Corner Grocer","CORNER GROCER #552 QPS","48.12","debit","Groceries","Blue Checking","weekly","for the party"
"3/04/2023","Orchard Payroll","ORCHARD PAYROLL PPD","2100.00","credit","Paycheck","Blue Checking","",""
"3/01/2023","Boot Shop","BOOTSHOP.COM REFUND","64.00","credit","Clothing","Red Card","",""
"""
YNAB = """"Account","Flag","Date","Payee","Category Group/Category","Category Group","Category","Memo","Outflow","Inflow","Cleared"
"Giro","","03/05/2024","Corner Bakery","Needs: Groceries","Needs","Groceries","Split (1/2) bread",$3.20,$0.00,"Cleared"
"Giro","","03/04/2024","Transfer : Visa","","","","",$200.00,$0.00,"Reconciled"
"Giro","","03/03/2024","Starting Balance","Inflow: Ready to Assign","Inflow","Ready to Assign","",$0.00,$1500.00,"Reconciled"
"Giro","","03/02/2024","Orchard","Inflow: Ready to Assign","Inflow","Ready to Assign","",$0.00,$2500.00,"Uncleared"
"""
ACTUAL = """Account,Date,Payee,Notes,Category,Amount,Split_Amount,Cleared
Giro,2024-03-05,Corner Grocer,(SPLIT INTO 2) ,,0,-30.5,Cleared
Giro,2024-03-05,Corner Grocer,(SPLIT 1 OF 2) food,Food,-20.5,0,Cleared
Giro,2024-03-05,Corner Grocer,(SPLIT 2 OF 2) soap,Household,-10,0,Cleared
Giro,2024-03-04,Savings,,,-100,0,Reconciled
Savings,2024-03-04,Giro,,,100,0,Reconciled
Giro,2024-03-02,Orchard,wage,Income: Income,2500,0,Not cleared
"""
ACTUAL_OF_AN_ACCOUNT = """Account,Date,Payee,Notes,Category,Amount,Cleared,Reconciled
Giro,2024-03-05,Corner Grocer,milk,Usual: Food,-20.5,true,false
Giro,2024-03-02,Orchard,,Income: Income,2500,false,false
"""
FIREFLY = """journal_id,type,currency_code,amount,description,date,source_name,source_type,destination_name,destination_type,reconciled,category,tags
11,Withdrawal,EUR,-23.40,Weekly shop,2024-03-05T00:00:00+01:00,Giro,Asset account,Corner Grocer,Expense account,0,Groceries,"food,weekly"
12,Transfer,EUR,100.00,Set aside,2024-03-04T00:00:00+01:00,Giro,Asset account,Savings,Asset account,0,,
13,Deposit,EUR,2500.00,March wage,2024-03-03T00:00:00+01:00,Orchard,Revenue account,Giro,Asset account,0,Salary,
15,Opening balance,EUR,1000.00,Initial balance of Giro,2024-03-01T00:00:00+01:00,Initial balance account of Giro,Initial balance account,Giro,Asset account,0,,
16,Reconciliation,EUR,3.00,Reconciliation,2024-03-01T00:00:00+01:00,Giro reconciliation (EUR),Reconciliation account,Giro,Asset account,0,,
"""
EZBOOKKEEPING = """Time,Timezone,Type,Category,Sub Category,Account,Account Currency,Amount,Account2,Account2 Currency,Account2 Amount,Tags,Description
2024-03-01 08:00:00,+01:00,Balance Modification,,,Giro,EUR,1000.00,,,,,
2024-03-05 12:30:00,+01:00,Expense,Food & Drink,Lunch,Giro,EUR,12.50,,,,work;team,Canteen
2024-03-04 09:00:00,+01:00,Transfer,Transfers,Bank,Giro,EUR,100.00,Wallet,USD,108.00,,Top up
"""
MONEY_MANAGER = """Period	Accounts	Category	Subcategory	Note	EUR	Income/Expense	Description	Amount	Currency	Accounts
03/25/2024	Cash	Food	Lunch	Canteen	12.5	Expense	with the whole team	12.5	EUR	12.5
03/24/2024	Bank	Savings		put aside	100	Transfer-Out		100	EUR	100
03/23/2024	Bank	Salary		Orchard	2500	Income		2500	EUR	2500
"""
SURE = """date,account_name,amount,name,category,tags,notes,currency
2024-03-05,Giro,23.4,Corner Grocer,Groceries,"food,weekly",milk,EUR
2024-03-04,Giro,100.0,Transfer to Savings,,,,EUR
2024-03-04,Savings,-100.0,Transfer from Giro,,,,EUR
2024-03-03,Giro,-2500.0,Orchard payroll,Income,,,EUR
"""
TOSHL = """"Date","Account","Category","Tags","Expense amount","Income amount","Currency","In main currency","Main currency","Description"
"3/25/24","Cash","Groceries","weekly","23.40","0","EUR","23.40","EUR","Corner Grocer"
"3/24/24","Cash","Transfer","","100.00","0","EUR","100.00","EUR","Account transfer to Bank"
"3/24/24","Bank","Transfer","","0","100.00","EUR","100.00","EUR","Account transfer from Cash"
"3/22/24","Cash","Transport","taxi","20.00","0","USD","18.20","EUR",""
"""
CASHEW = """name,amount,note,date,income,type,category name,color,iconName,emoji,subcategory,account,currency,budget,objective
Corner Grocer,-23.4,milk,2024-03-05 12:30:00.000,false,,Groceries,#ff4caf50,groceries.png,,,Bank,eur,,
Orchard,2500.0,,2024-03-03 12:30:00.000,true,,Income,#ff9c27b0,coins.png,,,Bank,eur,,
,-20.0,,2024-03-02 12:30:00.000,false,,Transit,#ffffeb3b,tram.png,,,Bank,usd,,
"""
# Of each row: title, amount, currency, kind, note.
WANTED = {
    "Mint": (MINT, [
        ("Corner Grocer", "48.12", "EUR", "", "for the party · CORNER GROCER #552 QPS · #weekly"),
        ("Orchard Payroll", "-2100.00", "EUR", "received", "ORCHARD PAYROLL PPD"),
        ("Boot Shop", "-64.00", "EUR", "", "BOOTSHOP.COM REFUND"),
    ]),
    "YNAB": (YNAB, [
        ("Corner Bakery", "3.20", "USD", "", "Split (1/2) bread"),
        ("Transfer : Visa", "200.00", "USD", "moved", ""),
        ("Orchard", "-2500.00", "USD", "received", ""),
    ]),
    "Actual": (ACTUAL, [
        ("Corner Grocer", "20.50", "EUR", "", "(SPLIT 1 OF 2) food"),
        ("Corner Grocer", "10.00", "EUR", "", "(SPLIT 2 OF 2) soap"),
        ("Savings", "100.00", "EUR", "moved", ""),
        ("Giro", "-100.00", "EUR", "moved", ""),
        ("Orchard", "-2500.00", "EUR", "received", "wage"),
    ]),
    "Actual, an account": (ACTUAL_OF_AN_ACCOUNT, [
        ("Corner Grocer", "20.50", "EUR", "", "milk"), ("Orchard", "-2500.00", "EUR", "received", ""),
    ]),
    "Firefly III": (FIREFLY, [
        ("Corner Grocer", "23.40", "EUR", "spent", "Weekly shop · #food #weekly"),
        ("Savings", "100.00", "EUR", "moved", "Set aside"),
        ("Orchard", "-2500.00", "EUR", "received", "March wage · Giro"),
    ]),
    "ezBookkeeping": (EZBOOKKEEPING, [
        ("Canteen", "12.50", "EUR", "spent", "#work #team"), ("Top up", "100.00", "EUR", "moved", ""),
    ]),
    "Money Manager": (MONEY_MANAGER, [
        ("Canteen", "12.50", "EUR", "spent", "with the whole team"), ("put aside", "100.00", "EUR", "moved", ""),
        ("Orchard", "-2500.00", "EUR", "received", ""),
    ]),
    "Sure": (SURE, [
        ("Corner Grocer", "23.40", "EUR", "", "milk · #food #weekly"),
        ("Transfer to Savings", "100.00", "EUR", "moved", ""),
        ("Transfer from Giro", "-100.00", "EUR", "moved", ""),
        ("Orchard payroll", "-2500.00", "EUR", "received", ""),
    ]),
    "Toshl": (TOSHL, [
        ("Corner Grocer", "23.40", "EUR", "", "#weekly"),
        ("Account transfer to Bank", "100.00", "EUR", "moved", ""),
        ("Account transfer from Cash", "-100.00", "EUR", "moved", ""),
        ("Transport", "20.00", "USD", "", "#taxi"),
    ]),
    "Cashew": (CASHEW, [
        ("Corner Grocer", "23.40", "EUR", "", "milk"), ("Orchard", "-2500.00", "EUR", "received", ""),
        ("Transit", "20.00", "USD", "", ""),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("app", WANTED)
def test_an_export_of_an_app(app):
    text, wanted = WANTED[app]
    table = read_file(text.encode(), "export.csv")
    assert isinstance(table, Table)
    reading = apply_mapping(table, guess_mapping(table, "EUR"))
    assert reading.problems == ()
    found = [(one.title, str(one.amount), one.currency, str(one.kind), one.note) for one in reading.entries]
    assert found == wanted
    assert {str(one.status) for one in reading.entries} == {"booked"}


def test_the_marks_of_a_bank_are_statuses():
    text = "Date,Description,Amount,Cleared\n2024-03-05,Tea,-3.20,Yes\n2024-03-06,Rum,-4.20,No\n"
    table = read_file(text.encode(), "bank.csv")
    assert isinstance(table, Table)
    entries = apply_mapping(table, guess_mapping(table, "EUR")).entries
    assert [str(one.status) for one in entries] == ["booked", "pending"]
