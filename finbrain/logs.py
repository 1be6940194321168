"""Logging: one JSON object per line in production, coloured text on a console.

Logs hold no personal text: paths have no query, people are keyed hashes, and errors only have types and places in the
code, because their messages may quote what somebody typed.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from django.utils.crypto import salted_hmac

from finbrain.requests import safe_path

_PROJECT = Path(__file__).resolve().parent.parent
_FRAMES = 8
REQUEST_LOGGER = "finbrain.request"
# What a message of gunicorn says before it quotes the request.
_UNQUOTED = re.compile(r"[\w ]+?(?= from ip=| ?[^\w ]|$)")

# The messages of this request so far.
said: ContextVar[set[tuple[str, str, str]] | None] = ContextVar("said", default=None)


def logging_config(style: str, level: str, whole_errors: bool) -> dict[str, Any]:
    """The value for Django's LOGGING. style: json | console. whole_errors: with messages, for development only."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not whole_errors:
        shared.append(_describe_error)
    last = structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": _Formatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "filters": {
            "handled": {"()": "finbrain.logs.NotHandled"},
            "once": {"()": "finbrain.logs.OncePerRequest"},
            "unquoted": {"()": "finbrain.logs.QuotesNothing"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["once"] if whole_errors else ["unquoted", "once"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # The request's own line already reports refused requests and handled outages.
            "django.request": {"level": "ERROR", "filters": ["handled"]},
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": False},  # would log query strings
            "gunicorn.error": {"handlers": ["console"], "propagate": False},
        },
    }


class RequestLine(dict[str, Any]):
    """The fields of a request's line, with its id, as the message of a log record."""


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """structlog's formatter, with a short way for the one line that every request writes."""

    def format(self, record: logging.LogRecord) -> str:
        if not isinstance(record.msg, RequestLine):
            return super().format(record)
        written = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
        facts = {"level": record.levelname.lower(), "logger": record.name, "timestamp": written.replace("+00:00", "Z")}
        return str(self.processors[-1](None, "", {**record.msg, **facts}))


class OncePerRequest(logging.Filter):
    """Filter that logs a message once per request: a page may try an unreachable cache five times."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, RequestLine):
            return True
        seen, line = said.get(), (record.name, str(record.msg), str(record.args))
        if seen is None:
            return True
        new = line not in seen
        seen.add(line)
        return new


class QuotesNothing(logging.Filter):
    """Filter that removes what messages of Django and gunicorn quote of a request: paths, headers, errors' texts."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if record.name == "gunicorn.error":
            _unquote_gunicorn(record)
        elif record.name == "django.security.csrf" and isinstance(record.args, tuple):
            reason = str(record.args[0]).partition(" - ")[0]
            record.args = (reason, safe_path(request) if request else "")
        elif record.name.startswith("django.security."):
            record.msg, record.args = record.name.rpartition(".")[2], ()
        elif request is not None and isinstance(record.args, tuple) and record.args:
            record.args = (*record.args[:-1], safe_path(request))
        return True


def _unquote_gunicorn(record: logging.LogRecord) -> None:
    """Cut a message about an error off where it begins to quote the request, and name the error's type instead."""
    failed = record.exc_info if record.exc_info and record.exc_info[1] else sys.exc_info()
    if failed[1] is not None:
        said = _UNQUOTED.match(record.msg) if isinstance(record.msg, str) else None
        record.msg, record.args = said.group() if said else "Error", ()
        record.exc_info = failed


def log_stray_errors() -> None:
    """Log errors that nobody catches, in threads and destructors, like all others. Python would print their texts."""
    logger = logging.getLogger("finbrain.stray")

    def log(event: str, error: BaseException | None) -> None:
        if error is not None:
            logger.error(event, exc_info=error)

    threading.excepthook = lambda args: log("A thread ended with an error", args.exc_value)
    sys.unraisablehook = lambda args: log("An error was ignored", args.exc_value)


class NotHandled(logging.Filter):
    """Filter that drops outages answered with a 503, because the request's own line reports them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503


def _describe_error(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor that replaces tracebacks by the types of errors and the last places, innermost last."""
    info = event.pop("exc_info", None)
    info = sys.exc_info() if info is True else info
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_type_name(one) for one in _chain(error))
        event["at"] = _places(error)
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and its causes, outermost first."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _type_name(error: BaseException) -> str:
    code = getattr(error, "code", None)
    return type(error).__name__ + (f"({code})" if isinstance(code, int) else "")


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    """The file's path within the project or its package."""
    return filename.removeprefix(f"{_PROJECT}/").rpartition("site-packages/")[2]


def person_hash(user_id: str) -> str:
    """A person's identifier in logs: always the same for the same person, and useless without SECRET_KEY."""
    return salted_hmac("finbrain.logs", user_id, algorithm="sha256").hexdigest()[:16]
