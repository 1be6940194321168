"""FinBrain's URLs, and views that do nothing or only the least, for `benchmarks.floors` and `benchmarks.bench`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from benchmarks import stand_in
from expenses.views.access import LedgerRequest, signed_in
from finbrain import urls
from finbrain.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@signed_in
def ok(request: LedgerRequest) -> HttpResponse:
    return HttpResponse("ok")


@signed_in
def frame(request: LedgerRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [
    path("floor/empty", empty),
    path("floor/ok", ok),
    path("floor/frame", frame),
    path("stand-in/", include(stand_in)),
    *urls.urlpatterns,
]
