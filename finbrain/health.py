"""Whether this process lives, and whether it can do its work."""

import logging
from collections.abc import Callable

from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from classifier import serving

logger = logging.getLogger(__name__)
PING_MILLISECONDS = 1000


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """JSON with one entry a part; 503 when the database or the cache does not answer.

    Without a model there are no suggestions, which is no outage.
    """
    parts = {"database": works(ping_database), "cache": works(ping_cache)}
    model = parts["database"] and works(serving.active_model)
    status = 200 if all(parts.values()) else 503
    return JsonResponse({**parts, "model": model}, status=status)


def ping_database() -> bool:
    connection.ensure_connection()
    return bool(connection.database.command("ping", maxTimeMS=PING_MILLISECONDS))


def ping_cache() -> bool:
    return all(caches[alias].client.get_client().ping() for alias in ("default", "sessions"))


def works(check: Callable[[], object]) -> bool:
    """Whether the check gives something true; an error is logged and means no."""
    try:
        return bool(check())
    except Exception:
        logger.exception("Readiness check %s failed", check.__name__)
        return False
