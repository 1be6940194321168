"""The monthly summary has the right figures, in the person's language, once a month."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail, signing
from django.db import connection
from django.utils import timezone

from expenses.ledger.entries import NewExpense, add_expense
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.emails.sending import html, send_on

TODAY = date(2026, 9, 1)
SPENT = [
    ("Rent", "3200", date(2026, 8, 1), "housing-bills"),
    ("Taxi <home>", "58.40", date(2026, 8, 20), "transportation"),
    ("סופר פארם", "122", date(2026, 8, 21), "health-essentials"),
    ("Rent", "3000", date(2026, 7, 1), "housing-bills"),
    ("Later", "9999", date(2026, 9, 1), "other"),
]


@pytest.fixture
def reader(alice):
    """Alice, who wants summaries and has spent something."""
    for title, amount, day, category in SPENT:
        add_expense(personal_ledger(alice), NewExpense(title, Decimal(amount), "ILS", day, category))
    add_expense(personal_ledger(alice), NewExpense("Something odd", Decimal("0.01"), "ILS", date(2026, 8, 30)))
    get_user_model().objects.filter(pk=alice.pk).update(monthly_summary=True)
    alice.refresh_from_db()
    return alice


def test_the_figures(reader):
    assert send_on(TODAY) == 1
    (sent,) = mail.outbox
    assert sent.to == [reader.email]
    assert sent.subject == "Your August 2026 in FinBrain"
    for content in (sent.body, html(sent)):
        assert "₪3,380.41" in content
        assert "₪380.41 more than in July" in content
        assert "₪58.40" in content
        assert "9,999" not in content
        assert re.search("1 expense is waiting for your review", content)
    assert "Housing & Bills: ₪3,200.00" in sent.body
    assert "Taxi <home>" in sent.body
    assert "Taxi &lt;home&gt;" in html(sent)
    assert "Taxi <home>" not in html(sent)
    assert "http://localhost:8000/dashboard/?month=2026-08" in sent.body


def test_what_was_moved_and_received_is_under_the_total(reader):
    for title, amount, category in (("Savings", "300", "transfer"), ("ATM", "60", "cash"), ("Acme", "-9400", "salary")):
        new = NewExpense(title, Decimal(amount), "ILS", date(2026, 8, 9), category)
        add_expense(personal_ledger(reader), new)
    send_on(TODAY)
    for content in (mail.outbox[0].body, html(mail.outbox[0])):
        assert "₪3,380.41" in content
        assert "₪360.00 moved, of which ₪60.00 cash, ₪9,400.00 received" in content


def listed(body: str) -> list[str]:
    """Return the lines below "By category"."""
    return [line.strip() for line in body.split("By category\n")[1].split("\n\n")[0].splitlines()]


def test_a_large_refund_is_among_the_categories_and_the_rest_is_one_line(reader):
    more = [("Plane", "-9000", "leisure-gifts"), ("Cake", "40", "food-drinks"), ("Course", "30", "education-growth")]
    for title, amount, category in more:
        add_expense(personal_ledger(reader), NewExpense(title, Decimal(amount), "ILS", date(2026, 8, 9), category))
    send_on(TODAY)
    assert listed(mail.outbox[0].body) == [
        "Housing & Bills: ₪3,200.00",
        "Health & Essentials: ₪122.00",
        "Transportation: ₪58.40",
        "Food & Drinks: ₪40.00",
        "Leisure & Gifts: −₪9,000.00",
        "All others: ₪30.01",
    ]
    assert "All others" in html(mail.outbox[0])
    assert ": −₪5,549.59" in mail.outbox[0].body


def test_six_categories_have_a_line_each(reader):
    for category in ("food-drinks", "leisure-gifts"):
        add_expense(personal_ledger(reader), NewExpense("Cake", Decimal(9), "ILS", date(2026, 8, 9), category))
    send_on(TODAY)
    assert len(listed(mail.outbox[0].body)) == 6
    assert "All others" not in mail.outbox[0].body


def test_it_speaks_the_persons_language(reader):
    get_user_model().objects.filter(pk=reader.pk).update(language="he")
    send_on(TODAY)
    assert 'lang="he" dir="rtl"' in html(mail.outbox[0])
    assert "אוגוסט 2026" in mail.outbox[0].body


def test_once_a_month_however_often_and_however_many_ask(reader):
    def send(_):
        try:
            return send_on(TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(send, range(6))) == 1
    assert send_on(date(2026, 9, 20)) == 0
    assert len(mail.outbox) == 1
    assert send_on(date(2026, 10, 1)) == 1
    assert mail.outbox[1].subject == "Your September 2026 in FinBrain"


@pytest.mark.parametrize(
    "state",
    [
        {"monthly_summary": False},
        {"is_active": False},
        {"demo_expires_at": "2026-12-01T00:00Z"},
        {"summary_month": "2026-08"},
    ],
)
def test_who_gets_none(reader, state):
    get_user_model().objects.filter(pk=reader.pk).update(**state)
    assert send_on(TODAY) == 0
    assert not mail.outbox


def test_a_month_without_expenses_is_no_email(reader):
    assert send_on(date(2026, 12, 1)) == 0
    assert not mail.outbox


def test_where_addresses_are_verified_only_verified_ones_get_figures(reader, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert send_on(TODAY) == 0
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    assert send_on(TODAY) == 1


def wants(user) -> bool:
    return get_user_model().objects.get(pk=user.pk).monthly_summary


def test_links_of_releases_that_only_had_summaries_still_work(reader, client):
    url = f"/accounts/summary/unsubscribe/{signing.dumps(str(reader.pk), salt='expenses.summary')}/"
    assert "Monthly summary" in client.get(url).content.decode()
    assert wants(reader)
    assert client.post(url).status_code == 200
    assert not wants(reader)


def test_who_turns_it_on_hears_about_the_month_that_runs(client_alice, alice, reader):
    get_user_model().objects.filter(pk=alice.pk).update(monthly_summary=False)
    client_alice.post("/accounts/settings/", {"section": "emails", "monthly_summary": "on"})
    today = timezone.localdate()
    assert wants(alice)
    assert send_on(today) == 0
