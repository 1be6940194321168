"""Measures the floor of a request: `python -m benchmarks.floors [--times 200] [--rounds 7]`.

Calls the WSGI handler in this process, with production's settings, on its own engines. Counts the CPU time of the
process, which other programs hardly change. Each figure is the median of alternating rounds, and is also given as a
multiple of the empty view behind Django's own middleware in the same run. Prints JSON, and a table on stderr.
"""

import argparse
import io
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from statistics import median
from types import MappingProxyType
from typing import Any

from benchmarks.pages import SECRET
from benchmarks.site import Person, keep_as_workers_do, make_person, prepared_engines, tell
from finbrain.embedded import EngineError

EXPENSES = 1_000
STOCK = "empty view, Django's middleware"
ARGON2 = "an Argon2 verify"
_ARGON2_TIMES = 5
SETTINGS = {
    "FINBRAIN_ENV": "production",
    "SECRET_KEY": "only for a benchmark on this machine, and for no other use",
    "EMAIL_URL": "dummymail://",
    "EMAIL_VERIFICATION": "none",
    "LOG_LEVEL": "INFO",
}
STOCK_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

Ask = Callable[[], object]
Headers = list[tuple[str, str]]
Row = dict[str, Any]
NONE: Mapping[str, str] = MappingProxyType({})


def asker(
    handler: Any,
    path: str,
    headers: Mapping[str, str] = NONE,
    status: int = 200,
    *,
    body: str = "",
    read: Callable[[bytes], object] = bool,
) -> Callable[[], Headers]:
    """Return a function that sends a request to the handler, as gunicorn does behind a proxy with HTTPS.

    body: of a POST. Without one, it is a GET. read: gets the answer's body.
    """
    sent_body = body.encode()
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.5",
        "HTTP_X_FORWARDED_PROTO": "https",
        "CONTENT_LENGTH": str(len(sent_body)),
        "wsgi.url_scheme": "https",
        **headers,
    }
    seen = []

    def ask() -> Headers:
        response = handler(environ | {"wsgi.input": io.BytesIO(sent_body)}, lambda *head: seen.append(head))
        read(b"".join(response))
        response.close()
        answered, sent = seen.pop()
        if not answered.startswith(str(status)):
            raise SystemExit(f"{path} answered {answered}.")
        return sent

    return ask


def cookies_of(person: Person) -> dict[str, str]:
    """The header with the cookies of a person's browser."""
    return {"HTTP_COOKIE": f"{person.cookie}; csrftoken={SECRET}; timezone=Europe/Berlin"}


def floors(person: Person) -> dict[str, Ask]:
    """What to measure, by its name."""
    from django.conf import settings
    from django.contrib.auth.hashers import check_password
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from accounts.models import User
    from benchmarks.seed import PASSWORD
    from finbrain.incoming import Handler
    from finbrain.warm import warm_up

    password = User.objects.get(email=person.email).password
    with override_settings(MIDDLEWARE=STOCK_MIDDLEWARE):
        stock = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        bare = WSGIHandler()
    settings.ROOT_URLCONF = "benchmarks.floor_urls"
    ours = Handler()
    cookie = cookies_of(person)
    warm_up()  # as the master of the workers does
    page = asker(ours, "/expenses/", cookie)
    page()
    tag = dict(page())["ETag"]
    return {
        "empty view, no middleware": asker(bare, "/floor/empty"),
        STOCK: asker(stock, "/floor/empty"),
        "empty view, our middleware": asker(ours, "/floor/empty"),
        'signed in, "ok"': asker(ours, "/floor/ok", cookie),
        "signed in, the base page": asker(ours, "/floor/frame", cookie),
        "unchanged list (304)": asker(ours, "/expenses/", cookie | {"HTTP_IF_NONE_MATCH": tag}, 304),
        "list, page kept": page,
        "heartbeat": asker(ours, "/accounts/heartbeat/", cookie),
        "/healthz": asker(ours, "/healthz"),
        ARGON2: lambda: check_password(PASSWORD, password),
    }


def cpu_milliseconds(ask: Ask, times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        ask()
    return 1000 * (time.process_time() - began) / times


def measure(asked: Mapping[str, Ask], times: int, rounds: int) -> list[Row]:
    """Measure everything in alternating rounds."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, ask in asked.items():
            ask()
            taken[name].append(cpu_milliseconds(ask, times if name != ARGON2 else _ARGON2_TIMES))
    stock = median(taken[STOCK])
    return [
        {"floor": name, "cpu_ms": round(median(each), 3), "of_stock": round(median(each) / stock, 2)}
        for name, each in taken.items()
    ]


def quietly() -> None:
    """Write log lines, as production does, but to nowhere."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(open(os.devnull, "w"))  # noqa: SIM115 - as long as the process lives


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=200, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as counters:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters  # workers share their counters
            with prepared_engines(SETTINGS, model=False):
                asked = floors(make_person(EXPENSES, date.today()))
                quietly()
                keep_as_workers_do()
                rows = measure(asked, options.times, options.rounds)
    except EngineError as error:
        raise SystemExit(str(error)) from error
    for row in rows:
        tell(f"{row['floor']:34} {row['cpu_ms']:8.2f} ms {row['of_stock']:6.1f} x")
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
