"""Insights on the dashboard and in the weekly email, and the links that answer its questions."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from bson import ObjectId
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone

from classifier.memory import learn
from expenses.insights import answer_links
from expenses.insights.loading import monday_of
from expenses.insights.questions import questions
from expenses.models import Expense
from expenses.people.ledger_settings import personal_ledger
from expenses.recurring.refreshing import refresh
from expenses.tests.emails.sending import html, send_on
from expenses.tests.making import make_expenses
from expenses.tests.test_views_dashboard import text_of


def this_monday() -> date:
    return monday_of(timezone.localdate())


def id_of_last_week() -> ObjectId:
    moment = datetime.combine(this_monday() - timedelta(days=2), datetime.min.time(), UTC)
    return ObjectId(f"{int(moment.timestamp()):08x}{str(ObjectId())[8:]}")


@pytest.fixture
def odd(alice):
    """A subscription whose last payment cost more, a few days before this week."""
    last = this_monday() - timedelta(days=4)
    days = [last - timedelta(days=28 * n) for n in range(1, 9)]
    rows = [{"title": "Netflix", "amount": 50, "spent_on": day, "category": "leisure-gifts"} for day in days]
    rows += [{"id": id_of_last_week(), "title": "Netflix", "amount": 56, "spent_on": last, "category": "leisure-gifts"}]
    make_expenses(alice, rows)
    refresh(alice.pk, timezone.localdate())
    return alice


@pytest.fixture
def asked(odd):
    """Alice, who wants the weekly email and has seven unsure expenses."""
    last = this_monday() - timedelta(days=5)
    amounts = (5, 400, 70, 30, 20, 10, 1)
    make_expenses(odd, [{"title": f"Odd {n}", "amount": n, "unsure": 0.4, "spent_on": last} for n in amounts])
    make_expenses(odd, [{"title": "Quite sure", "amount": 80, "unsure": 0.65, "spent_on": last}])
    get_user_model().objects.filter(pk=odd.pk).update(weekly_insights=True)
    odd.refresh_from_db()
    return odd


def links_of(sent) -> list[str]:
    return [urlsplit(found).path for found in re.findall(r"http\S+/emails/answer/\S+/", sent.body)]


def sent_links() -> list[str]:
    assert send_on(this_monday()) == 1
    return links_of(mail.outbox[0])


def unsure_left(person) -> int:
    return Expense.objects.filter(ledger_id=person.pk, reviewed=False).count()


def test_the_dashboard_says_it_until_it_is_dismissed(client_alice, odd):
    page = client_alice.get("/dashboard/")
    assert "rose 12%: ₪56.00 instead of ₪50.00." in text_of(page)
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page.content.decode())[1]
    for wrong in ("", "x" * 32, key + "0"):
        client_alice.post("/expenses/insights/dismiss/", {"key": wrong})
    assert "rose 12%" in text_of(client_alice.get("/dashboard/"))
    client_alice.post("/expenses/insights/dismiss/", {"key": key})
    client_alice.get("/dashboard/")  # with the message
    assert "rose 12%" not in text_of(client_alice.get("/dashboard/"))
    assert get_user_model().objects.get(pk=odd.pk).dismissed_insights == [key]


def test_it_stays_dismissed_after_another_import_until_the_facts_change(client_alice, odd):
    key = re.search(r'name="key" value="([0-9a-f]{32})"', client_alice.get("/dashboard/").content.decode())[1]
    client_alice.post("/expenses/insights/dismiss/", {"key": key})
    client_alice.get("/dashboard/")

    def replace_with(amount):
        last = Expense.objects.filter(ledger_id=odd.pk).latest("spent_on")
        last.delete()
        row = {"id": id_of_last_week(), "title": "Netflix", "amount": amount, "spent_on": last.spent_on}
        make_expenses(odd, [row | {"category": "leisure-gifts"}])
        refresh(odd.pk, timezone.localdate())

    replace_with(56)
    assert "rose 12%" not in text_of(client_alice.get("/dashboard/"))
    replace_with(60)
    assert "rose 20%" in text_of(client_alice.get("/dashboard/"))


def test_insights_cost_no_round_trips_of_their_own(client_alice, odd, count_db, count_cache):
    client_alice.get("/dashboard/")
    with count_db() as database, count_cache() as cached:
        client_alice.get("/dashboard/")
    assert len(database) <= 3, database.names
    assert len(cached) <= 3, cached.names


def test_the_email_has_the_sentence_and_five_questions(asked):
    assert send_on(this_monday()) == 1
    (sent,) = mail.outbox
    assert sent.subject == "1 thing worth a look this week"
    for content in (sent.body, html(sent)):
        assert "rose 12%: ₪56.00 instead of ₪50.00." in content
        # By margin × money: 80 × .35 is less than 70 × .6, but more than 30 × .6.
        assert re.findall(r"Odd \d+|Quite sure", content) == ["Odd 400", "Odd 70", "Quite sure", "Odd 30", "Odd 20"]
    assert len(links_of(sent)) == 15
    assert send_on(this_monday() + timedelta(days=1)) == 0, "once a week"


def test_nothing_odd_no_email(asked):
    get_user_model().objects.filter(pk=asked.pk).update(insights_week="")
    assert send_on(this_monday() + timedelta(weeks=2)) == 0
    assert not mail.outbox


def test_the_email_is_in_hebrew(asked):
    get_user_model().objects.filter(pk=asked.pk).update(language="he")
    assert send_on(this_monday()) == 1
    (sent,) = mail.outbox
    assert "worth a look" not in sent.subject + sent.body + html(sent)
    assert 'dir="rtl"' in html(sent)


def test_income_is_no_answer_to_what_an_account_paid(asked):
    rows = Expense.objects.filter(ledger_id=asked.pk, title="Odd 400")
    rows.update(alternatives="salary,other", import_batch=ObjectId())
    assert [slug for slug, _name in questions(personal_ledger(asked))[0].choices] == ["transportation", "other"]


def test_a_toss_up_between_two_categories_is_asked_before_more_money_that_is_clear(odd):
    rows = [("Corner kiosk", 70), ("City pharmacy", 100)]
    make_expenses(odd, [{"title": title, "amount": amount, "unsure": 0.4} for title, amount in rows])
    ledger = personal_ledger(odd)
    assert [each.row["title"] for each in questions(ledger)] == ["City pharmacy", "Corner kiosk"]
    for category in ("food-drinks", "leisure-gifts"):
        learn(odd.pk, "Corner kiosk", category)
    for _ in range(3):
        learn(odd.pk, "City pharmacy", "health-essentials")
    assert [each.row["title"] for each in questions(ledger)] == ["Corner kiosk", "City pharmacy"]


def test_a_link_shows_first_and_works_once(asked):
    """Whoever opens it, and whatever looks at it before: only the button files, and only this expense."""
    nobody, links, before = Client(enforce_csrf_checks=False), sent_links(), unsure_left(asked)
    for look in (nobody.head, nobody.get, nobody.get):
        assert look(links[0]).status_code == 200
    assert unsure_left(asked) == before
    page = text_of(nobody.get(links[0]))
    assert "Odd 400" in page
    assert "Odd 70" not in page

    assert "Filed" in text_of(nobody.post(links[0]))
    assert unsure_left(asked) == before - 1
    filed = Expense.objects.get(ledger_id=asked.pk, title="Odd 400")
    assert filed.reviewed
    assert filed.category_source == "person"
    for again in (links[0], links[1], links[2]):  # the other answers to the same question, too
        for look in (nobody.get, nobody.post):
            assert look(again).status_code == 404
    assert Expense.objects.get(pk=filed.pk).updated_at == filed.updated_at

    Expense.objects.filter(pk=filed.pk).update(reviewed=False)  # as undoing does
    assert nobody.post(links[0]).status_code == 404


def test_the_button_needs_the_page(asked):
    assert Client(enforce_csrf_checks=True).post(sent_links()[0]).status_code == 403


def test_links_expire(asked, monkeypatch):
    link, end = sent_links()[0], (datetime.now(UTC) + answer_links.LIFE).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: end - 3600)
    assert Client().get(link).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: end + 5)
    for look in (Client().get, Client().post):
        assert look(link).status_code == 404


def test_tampered_links_and_links_for_something_else(asked, bob):
    link = sent_links()[0]
    token = link.split("/")[-2]
    unsubscribe = re.search(r"/emails/unsubscribe/(\S+)/", mail.outbox[0].body)[1]
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x" + token, unsubscribe, "x", "::"):
        assert Client().post(f"/accounts/emails/answer/{wrong}/").status_code == 404
    row = questions(personal_ledger(asked))[0].row
    foreign = answer_links.answer_url(bob, row, "other", this_monday())
    assert Client().post(urlsplit(foreign).path).status_code == 404
    assert Client().post(f"/accounts/emails/unsubscribe/{token}/").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal(7)},
        {"title": "Another"},
        {"reviewed": True},
        {"deleted_at": datetime.fromtimestamp(0, UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_the_expense_voids_its_links(asked, change):
    link = sent_links()[0]
    Expense.objects.filter(ledger_id=asked.pk, title="Odd 400").update(**change)
    assert Client().get(link).status_code == 404


def test_links_of_inactive_and_deleted_people_are_void(asked):
    link = sent_links()[0]
    get_user_model().objects.filter(pk=asked.pk).update(is_active=False)
    assert Client().post(link).status_code == 404
    asked.delete()
    assert Client().get(link).status_code == 404
