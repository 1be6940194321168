"""The metrics for Prometheus, and who may read them."""

import re
from ipaddress import ip_network

import pytest
from django.utils import timezone
from prometheus_client import REGISTRY

from expenses.models import Rate
from expenses.tests.making import make_expense
from finbrain.models import JobRun

pytestmark = pytest.mark.django_db


def value(text: str, series: str) -> float:
    return float(re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE).group(1))


def test_facts_are_looked_up_when_asked(client, settings):
    now = timezone.now()
    Rate.objects.create(day=now.date(), rates={}, source="frankfurter")
    JobRun.objects.create(name="rates", done_until=now, failures=2)
    text = client.get("/metrics").content.decode()
    assert 0 <= value(text, "finbrain_rate_age_seconds") < 24 * 3600
    assert value(text, 'finbrain_engine_up{engine="mongodb"}') == 1
    assert value(text, 'finbrain_engine_up{engine="redis"}') == 1
    assert value(text, 'finbrain_job_failures{name="rates"}') == 2
    assert abs(value(text, 'finbrain_job_done_timestamp_seconds{name="rates"}') - now.timestamp()) < 0.01
    assert value(text, "finbrain_model_served_version") == 0
    assert value(text, "finbrain_demos") == 0
    assert value(text, "finbrain_demo_ceiling") == settings.DEMO_CEILING


def test_requests_and_what_they_cost_are_counted(client_alice):
    count = {"view": "expenses:list", "method": "GET", "status": "200"}
    before = REGISTRY.get_sample_value("finbrain_request_seconds_count", count) or 0
    calls = REGISTRY.get_sample_value("finbrain_engine_calls_total", {"engine": "mongodb"})
    client_alice.get("/expenses/")
    assert REGISTRY.get_sample_value("finbrain_request_seconds_count", count) == before + 1
    assert REGISTRY.get_sample_value("finbrain_engine_calls_total", {"engine": "mongodb"}) > calls


def test_filing_is_counted(client_alice, alice):
    def counted() -> tuple[float, float]:
        nobody = REGISTRY.get_sample_value("finbrain_suggestions_total", {"source": "nobody"}) or 0
        return nobody, REGISTRY.get_sample_value("finbrain_corrections_total")

    nobody, corrections = counted()
    fields = {"title": "Tea", "amount": "4", "currency": "EUR", "spent_on": "2026-08-20"}
    client_alice.post("/expenses/add/", fields)
    wrong = make_expense(alice, unsure=0.5)
    client_alice.post(f"/expenses/{wrong.pk}/category/", {"category": "other"})
    assert counted() == (nobody + 1, corrections + 1)


def test_an_engine_that_is_away_does_not_keep_the_rest_from_being_told(client, monkeypatch):
    monkeypatch.setattr("finbrain.health.mongodb.ping", lambda: 1 / 0)
    text = client.get("/metrics").content.decode()
    assert value(text, 'finbrain_engine_up{engine="mongodb"}') == 0
    assert "finbrain_request_seconds" in text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"REMOTE_ADDR": "10.1.2.3"}, 200),
        ({"REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_FOR": "10.1.2.3"}, 403),
        ({"REMOTE_ADDR": "192.0.2.1"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer let-me-in"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "let-me-in"}, 403),
    ],
)
def test_who_may_ask(client, settings, sent, status):
    settings.METRICS_TOKEN = "let-me-in"
    settings.METRICS_ADDRESSES = (ip_network("10.0.0.0/8"),)
    assert client.get("/metrics", **sent).status_code == status


def test_without_a_token_nobody_has_it(client, settings):
    settings.METRICS_TOKEN = ""
    settings.METRICS_ADDRESSES = ()
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
