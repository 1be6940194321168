"""What gunicorn logs of requests that fail outside Django, also after a reload: lines like ours that quote nothing."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from finbrain.embedded import process
from finbrain.tests.waiting import SECONDS, until

SECRET = "Weizmann"
KEY = "dctx3a-0123456789abcdef0123456789abcdef"
APPLICATION = """
from finbrain.tests.faults.patient import application as site

def export():
    yield b"a" * 100
    raise ValueError("Weizmann")

def application(environ, start_response):
    if environ["PATH_INFO"] == "/boom":
        raise ValueError("Weizmann")
    if environ["PATH_INFO"] == "/export":
        start_response("200 OK", [("Content-Length", "1000")])
        return export()
    return site(environ, start_response)
"""
# Requests that gunicorn refuses or that break outside Django, and how the log reports them.
BROKEN = {
    f"GET /expenses/?q={SECRET} HTTP/9.9\r\n\r\n": "InvalidHTTPVersion",
    f"G[]T /expenses/?q={SECRET} HTTP/1.1\r\n\r\n": "InvalidRequestMethod",
    f"{SECRET}\r\n\r\n": "InvalidRequestLine",
    f"GET / HTTP/1.1\r\nHost: localhost\r\n{SECRET} : x\r\n\r\n": "InvalidHeaderName",
    f"GET /?q={SECRET * 2000} HTTP/1.1\r\n\r\n": "LimitRequestLine",
    f"GET /boom?q={SECRET} HTTP/1.1\r\nHost: localhost\r\n\r\n": "ValueError",
    f"GET /export?q={SECRET} HTTP/1.1\r\nHost: localhost\r\n\r\n": "ValueError",
}


class Site:
    """gunicorn with our configuration, and two addresses that break outside Django."""

    def __init__(self, folder: Path) -> None:
        (folder / "broken.py").write_text(APPLICATION)
        self.port, self.log = process.free_port(), folder / "log"
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--pythonpath", folder]
        own = {"PORT": str(self.port), "WEB_CONCURRENCY": "1", "LOG_FORMAT": "json", "GUNICORN_LOG_LEVEL": "info"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "broken:application"], cwd=settings.BASE_DIR, env=os.environ | own, stdout=log, stderr=log
            )

    def ask(self, request: str) -> bytes:
        with socket.create_connection((process.LOCALHOST, self.port), timeout=SECONDS) as connection:
            connection.sendall(request.encode())
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer

    def answers(self) -> bool:
        try:
            return b" 200 " in self.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        except OSError:
            return False

    def lines(self) -> list[dict]:
        """What was logged since the settings were loaded."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def count(self, event: str) -> int:
        return sum(line["event"].startswith(event) for line in self.lines())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("site"))
    try:
        until(running.answers, lambda: f"a site that answers; {running.log.read_text()[-3000:]}")
        running.process.send_signal(signal.SIGHUP)
        until(lambda: running.count("Booting worker") == 2, "a new worker")
        until(running.answers, "a site that answers again")
        yield running
    finally:
        process.stop(running.process)


@pytest.mark.slow
@pytest.mark.parametrize("request_text", BROKEN, ids=range(len(BROKEN)))
def test_a_request_that_fails_outside_django_is_logged_by_type_and_place(site, request_text):
    before = len(site.lines())
    site.ask(request_text)
    until(lambda: any("error" in line for line in site.lines()[before:]), "a line about the error")
    [line] = [line for line in site.lines()[before:] if "error" in line]
    assert line["error"].partition("(")[0] == BROKEN[request_text]
    assert line["event"] in ("Invalid request", "Error handling request")
    assert re.fullmatch(r"\S+:\d+ \w+", line["at"][-1])


@pytest.mark.slow
def test_after_a_reload_nothing_but_our_lines_is_written_and_nothing_is_quoted(site):
    for request_text in BROKEN:
        site.ask(request_text)
    site.ask(f"POST /accounts/password/reset/key/1a-{KEY}/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
    site.ask(f"GET /accounts/password/reset/key/1a-{KEY}/?q={SECRET} HTTP/1.1\r\nHost: {SECRET}.example\r\n\r\n")
    until(lambda: site.count("request") >= 2, "the lines of the last requests")
    written = site.log.read_text()
    reloaded = written[written.index('"Handling signal: hup"') :].splitlines()[1:]
    assert [line for line in reloaded if not line.startswith("{")] == []
    assert not re.search(f"{SECRET}|{KEY}|Traceback|127.0.0.1", "\n".join(reloaded))


@pytest.mark.slow
def test_a_reader_who_leaves_is_no_error(site):
    before = site.count("Error handling request")
    with socket.create_connection((process.LOCALHOST, site.port), timeout=SECONDS) as connection:
        connection.sendall(b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    until(site.answers, "a site that still answers")
    assert site.count("Error handling request") == before


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/nowhere/", "/robots.txt", "/static/js/back.js"])
def test_an_answer_to_head_is_that_to_get_without_its_body(site, path):
    head, get = (
        site.ask(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").partition(b"\r\n\r\n")
        for method in ("HEAD", "GET")
    )
    assert get[2]
    assert not head[2]
    assert head[0].splitlines()[0] == get[0].splitlines()[0]
    until(site.answers, "the lines of both")
    assert site.count("WSGI app sent body bytes") == 0
