"""The endpoint that open pages call about their session."""

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.request_types import VisitorRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def heartbeat(request: VisitorRequest) -> JsonResponse:
    """Return `{"active": true, "expires_in": seconds}`; 403 when signed out. POST extends the session, GET doesn't.

    `accounts.session.middleware` decides that, because a session is extended as soon as it is read.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"active": False, "expires_in": 0}, status=403)
    left = request.session.get_expiry_age() if request.session.keep_alive else request.session.seconds_left()
    return JsonResponse({"active": left > 0, "expires_in": left}, status=200 if left > 0 else 403)
