"""Exports have exactly the rows of the owner's list, and are read back unchanged."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from bson import ObjectId
from django.urls import reverse
from pymongo.cursor import Cursor
from pymongo.errors import NetworkTimeout
from python_calamine import CalamineWorkbook

from expenses.models import Expense
from expenses.statements import Reading, apply_mapping, guess_mapping, read_file
from expenses.statements.own_exports import OWN_COLUMNS
from expenses.tests.making import make_expense, make_expenses

FORMATS = ("csv", "xlsx", "json", "ofx")
PLAIN = ("Spent", "", "no")  # kind, account, one-off
LONG = "Überweisung an die Hausverwaltung für die Wohnung in der Alten Straße 12, Hinterhaus"
SPENT = [
    {"title": "Taxi home", "amount": "58.00", "note": "Late\nand wet"},
    {"title": 'מונית, "הביתה"', "amount": "12.30", "currency": "EUR", "category": "food-drinks"},
    {"title": "寿司 🦆", "amount": "4200", "currency": "JPY", "category": "food-drinks", "unsure": 0.4},
    {"title": "مترو ١", "amount": "-7.10", "category": "other", "note": "-5 was wrong"},
    {"title": "=HYPERLINK(1;2)", "amount": "999999999.99", "currency": "USD", "unsure": 0.12345},
    {"title": "'=not a formula", "amount": "0.01"},
    {"title": "@home", "amount": "-0.01", "note": "=1+1"},
    {"title": LONG, "amount": "1.00", "currency": "EUR", "note": "August"},
    {"title": "<b>&amp; ]]>", "amount": "2.50", "note": "a; b\tc,d"},
    {"title": "_x0041_", "amount": "2.50"},
]


@pytest.fixture
def spent(alice, bob):
    """Alice's expenses, one per day, the last one first in the list; and one of Bob's."""
    rows = [row | {"spent_on": date(2026, 8, 20) - timedelta(days=n)} for n, row in enumerate(SPENT)]
    make_expense(bob, "Bob's secret")
    return make_expenses(alice, rows)


def export(client, **query):
    answer = client.get(reverse("expenses:export"), {"month": "all", **query})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def read_back(data: bytes, name: str) -> Reading:
    found = read_file(data, name)
    return found if isinstance(found, Reading) else apply_mapping(found, guess_mapping(found, "CHF"))


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_read_back_is_what_was_there(client_alice, spent, name):
    reading = read_back(export(client_alice, format=name), name)
    assert reading.problems == ()
    entries = sorted(reading.entries, key=lambda entry: entry.spent_on, reverse=True)
    said = [(entry.spent_on, entry.title, entry.amount, entry.currency) for entry in entries]
    assert said == [(one.spent_on, one.title, one.amount, one.currency) for one in spent]
    if name == "ofx":
        assert [entry.note for entry in entries] == [one.note if one.title != LONG else "" for one in spent]
        assert [entry.bank_id for entry in entries] == [f"FINBRAIN:{one.currency}:{one.pk}" for one in spent]
    else:
        said = [(entry.category, entry.reviewed, entry.note) for entry in entries]
        assert said == [(one.category, one.reviewed, one.note) for one in spent]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_in_the_language_of_the_person(client_alice, alice, spent, name):
    alice.language = "he"
    alice.save()
    data = export(client_alice, format=name)
    assert [one.category for one in read_back(data, name).entries] == [one.category for one in spent]
    if name == "csv":
        assert "אוכל ושתייה" in data.decode("utf-8-sig")


@pytest.mark.parametrize("name", FORMATS)
def test_nobody_elses(client_alice, client_bob, spent, name):
    assert "Bob's secret" not in {entry.title for entry in read_back(export(client_alice, format=name), name).entries}
    bobs = read_back(export(client_bob, format=name), name)
    assert [entry.title for entry in bobs.entries] == ["Bob's secret"]


def test_only_who_is_signed_in(client, db):
    answer = client.get(reverse("expenses:export"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"month": "2026-08"},
        {"day": "2026-08-20"},
        {"q": "home"},
        {"category": ["food-drinks", "other"]},
        {"min": "2", "max": "60"},
        {"currency": "EUR", "min": "1.5"},
        {"needs_review": "1"},
        *({"sort": order} for order in ("date", "amount", "-amount", "title", "-title", "category")),
        {"min": "no amount"},
    ],
)
def test_the_rows_of_the_list_in_its_order(client_alice, spent, query):
    page = client_alice.get(reverse("expenses:list"), {"month": "all", **query})
    shown = [str(row["id"]) for row in page.context["rows"]]
    rows = json.loads(export(client_alice, format="json", **query))["expenses"]
    assert [row["id"] for row in rows] == shown


def test_all_pages_whichever_is_shown(client_alice, alice):
    make_expenses(alice, [{"title": f"Tea {n}", "amount": "3"} for n in range(120)])
    page = client_alice.get(reverse("expenses:list"), {"month": "2026-08"})
    after = page.context["next_url"].partition("after=")[2]
    assert after
    assert len(json.loads(export(client_alice, format="json", after=after))["expenses"]) == 120


def test_the_trash_is_not_in_it(client_alice, alice, spent):
    client_alice.post(reverse("expenses:delete", args=[spent[0].pk]))
    titles = {row["title"] for row in json.loads(export(client_alice, format="json"))["expenses"]}
    assert spent[0].title not in titles
    assert len(titles) == len(SPENT) - 1


def test_the_csv_file(client_alice, spent):
    data = export(client_alice)
    assert data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(header) == OWN_COLUMNS
    assert rows[0] == [
        "2026-08-20",
        "Taxi home",
        "58.00",
        "ILS",
        "Transportation",
        "Late\nand wet",
        "yes",
        "",
        *PLAIN,
        "Transportation",
    ]
    assert rows[2][2:4] + rows[2][6:] == ["4200", "JPY", "no", "0.40", *PLAIN, "Food & Drinks"]
    assert rows[3][2] == "-7.10"
    assert {row[1][0] for row in rows} & set("=+-@\t\r") == set()


def test_what_was_received_is_positive_and_says_its_kind(client_alice, alice):
    make_expense(alice, "Salary", "-2500", category="salary", account="Giro")
    make_expense(alice, "Sofa", "900", category="other", one_off=True)
    _header, sofa, salary = csv.reader(io.StringIO(export(client_alice).decode("utf-8-sig"), newline=""))
    assert (salary[2], salary[8:]) == ("2500.00", ["Received", "Giro", "no", "Salary"])
    assert (sofa[2], sofa[8:]) == ("900.00", ["Spent", "", "yes", "Other"])
    rows = json.loads(export(client_alice, format="json"))["expenses"]
    assert [(row["amount"], row["kind"], row["account"], row["one_off"]) for row in rows] == [
        ("900.00", "spent", "", True),
        ("2500.00", "received", "Giro", False),
    ]


def test_the_sheet_has_days_and_numbers_and_no_formula(client_alice, spent):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(export(client_alice, format="xlsx"))).get_sheet_by_index(0)
    header, first, *rest = sheet.to_python()
    assert tuple(header) == OWN_COLUMNS
    assert first[:4] == [date(2026, 8, 20), "Taxi home", 58.0, "ILS"]
    assert rest[3][1] == "=HYPERLINK(1;2)"


def test_the_json_file(client_alice, spent):
    document = json.loads(export(client_alice, format="json"))
    assert document["finbrain"] == 1
    assert document["exported_at"].endswith("+00:00")
    assert document["expenses"][2] == {
        "id": str(spent[2].pk),
        "date": "2026-08-18",
        "title": "寿司 🦆",
        "amount": "4200",
        "currency": "JPY",
        "category": "food-drinks",
        "base_category": "food-drinks",
        "reviewed": False,
        "confidence": 0.4,
        "note": "",
        "kind": "spent",
        "account": "",
        "one_off": False,
    }


def test_the_ofx_file_has_a_statement_a_currency(client_alice, spent):
    text = export(client_alice, format="ofx").decode()
    codes = [part.partition("<")[0] for part in text.split("<CURDEF>")[1:]]
    assert codes == ["EUR", "ILS", "JPY", "USD"]
    assert "<BALAMT>-13.30</BALAMT>" in text
    assert "<DTSTART>20260813</DTSTART><DTEND>20260819</DTEND>" in text


@pytest.mark.parametrize("name", FORMATS)
def test_of_nothing(client_alice, name):
    data = export(client_alice, format=name)
    assert data
    if name == "json":
        assert json.loads(data)["expenses"] == []


@pytest.mark.parametrize("name", ["pdf", "", "CSV", "__class__"])
def test_another_format(client_alice, name):
    answer = client_alice.get(reverse("expenses:export"), {"format": name, "month": "2026-07", "q": "tea"}, follow=True)
    assert answer.redirect_chain == [("/expenses/?month=2026-07&q=tea", 302)]
    assert "CSV, XLSX, JSON and OFX" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"month": "2026-08"}, "finbrain-2026-08.csv"),
        ({"day": "2026-08-20"}, "finbrain-2026-08-20.csv"),
    ],
)
def test_the_name_of_the_file(client_alice, query, name):
    assert f'"{name}"' in client_alice.get(reverse("expenses:export"), query)["Content-Disposition"]


def test_exports_have_a_limit_per_person(client_alice, client_bob, settings, one_minute):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"export": 2}
    assert [client_alice.get("/expenses/export/").status_code for _ in range(3)] == [200, 200, 429]
    assert client_bob.get("/expenses/export/").status_code == 200


def test_reading_only(client_alice):
    assert client_alice.post(reverse("expenses:export")).status_code == 405
    answer = client_alice.get(reverse("expenses:export"))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", FORMATS)
def test_ten_times_the_rows_cost_no_more_calls(client_alice, alice, count_db, name):
    def calls() -> int:
        with count_db() as made:
            data = export(client_alice, format=name)
        assert len(read_back(data, name).entries) == Expense.objects.filter(ledger_id=alice.pk).count()
        return len(made)

    make_expenses(alice, [{"title": f"Tea {n}", "amount": "3"} for n in range(50)])
    calls()  # the first one also reads what is cached afterwards
    few = calls()
    make_expenses(alice, [{"title": f"Bus {n}", "amount": "4"} for n in range(450)])
    assert calls() == few


@pytest.mark.parametrize("name", FORMATS)
def test_an_outage_is_told_instead_of_an_empty_file(client_alice, spent, monkeypatch, name):
    """The first rows are read before the response starts."""

    def away(self):
        raise NetworkTimeout("timed out")

    client_alice.raise_request_exception = False
    client_alice.get(reverse("expenses:list"))
    monkeypatch.setattr(Cursor, "__next__", away)
    answer = client_alice.get(reverse("expenses:export"), {"month": "all", "format": name})
    assert answer.status_code == 503
    assert not answer.streaming


def test_ids_stay_what_they_are(client_alice, alice):
    made = make_expense(alice)
    [entry] = read_back(export(client_alice, format="ofx"), "ofx").entries
    assert ObjectId(entry.bank_id.rpartition(":")[2]) == made.pk
