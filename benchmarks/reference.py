"""A minimal Django site that measures the machine's speed at the moment, to compare other figures with.

`/empty` returns nothing, and `/page` a template with 40 rows, both without middleware.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

ROWS = [{"title": f"Row {n}", "amount": f"{n}.00", "day": f"2026-08-{n % 28 + 1:02}"} for n in range(40)]
PAGE = Engine().from_string(
    "<!doctype html><title>{{ title }}</title><table>{% for row in rows %}<tr><td>{{ row.title }}</td>"
    "<td>{{ row.amount }}</td><td>{{ row.day }}</td></tr>{% endfor %}</table>"
)


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render(Context({"title": "Rows", "rows": ROWS})))


urlpatterns = [path("empty", empty), path("page", page)]
settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="not secret", ALLOWED_HOSTS=["*"])
application = get_wsgi_application()
