"""`make run` and `make dev`: engines, database, model, static files and web server, until Ctrl-C.

    python -m finbrain.run         gunicorn, as in production but for plain http on localhost
    python -m finbrain.run --dev   Django's server with autoreload and DEBUG

Reads PORT (8000) and WEB_CONCURRENCY (2) from the environment, and `.env.<FINBRAIN_ENV>` under it.
"""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from finbrain import embedded
from finbrain.embedded import EngineError, own_servers, process, state
from finbrain.embedded.service import Service
from finbrain.environment import read_environment

ROOT = embedded.DATA_DIR.parent
_WEB_SECONDS = 60
PORT_SECONDS = 3


class Stopped(BaseException):
    """Ctrl-C, or another request to end."""


def say(line: str) -> None:
    print(line, flush=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def wanted_port() -> int:
    """PORT from the environment. Raises EngineError when it is no port or something listens there."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise EngineError(f"PORT is {text!r}: it must be a number from 1 to 65535.")
    port = int(text)
    # A run that was just killed lets go of the port within a moment.
    if not process.wait_until(lambda: process.port_is_free(port), PORT_SECONDS):
        other = port + 1 if port < 65535 else 8000
        raise EngineError(f"Port {port} is in use, or not allowed to you: choose another, e.g. make run PORT={other}.")
    return port


def _check_own_servers() -> list[str]:
    """Check what MONGODB_URI and REDIS_URL name; the variables that are not set, whose engines are to be started."""
    checks = {"MONGODB_URI": own_servers.check_mongodb, "REDIS_URL": own_servers.check_redis}
    for variable, check in checks.items():
        if address := os.environ.get(variable):
            say(f"{variable} is set: using {check(address)}.")
    return [variable for variable in checks if not os.environ.get(variable)]


def _refuse_second_run(data_dir: Path) -> None:
    """Raises EngineError when a living process runs this checkout's engines."""
    if state.is_locked(data_dir):
        known = state.read_state(data_dir)
        where = f" at {known['site']}" if known.get("site") else ""
        raise EngineError(f"FinBrain runs here already{where} (process {known.get('pid')}): stop that one first.")


def services(port: int, dev: bool) -> list[Service]:
    """What runs beside the engines, in the order of starting; the first answers people."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    if dev:
        web = Service("Web server", [*manage, "runserver", f"{process.LOCALHOST}:{port}"])
    else:
        config = str(ROOT / "gunicorn.conf.py")
        web = Service("Web server", [sys.executable, "-m", "gunicorn", "--config", config, "finbrain.wsgi"])
    return [web, Service("Clock", [*manage, "scheduler"])]


def wait_for_web(web: Service, site: str) -> None:
    """Until the site answers. Raises EngineError when the web server ends or takes too long."""

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"{site}/healthz", timeout=5):  # noqa: S310 - our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    process.wait_until(lambda: not web.is_alive() or answers(), _WEB_SECONDS, pause=0.1)
    if not web.is_alive() or not answers():
        raise EngineError("The web server did not start: its messages stand above.")


def prepare(dev: bool) -> None:
    """Database, model, rates, static files, in a process of its own so that this one stays small."""
    child = process.spawn([sys.executable, "-m", "finbrain.operations.prepare", *(["--no-static"] if dev else [])])
    try:
        if child.wait() != 0:
            raise EngineError("FinBrain could not be prepared: the reason stands above.")
    finally:
        process.stop(child)


def run(dev: bool) -> None:
    """Everything; returns never. Raises Stopped, or EngineError with what a person has to do."""
    read_environment(ROOT)
    started: list[Service] = []
    engines = None
    try:
        _refuse_second_run(embedded.DATA_DIR)
        port = wanted_port()
        site = f"http://localhost:{port}"
        engines = embedded.Engines(wanted=_check_own_servers(), say=say)
        if not engines.start():
            raise EngineError("Another run of FinBrain is starting or ending here: try again in a moment.")
        os.environ |= engines.addresses
        os.environ |= {"PORT": str(port), "DEBUG": "true" if dev else "false"}
        os.environ.setdefault("SITE_URL", site)
        state.write_state(engines.data_dir, site=site)
        prepare(dev)
        for service in services(port, dev):
            started.append(service)
            service.start()
        wait_for_web(started[0], site)
        say(f"FinBrain is ready: {site}  (Ctrl-C stops it)")
        watch(engines, started)
    finally:
        for service in reversed(started):
            service.stop()
            say(f"{service.name} stopped.")
        if engines is not None:
            engines.stop()


def watch(engines: embedded.Engines, started: list[Service]) -> None:
    """Start again what ends by itself. Raises EngineError for what keeps ending."""
    while True:
        time.sleep(0.5)
        for name in engines.revive():
            say(f"{name} had ended unexpectedly; it runs again.")
        for service in started:
            if service.revive():
                say(f"{service.name} had ended unexpectedly; it runs again.")


def main() -> int:
    if os.environ.get("FINBRAIN_MAKE"):
        process.die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        run(dev="--dev" in sys.argv[1:])
    except Stopped:
        say("FinBrain stopped; your data is kept in .data/.")
    except (EngineError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
