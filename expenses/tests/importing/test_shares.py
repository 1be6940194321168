"""Importing shared expenses: whose share is imported."""

from decimal import Decimal

import pytest

from expenses.models import Expense
from expenses.tests.importing.uploading import fields, run, upload_statement
from expenses.tests.test_statement_shares import SPLITWISE

pytestmark = pytest.mark.django_db


def amounts() -> dict[str, Decimal]:
    return {row.title: row.amount for row in Expense.objects.all()}


def test_the_person_is_asked_once_for_each_group(client_alice):
    batch = upload_statement(client_alice, SPLITWISE)
    page = f"/expenses/import/{batch.pk}/"
    [question] = client_alice.get(page).context["questions"]
    assert [reading["label"] for reading in question["readings"]] == ["Alice Levi", "Bob Stone", "Carol"]
    asked = client_alice.post(f"{page}run/", fields(client_alice, batch))
    assert (asked.status_code, Expense.objects.count()) == (200, 0)
    carol = question["readings"][2]["answer"]
    assert client_alice.post(page, fields(client_alice, batch) | {"answer": carol}).context["questions"] == []
    run(client_alice, batch)
    assert amounts() == {"Corner Grocery": Decimal(20), "Taxi": Decimal(10), "Cinema": Decimal(12)}
    later = upload_statement(client_alice, SPLITWISE.replace("2026-08", "2026-09"))
    assert client_alice.get(f"/expenses/import/{later.pk}/").context["questions"] == []
    assert run(client_alice, later).added == 3


@pytest.mark.parametrize("answer", ["share:9999", "share:x", "share:", "share:7"])
def test_an_answer_that_names_nobody(client_alice, answer):
    batch = upload_statement(client_alice, SPLITWISE)
    page = f"/expenses/import/{batch.pk}/"
    answered = client_alice.post(page, fields(client_alice, batch) | {"answer": answer})
    assert answered.status_code == 200
    assert [one["name"] for one in client_alice.get(page).context["questions"]] == ["share"]
