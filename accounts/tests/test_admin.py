"""The admin shows no secrets of people, and its staff can't give themselves rights."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

SECRET = "JBSWY3DPEHPK3PXP"
KEY = "k" * 32


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root@example.com", "a long password")


@pytest.fixture
def staff(db):
    """Staff with every permission, but no superuser."""
    person = get_user_model().objects.create_user("staff@example.com", "a long password", is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    return person


@pytest.mark.parametrize("kind", ["totp", "recovery_codes", "webauthn"])
def test_secrets_of_sign_in_methods_are_never_shown(superuser, alice, kind):
    data = {"secret": SECRET, "seed": SECRET, "credential": SECRET, "name": "Phone"}
    method = Authenticator.objects.create(user=alice, type=kind, data=data)
    admin = client_of(superuser)
    for page in ("changelist", "change"):
        url = reverse(f"admin:mfa_authenticator_{page}", args=[method.pk] if page == "change" else [])
        shown = admin.get(url)
        assert shown.status_code == 200
        assert "alice@example.com" in shown.content.decode()
        assert SECRET not in shown.content.decode()
    assert admin.post(url, {"data": "{}", "type": kind}).status_code == 403
    assert Authenticator.objects.get().data["secret"] == SECRET
    assert admin.post(reverse("admin:mfa_authenticator_delete", args=[method.pk]), {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_keys_of_sessions_are_never_shown(superuser, alice):
    session = UserSession.objects.create(user=alice, ip="192.0.2.7", user_agent="Firefox", session_key=KEY)
    admin = client_of(superuser)
    for url in (
        reverse("admin:usersessions_usersession_changelist"),
        reverse("admin:usersessions_usersession_change", args=[session.pk]),
    ):
        page = admin.get(url).content.decode()
        assert "192.0.2.7" in page
        assert KEY not in page
    assert admin.post(url, {"ip": "192.0.2.8"}).status_code == 403


def change(client: Client, person, **values):
    url = reverse("admin:accounts_user_change", args=[person.pk])
    kept = {
        "email": person.email,
        "home_currency": "ILS",
        "theme": "auto",
        "count_cash": "spent",
        "auto_file_threshold": "0.7",
        "is_active": "on",
    }
    return client.post(url, {**kept, **values})


def test_staff_cannot_give_rights(staff, alice):
    client = client_of(staff)
    assert change(client, alice, first_name="Alicia", is_staff="on", is_superuser="on").status_code == 302
    alice.refresh_from_db()
    assert alice.first_name == "Alicia"
    assert not alice.is_staff
    assert not alice.is_superuser


@pytest.mark.parametrize("whom", ["superuser", "staff"])
def test_staff_cannot_change_staff_or_superusers(request, staff, whom):
    client, person = client_of(staff), request.getfixturevalue(whom)
    assert change(client, person, is_superuser="on").status_code == 403
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.post(url, {"password1": "correct horse 42", "password2": "correct horse 42"}).status_code == 403
    assert client.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
    person.refresh_from_db()
    assert person.check_password("a long password")
    assert person.is_superuser == (whom == "superuser")


def test_superusers_give_rights(superuser, alice):
    assert change(client_of(superuser), alice, is_staff="on").status_code == 302
    alice.refresh_from_db()
    assert alice.is_staff
