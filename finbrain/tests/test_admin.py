"""The admin's list of jobs, and features shared by its pages."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from finbrain.models import JobRun
from finbrain.operations.jobs import JOBS, Job, TryAgainError, run_if_due

LIST = reverse("admin:finbrain_jobrun_changelist")


@pytest.fixture
def administrator(db) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin@example.com", "a long password"))
    return client


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
