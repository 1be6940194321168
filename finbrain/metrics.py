"""Metrics for Prometheus: counters that all workers share, and a few facts that are looked up on each scrape.

The workers share their counters in the folder that gunicorn.conf.py sets (PROMETHEUS_MULTIPROC_DIR).
We use `prometheus_client` directly: django-prometheus records about twenty series per request, and we need two.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, time
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from classifier import serving, versions
from expenses.models import Rate
from expenses.people.demo import count_demos
from finbrain import health
from finbrain.core.usage import Usage
from finbrain.models import JobRun

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)

_REQUESTS = Histogram(
    "finbrain_request_seconds",
    "Time to answer requests, by name of the URL pattern (empty for static files)",
    ["view", "method", "status"],
    buckets=_BUCKETS,
)
_CALLS = Counter("finbrain_engine_calls", "Calls that requests made to MongoDB and Redis", ["engine"])
_CALL_SECONDS = Counter("finbrain_engine_seconds", "Time that requests spent waiting for MongoDB and Redis", ["engine"])
_DATABASE_CALLS, _DATABASE_SECONDS = _CALLS.labels("mongodb"), _CALL_SECONDS.labels("mongodb")
_CACHE_CALLS, _CACHE_SECONDS = _CALLS.labels("redis"), _CALL_SECONDS.labels("redis")


def count_request(view: str, method: str, status: int, seconds: float, spent: Usage) -> None:
    """Count one answered request."""
    _REQUESTS.labels(view, method if method in _METHODS else "other", status).observe(seconds)
    if spent.database_calls:
        _DATABASE_CALLS.inc(spent.database_calls)
        _DATABASE_SECONDS.inc(spent.database_seconds)
    if spent.cache_calls:
        _CACHE_CALLS.inc(spent.cache_calls)
        _CACHE_SECONDS.inc(spent.cache_seconds)


class _Facts:
    """Collector of facts that are looked up on each scrape. Facts that can't be looked up are left out."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("finbrain_engine_up", "Whether MongoDB or Redis answers", labels=["engine"])
        database, cache = health.database_answers(), health.cache_answers()
        up.add_metric(["mongodb"], database)
        up.add_metric(["redis"], cache)
        yield up
        if database:
            yield from self._stored()

    def _stored(self) -> Iterator[Metric]:
        newest = Rate.objects.order_by("-day").values_list("day", flat=True).first()
        if newest:
            age = (timezone.now() - datetime.combine(newest, time(), UTC)).total_seconds()
            yield GaugeMetricFamily("finbrain_rate_age_seconds", "Age of the newest exchange rates in seconds", age)
        model = serving.active_model()
        served = model.number if model else 0
        yield GaugeMetricFamily("finbrain_model_served_version", "Model of the answering worker, 0 if none", served)
        active = versions.active_number() or 0
        yield GaugeMetricFamily("finbrain_model_active_version", "Model that should be served, 0 if none", active)
        yield GaugeMetricFamily("finbrain_demos", "Demo accounts", count_demos())
        yield GaugeMetricFamily("finbrain_demo_ceiling", "Demo accounts that may exist at once", settings.DEMO_CEILING)
        ended = GaugeMetricFamily("finbrain_job_done_timestamp_seconds", "Last successful run", labels=["name"])
        failures = GaugeMetricFamily("finbrain_job_failures", "Failed runs in a row", labels=["name"])
        for run in JobRun.objects.all():
            ended.add_metric([run.name], run.done_until.timestamp())
            failures.add_metric([run.name], run.failures)
        yield from (ended, failures)


def metrics(request: HttpRequest) -> HttpResponse:
    """Return all metrics in Prometheus's text format; 403 without permission."""
    if not _may_read(request):
        return HttpResponse("Forbidden", status=403, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(_Facts())
    counted = generate_latest(_shared_registry())
    return HttpResponse(counted + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _shared_registry() -> CollectorRegistry:
    """The counters of all workers, or of this process if it is the only one."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _may_read(request: HttpRequest) -> bool:
    """Whether the request has the token, or comes directly from an allowed address and not through a proxy."""
    sent = request.META.get("HTTP_AUTHORIZATION", "")
    if settings.METRICS_TOKEN and constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}"):
        return True
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    return _in_networks(request.META.get("REMOTE_ADDR", ""))


def _in_networks(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.METRICS_ADDRESSES)
