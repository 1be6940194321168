"""A complete FinBrain for the fault tests: engines in their own folder, gunicorn with two workers, people.

It shares nothing with other tests, so its engines may be killed.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import requests
from bson import ObjectId
from pymongo import MongoClient

from finbrain.embedded import Engines, process
from finbrain.embedded.valkey import Valkey
from finbrain.tests.waiting import SECONDS, until

ROOT = Path(__file__).resolve().parents[3]
# An answer that took longer hung. The table shows what answers took; three seconds are the goal on an idle machine.
STUCK_SECONDS = 25.0

# Makes as many people as a line says, until there are no more lines.
MAKE_PEOPLE = """
import sys, django
django.setup()
from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from accounts.session.store import SessionStore
for line in sys.stdin:
    for n in range(int(line)):
        user = get_user_model().objects.create_user(f"person{n}@example.com", first_name="Ada", home_currency="EUR")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backend.Backend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        print("person", user.pk, session.session_key, flush=True)
"""
PREPARE = """
import django
django.setup()
from finbrain.operations import prepare
prepare.migrate_database(lambda line: None)
"""


class Site:
    """Gunicorn on a free port, using the engines at `addresses` (MONGODB_URI, REDIS_URL, ...)."""

    def __init__(self, addresses: dict[str, str], folder: Path, patient: bool = False) -> None:
        self.application = "finbrain.tests.faults.patient" if patient else "finbrain.wsgi"
        # With lifted limits an answer may take as long as a busy machine needs.
        self.stuck_seconds = SECONDS if patient else STUCK_SECONDS
        self.port = process.free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "web.log"
        self.env = {
            **os.environ,
            "FINBRAIN_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "finbrain.settings",
            "MONGODB_NAME": "finbrain",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "LOG_FORMAT": "json",
            "GUNICORN_LOG_LEVEL": "info",
            "FRANKFURTER_URL": "http://127.0.0.1:9",
            "RATE_LIMIT_FACTOR": "1000",
            **addresses,
        }
        self.env.pop("PROMETHEUS_MULTIPROC_DIR", None)
        self.database = MongoClient(addresses["MONGODB_URI"], serverSelectionTimeoutMS=60_000)["finbrain"]
        self.master: subprocess.Popen | None = None
        self.maker: subprocess.Popen[str] | None = None  # of people
        self.books: list = []  # of the people who live on it now, kept by `traffic.during`

    def python(self, code: str) -> str:
        """Run code with the site's settings. Returns what it printed."""
        return subprocess.run([sys.executable, "-c", code], **self._unlimited, capture_output=True, check=True).stdout

    @property
    def _unlimited(self) -> dict[str, Any]:
        """How to start a process with the site's settings, whose calls may take long."""
        return {"cwd": ROOT, "env": {**self.env, "MONGODB_TIMEOUT_MS": "0"}, "text": True}

    def start(self) -> None:
        argv = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", self.application]
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(argv, cwd=ROOT, env=self.env, stderr=log, stdout=log, start_new_session=True)
        until(self.is_ready, lambda: f"a site that is ready; {self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        if self.master is not None:
            process.stop(self.master)
            with suppress(ProcessLookupError):
                os.killpg(self.master.pid, signal.SIGKILL)
        if self.maker is not None:
            self.maker.communicate()
        self.database.client.close()

    def is_ready(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.base}/readyz", timeout=STUCK_SECONDS).status_code == 200
        return False

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        return [
            int(pid) for pid in Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
        ]

    def people(self, count: int) -> list["Person"]:
        return [Person(self, *key) for key in self._make_people(count)]

    def _make_people(self, count: int) -> list[tuple[ObjectId, str]]:
        """One process makes the people of all tests, because starting one takes seconds."""
        if self.maker is None or self.maker.poll() is not None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self.maker = subprocess.Popen([sys.executable, "-c", MAKE_PEOPLE], **self._unlimited, **pipes)
        self.maker.stdin.write(f"{count}\n")
        self.maker.stdin.flush()
        people = (line.split()[1:] for line in iter(self.maker.stdout.readline, "") if line.startswith("person "))
        made = [(ObjectId(user), session) for user, session in islice(people, count)]
        assert len(made) == count
        return made

    def warm(self, person: "Person") -> None:
        """Make every worker load what it loads on its first request. Any of them takes a new connection."""
        for _ in range(6):
            for path in ("/expenses/", "/accounts/settings/"):
                person.ask("GET", path, headers={"Connection": "close"})

    def found(self, owner: ObjectId) -> list[str]:
        """The entry keys of the person's expenses, including duplicates."""
        return [
            row["entry_key"] for row in self.database["expenses_expense"].find({"owner_id": owner}, {"entry_key": 1})
        ]

    def seconds_until_back(self) -> float:
        """How long until every worker serves pages again."""
        began = time.monotonic()
        good = 0
        while good < 8:
            good = good + 1 if self.serves() else 0
            assert time.monotonic() - began < SECONDS, "did not recover"
        return time.monotonic() - began

    def serves(self) -> bool:
        """Whether one worker does now."""
        with suppress(requests.RequestException):
            return self.is_ready() and requests.get(f"{self.base}/", timeout=STUCK_SECONDS).ok
        return False


@contextmanager
def running_site(
    addresses: dict[str, str], folder: Path, patient: bool = False, application: str = ""
) -> Iterator[Site]:
    """A site that answers, on a database that is prepared.

    patient: for faults that nobody should notice. application: served instead, with its own limits.
    """
    site = Site(addresses, folder, patient)
    site.application = application or site.application
    try:
        site.python(PREPARE)
        site.start()
        yield site
    finally:
        site.stop()


@contextmanager
def killed(engines: Engines, *names: str) -> Iterator[None]:
    """Context manager in which engines are dead (kill -9). They are started again at the end."""
    for engine, child in engines._running:
        if engine.name in names:
            child.kill()
            child.wait()  # only one that has ended can be started again
    try:
        yield
    finally:
        engines.revive()


@contextmanager
def running_valkey(folder: Path) -> Iterator[str]:
    """Context manager with the address of another Valkey."""
    valkey = Valkey(folder)
    child = valkey.launch(process.free_port())
    try:
        until(valkey.is_ready, "a Valkey that is ready")
        yield valkey.uri
    finally:
        process.stop(child)


class Person:
    """Somebody with a browser, which keeps cookies, sends the forms' tokens and measures each answer."""

    def __init__(self, site: Site, user_id: ObjectId, session_key: str) -> None:
        self.site = site
        self.user_id = user_id
        self.http = requests.Session()
        self.http.cookies.set("sessionid", session_key)
        self.http.cookies.set("csrftoken", "c" * 32)
        self.slowest = 0.0

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        began = time.monotonic()
        try:
            return self.http.request(method, self.site.base + path, timeout=SECONDS, allow_redirects=False, **options)
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)

    def get(self, path: str) -> requests.Response:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> requests.Response:
        return self.ask("POST", path, data={"csrfmiddlewaretoken": "c" * 32, **fields})

    def add(self, key: str, title: str = "Taxi home") -> int:
        """Add an expense. Returns the status: 302 if it was stored, 0 if the connection broke."""
        try:
            fields = {"title": title, "amount": "58", "currency": "EUR", "spent_on": "2026-08-20", "entry_key": key}
            return self.post("/expenses/add/", **fields).status_code
        except requests.RequestException:
            return 0
