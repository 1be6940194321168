"""Reads settings from the environment, `.env.<FINBRAIN_ENV>`, and files that `make run` keeps in `.data/`."""

from __future__ import annotations  # the class below has methods named like types

import os
import re
import sys
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

from finbrain import embedded
from finbrain.secret_files import read_secret_files

Network = IPv4Network | IPv6Network
_ENVIRONMENTS = ("development", "test", "production")
_NEEDS_NO_ENGINE = {"check", "collectstatic", "compilemessages", "makemessages"}
_ADDRESSES = {
    "MONGODB_URI": ("mongodb://", "mongodb+srv://"),
    "REDIS_URL": ("redis://", "rediss://", "unix://"),
    "REDIS_SESSIONS_URL": ("redis://", "rediss://", "unix://"),
}
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0", ""}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# A regular expression, and a description of what it matches.
HOST = (r"\*|\.?[\w-]+(\.[\w-]+)*|\[[\da-fA-F:.]+\]", "host names such as finbrain.example.org, comma-separated")
ORIGIN = (r"https?://[\w*.:\[\]-]+", "https:// and a host name each, comma-separated")
SITE = (r"https?://[^/\s]+(/\S*)?", "https:// and a host name")
DATABASE = (r"[\w-]{1,63}", "1 to 63 letters, digits, - and _")
RATE = (r"\d+/\d*[smhd]/(ip|key|user)(,\d+/\d*[smhd]/(ip|key|user))*", "a rate such as 20/h/ip")
SENDER = (r"[^@\s]+@[^@\s]+|.*<[^@\s]+@[^@\s]+>", "an address such as FinBrain <finbrain@example.org>")
_NOWHERE = {"MONGODB_URI": "mongodb://127.0.0.1:27017/?directConnection=true", "REDIS_URL": "redis://127.0.0.1:6379/0"}


_MAIL_BACKENDS = {
    "smtp": "smtp",
    "smtps": "smtp",
    "smtp+tls": "smtp",
    "smtp+ssl": "smtp",
    "consolemail": "console",
    "filemail": "filebased",
    "memorymail": "locmem",
    "dummymail": "dummy",
}


class Variables:
    """Reader of environment variables. A wrong value raises ImproperlyConfigured with its name and what is expected.

    The error doesn't quote values that may be secrets, such as addresses.
    """

    def str(self, var: str, default: str | None = None) -> str:
        value = os.environ.get(var, default)
        if value is None:
            name = os.environ.get("FINBRAIN_ENV", "development")
            raise ImproperlyConfigured(f"{var} is not set. Set it in the environment or in .env.{name}.")
        return value

    def bool(self, var: str, default: bool | None = None) -> bool:
        text = self.str(var, None if default is None else str(default))
        if text.strip().lower() not in _TRUE | _FALSE:
            raise ImproperlyConfigured(f"{var} is {text!r}. It must be true or false.")
        return text.strip().lower() in _TRUE

    def int(self, var: str, default: int | None = None, least: int = 0) -> int:
        text = self.str(var, None if default is None else str(default))
        if not (text.strip().isascii() and text.strip().isdigit() and int(text) >= least):
            raise ImproperlyConfigured(f"{var} is {text!r}. It must be a whole number, {least} or more.")
        return int(text)

    def like(self, var: str, kind: tuple[str, str], default: str) -> str:
        """The variable's value, checked against the pattern of its kind."""
        value = self.str(var, default)
        if not re.fullmatch(kind[0], value):
            raise ImproperlyConfigured(f"{var} is {value!r}. It must be {kind[1]}.")
        return value

    def all_like(self, var: str, kind: tuple[str, str], default: str) -> list[str]:
        """The variable's comma-separated parts, each checked against the pattern of their kind."""
        value = self.str(var, default)
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(re.fullmatch(kind[0], part) for part in parts):
            raise ImproperlyConfigured(f"{var} is {value!r}. It must be {kind[1]}.")
        return parts

    def one_of(self, var: str, choices: Sequence[str], default: str) -> str:
        """The variable's value, which must be one of `choices`."""
        value = self.str(var, default)
        if value not in choices:
            raise ImproperlyConfigured(f"{var} is {value!r}. It must be one of {', '.join(choices)}.")
        return value

    def time_zone(self, var: str, default: str) -> str:
        """The variable's value, which must be the name of a time zone."""
        value = self.str(var, default)
        try:
            ZoneInfo(value)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ImproperlyConfigured(f"{var} is {value!r}. It must be a time zone such as Europe/Berlin.") from error
        return value

    def networks(self, var: str, default: str) -> tuple[Network, ...]:
        """The variable's comma-separated IP addresses and networks."""
        value = self.str(var, default)
        try:
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        except ValueError as error:
            expected = "addresses or networks such as 10.0.0.0/8, comma-separated"
            raise ImproperlyConfigured(f"{var} is {value!r}. It must be {expected}.") from error

    def email_url(self, var: str, default: str) -> dict[str, str | int | bool | None]:
        """Django's email settings for the mail server in the variable."""
        try:
            return mail_settings(self.str(var, default))
        except (ValueError, KeyError) as error:
            expected = "smtp+tls://user:password@host:587, or consolemail:// or dummymail://"
            raise ImproperlyConfigured(
                f"{var} is not the address of a mail server. It must look like {expected}."
            ) from error


def mail_settings(address: str) -> dict[str, str | int | bool | None]:
    """Django's email settings for the address of a mail server. Raises KeyError or ValueError if it is not one."""
    url = urlsplit(address)
    needs_host = _MAIL_BACKENDS[url.scheme] == "smtp"
    if url.query or url.fragment or (needs_host and not url.hostname):
        raise ValueError("The address needs a host and no options. In a password, write %23 for # and %3F for ?.")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{_MAIL_BACKENDS[url.scheme]}.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_FILE_PATH": unquote(url.path[1:]),
        "EMAIL_USE_TLS": url.scheme in ("smtps", "smtp+tls"),
        "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
    }


def read_environment(base_dir: Path) -> Variables:
    """Read the environment and `.env.<FINBRAIN_ENV>`. Real variables override the file.

    Raises ImproperlyConfigured for an unknown FINBRAIN_ENV.
    """
    name = os.environ.setdefault("FINBRAIN_ENV", "development")
    if name not in _ENVIRONMENTS:
        raise ImproperlyConfigured(f"FINBRAIN_ENV is {name!r}. It must be one of {', '.join(_ENVIRONMENTS)}.")
    for variable, value in read_env_file(base_dir / f".env.{name}").items():
        os.environ.setdefault(variable, value)
    read_secret_files(os.environ)
    return Variables()


def read_env_file(path: Path) -> dict[str, str]:
    """Read the variables in a file of NAME=value lines; {} if there is no file.

    Quotes around a value are removed; a # in it is kept. Raises ImproperlyConfigured for any other kind of line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = re.fullmatch(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z_0-9]*)\s*=\s*(.*?)\s*", line)
        if not parts:
            raise ImproperlyConfigured(f"{path.name}, line {number} is not of the form NAME=value. Correct it.")
        name, value = parts.groups()
        if re.fullmatch(r"'.*'", value):
            value = value[1:-1]
        elif re.fullmatch(r'".*"', value):
            value = re.sub(r'\\(["\\])', r"\1", value[1:-1])
        found[name] = value
    return found


def engine_uris(env: Variables, base_dir: Path) -> tuple[str, str]:
    """MONGODB_URI and REDIS_URL, from the environment or else from this checkout's running embedded engines."""
    found = {"MONGODB_URI": env.str("MONGODB_URI", default=""), "REDIS_URL": env.str("REDIS_URL", default="")}
    if env.str("FINBRAIN_ENV") != "production":
        running = embedded.running(base_dir / ".data") or {}
        found = {name: value or running.get(name, "") for name, value in found.items()}
    missing = [name for name, value in found.items() if not value]
    if missing and _NEEDS_NO_ENGINE.isdisjoint(sys.argv[1:2]):
        names = " and ".join(missing)
        raise ImproperlyConfigured(f"Set {names}, or start the embedded engines with `make run`.")
    found = {name: value or _NOWHERE[name] for name, value in found.items()}
    for name, value in found.items():
        check_address(name, value)
    return found["MONGODB_URI"], found["REDIS_URL"]


def check_address(name: str, value: str) -> str:
    """Return the value if it begins like an address of its kind, otherwise raise ImproperlyConfigured."""
    if not value.startswith(_ADDRESSES[name]):
        raise ImproperlyConfigured(
            f"{name} is not a valid address. It must begin with {' or '.join(_ADDRESSES[name])}."
        )
    return value


def refuse_unsafe(problems: dict[str, bool]) -> None:
    """Raise ImproperlyConfigured with the texts of all problems that exist."""
    if found := [text for text, there in problems.items() if there]:
        raise ImproperlyConfigured(f"Production needs {'; '.join(found)}.")


def web_timeouts(env: Variables) -> dict[str, int]:
    """PyMongo's time-out options: 1.5 s for all tries of an operation on a page.

    MONGODB_TIMEOUT_MS overrides it. Commands wait up to ten minutes, because an index or a backup may take long.
    """
    is_command = Path(sys.argv[0]).name == "manage.py" and "runserver" not in sys.argv
    limit = env.int("MONGODB_TIMEOUT_MS", default=0 if is_command else 1_500)
    if limit == 0:
        return {"serverSelectionTimeoutMS": 10_000, "socketTimeoutMS": 600_000}
    return {"serverSelectionTimeoutMS": limit, "timeoutMS": limit}
