"""`make run` and `make dev`: run the engines, the web server and the scheduler until Ctrl-C.

    python -m finbrain.run         gunicorn, as in production, but with plain http on localhost
    python -m finbrain.run --dev   Django's server with autoreload and DEBUG

Reads PORT (8000) and WEB_CONCURRENCY (2) from the environment or `.env.<FINBRAIN_ENV>`.
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

_ROOT = embedded.DATA_DIR.parent
_WEB_SECONDS = 60
PORT_SECONDS = 3


class _Stopped(BaseException):
    """Raised on Ctrl-C or another request to stop."""


def _say(line: str) -> None:
    print(line, flush=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise _Stopped


def wanted_port() -> int:
    """PORT from the environment. Raises EngineError if it is invalid or in use."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise EngineError(f"PORT is {text!r}. It must be a number from 1 to 65535.")
    port = int(text)
    # A run that was just killed releases the port within a moment.
    if not process.wait_until(lambda: process.port_is_free(port), PORT_SECONDS):
        other = port + 1 if port < 65535 else 8000
        raise EngineError(f"Port {port} is in use or not allowed. Choose a different one: make run PORT={other}")
    return port


def _check_own_servers() -> list[str]:
    """Check the servers in MONGODB_URI and REDIS_URL. Returns the variables that are not set and need an engine."""
    checks = {"MONGODB_URI": own_servers.check_mongodb, "REDIS_URL": own_servers.check_redis}
    for variable, check in checks.items():
        if address := os.environ.get(variable):
            _say(f"Using the server in {variable}: {check(address)}.")
    return [variable for variable in checks if not os.environ.get(variable)]


def _refuse_second_run(data_dir: Path) -> None:
    """Raise EngineError if another process runs this checkout's engines."""
    if state.is_locked(data_dir):
        known = state.read_state(data_dir)
        where = f" at {known['site']}" if known.get("site") else ""
        raise EngineError(f"FinBrain is already running here{where} (process {known.get('pid')}). Stop it first.")


def services(port: int, dev: bool) -> list[Service]:
    """The services beside the engines, in the order of their start. The first is the web server."""
    manage = [sys.executable, str(_ROOT / "manage.py")]
    if dev:
        web = Service("Web server", [*manage, "runserver", f"{process.LOCALHOST}:{port}"])
    else:
        config = str(_ROOT / "gunicorn.conf.py")
        web = Service("Web server", [sys.executable, "-m", "gunicorn", "--config", config, "finbrain.wsgi"])
    return [web, Service("Scheduler", [*manage, "scheduler"])]


def wait_for_web(web: Service, site: str) -> None:
    """Wait until the site answers. Raises EngineError if the web server ends or takes too long."""

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
        raise EngineError("The web server did not start. See its messages above.")


def prepare(*options: str) -> None:
    """Prepare database, rates and static files in a separate process, so that this one stays small."""
    child = process.spawn([sys.executable, "-m", "finbrain.operations.prepare", *options])
    try:
        if child.wait() != 0:
            raise EngineError("FinBrain could not be prepared. See the reason above.")
    finally:
        process.stop(child)


def _run(dev: bool) -> None:
    """Start everything and watch it. Never returns: raises Stopped, or EngineError with a text for people."""
    read_environment(_ROOT)
    started: list[Service] = []
    engines = None
    try:
        _refuse_second_run(embedded.DATA_DIR)
        port = wanted_port()
        site = f"http://localhost:{port}"
        engines = embedded.Engines(wanted=_check_own_servers(), say=_say)
        if not engines.start():
            raise EngineError("FinBrain is starting or stopping here in another process. Try again in a moment.")
        os.environ |= engines.addresses
        os.environ |= {"PORT": str(port), "DEBUG": "true" if dev else "false"}
        os.environ.setdefault("SITE_URL", site)
        state.write_state(engines.data_dir, site=site)
        prepare(*(["--no-static"] if dev else []))
        for service in services(port, dev):
            started.append(service)
            service.start()
        wait_for_web(started[0], site)
        _say(f"FinBrain is ready: {site}  (press Ctrl-C to stop)")
        _watch(engines, started)
    finally:
        for service in reversed(started):
            service.stop()
            _say(f"{service.name} stopped.")
        if engines is not None:
            engines.stop()


def _watch(engines: embedded.Engines, started: list[Service]) -> None:
    """Restart what ends unexpectedly. Raises EngineError for what keeps ending."""
    while True:
        time.sleep(0.5)
        for name in engines.revive():
            _say(f"{name} ended unexpectedly and was restarted.")
        for service in started:
            if service.revive():
                _say(f"{service.name} ended unexpectedly and was restarted.")


def main() -> int:
    if os.environ.get("FINBRAIN_MAKE"):
        process.die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        _run(dev="--dev" in sys.argv[1:])
    except _Stopped:
        _say("FinBrain stopped. Your data is in .data/.")
    except (EngineError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
