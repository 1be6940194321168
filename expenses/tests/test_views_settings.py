"""Each section of the settings saves its own fields, applies at once, and shows errors at the field."""

import re

import pytest
from django.contrib.auth import get_user_model

from classifier import memory
from conftest import PASSWORD

URL = "/accounts/settings/"
PREFERENCES = {"section": "preferences", "home_currency": "ILS", "language": "", "theme": "auto"}


def save(client, **fields):
    return client.post(URL, fields)


def fresh(user):
    return get_user_model().objects.get(pk=user.pk)


def test_the_page_and_the_way_to_it(client_alice):
    assert f'href="{URL}"' in client_alice.get("/expenses/").content.decode()
    page = client_alice.get(URL).content.decode()
    for url in ("email/", "password/change/", "2fa/", "2fa/webauthn/", "sessions/", "delete/"):
        assert f'href="/accounts/{url}"' in page
    assert 'action="/accounts/download/"' in page


def test_names(client_alice, alice):
    answer = save(client_alice, section="profile", first_name=" עליזה ", last_name="")
    assert answer.url == f"{URL}#profile"
    assert (fresh(alice).first_name, fresh(alice).last_name) == ("עליזה", "")


def test_currency_language_and_theme_apply_at_once(client_alice, alice):
    answer = save(client_alice, **PREFERENCES | {"home_currency": "JPY", "language": "he", "theme": "dark"})
    assert answer.status_code == 302
    page = client_alice.get("/dashboard/").content.decode()
    assert 'lang="he" dir="rtl" data-theme="dark"' in page
    assert "JPY" in page
    assert fresh(alice).home_currency == "JPY"


def test_back_to_the_browsers_language(client_alice, alice):
    save(client_alice, **PREFERENCES | {"language": "he"})
    save(client_alice, **PREFERENCES)
    assert 'lang="en"' in client_alice.get(URL).content.decode()


@pytest.mark.parametrize(
    ("fields", "bad"),
    [
        (PREFERENCES | {"home_currency": "XXX"}, "home_currency"),
        (PREFERENCES | {"home_currency": ""}, "home_currency"),
        (PREFERENCES | {"language": "tlh"}, "language"),
        (PREFERENCES | {"theme": "pink"}, "theme"),
        ({"section": "filing", "threshold": "39"}, "threshold"),
        ({"section": "filing", "threshold": "1e2"}, "threshold"),
        ({"section": "filing", "threshold": ""}, "threshold"),
        ({"section": "profile", "first_name": ""}, "first_name"),
        ({"section": "profile", "first_name": "x" * 151}, "first_name"),
        ({"section": "profile", "first_name": "a\x00b"}, "first_name"),
    ],
)
def test_bad_values_are_said_at_the_field(client_alice, alice, fields, bad):
    answer = client_alice.post(URL, fields)
    assert answer.status_code == 422
    assert answer.context["forms"][fields["section"]].errors[bad]
    assert f'id="id_{bad}_error"' in answer.content.decode()
    assert fresh(alice).home_currency == "ILS"
    assert fresh(alice).first_name == "Alice"


def test_an_unknown_section(client_alice):
    assert save(client_alice, section="root").status_code == 400
    assert save(client_alice, section="filing", threshold="80", is_superuser="on").status_code == 302


def test_a_section_leaves_the_others_alone(client_alice, alice):
    save(client_alice, section="filing", threshold="85")
    save(client_alice, section="emails", monthly_summary="on")
    save(client_alice, section="profile", first_name="Ali", last_name="Levi", is_staff="on", email="x@example.com")
    now = fresh(alice)
    assert (now.auto_file_threshold, now.share_feedback, now.monthly_summary) == (0.85, False, True)
    assert (now.first_name, now.email, now.is_staff) == ("Ali", "alice@example.com", False)


def save_at_once(client, **fields):
    return client.post(URL, fields, headers={"Accept": "application/json"})


def test_a_script_saves_field_by_field(client_alice, alice):
    answer = save_at_once(client_alice, section="profile", first_name="Ali", last_name="Levi")
    assert answer.json() == {"changed": ["first_name"], "errors": {}, "reload": False}
    assert fresh(alice).first_name == "Ali"
    answer = save_at_once(client_alice, section="profile", first_name="", last_name="Cohen")
    assert answer.json() == {"changed": [], "errors": {"first_name": "This field is required."}}
    assert fresh(alice).last_name == "Levi"


def test_another_language_or_theme_needs_the_page_again(client_alice, alice):
    assert not save_at_once(client_alice, **PREFERENCES | {"home_currency": "JPY"}).json()["reload"]
    assert save_at_once(client_alice, **PREFERENCES | {"language": "he"}).json()["reload"]
    assert 'lang="he"' in client_alice.get(URL).content.decode()
    assert save_at_once(client_alice, **PREFERENCES | {"language": "he", "theme": "dark"}).json()["reload"]


def test_the_first_day_of_the_week(client_alice, alice):
    save(client_alice, **PREFERENCES | {"week_start": "sat"})
    assert fresh(alice).week_start == "sat"
    save(client_alice, **PREFERENCES | {"week_start": ""})
    assert fresh(alice).week_start == ""


@pytest.mark.parametrize("path", ["/accounts/settings/rates/", "/accounts/settings/categories/", "/expenses/rules/"])
def test_pages_below_the_settings_mark_them_in_the_menu(client_alice, path):
    page = client_alice.get(path).content.decode()
    assert re.search(r'href="/accounts/settings/"\s+aria-current="true"', page)


def test_what_a_threshold_means_is_shown_live(client_alice, alice):
    url = "/accounts/settings/threshold/"
    assert "After you review 10 expenses" in client_alice.get(url, {"threshold": 80}).content.decode()
    memory.learn_many(alice.pk, [("Llama shearing", "leisure-gifts")] * 10)
    text = client_alice.get(url, {"threshold": 80}).content.decode()
    assert (
        "At 80%, FinBrain would have filed 90% of your 10 reviewed expenses automatically, about 0% of them wrong"
        in text
    )
    assert "90% of your 10" in client_alice.get(URL).content.decode()
    for bad in ("", "x", "-1", "39", "100", "٨٠x"):
        assert client_alice.get(url, {"threshold": bad}).status_code == 400


@pytest.mark.parametrize("url", [URL, "/accounts/settings/threshold/", "/accounts/delete/"])
def test_only_for_who_is_signed_in(client, db, url):
    assert client.get(url).status_code == 302


def test_a_demo_has_its_settings_and_the_way_to_keep_it(client, db):
    client.post("/accounts/demo/")
    page = client.get(URL).content.decode()
    assert 'href="/accounts/demo/keep/"' in page
    for hidden in ("/accounts/email/", "/accounts/password/", "/accounts/2fa/", 'name="monthly_summary"'):
        assert hidden not in page
    assert save(client, **PREFERENCES).status_code == 302


def reauthenticated(client):
    asked = client.get("/accounts/delete/")
    client.post(asked.url, {"password": PASSWORD})
    return client


def test_deletion_needs_who_asks_and_that_they_understood(client_alice, alice):
    assert client_alice.get("/accounts/delete/").url.startswith("/accounts/reauthenticate/")
    assert client_alice.post("/accounts/delete/", {"understood": "on"}).url == "/accounts/delete/"
    client = reauthenticated(client_alice)
    assert "FinBrain deletes" in client.get("/accounts/delete/").content.decode()
    assert client.post("/accounts/delete/", {}).status_code == 422
    assert get_user_model().objects.filter(pk=alice.pk).exists(), "the form that came too early must not be sent again"


def test_deletion(client_alice, alice, mailoutbox):
    answer = reauthenticated(client_alice).post("/accounts/delete/", {"understood": "on"}, follow=True)
    assert "everything in it have been deleted" in answer.content.decode()
    assert not get_user_model().objects.filter(pk=alice.pk).exists()
    assert mailoutbox[-1].to == ["alice@example.com"]
    assert client_alice.get("/expenses/").status_code == 302


def test_a_demo_can_be_deleted_without_a_password(client, db):
    client.post("/accounts/demo/")
    assert client.post("/accounts/delete/", {"understood": "on"}).status_code == 302
    assert not get_user_model().objects.exists()
