"""FinBrain's URLs, and views that do nothing, for `benchmarks.floors`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

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


urlpatterns = [path("floor/empty", empty), path("floor/ok", ok), path("floor/frame", frame), *urls.urlpatterns]
