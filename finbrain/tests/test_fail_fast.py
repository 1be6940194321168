"""Which views have a time limit for their calls to MongoDB, and what people get while it is away."""

import pytest
from django.urls import get_resolver

from finbrain.middleware import fail_fast as breaker
from finbrain.outage import unavailable


@pytest.mark.parametrize("name", sorted(breaker.UNLIMITED))
def test_views_without_a_limit_are_there(name):
    resolver = get_resolver()
    if ":" in name:
        namespace, name = name.split(":")
        resolver = resolver.namespace_dict[namespace][1]
    assert name in resolver.reverse_dict


@pytest.mark.parametrize(
    ("path", "limited"), [("/expenses/", True), ("/accounts/settings/", True), ("/accounts/download/", False)]
)
def test_the_limit_is_set_for_the_view(client_alice, monkeypatch, path, limited):
    entered = []
    monkeypatch.setattr(breaker.pymongo, "timeout", lambda seconds: entered.append(seconds) or breaker.ExitStack())
    client_alice.get(path)
    assert (breaker.REQUEST_SECONDS in entered) is limited


def test_a_form_of_another_site_is_not_kept(rf):
    request = rf.post("/expenses/add/", {"title": "words of another site"})
    assert b"words of another site" not in unavailable(request, "MongoDB is away").content
    assert request.handled["done"] == "503"
    request = rf.post("/expenses/add/", {"title": "Tea", "csrfmiddlewaretoken": "c" * 32})
    request.META["CSRF_COOKIE"] = request.COOKIES["csrftoken"] = "c" * 32
    assert b'value="Tea"' in unavailable(request, "MongoDB is away").content


def test_while_it_is_away_nothing_is_asked(client_alice, monkeypatch, count_db):
    monkeypatch.setattr(breaker.mongodb, "is_away", lambda: True)
    with count_db() as calls:
        answer = client_alice.get("/expenses/")
    assert (answer.status_code, answer["Retry-After"], len(calls)) == (503, "10", 0)
