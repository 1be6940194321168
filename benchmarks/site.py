"""A FinBrain for the benchmarks: engines, database, model, static files, people and gunicorn.

Everything is in `.data/benchmarks`, so only the first run trains the model. People are recreated each time.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import django

from finbrain.embedded import DATA_DIR, engines, process

FOLDER = DATA_DIR / "benchmarks"
MONTHS_SPENT = 24
WORKERS = "2"


@dataclass(frozen=True)
class Person:
    """A person with expenses. cookie: the header of their session."""

    email: str
    cookie: str


@contextmanager
def prepared_engines(environment: Mapping[str, str] = MappingProxyType({}), *, model: bool = True) -> Iterator[None]:
    """Context manager that starts engines and sets up Django on them, with an up-to-date database and a model.

    environment: further variables. model: False for benchmarks that need none. Raises EngineError if they can't run.
    """
    with engines(FOLDER, scratch=True) as addresses:
        os.environ.update(addresses)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="finbrain.settings",
            FINBRAIN_ENV="development",
            DEBUG="false",
            LOG_LEVEL="WARNING",
            STATIC_ROOT=str(FOLDER / "static"),
            ALLOWED_HOSTS="localhost,127.0.0.1",
            DEMO_RATE_LIMIT="100000/h/ip",
            RATE_LIMIT_FACTOR="1000",
            MONGODB_TIMEOUT_MS="0",
        )
        os.environ.update(environment)
        django.setup()
        from finbrain.operations import prepare

        steps = [prepare.migrate_database, prepare.load_rates, prepare.collect_static]
        for step in [*steps, *([prepare.ensure_model] if model else [])]:
            step(tell)
        del os.environ["MONGODB_TIMEOUT_MS"]  # gunicorn uses the time-outs of pages
        yield


def keep_as_workers_do() -> None:
    """Treat what is loaded as this commit's workers do. Those of earlier ones only freeze it."""
    from finbrain.core import garbage

    getattr(garbage, "keep_what_is_loaded", gc.freeze)()


def tell(line: str) -> None:
    """Print a line for people on stderr, because stdout is for the result."""
    print(line, file=sys.stderr, flush=True)


def make_person(expenses: int, today: date) -> Person:
    """Create a signed-in person with that many expenses over two years. The last run's person is deleted."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User
    from benchmarks.seed import seed_person
    from expenses.people.deletion import delete_people

    email = f"benchmark-{expenses}@example.com"
    delete_people(list(User.objects.filter(email=email)))
    tell(f"Creating a person with {expenses:,} expenses.")
    user = seed_person(email, expenses, MONTHS_SPENT, today)
    client = Client()
    client.force_login(user)
    return Person(email, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")


def make_visitors(count: int) -> list[str]:
    """Create people without expenses, with seed.PASSWORD, and return their emails. Deletes those of the last run."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User
    from benchmarks.seed import PASSWORD
    from expenses.people.deletion import delete_people

    delete_people(list(User.objects.filter(email__startswith="visitor-")))
    emails, password = [f"visitor-{n}@example.com" for n in range(count)], make_password(PASSWORD)
    User.objects.bulk_create([User(email=email, password=password) for email in emails])
    return emails


@contextmanager
def gunicorn(application: str = "finbrain.wsgi") -> Iterator[tuple[str, int]]:
    """Context manager that serves `application` with two workers as in `make run`: (address, the master's process id).

    Raises EngineError if they don't start.
    """
    port = process.free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application]
    own = {"WEB_CONCURRENCY": WORKERS, "PORT": str(port)}
    server = subprocess.Popen(command, cwd=DATA_DIR.parent, env=os.environ | own)
    try:
        if not process.wait_until(lambda: process.listens(port) or server.poll() is not None, 30):
            raise process.EngineError("gunicorn did not start within 30 seconds.")
        if server.poll() is not None:
            raise process.EngineError("gunicorn ended at once. See its message above.")
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        process.stop(server)
