"""Health checks: whether this process is alive, and whether it can do its work. Cheap enough for every second.

The pings have short time-outs of their own, so that a hanging server is reported within two seconds.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse

from classifier import serving
from finbrain.core.breaker import mongodb
from finbrain.core.caches import redis_client

_CACHES = ("default", "sessions")


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Return JSON with an entry for each part; 503 if the database or the cache does not answer.

    A missing model is not an outage: it only means no suggestions.
    """
    parts = {"database": database_answers(), "cache": cache_answers()}
    model = parts["database"] and serving.active_model() is not None
    return JsonResponse({**parts, "model": model}, status=200 if all(parts.values()) else 503)


def database_answers() -> bool:
    return mongodb.answers()


def cache_answers() -> bool:
    """Whether the servers of both the cache and the sessions answer."""
    return all(breaker.answers() for breaker in {redis_client(alias).breaker for alias in _CACHES})
