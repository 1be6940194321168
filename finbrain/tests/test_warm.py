"""What is loaded before the first visitor comes."""

from django.urls import clear_url_caches

from classifier import serving
from expenses.rates import rate_series
from finbrain import warm
from finbrain.core import breaker


def test_the_model_and_the_rates_are_loaded_ahead(real_model, count_db):
    warm.warm_up()
    with count_db() as calls:
        assert serving.active_model() is not None
        assert rate_series.load_series([("USD", warm.date.today().year)])
    assert calls.names == []


def test_a_start_without_mongodb_waits_for_nothing(monkeypatch, count_db):
    clear_url_caches()
    monkeypatch.setattr(breaker.mongodb, "ping", lambda: 1 / 0)
    with count_db() as calls:
        warm.warm_up()
    assert calls.names == []
