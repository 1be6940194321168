"""The backend that loads the signed-in user."""

from bson import ObjectId
from django.contrib.auth import get_user_model
from django.utils import timezone

from accounts.backend import Backend


def test_it_is_whom_the_orm_would_have_read(alice):
    User = get_user_model()
    User.objects.filter(pk=alice.pk).update(last_login=timezone.now(), demo_expires_at=timezone.now(), language="he")
    person, same = Backend().get_user(alice.pk), User.objects.get(pk=alice.pk)
    assert person == same
    names = [column.attname for column in User._meta.concrete_fields]
    assert [getattr(person, name) for name in names] == [getattr(same, name) for name in names]
    assert not person.get_deferred_fields()
    person.first_name = "Alicia"
    person.save()
    assert User.objects.get(pk=alice.pk).first_name == "Alicia"


def test_a_changed_role_and_a_closed_account_count_at_once(client_alice, alice):
    User = get_user_model()
    assert client_alice.get("/admin/").status_code == 302
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    assert client_alice.get("/admin/").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client_alice.get("/expenses/").status_code == 302


def test_one_read_a_request(client_alice, count_db):
    client_alice.get("/accounts/settings/")
    with count_db() as calls:
        client_alice.get("/expenses/trash/")
    assert len([name for name in calls.names if "accounts_user" in str(name)]) <= 1


def test_nobody(db):
    assert Backend().get_user(ObjectId()) is None
