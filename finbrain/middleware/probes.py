"""Answers monitors before the checks of host name, HTTPS and session, which are meant for people."""

from collections.abc import Callable

from django.http import HttpResponse

from finbrain import health, metrics
from finbrain.requests import MarkedRequest

_PROBES = {"/healthz": health.alive, "/readyz": health.ready, "/metrics": metrics.metrics}


class AnswerProbes:
    def __init__(self, get_response: Callable[[MarkedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: MarkedRequest) -> HttpResponse:
        probe = _PROBES.get(request.path_info)
        if probe is None:
            return self.get_response(request)
        request.is_probe = True
        return probe(request)
