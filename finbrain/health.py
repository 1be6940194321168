"""Whether this process lives, and whether it can do its work. Cheap enough to be asked every second.

Pings with short time-outs of their own, so that an engine that hangs is told of within two seconds.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse

from classifier import serving
from finbrain.core.breaker import mongodb
from finbrain.core.caches import redis_client

CACHES = ("default", "sessions")


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """JSON with one entry a part; 503 when the database or the cache does not answer.

    Without a model there are no suggestions, which is no outage.
    """
    parts = {"database": database_answers(), "cache": cache_answers()}
    model = parts["database"] and serving.active_model() is not None
    return JsonResponse({**parts, "model": model}, status=200 if all(parts.values()) else 503)


def database_answers() -> bool:
    return mongodb.answers()


def cache_answers() -> bool:
    """Whether every server does that the cache and the sessions are on."""
    return all(breaker.answers() for breaker in {redis_client(alias).breaker for alias in CACHES})
