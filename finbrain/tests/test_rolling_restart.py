"""A new release or new workers take over under load on one machine, as docs/deployment.md describes."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings

from finbrain.embedded import process
from finbrain.tests.waiting import SECONDS, until

CLIENTS = 4
PATHS = ("/accounts/login/", "/healthz", "/readyz", "/accounts/signup/")
RELEASE = """
from finbrain.tests.faults.patient import application as site

def application(environ, start_response):
    def start(status, headers, error=None):
        return start_response(status, [*headers, ("X-Release", "{}")], error)
    return site(environ, start)
"""


class Site:
    """gunicorn with our configuration. Every response names the release that made it."""

    def __init__(self, folder: Path):
        self.code, self.pid_file, self.port = folder / "release.py", folder / "pid", process.free_port()
        self.release("1")
        # Not `python -m gunicorn`, which after SIGUSR2 imports gunicorn's `http` package instead of Python's.
        program = Path(sys.executable).with_name("gunicorn")
        command = [program, "--config", "gunicorn.conf.py", "--no-control-socket"]
        command += ["--pythonpath", folder, "--pid", self.pid_file, "release:application"]
        own = {"PORT": str(self.port), "WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING", "PYTHONDONTWRITEBYTECODE": "1"}
        own["RATE_LIMIT_FACTOR"] = "1000"
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | own)

    def release(self, name: str) -> None:
        self.code.write_text(RELEASE.format(name))

    def ask(self, path: str = "/healthz") -> tuple[int, str | None]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            response = connection.getresponse()
            response.read()
            return response.status, response.headers["X-Release"]
        finally:
            connection.close()

    def workers(self) -> set[str]:
        """The process ids of the workers."""
        return set(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())

    def serves(self, release: str) -> bool:
        try:
            return self.ask() == (200, release)
        except OSError:
            return False

    def stop(self) -> None:
        """Stop the master that we started and the one that took over from it."""
        for file in self.pid_file.parent.glob("pid*"):
            os.kill(int(file.read_text()), signal.SIGTERM)
        process.stop(self.process)
        until(lambda: process.port_is_free(self.port), "a free port")


class Load:
    """People who request one page after another, each on a new connection."""

    def __init__(self, site: Site):
        self.site, self.over, self.failures = site, threading.Event(), []
        self.answers: list[list[str | None]] = [[] for _ in range(CLIENTS)]  # of each person, by release
        self.people = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self):
        for person in self.people:
            person.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for person in self.people:
            person.join(SECONDS)

    def _ask(self, number: int) -> None:
        answers = self.answers[number]
        while not self.over.is_set():
            path = PATHS[(number + len(answers)) % len(PATHS)]
            try:
                status, release = self.site.ask(path)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append((path, repr(error)))
                continue
            answers.append(release)
            if status != 200:
                self.failures.append((path, status))

    def go_on(self, number: int) -> list[int]:
        """Wait until everybody got so many more answers; returns how many each has."""
        wanted = [len(answers) + number for answers in self.answers]
        until(
            lambda: all(len(answers) >= many for answers, many in zip(self.answers, wanted, strict=True)),
            lambda: f"{number} answers for everybody; failed: {self.failures[-3:]}",
        )
        return [len(answers) for answers in self.answers]


@pytest.fixture
def site(tmp_path):
    running = Site(tmp_path)
    try:
        until(lambda: running.serves("1"), "a site that serves")
        yield running
    finally:
        running.stop()


@pytest.mark.slow
def test_a_new_release_takes_over_without_a_lost_request(site):
    with Load(site) as load:
        old = load.go_on(12)
        site.release("2")
        site.process.send_signal(signal.SIGUSR2)
        until(lambda: any("2" in answers for answers in load.answers), "an answer of the new release")
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(SECONDS) == 0
        new = load.go_on(1)  # what was on its way
        load.go_on(12)
    assert load.failures == []
    for answers, first, last in zip(load.answers, old, new, strict=True):
        assert set(answers[:first]) == {"1"}
        assert set(answers[last:]) == {"2"}


@pytest.mark.slow
def test_workers_are_replaced_without_a_lost_request(site):
    before = site.workers()
    with Load(site) as load:
        load.go_on(12)
        site.process.send_signal(signal.SIGHUP)
        until(lambda: len(site.workers()) == 2 and not site.workers() & before, "two new workers")
        load.go_on(12)
    assert load.failures == []
