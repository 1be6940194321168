"""A person gets one email a day with all they want, in their morning, and turns each kind off with one click."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import User
from conftest import PASSWORD
from expenses.emails import all_kinds, reminders
from expenses.models import Series
from expenses.tests.emails.sending import html, send_on
from expenses.tests.making import make_expense
from finbrain.core.past_the_orm import collection

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)
TOMORROW = TODAY + timedelta(days=1)


def make_series(person, name="Netflix", **changes) -> Series:
    about = {"next_on": TOMORROW, "low": Decimal("17.99"), "high": Decimal("17.99"), "currency": "EUR"}
    return Series.objects.create(ledger_id=person.pk, name=name, **{"state": "kept", **about, **changes})


def turn_on(person, *names, **changes) -> None:
    User.objects.filter(pk=person.pk).update(**dict.fromkeys(names, True), **changes)


@pytest.fixture
def reader(alice):
    """Alice, who wants everything and has something to read about."""
    turn_on(alice, "monthly_summary", "reminders")
    make_expense(alice, title="Rent", amount="3200", spent_on=date(2026, 8, 3))
    make_series(alice)
    return alice


def test_all_of_a_day_is_one_email(reader):
    assert send_on(TODAY) == 1
    [sent] = mail.outbox
    assert sent.subject == "Netflix is due tomorrow · Your August 2026 in FinBrain"
    for content in (sent.body, html(sent)):
        assert content.count("Hello Alice,") == 1
        assert "€17.99" in content
        assert "3,200.00" in content
        assert "Sep 2, 2026" in content
        assert "http://localhost:8000/expenses/recurring/" in content
    assert send_on(TODAY, 13) == send_on(TODAY, 23) == 0


def test_several_processes_send_it_once(reader):
    def send(_):
        try:
            return send_on(TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(send, range(6))) == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("zone", "hour", "sent"),
    [
        ("", 6, 0),
        ("", 7, 1),
        ("Asia/Jerusalem", 3, 0),
        ("Asia/Jerusalem", 4, 1),
        ("America/New_York", 10, 0),
        ("America/New_York", 11, 1),
        ("no such zone", 7, 1),
    ],
)
def test_it_comes_in_the_persons_morning(reader, zone, hour, sent):
    turn_on(reader, time_zone=zone)
    assert send_on(TODAY, hour) == sent


def test_the_day_is_the_persons(reader):
    """At 20:00 in London, it is already tomorrow in Auckland."""
    turn_on(reader, time_zone="Pacific/Auckland", monthly_summary=False)
    assert send_on(TODAY - timedelta(days=1), 20) == 1
    assert send_on(TODAY, 20) == 0, "in Auckland, Netflix is due today"


def test_who_flies_west_gets_no_second_email(reader):
    turn_on(reader, time_zone="Pacific/Auckland")
    assert send_on(TODAY, 20) == 1
    turn_on(reader, time_zone="Pacific/Honolulu")
    make_series(reader, "Spotify")
    assert send_on(TODAY, 21) == 0


def test_the_zone_is_that_of_the_device_that_signed_in(client, alice):
    for zone in ("Asia/Tokyo", "../../etc/passwd"):
        client.cookies["timezone"] = zone
        client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
        client.post("/accounts/logout/")
        assert User.objects.get(pk=alice.pk).time_zone == "Asia/Tokyo"


class TestReminders:
    @pytest.fixture(autouse=True)
    def _on(self, alice):
        turn_on(alice, "reminders")

    def test_several_are_counted(self, alice):
        for name in ("Netflix", "Spotify"):
            make_series(alice, name)
        send_on(TODAY)
        assert mail.outbox[0].subject == "2 payments are due tomorrow"

    @pytest.mark.parametrize("off", [0, 2, 3, 30])
    def test_only_the_day_before(self, alice, off):
        make_series(alice, next_on=TODAY + timedelta(days=off))
        assert send_on(TODAY) == 0

    def test_a_late_one_is_due_again_a_cycle_later(self, alice):
        make_series(alice, next_on=TOMORROW - timedelta(days=7), cycle="weekly")
        assert send_on(TODAY) == 1

    @pytest.mark.parametrize(
        "changes", [{"state": "proposed"}, {"state": "paused"}, {"is_income": True}, {"ends_on": TODAY}]
    )
    def test_only_what_was_kept_and_costs_something(self, alice, changes):
        make_series(alice, **changes)
        assert send_on(TODAY) == 0
        assert not mail.outbox

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"cancel_by": TODAY}, "Today is the last day to cancel Netflix."),
            ({"cancel_by": TOMORROW}, "Tomorrow is the last day to cancel Netflix."),
            ({"notice_days": 30, "next_on": TODAY + timedelta(days=30)}, "Today is the last day to cancel Netflix."),
        ],
    )
    def test_the_last_day_to_cancel(self, alice, changes, sentence):
        make_series(alice, **{"next_on": TODAY + timedelta(days=90)} | changes)
        assert send_on(TODAY) == 1
        assert mail.outbox[0].subject == sentence.rstrip(".")
        assert sentence in mail.outbox[0].body
        assert sentence in html(mail.outbox[0])

    def test_names_are_escaped_and_in_one_line(self, alice):
        make_series(alice, "<b>Net\nflix")
        assert send_on(TODAY) == 1
        assert "&lt;b&gt;Net" in html(mail.outbox[0])

    def test_in_hebrew(self, alice):
        turn_on(alice, language="he")
        make_series(alice)
        send_on(TODAY)
        assert 'lang="he" dir="rtl"' in html(mail.outbox[0])
        assert "Netflix" in mail.outbox[0].subject
        assert "tomorrow" not in mail.outbox[0].body

    def test_of_another_person_nothing(self, alice, bob):
        make_series(bob)
        assert send_on(TODAY) == 0


def test_nothing_to_say_is_no_email_and_is_asked_once_a_day(alice, monkeypatch):
    turn_on(alice, "reminders")
    asked = []
    monkeypatch.setattr(reminders, "find_series", lambda ledger_id: asked.append(ledger_id) or [])
    assert [send_on(TODAY, hour) for hour in (8, 9, 10)] == [0, 0, 0]
    assert asked == [alice.pk]
    send_on(TOMORROW)
    assert len(asked) == 2


def test_a_part_that_fails_takes_no_other_with_it(reader, monkeypatch):
    def fail(_ledger_id):
        raise ValueError

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "find_series", fail)
        assert send_on(TODAY) == 1
    assert mail.outbox[0].subject == "Your August 2026 in FinBrain"


def test_if_every_part_fails_the_next_run_tries_again(alice, monkeypatch):
    turn_on(alice, "reminders")
    make_series(alice)
    with monkeypatch.context() as patched:
        patched.setattr(reminders, "find_series", None)
        assert send_on(TODAY, 8) == 0
    assert send_on(TODAY, 9) == 1


def test_a_mail_server_that_is_away_costs_no_email(reader, monkeypatch):
    def refuse(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
        with pytest.raises(ConnectionRefusedError):
            send_on(TODAY)
    assert send_on(TODAY) == 1


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (SMTPDataError(451, b"try later"), 1),
        (SMTPRecipientsRefused({"alice@example.com": (450, b"greylisted")}), 1),
        (SMTPRecipientsRefused({"alice@example.com": (550, b"no such mailbox")}), 0),
        (SMTPServerDisconnected(), 0),  # It may have taken the email before.
        (TimeoutError(), 0),
    ],
)
def test_only_what_was_surely_not_sent_is_sent_again(reader, monkeypatch, error, again):
    def fail(self, *args, **kwargs):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", fail)
        assert send_on(TODAY, 8) == 0
    assert send_on(TODAY, 9) == again


def test_after_a_crash_while_sending_nothing_is_sent_twice(reader, monkeypatch):
    def crash(self, *args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", crash)
        with pytest.raises(SystemExit):
            send_on(TODAY)
    assert send_on(TODAY, 13) == 0


def links(sent) -> dict[str, str]:
    """The links to unsubscribe in the text, by kind."""
    return dict(re.findall(r"Unsubscribe from “(.*?)”: http://localhost:8000(\S+)", sent.body))


def wanted(person) -> tuple[bool, bool]:
    now = User.objects.get(pk=person.pk)
    return now.monthly_summary, now.reminders


def test_each_kind_has_its_link_which_asks_first(reader, client):
    send_on(TODAY)
    found = links(mail.outbox[0])
    assert list(found) == ["Reminders", "Monthly summary"]
    assert all(path in html(mail.outbox[0]) for path in found.values())
    for method in (client.get, client.head):
        assert method(found["Reminders"]).status_code == 200
    assert wanted(reader) == (True, True), "mail scanners open links, too"
    reader.set_password("nine green bottles on the wall")
    reader.save(update_fields=["password"])
    for _twice in range(2):
        assert "Unsubscribed" in client.post(found["Reminders"]).content.decode()
        assert wanted(reader) == (True, False)


def test_one_click_in_the_email_program_stops_what_the_email_has(reader):
    """RFC 8058: a POST with this body, without cookies, tokens or redirects."""
    send_on(TODAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.fullmatch(r"<http://localhost:8000(/\S+)>", headers["List-Unsubscribe"])[1]
    assert Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wanted(reader) == (False, False)


@pytest.mark.parametrize("token", ["x", "6b02bbf66cfb380d336ad939", "a:b:c", "WyJ4Il0:1:y"])
def test_a_wrong_link_does_nothing(client, reader, token):
    assert client.post(f"/accounts/emails/unsubscribe/{token}/").status_code == 404
    assert wanted(reader) == (True, True)


def test_settings_turn_each_kind_on_by_itself(client_alice, alice):
    client_alice.cookies["timezone"] = "Asia/Tokyo"
    client_alice.post("/accounts/settings/", {"section": "emails", "reminders": "on"})
    assert wanted(alice) == (False, True)
    assert User.objects.get(pk=alice.pk).time_zone == "Asia/Tokyo"


def test_saving_other_settings_skips_no_period(client_alice, reader):
    client_alice.post("/accounts/settings/", {"section": "emails", "reminders": "on", "monthly_summary": "on"})
    assert User.objects.get(pk=reader.pk).summary_month == ""


def test_an_account_of_an_earlier_release_gets_its_summary(reader):
    new = ["reminders", "weekly_insights", "insights_week", "emailed_on", "time_zone"]
    collection(User).update_one({"_id": reader.pk}, {"$unset": dict.fromkeys(new, "")})
    assert send_on(TODAY) == 1
    assert mail.outbox[0].subject == "Your August 2026 in FinBrain"
    assert send_on(TODAY) == 0


def test_nothing_else_emails_people():
    """Emails about accounts go through the adapter, all others through here."""
    found = []
    for app in ("expenses", "classifier", "finbrain", "accounts"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            names = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
            if "tests" not in path.parts and any((node.module or "").startswith("django.core.mail") for node in names):
                found.append(path.relative_to(settings.BASE_DIR).as_posix())
    assert sorted(found) == ["accounts/mail_backend.py", "expenses/emails/composing.py", "expenses/emails/sending.py"]


def test_names_of_kinds_are_those_in_sent_links():
    assert {kind.name for kind in all_kinds.KINDS} >= {"reminders", "weekly", "monthly"}
