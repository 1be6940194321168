"""After a deletion, no store mentions the person."""

from datetime import date
from decimal import Decimal

import pytest
import redis
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client

from accounts.models import User
from classifier import feedback
from classifier.models import Feedback, FeedbackStatus, Memory
from conftest import PASSWORD
from expenses.ledger.entries import NewExpense, add_expense
from expenses.models import Expense
from expenses.people.deletion import count_possessions, delete_people, delete_person
from expenses.people.ledger_settings import personal_ledger

TITLES = ("Llama shearing at Zwick's", "Wombat crossing toll")
APPROVED = "Quokka photography class"


def mentions_in_database(texts: list[str]) -> list[str]:
    """The collections with a document that contains one of the texts, in any field at any depth."""
    found = []
    for name in connection.database.list_collection_names():
        for document in connection.database[name].find():
            written = repr(document)
            if any(text in written for text in texts):
                found.append(f"{name}: {written[:200]}")
    return found


def mentions_in_redis(texts: list[str]) -> list[str]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    found = []
    for name in client.scan_iter():
        value = {b"string": client.get}.get(client.type(name), client.dump)(name) or b""
        if any(text.encode() in name + value for text in texts):
            found.append(f"{name!r}: {value[:200]!r}")
    return found


def add(user: User, title: str, category: str = "") -> Expense:
    return add_expense(
        personal_ledger(user), NewExpense(title, Decimal(12), "ILS", date(2026, 8, 20), category)
    ).expense


@pytest.fixture
def used(alice):
    """Alice, who has used everything that leaves a trace and has shared two corrections, one of them approved."""
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    expenses = [add(alice, title, "leisure-gifts") for title in (*TITLES, APPROVED)]
    for expense in expenses:
        chosen = "other" if expense.category != "other" else "transportation"
        client.post(f"/expenses/{expense.pk}/category/", {"category": chosen})
    for text in (*TITLES, APPROVED):
        feedback.record_correction(
            ledger_id=alice.pk,
            text=text,
            suggested="other",
            confidence=0.4,
            chosen="leisure-gifts",
            model_version=1,
            share=True,
        )
    Feedback.objects.filter(text=APPROVED).update(status=FeedbackStatus.APPROVED)
    client.post(f"/expenses/{expenses[0].pk}/delete/")
    for url in ("/expenses/", "/dashboard/", "/dashboard/?month=2026-08", "/expenses/?q=llama&month=all", "/"):
        assert client.get(url).status_code == 200
    client.get("/expenses/suggest/", {"title": TITLES[0]})
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    half_way = Client()
    half_way.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    Client().post("/accounts/password/reset/", {"email": alice.email})
    logged(alice, alice, alice.email)
    logged(alice, expenses[1], str(expenses[1]))
    logged(alice, Feedback.objects.get(text=TITLES[0]), TITLES[0])
    return client


def logged(by: User, what: object, text: str) -> None:
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(what),
        object_id=str(what.pk),
        object_repr=text,
        action_flag=CHANGE,
    )


def test_nothing_is_left_but_approved_feedback(used, alice, bob):
    add(bob, "Bread")
    Feedback.objects.filter(text=APPROVED).update(reviewer=bob.email)
    texts = [
        str(alice.pk),
        alice.email,
        feedback.contributor(alice.pk),
        *TITLES,
        *(title.casefold() for title in TITLES),
    ]
    assert mentions_in_database(texts)
    assert mentions_in_redis(texts)

    delete_person(alice)

    assert mentions_in_database(texts) == []
    assert mentions_in_redis(texts) == []
    kept = Feedback.objects.get()
    assert (kept.text, kept.contributor, kept.reviewer) == (APPROVED, "", bob.email)
    assert Expense.objects.get().ledger_id == bob.pk
    assert used.get("/expenses/").status_code == 302


def test_a_reviewer_who_leaves_is_forgotten_too(alice, bob):
    add(bob, "Bread")
    Feedback.objects.create(text="x", normalised="x", suggested_category="other", confidence=0.1,
                            chosen_category="other", reviewer=alice.email)  # fmt: skip
    delete_person(alice)
    assert Feedback.objects.get().reviewer == ""


def test_what_would_go_is_counted(used, alice):
    assert count_possessions(alice) == {
        "expenses": 3,
        "memories": 2,
        "feedback": 2,
        "sessions": 1,
        "factors": 1,
        "addresses": EmailAddress.objects.filter(user_id=alice.pk).count(),
    }


def test_deleting_again_after_a_failure_half_way_finishes_the_job(used, alice, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(User, "delete", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            delete_person(alice)
    alice_id = str(alice.pk)
    delete_person(get_user_model().objects.get(pk=alice_id))
    assert mentions_in_database([alice_id, alice.email]) == []


def test_what_a_request_writes_in_the_meantime_is_deleted_too(alice, monkeypatch):
    """A request that started before the deletion may still be writing."""
    delete = User.delete

    def late(self):
        Memory.objects.create(ledger_id=self.pk, text="late", title="late", category="other")
        UserSession.objects.create(user_id=self.pk, session_key="late", ip="127.0.0.1", user_agent="")
        return delete(self)

    monkeypatch.setattr(User, "delete", late)
    alice_id = str(alice.pk)
    delete_person(alice)
    assert mentions_in_database([alice_id]) == []


def test_several_people_at_once(alice, bob):
    add(alice, TITLES[0])
    add(bob, TITLES[1])
    delete_people([alice, bob])
    assert mentions_in_database([*TITLES, "alice@", "bob@"]) == []


def test_deleting_a_person_in_the_admin_is_the_same_deletion(used, alice, db):
    get_user_model().objects.create_superuser("root@example.com", PASSWORD)
    client = Client()
    client.post("/accounts/login/", {"login": "root@example.com", "password": PASSWORD})
    url = f"/admin/accounts/user/{alice.pk}/delete/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert mentions_in_database([str(alice.pk), alice.email, *TITLES]) == []
