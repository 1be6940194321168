"""The download is complete and exact, and has nothing that spreadsheets would run."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from classifier import feedback
from expenses.ledger.entries import NewExpense, add_expense
from expenses.ledger.trash import delete_expenses
from expenses.ledger.whole_ledger import ledger_models
from expenses.models import Expense
from expenses.people.download import OF_NO_USE
from expenses.people.ledger_settings import personal_ledger
from expenses.statements import Reading, apply_mapping, guess_mapping, read_file
from expenses.statements.formulas import harmless, is_plain_number

URL = "/accounts/download/"
TITLES = ("Taxi home", 'סופר פארם, "אזור"', "=HYPERLINK(1)", "- 5 off", "Line\u2028end", "🦆")


@pytest.fixture
def archive(client_alice, alice, bob):
    for number, title in enumerate(TITLES):
        new = NewExpense(title, Decimal("-12.50") + number, "ILS", date(2026, 8, number + 1), "other", note="note\n2")
        add_expense(personal_ledger(alice), new)
    add_expense(personal_ledger(bob), NewExpense("Bob's secret", Decimal(1), "EUR", date(2026, 8, 1)))
    delete_expenses(personal_ledger(alice), [Expense.objects.get(title="🦆").pk])
    correction = {"text": "Shared", "suggested": "other", "confidence": 0.3, "chosen": "food-drinks"}
    feedback.record_correction(ledger_id=alice.pk, model_version=1, share=True, **correction)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "TOPSECRET"})
    client_alice.get("/accounts/settings/")
    answer = client_alice.post(URL)
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_every_expense_is_there_twice_and_alike(archive):
    in_json = json.loads(archive.read("expenses.json"))
    in_csv = list(csv.DictReader(io.StringIO(archive.read("expenses.csv").decode("utf-8-sig"))))
    assert [row["title"] for row in in_json] == list(TITLES)
    assert [row["title"].removeprefix("'") for row in in_csv] == list(TITLES)
    assert [Decimal(row["amount"]) for row in in_json] == [Decimal("-12.50") + number for number in range(6)]
    assert [row["amount"] for row in in_csv] == [row["amount"] for row in in_json]
    assert in_json[0]["date"] == in_csv[0]["date"] == "2026-08-01"
    assert in_json[0]["note"] == in_csv[0]["note"] == "note\n2"
    assert [bool(row["deleted_at"]) for row in in_json] == [False] * 5 + [True]


@pytest.mark.parametrize("name", ["expenses.csv", "expenses.json"])
def test_the_expenses_can_be_imported_but_for_the_trash(archive, name):
    found = read_file(archive.read(name), name)
    reading = found if isinstance(found, Reading) else apply_mapping(found, guess_mapping(found, "EUR"))
    assert reading.problems == ()
    assert [entry.title for entry in reading.entries] == [" ".join(title.split()) for title in TITLES[:-1]]
    assert [entry.amount for entry in reading.entries] == [Decimal("-12.50") + number for number in range(5)]
    assert {(entry.currency, entry.category, entry.reviewed) for entry in reading.entries} == {("ILS", "other", True)}


def test_account_memory_and_shared_corrections_are_there(archive, alice):
    (account,) = json.loads(archive.read("account.json"))
    assert (account["email"], account["home_currency"]) == (alice.email, "ILS")
    assert account["sessions"][0]["ip"] == "127.0.0.1"
    assert account["second_factors"][0]["type"] == "totp"
    assert {row["title"] for row in json.loads(archive.read("learned.json"))} >= {"Taxi home"}
    assert [row["text"] for row in json.loads(archive.read("shared.json"))] == ["Shared"]
    assert "expenses.csv" in archive.read("README.txt").decode()


def test_nothing_of_others_and_no_secret_is_there(archive, alice):
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8-sig")
    for secret in ("Bob's secret", "TOPSECRET", alice.password, str(alice.pk)):
        assert secret not in everything


def test_what_later_models_keep_is_there(archive):
    for model in ledger_models():
        if model not in OF_NO_USE:
            assert f"{model._meta.model_name}.json" in archive.namelist()


def test_the_readme_names_every_file(archive):
    readme = archive.read("README.txt").decode()
    assert [name for name in archive.namelist() if name not in readme] == ["README.txt"]


def test_an_empty_account_has_a_download(client_alice):
    content = b"".join(client_alice.post(URL).streaming_content)
    assert json.loads(zipfile.ZipFile(io.BytesIO(content)).read("expenses.json")) == []


@given(st.text(max_size=20))
def test_no_text_is_taken_for_a_formula(text):
    written = harmless(text)
    assert written in (text, f"'{text}")
    assert written[:1] not in ("=", "+", "-", "@", "\t", "\r") or is_plain_number(written)


@pytest.mark.parametrize("number", ["-12.50", "0", "1200.00"])
def test_numbers_stay_numbers(number):
    assert harmless(number) == number


def test_who_may_download(client, client_alice, db, settings, one_minute):
    assert client.post(URL).status_code == 302
    assert client_alice.get(URL).status_code == 405
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"download": 1}
    allowed = client_alice.post(reverse("account_download"))
    allowed.close()
    assert allowed.status_code == 200
    assert client_alice.post(URL).status_code == 429
