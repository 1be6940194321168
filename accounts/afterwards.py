"""Work that is done after the answer, so that how long it takes tells nobody anything.

Whether an address has an account decides what such work does. The answer neither waits for it nor depends on it.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import tzinfo
from functools import partial
from typing import cast

from allauth.core.context import request_context
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

logger = logging.getLogger(__name__)

Work = Callable[[], object]

_THREADS = 4
# Beyond this many, work is dropped: somebody is flooding the site, or the mail server hangs.
_ROOM = threading.BoundedSemaphore(1000)
# Its threads start with the first work, after gunicorn has forked. A worker that ends waits for them.
_pool = ThreadPoolExecutor(_THREADS, "afterwards")


class _Request(HttpRequest):
    """A request with the work that it leaves for later."""

    afterwards: list[Work]


class DoAfterwards:
    """Middleware that starts the work of `later` once the answer is on its way."""

    def __init__(self, get_response: Callable[[_Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: _Request) -> HttpResponse:
        request.afterwards = []
        response = self.get_response(request)
        if request.afterwards:
            # Django closes a response when it has been sent. Its type stubs leave this list out, as it is internal.
            closers: list[Callable[[], object]] = vars(response)["_resource_closers"]
            closers.append(partial(_start_all, request.afterwards))
        return response


def later(request: HttpRequest, work: Work) -> None:
    """Do `work` after the answer, in the language and time zone of `request`. A failure is only logged."""
    place = request, translation.get_language(), timezone.get_current_timezone()
    cast("_Request", request).afterwards.append(partial(_do_in, *place, work))


def _do_in(request: HttpRequest, language: str | None, zone: tzinfo, work: Work) -> None:
    """Do `work` as a part of the request, but without the time limit of its database calls."""
    with request_context(request), translation.override(language), timezone.override(zone):
        work()


def _start_all(works: list[Work]) -> None:
    for work in works:
        start(work)


def in_thread(work: Work) -> None:
    """Do `work` in another thread. Drop it if too much is waiting."""
    if _ROOM.acquire(blocking=False):
        _pool.submit(do, work).add_done_callback(lambda _: _ROOM.release())
    else:
        logger.error("Dropped work that an answer left for later, because too much is waiting")


def do(work: Work) -> None:
    """Do `work`, and log its failure."""
    try:
        work()
    except Exception:
        logger.exception("Work that an answer left for later failed")


# The tests replace this with `do`.
start = in_thread
