"""The monthly summary has the right figures, in the person's language, once a month, and stops with one click."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.test import Client

from expenses.ledger.entries import NewExpense, add_expense
from expenses.people.ledgers import personal_ledger
from expenses.people.monthly_summary import read_unsubscribe_token, send_monthly_summaries

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


def html(sent) -> str:
    return sent.alternatives[0][0]


def test_the_figures(reader):
    assert send_monthly_summaries(TODAY) == 1
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
    send_monthly_summaries(TODAY)
    for content in (mail.outbox[0].body, html(mail.outbox[0])):
        assert "₪3,380.41" in content
        assert "₪360.00 moved, of which ₪60.00 cash, ₪9,400.00 received" in content


def test_it_speaks_the_persons_language(reader):
    get_user_model().objects.filter(pk=reader.pk).update(language="he")
    send_monthly_summaries(TODAY)
    assert 'lang="he" dir="rtl"' in html(mail.outbox[0])
    assert "אוגוסט 2026" in mail.outbox[0].body


def test_once_a_month_however_often_and_however_many_ask(reader):
    def send(_):
        try:
            return send_monthly_summaries(TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(send, range(6))) == 1
    assert send_monthly_summaries(date(2026, 9, 20)) == 0
    assert len(mail.outbox) == 1
    assert send_monthly_summaries(date(2026, 10, 1)) == 1
    assert mail.outbox[1].subject == "Your September 2026 in FinBrain"


def test_a_mail_server_that_refuses_is_tried_again(reader, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_monthly_summaries(TODAY) == 0
    assert send_monthly_summaries(TODAY) == 1


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
    assert send_monthly_summaries(TODAY) == 0
    assert not mail.outbox


def test_a_month_without_expenses_is_no_mail(reader):
    assert send_monthly_summaries(date(2026, 12, 1)) == 0
    assert not mail.outbox


def test_where_addresses_are_verified_only_verified_ones_get_figures(reader, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert send_monthly_summaries(TODAY) == 0
    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    assert send_monthly_summaries(TODAY) == 1


@pytest.fixture
def unsubscribe_url(reader) -> str:
    send_monthly_summaries(TODAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.fullmatch(r"<http://localhost:8000(/\S+)>", headers["List-Unsubscribe"])[1]
    assert url in mail.outbox[0].body
    return url


def wants(user) -> bool:
    return get_user_model().objects.get(pk=user.pk).monthly_summary


def test_one_click_in_the_mail_program_stops_it(unsubscribe_url, reader):
    """RFC 8058: a POST with this body, without cookies, tokens or redirects."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(unsubscribe_url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not wants(reader)
    assert send_monthly_summaries(date(2026, 10, 1)) == 0


def test_the_link_outlives_the_password(unsubscribe_url, reader, client):
    reader.set_password("nine green bottles on the wall")
    reader.save()
    client.post(unsubscribe_url)
    reader.refresh_from_db()
    assert not reader.monthly_summary


def test_the_link_in_the_text_asks_first(unsubscribe_url, reader, client):
    page = client.get(unsubscribe_url)
    assert "Stop the monthly summary?" in page.content.decode()
    assert wants(reader), "mail scanners open links too"
    assert "Unsubscribed" in client.post(unsubscribe_url).content.decode()
    assert not wants(reader)


@pytest.mark.parametrize("token", ["x", "6b02bbf66cfb380d336ad939", "a:b:c"])
def test_a_wrong_link_does_nothing(client, reader, token):
    assert client.post(f"/accounts/summary/unsubscribe/{token}/").status_code == 404
    assert read_unsubscribe_token(token) is None
    assert wants(reader)


def test_who_turns_it_on_hears_about_the_month_that_runs(client_alice, alice, reader):
    get_user_model().objects.filter(pk=alice.pk).update(monthly_summary=False)
    client_alice.post("/accounts/settings/", {"section": "mails", "monthly_summary": "on"})
    today = date.today()
    assert wants(alice)
    assert send_monthly_summaries(today) == 0
