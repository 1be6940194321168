"""The choices for a table are reused for the next one with its header, unless its format has clearly changed."""

from datetime import date
from decimal import Decimal

import pytest

from expenses.models import ColumnMapping, Expense
from expenses.tests.importing.bringing import bring_in, fields, hand_in

pytestmark = pytest.mark.django_db
HEAD = "Date;Description;Amount\n"
AUGUST = HEAD + "01/08/2026;a;-5,10\n22/08/2026;b;-6,10\n"


def test_how_a_header_was_read_is_kept(client_alice, alice):
    swapped = "When,What,Where,Sum\n2026-08-01,Bread,Berlin,3.20\n"
    batch = hand_in(client_alice, swapped)
    sent = fields(client_alice, batch) | {
        "column_date": "0", "column_title": "2", "column_note": "1", "column_amount": "3", "sign": "positive",
        "currency": "EUR",
    }  # fmt: skip
    client_alice.post(f"/expenses/import/{batch.pk}/", sent)
    client_alice.post(f"/expenses/import/{batch.pk}/run/", sent)
    [row] = Expense.objects.all()
    assert (row.spent_on, row.title, row.amount, row.currency) == (date(2026, 8, 1), "Berlin", Decimal("3.20"), "EUR")
    again = fields(client_alice, hand_in(client_alice, swapped.replace("3.20", "4.20")))
    assert {name: again[name] for name in ("column_title", "column_note", "currency")} == {
        "column_title": "2", "column_note": "1", "currency": "EUR",
    }  # fmt: skip
    assert ColumnMapping.objects.count() == 1


def notation(client, text: str) -> tuple[str, str, str]:
    sent = fields(client, hand_in(client, text))
    return sent["date_order"], sent["decimal"], sent["sign"]


def test_a_bank_that_writes_otherwise_now_is_read_as_it_writes(client_alice):
    bring_in(client_alice, AUGUST)
    batch = hand_in(client_alice, HEAD + "2026-09-13;a;1,234.50\n2026-09-14;b;6.10\n")
    assert client_alice.get(f"/expenses/import/{batch.pk}/").context["counts"]["new"] == 2
    assert notation(client_alice, HEAD + "09/13/2026;a;6,10\n") == ("mdy", ",", "positive")
    assert notation(client_alice, HEAD + "".join(f"1{n}/09/2026;a;{n},10\n" for n in range(1, 6)))[2] == "positive"


def test_somebody_who_takes_in_what_came_in_may_have_nothing_else(client_alice):
    salaries = HEAD + "".join(f"{day}/08/2026;Salary {day};{day}00,00\n" for day in range(11, 17))
    sent = fields(client_alice, batch := hand_in(client_alice, salaries)) | {"sign": "negative"}
    del sent["spending_only"]
    for action in ("", "run/"):
        client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    assert Expense.objects.filter(amount__lt=0).count() == 6
    assert notation(client_alice, salaries.replace("/08/", "/09/")) == ("dmy", ",", "negative")


@pytest.mark.parametrize(
    "rows", ["05/09/2026;a;-1.234\n", "05/09/2026;Salary;1.234,00\n", "05/09/2026;Salary;12\n06/09/2026;a;-3,10\n"]
)
def test_a_table_that_could_be_either_is_read_as_before(client_alice, alice, rows):
    alice.home_currency = "USD"
    alice.save()
    sent = fields(client_alice, batch := hand_in(client_alice, AUGUST)) | {"currency": "EUR"}
    for action in ("", "run/"):
        client_alice.post(f"/expenses/import/{batch.pk}/{action}", sent)
    assert notation(client_alice, HEAD + rows) == ("dmy", ",", "negative")
    assert fields(client_alice, hand_in(client_alice, HEAD + rows))["currency"] == "EUR"
