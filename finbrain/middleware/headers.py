"""Headers of every response, including those of static files and errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# FinBrain uses none of these. Passkeys and the button that copies recovery codes are left to the browser's default.
_UNUSED = (
    *("accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi"),
    *("payment", "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
# What a response says unless its view says something else. Pages belong to the person who asked for them: browsers may
# keep them, and ask again each time, so that nothing is shown after signing out. Proxies must not keep them.
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class AddHeaders:
    """Middleware that must come before WhiteNoise, which answers requests for static files with its own caching."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
