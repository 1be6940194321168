"""The admin's list of jobs, its sign-in with a second step, its limits and its log."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.codes import code_for
from conftest import PASSWORD
from finbrain.logs import person_hash
from finbrain.models import JobRun
from finbrain.operations.jobs import JOBS, Job, TryAgainError, run_if_due

LIST = reverse("admin:finbrain_jobrun_changelist")
INDEX = reverse("admin:index")
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("admin@example.com", PASSWORD)


@pytest.fixture
def administrator(superuser) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def second_step(settings, superuser):
    """The admin needs one, and the superuser has an app. Returns a function for the app's code."""
    settings.ADMIN_SECOND_STEP = True
    TOTP.activate(superuser, SECRET)
    return lambda: code_for(SECRET)


def test_the_navigation_names_everything_once(administrator):
    apps = administrator.get(INDEX).context["app_list"]
    names = [app["name"] for app in apps]
    assert names == ["People", "Classifier", "Expenses", "FinBrain"]
    entries = [str(model["name"]).lower() for app in apps for model in app["models"]]
    assert len(set(entries)) == len(entries)
    assert {"users", "email addresses", "user sessions", "authenticators", "groups"} <= set(entries)


def refuse() -> str:
    raise TryAgainError("Frankfurter failed: no answer")


def test_jobs_are_listed_with_what_came_of_them(administrator):
    [rates] = [job for job in JOBS if job.name == "rates"]
    run_if_due(Job(rates.name, rates.times, refuse))
    page = administrator.get(LIST).content.decode()
    assert "Frankfurter failed: no answer" in page
    assert 'class="field-failures' in page.replace("\n", "")


def test_nothing_of_a_job_can_be_changed(administrator):
    run = JobRun.objects.create(name="cleanup", done_until=timezone.now(), outcome="3 expenses removed")
    url = reverse("admin:finbrain_jobrun_change", args=[run.pk])
    page = administrator.get(url).content.decode()
    assert "3 expenses removed" in page
    assert 'name="_save"' not in page
    assert administrator.post(url, {"outcome": "nothing"}).status_code == 403
    assert (
        administrator.post(reverse("admin:finbrain_jobrun_delete", args=[run.pk]), {"post": "yes"}).status_code == 403
    )
    assert administrator.get(reverse("admin:finbrain_jobrun_add")).status_code == 403
    assert JobRun.objects.get().outcome == "3 expenses removed"


def test_who_is_no_administrator_sees_no_jobs(client_alice):
    assert client_alice.get(LIST).status_code == 302


def test_pages_of_the_admin_name_the_icon_of_the_site(administrator):
    page = administrator.get(reverse("admin:index")).content.decode()
    assert '<link rel="icon" href="/static/img/logo.svg" type="image/svg+xml"' in page
    assert finders.find("img/logo.svg")


def test_a_session_without_a_second_step_sees_nothing_of_the_admin(administrator, settings):
    settings.ADMIN_SECOND_STEP = True
    for name in ("index", "jsi18n", "finbrain_jobrun_changelist", "accounts_user_changelist", "accounts_user_add"):
        url = reverse(f"admin:{name}")
        answer = administrator.get(url)
        assert (answer.status_code, answer.url) == (302, f"{reverse('admin:login')}?next={url}"), url
        assert administrator.post(url, {"action": "delete_selected"}).status_code == 302


def test_who_has_no_second_step_is_asked_to_set_one_up(administrator, settings):
    settings.ADMIN_SECOND_STEP = True
    page = administrator.get(INDEX, follow=True)
    assert page.redirect_chain[-1] == (reverse("mfa_index"), 302)
    assert "The admin needs a second step" in page.content.decode()


def test_a_session_from_before_the_second_step_confirms_it(administrator, second_step):
    page = administrator.get(INDEX, follow=True)
    assert page.redirect_chain[-1][0] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    sent = administrator.post(reverse("mfa_reauthenticate"), {"code": second_step(), "next": INDEX})
    assert (sent.status_code, sent.url) == (302, INDEX)
    assert administrator.get(INDEX).status_code == 200


def test_a_password_confirmed_again_is_no_second_step(administrator, second_step):
    administrator.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert administrator.get(INDEX).status_code == 302


def test_signing_in_with_a_second_step_opens_the_admin(client, superuser, second_step):
    client.post("/accounts/login/", {"login": superuser.email, "password": PASSWORD})
    assert client.get(INDEX).status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": second_step()})
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("url", [INDEX, reverse("admin:login")])
def test_the_admin_and_its_sign_in_have_limits_of_their_own(administrator, settings, one_minute, url):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "admin_sign_in": "2/m/ip"}
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"admin": 2}
    answers = [administrator.get(url).status_code for _ in range(3)]
    assert 429 not in answers[:2]
    assert answers[2] == 429


def test_every_action_is_logged_without_what_was_typed(administrator, superuser, alice, caplog):
    caplog.set_level("INFO", "finbrain.admin")
    administrator.get(INDEX)
    administrator.post(reverse("admin:accounts_user_change", args=[alice.pk]), {"first_name": "Weizmann"})
    list_of_people = reverse("admin:accounts_user_changelist")
    administrator.post(list_of_people, {"action": "delete_selected", "_selected_action": [str(alice.pk)]})
    logged = [record.msg for record in caplog.records if record.name == "finbrain.admin"]
    assert [(line["view"], line["action"], line["chosen"]) for line in logged] == [
        ("admin:accounts_user_change", "", 0),
        ("admin:accounts_user_changelist", "delete_selected", 1),
    ]
    assert {line["user"] for line in logged} == {person_hash(str(superuser.pk))}
    assert "Weizmann" not in str(logged)
