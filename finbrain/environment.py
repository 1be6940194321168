"""Where settings come from: the environment, `.env.<FINBRAIN_ENV>`, and what `make run` keeps in `.data/`."""

import os
import secrets
import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from finbrain import embedded

ENVIRONMENTS = ("development", "test", "production")
NEEDS_NO_ENGINE = {"check", "collectstatic", "compilemessages", "makemessages"}
NOWHERE = {"MONGODB_URI": "mongodb://127.0.0.1:27017/?directConnection=true", "REDIS_URL": "redis://127.0.0.1:6379/0"}


def read_environment(base_dir: Path) -> environ.Env:
    """The environment with `.env.<FINBRAIN_ENV>` under it: real variables win.

    Raises ImproperlyConfigured for an unknown name.
    """
    name = os.environ.setdefault("FINBRAIN_ENV", "development")
    if name not in ENVIRONMENTS:
        raise ImproperlyConfigured(f"FINBRAIN_ENV is {name!r}; it must be one of {', '.join(ENVIRONMENTS)}.")
    environ.Env.read_env(base_dir / f".env.{name}", overwrite=False)
    return environ.Env()


def secret_key(env: environ.Env, base_dir: Path) -> str:
    """SECRET_KEY from the environment; elsewhere than in production one is made once and kept in `.data/secret_key`."""
    key = env.str("SECRET_KEY", default="")
    if env.str("FINBRAIN_ENV") == "production":
        if len(key) < 50 or key.startswith("change-me"):
            raise ImproperlyConfigured("Production needs SECRET_KEY, at least 50 random characters of your own.")
        return key
    return key or kept_secret_key(base_dir / ".data" / "secret_key")


def kept_secret_key(path: Path) -> str:
    """The key in the file at `path`, which is made, readable by its owner only, when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


def engine_uris(env: environ.Env, base_dir: Path) -> tuple[str, str]:
    """MONGODB_URI and REDIS_URL: from the environment, or those of the embedded engines that run for this checkout."""
    found = {"MONGODB_URI": env.str("MONGODB_URI", default=""), "REDIS_URL": env.str("REDIS_URL", default="")}
    if env.str("FINBRAIN_ENV") != "production":
        running = embedded.running(base_dir / ".data") or {}
        found = {name: value or running.get(name, "") for name, value in found.items()}
    missing = [name for name, value in found.items() if not value]
    if missing and NEEDS_NO_ENGINE.isdisjoint(sys.argv[1:2]):
        raise ImproperlyConfigured(
            f"{' and '.join(missing)} not set, and no embedded engine is running. "
            "Start one with `make run`, or set the variable."
        )
    return found["MONGODB_URI"] or NOWHERE["MONGODB_URI"], found["REDIS_URL"] or NOWHERE["REDIS_URL"]


def socket_timeout_ms(env: environ.Env) -> int:
    """How long one answer of MongoDB may take: MONGODB_SOCKET_TIMEOUT_MS, 2.5 s for pages, ten minutes for commands."""
    is_command = Path(sys.argv[0]).name == "manage.py" and "runserver" not in sys.argv
    return env.int("MONGODB_SOCKET_TIMEOUT_MS", default=600_000 if is_command else 2_500)
