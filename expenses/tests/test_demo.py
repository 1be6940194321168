"""Demo accounts are believable, private and writable; people can keep them, and unused ones are deleted."""

from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.session.demo_life import prolong
from classifier.models import Feedback, Memory
from expenses.models import Expense, MonthVersion
from expenses.people.demo import remove_expired_demos, start_demo
from expenses.people.demo_story import LEAST_EXPENSES, demo_expenses

KEEP = {
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "Ann.Lee@example.com",
    "password1": "a demo worth keeping",
    "password2": "a demo worth keeping",
}


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_story_ends_today_and_spans_six_months(today):
    made = demo_expenses(today)
    assert len(made) >= LEAST_EXPENSES
    assert made[-1].spent_on == today
    assert len({(expense.spent_on.year, expense.spent_on.month) for expense in made}) == 6
    assert {expense.currency for expense in made} == {"ILS", "USD", "EUR"}
    assert all((expense.amount < 0) == (expense.category == "salary") for expense in made)
    assert all(expense.amount.as_tuple().exponent == -2 for expense in made)
    assert {"transfer", "salary"} <= {expense.category for expense in made}
    assert made == demo_expenses(today)


def press_demo(client):
    return client.post("/accounts/demo/")


def newest_demo():
    return get_user_model().objects.get(demo_expires_at__isnull=False)


@pytest.mark.django_db
def test_one_click_signs_in_to_a_full_account(client):
    assert press_demo(client).status_code == 302
    user = newest_demo()
    assert client.session["_auth_user_id"] == str(user.pk)
    expenses = Expense.objects.filter(ledger_id=user.pk)
    assert expenses.count() >= LEAST_EXPENSES
    assert MonthVersion.objects.filter(pk__startswith=f"{user.pk}:").count() >= 6
    assert Memory.objects.filter(ledger_id=user.pk).count() >= 20
    assert expenses.filter(reviewed=False).count() >= 5
    assert client.get("/dashboard/").status_code == 200
    assert UserSession.objects.get().user_id == user.pk


@pytest.mark.django_db
def test_the_same_browser_returns_to_its_demo(client):
    press_demo(client)
    demo = newest_demo()
    client.post("/accounts/logout/")
    page = client.get("/accounts/login/?next=/expenses/%3Fq=taxi").content.decode()
    assert "Return to your demo" in page
    assert 'name="next" value="/expenses/?q=taxi"' in page
    assert client.post("/accounts/demo/", {"next": "/expenses/?q=taxi"}).url == "/expenses/?q=taxi"
    assert client.session["_auth_user_id"] == str(demo.pk)
    assert get_user_model().objects.count() == 1
    client.post("/accounts/logout/")
    assert client.post("/accounts/demo/", {"next": "https://evil.example/"}).url == "/dashboard/"


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["expired", "deleted", "kept", "forged"])
def test_a_demo_that_is_gone_gives_a_new_one_and_never_an_account(client, change):
    press_demo(client)
    demo = newest_demo()
    if change == "kept":
        client.post("/accounts/demo/keep/", KEEP)
    client.post("/accounts/logout/")
    if change == "expired":
        get_user_model().objects.update(demo_expires_at=timezone.now() - timedelta(minutes=1))
    if change == "deleted":
        demo.delete()
    if change == "forged":
        client.cookies["demo"] = client.cookies["demo"].value[:-2] + "xx"
    answer = client.post("/accounts/demo/", follow=True)
    assert client.session["_auth_user_id"] != str(demo.pk)
    assert "Your last demo is gone. This is a new one." in answer.content.decode()


@pytest.mark.django_db
def test_two_demos_see_nothing_of_each_other(client, client_alice):
    press_demo(client)
    expense = Expense.objects.filter(ledger_id=newest_demo().pk).first()
    assert client_alice.get(f"/expenses/{expense.pk}/edit/").status_code == 404


@pytest.mark.django_db
def test_demo_feedback_never_reaches_training(client):
    press_demo(client)
    expense = Expense.objects.filter(ledger_id=newest_demo().pk, reviewed=False).first()
    chosen = "education-growth" if expense.category != "education-growth" else "other"
    client.post(f"/expenses/{expense.pk}/category/", {"category": chosen})
    expense.refresh_from_db()
    assert expense.category == chosen
    assert not Feedback.objects.exists()


@pytest.mark.django_db
def test_a_demo_is_kept_with_everything_in_it(client):
    press_demo(client)
    user = newest_demo()
    count = Expense.objects.filter(ledger_id=user.pk).count()
    assert client.post("/accounts/demo/keep/", KEEP).status_code == 302
    user.refresh_from_db()
    assert (user.email, user.is_demo, user.first_name) == ("ann.lee@example.com", False, "Ann")
    assert Expense.objects.filter(ledger_id=user.pk).count() == count
    assert client.get("/expenses/").status_code == 200
    client.post("/accounts/logout/")
    signed_in = client.post("/accounts/login/", {"login": KEEP["email"], "password": KEEP["password1"]})
    assert signed_in.status_code == 302


@pytest.mark.django_db
def test_a_demo_is_not_kept_with_an_email_that_is_too_long(client):
    press_demo(client)
    answer = client.post("/accounts/demo/keep/", {**KEEP, "email": f"{'a' * 250}@example.com"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"] == ["Use at most 254 characters. This has 262."]
    assert newest_demo().is_demo


@pytest.mark.django_db
def test_an_address_that_is_taken_is_said_at_the_field(client, alice):
    press_demo(client)
    answer = client.post("/accounts/demo/keep/", {**KEEP, "email": "ALICE@example.com"})
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors
    assert newest_demo().is_demo


def test_keeping_is_for_demos_only(client_alice):
    assert client_alice.get("/accounts/demo/keep/").status_code == 404


def test_who_is_signed_in_stays_who_they_are(client_alice, alice):
    press_demo(client_alice)
    assert client_alice.session["_auth_user_id"] == str(alice.pk)


def test_who_has_nothing_yet_may_leave_for_a_demo(client_alice, alice):
    page = client_alice.get("/expenses/").content.decode()
    assert 'name="leave" value="1"' in page
    client_alice.post("/accounts/demo/", {"leave": "1"})
    page = client_alice.get("/expenses/")
    assert page.wsgi_request.user.is_demo
    assert 'name="leave"' not in page.content.decode()
    assert Expense.objects.filter(ledger_id=alice.pk).count() == 0


@pytest.mark.django_db
def test_demos_are_limited_by_address(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"demo": "2/h/ip"}
    answers = []
    for _ in range(3):
        answers.append(press_demo(client).status_code)
        client.cookies.clear()
    assert answers == [302, 302, 429]


@pytest.mark.parametrize(
    ("addresses", "last"),
    [
        (["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1"], 429),
        (["2001:db8:1:1::1", "2001:db8:2:1::1", "2001:db8:3:1::1"], 302),
        (["203.0.113.1", "203.0.113.2", "203.0.113.3"], 429),
    ],
)
@pytest.mark.django_db
def test_demos_are_limited_by_network(settings, addresses, last):
    """One customer of a provider may have 65,536 networks that look like one household each."""
    settings.ACCOUNT_RATE_LIMITS = {"demo": "20/h/ip", "demo_network": "2/h/key"}
    answers = [Client().post("/accounts/demo/", REMOTE_ADDR=address).status_code for address in addresses]
    assert answers == [302, 302, last]


@pytest.mark.django_db
def test_demos_have_a_ceiling_and_the_page_is_kind(client, settings, alice):
    settings.DEMO_CEILING = 2
    start_demo()
    demo = start_demo()
    answer = press_demo(client)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "No demo is free right now" in page
    assert 'href="/accounts/signup/"' in page
    assert "_auth_user_id" not in client.session
    assert get_user_model().objects.filter(demo_expires_at__isnull=False).count() == 2
    assert remove_expired_demos(demo.demo_expires_at + timedelta(seconds=1)) == 2
    assert press_demo(client).url == "/dashboard/"


@pytest.mark.django_db
def test_leaving_for_a_demo_that_is_not_free_signs_nobody_out(client_alice, settings):
    settings.DEMO_CEILING = 1
    start_demo()
    assert client_alice.post("/accounts/demo/", {"leave": "1"}).status_code == 429
    assert client_alice.get("/expenses/").status_code == 200


def test_unused_demos_go_with_all_their_data(alice):
    Expense.objects.create(
        ledger_id=alice.pk,
        title="Bread",
        amount=9,
        currency="ILS",
        spent_on=date(2026, 1, 1),
        category="food-drinks",
        order_value=2,
    )
    used, unused = start_demo(), start_demo()
    later = timezone.now() + timedelta(hours=30)
    used.demo_expires_at = later + timedelta(hours=1)
    used.save()
    assert remove_expired_demos(later) == 1
    people = get_user_model().objects
    assert people.filter(pk__in=[used.pk, alice.pk]).count() == 2
    assert not people.filter(pk=unused.pk).exists()
    assert not Expense.objects.filter(ledger_id=unused.pk).exists()
    assert not Memory.objects.filter(ledger_id=unused.pk).exists()
    assert not MonthVersion.objects.filter(pk__startswith=str(unused.pk)).exists()
    assert Expense.objects.filter(ledger_id=alice.pk).count() == 1


@pytest.mark.django_db
def test_use_moves_the_end_at_most_once_an_hour(count_db):
    user = start_demo()
    with count_db() as calls:
        prolong(user)
    assert not calls.names
    user.demo_expires_at -= timedelta(hours=2)
    user.save()
    prolong(user)
    user.refresh_from_db()
    assert user.demo_expires_at > timezone.now() + timedelta(hours=23)
