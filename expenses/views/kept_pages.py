"""Caches whole pages, and answers 304 to a browser that already has them.

The key of a page covers everything it depends on: what the view names, and what the base template shows of the person
and the session. It is read first, so a page is never older than a committed write. Two values differ in every response,
the CSRF token and the key of the next entry. They are filled in when the page is sent.
"""

import hashlib
import logging
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.middleware.gzip import re_accepts_gzip
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from accounts.session.context_processors import session
from classifier import serving
from expenses.models import new_entry_key
from expenses.views.access import LedgerRequest
from finbrain.core import packed_text, tolerant_cache

_KEPT_SECONDS = 3600
logger = logging.getLogger(__name__)
# Placeholders for the two values in a cached page: the same in all processes, as long as the values, and impossible to
# type by chance.
CSRF_TOKEN, ENTRY_KEY = (
    salted_hmac("expenses.views.kept_pages", name, algorithm="sha256").hexdigest()[:length]
    for name, length in (("token", 64), ("entry", 24))
)


def kept_page(
    request: LedgerRequest, state: str, template: str, context: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """Return the page of `template` from the cache if possible, or 304 without a body.

    state: of everything that `context()` depends on besides the URL, from `state_of`.
    context: called only if the page is not in the cache. An entry form in it must use ENTRY_KEY as its key. If it is
    `incomplete`, the page isn't kept, and the browser doesn't keep it either.
    """
    if settings.DEBUG or len(get_messages(request)):
        page = render_to_string(template, context(), request).encode()
        return _as_private(HttpResponse(page.replace(ENTRY_KEY.encode(), new_entry_key().encode())))
    state = _digest([request.path, state])
    tag = f'W/"{_digest([state, _csrf_secret(request)])}"'
    response, is_whole = get_conditional_response(request, etag=tag), True
    if response is None:
        response, is_whole = _kept_or_rendered(request, f"page:{request.user.pk}:{state}", template, context)
    if is_whole:
        response["ETag"] = tag
    return _as_private(response)


def state_of(request: LedgerRequest, made_of: Any) -> str:
    """Return a digest of what a page is made of, which needs a stable repr, and all else that it depends on."""
    [state] = states_of(request, [made_of])
    return state


def states_of(request: LedgerRequest, each: Iterable[Any]) -> list[str]:
    """Return `state_of` for each of what pages are made of."""
    frame = _digest([_frame_of(request), release()])
    return [_digest([made_of, frame]) for made_of in each]


def _csrf_secret(request: LedgerRequest) -> str:
    """Return the browser's CSRF secret, which the tokens in a page must match; creates it if necessary."""
    if "CSRF_COOKIE" not in request.META:
        get_token(request)
    return request.META["CSRF_COOKIE"]


def _as_private(response: HttpResponse) -> HttpResponse:
    """Let only the person's browser cache the page, and make it revalidate every time."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _kept_or_rendered(
    request: LedgerRequest, key: str, template: str, context: Callable[[], Mapping[str, Any]]
) -> tuple[HttpResponse, bool]:
    """Return the page with its own values, and whether it is complete."""
    values = {CSRF_TOKEN.encode(): get_token(request).encode(), ENTRY_KEY.encode(): new_entry_key().encode()}
    kept = tolerant_cache.get_bytes(key)
    if kept is not None and (page := _unpacked(packed := packed_text.fill(kept, values))):
        return _answer(request, page, packed), True
    shown = context()
    page = render_to_string(template, {**shown, "csrf_token": CSRF_TOKEN}, request).encode()
    packed = packed_text.pack_text(page, list(values))
    is_whole = not shown.get("incomplete")
    if is_whole:
        tolerant_cache.set_bytes(key, packed, _KEPT_SECONDS)
    return _answer(request, packed_text.fill(page, values), packed_text.fill(packed, values)), is_whole


def _unpacked(packed: bytes) -> bytes | None:
    """Decompress a cached page. None if it is not a page."""
    try:
        return packed_text.unpack_text(packed)
    except zlib.error:
        logger.warning("The cache has something that is not a page")
        return None


def _answer(request: LedgerRequest, page: bytes, packed: bytes) -> HttpResponse:
    """Return the page. If the browser accepts that, it stays compressed."""
    response = HttpResponse(page)
    if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        response = HttpResponse(packed_text.as_gzip(packed, page), headers={"Content-Encoding": "gzip"})
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _frame_of(request: LedgerRequest) -> list[Any]:
    """Everything of the request that `base.html` and its includes show, except messages: those pages are not cached."""
    user = request.user
    person = [getattr(user, column.attname) for column in user._meta.concrete_fields]
    zone = get_current_timezone_name()
    whose = person, request.ledger, request.role
    shown = request.COOKIES.get("theme"), whose, session(request), serving.is_missing()
    return [get_language(), zone, *shown]


def _digest(parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@cache
def release() -> str:
    """A digest of all code, templates and translations, so that a new release never shows an old release's pages."""
    code = [path for app in ("accounts", "classifier", "expenses", "finbrain") for path in _app_files(app)]
    words = [path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.mo")]
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    made_by = sorted(map(str, [*code, *words, *pages]))
    return _digest([getattr(staticfiles_storage, "hashed_files", {}), *(Path(path).read_bytes() for path in made_by)])


def _app_files(app: str) -> list[Path]:
    return [path for path in (settings.BASE_DIR / app).rglob("*.py") if "tests" not in path.parts]
