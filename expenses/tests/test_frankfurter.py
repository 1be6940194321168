"""The Frankfurter client: good answers, and every way in which the service can fail."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
import responses

from expenses.rates import frankfurter
from expenses.rates.frankfurter import FrankfurterError, fetch_range
from expenses.tests import ecb
from finbrain.tests.waiting import SECONDS

URL = "https://rates.example.com"
FIRST, LAST = ecb.day("2026-10-19"), ecb.day("2026-10-30")
V2, V1 = f"{URL}/v2/rates", f"{URL}/v1/2026-10-19..2026-10-30"
DAYS = ecb.between("2026-10-19", "2026-10-30")
GOOD = ecb.v2_body(DAYS)
HTML = "<!doctype html><title>Maintenance</title><p>Back soon."


@pytest.fixture(autouse=True)
def address(settings):
    settings.FRANKFURTER_URL = f"{URL}/"


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def fetch(pauses: list | None = None):
    return fetch_range(FIRST, LAST, sleep=(pauses if pauses is not None else []).append)


def test_a_range_is_one_request(service):
    service.get(V2, body=GOOD)
    days = fetch()
    assert {str(day): {code: f"{rate:f}" for code, rate in rates.items()} for day, rates in days} == DAYS
    assert [day for day, _ in days] == sorted(day for day, _ in days)
    assert len(service.calls) == 1
    assert service.calls[0].request.params == {
        "base": "EUR",
        "from": "2026-10-19",
        "to": "2026-10-30",
        "providers": "ecb",
    }


def test_rates_keep_the_published_digits(service):
    service.get(V2, body=GOOD)
    usd = fetch()[-1].rates["USD"]
    assert isinstance(usd, Decimal)
    assert str(usd) == ecb.table()["2026-10-30"]["USD"]


def test_an_installation_with_version_one_only(service):
    service.get(V2, status=404, json={"message": "not found"})
    service.get(V1, body=ecb.v1_body(DAYS))
    days = fetch()
    assert {str(day): {code: f"{rate:f}" for code, rate in rates.items()} for day, rates in days} == DAYS


def test_days_outside_the_range_and_unknown_currencies_are_dropped(service):
    days = ecb.altered(ecb.between("2026-10-16", "2026-10-30"), "2026-10-30", XAU="0.0003", EUR="1")
    service.get(V2, body=ecb.v2_body(days))
    fetched = fetch()
    assert fetched[0].day == FIRST
    assert fetched[-1].rates.keys() == DAYS["2026-10-30"].keys()


def test_a_weekend_has_no_days(service):
    service.get(V2, body="[]")
    assert fetch() == []


@pytest.mark.parametrize(
    "failure",
    [
        {"body": requests.ConnectionError("refused")},
        {"body": requests.ReadTimeout("slow")},
        {"status": 500, "body": "oops"},
        {"status": 502, "body": HTML},
        {"status": 429},
        {"body": HTML},
        {"body": ""},
        {"body": GOOD[: len(GOOD) // 2]},
        {"body": '{"message": "hello"}'},
        {"body": "null"},
        {"body": '"text"'},
        {"body": "[1, 2]"},
        {"body": '[{"date": "yesterday", "base": "EUR", "quote": "USD", "rate": 1.1}]'},
        {"body": '[{"date": "2026-10-30", "base": "EUR", "quote": "USD", "rate": "1.1"}]'},
        {"body": '[{"date": "2026-10-30", "base": "EUR", "quote": "USD", "rate": null}]'},
        {"body": '[{"date": "2026-10-30", "base": "EUR", "quote": "USD", "rate": NaN}]'},
        {"body": b"\xff\xfe\x00"},
    ],
    ids=lambda failure: str(failure)[:60],
)
def test_it_waits_and_asks_again_and_then_gives_up(service, failure):
    service.get(V2, **failure)
    pauses = []
    with pytest.raises(FrankfurterError):
        fetch(pauses)
    assert len(service.calls) == 3
    assert pauses == [1, 3]


def test_a_service_that_recovers_is_heard(service):
    service.get(V2, status=500)
    service.get(V2, body=GOOD)
    assert len(fetch()) == len(DAYS)


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ({"status": 422, "json": {"message": "invalid currency"}}, "status 422"),
        ({"body": GOOD.replace('"EUR"', '"USD"')}, "not based on the euro"),
        (
            {"body": GOOD[:-1] + ', {"date": "2026-10-30", "base": "EUR", "quote": "USD", "rate": 9}]'},
            "two rates of USD",
        ),
    ],
)
def test_asking_again_would_not_help(service, failure, message):
    service.get(V2, **failure)
    with pytest.raises(FrankfurterError, match=message):
        fetch()
    assert len(service.calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        ecb.v1_body(DAYS).replace('"amount": 1.0', '"amount": 10.0'),
        ecb.v1_body(DAYS).replace('"base": "EUR"', '"base": "USD"'),
        "[]",
        '{"amount": 1.0, "base": "EUR"}',
        '{"amount": 1.0, "base": "EUR", "rates": {"2026-10-30": 3}}',
        '{"amount": 1.0, "base": "EUR", "rates": [1]}',
    ],
)
def test_version_one_in_another_shape(service, body):
    service.get(V2, status=404)
    service.get(V1, body=body)
    with pytest.raises(FrankfurterError):
        fetch()


def test_neither_version_is_served(service):
    service.get(V2, status=404)
    service.get(V1, status=404)
    with pytest.raises(FrankfurterError, match="status 404"):
        fetch()


def test_an_endless_answer(service, monkeypatch):
    monkeypatch.setattr(frankfurter, "MAX_BYTES", 1000)
    service.get(V2, body=GOOD)
    with pytest.raises(FrankfurterError, match="endless"):
        fetch()


@contextmanager
def real_server(write_answer, headers=None) -> Iterator[str]:
    """A local server that answers in ways no mock can: broken off, or drop by drop."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(200)
            for name, value in (headers or {"Content-Length": len(GOOD)}).items():
                self.send_header(name, str(value))
            self.end_headers()
            write_answer(self.wfile)
            self.close_connection = True

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_connection_that_breaks_off_in_the_middle(settings):
    with (
        real_server(lambda file: file.write(GOOD[:500].encode())) as settings.FRANKFURTER_URL,
        pytest.raises(FrankfurterError, match="no answer"),
    ):
        fetch()


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_a_compressed_answer_in_chunks(settings, size):
    body = gzip.compress(GOOD.encode())

    def write(file):
        for start in range(0, len(body), size):
            part = body[start : start + size]
            file.write(b"%x\r\n%s\r\n" % (len(part), part))
        file.write(b"0\r\n\r\n")

    headers = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip", "Connection": "close"}
    with real_server(write, headers) as settings.FRANKFURTER_URL:
        assert len(fetch()) == len(DAYS)


def test_a_server_that_is_silent(settings, monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(frankfurter, "TIMEOUT", (1, 0.1))
    with real_server(lambda _file: released.wait(SECONDS)) as settings.FRANKFURTER_URL:
        monkeypatch.setattr(frankfurter, "PAUSES", ())
        with pytest.raises(FrankfurterError, match="no answer"):
            fetch()
        released.set()


def test_a_server_that_drips(settings, monkeypatch):
    released = threading.Event()

    def drip(file):
        try:
            for byte in GOOD.encode():
                if released.wait(0.02):
                    return
                file.write(bytes([byte]))
        except OSError:
            return

    monkeypatch.setattr(frankfurter, "DEADLINE", 0.2)
    with real_server(drip) as settings.FRANKFURTER_URL:
        with pytest.raises(FrankfurterError, match="takes too long"):
            fetch()
        released.set()
