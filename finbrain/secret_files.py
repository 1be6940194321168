"""Reads secrets from files: `SECRET_KEY_FILE=/run/secrets/secret_key` sets SECRET_KEY.

Containers get secrets as files, because environments show up in `docker inspect` and in crash reports.
"""

from collections.abc import MutableMapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = ("SECRET_KEY", "MONGODB_URI", "REDIS_URL", "REDIS_SESSIONS_URL", "EMAIL_URL", "METRICS_TOKEN")
# Only needed for some time after SECRET_KEY has changed.
SOMETIMES = ("SECRET_KEY_FALLBACKS",)
# The secrets that came from files. A child process inherits them, but reads the files again.
_READ = "FINBRAIN_SECRETS_READ"


def read_secret_files(environment: MutableMapping[str, str]) -> None:
    """Set every secret that has a `<NAME>_FILE` to the text of that file, without surrounding white space.

    Raises ImproperlyConfigured, with the variable's name but never the secret, if a file is empty or can't be read, or
    if the secret is also set directly.
    """
    read = {name for name in environment.get(_READ, "").split(",") if name}
    for name in (*SECRETS, *SOMETIMES):
        path = environment.get(f"{name}_FILE")
        if not path:
            continue
        if environment.get(name) and name not in read:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Set only one of them.")
        environment[name] = _text_of(f"{name}_FILE", path)
        read.add(name)
        environment[_READ] = ",".join(sorted(read))


def _text_of(variable: str, path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{variable} points to {path}, which can't be read.") from error
    if not text:
        raise ImproperlyConfigured(f"{variable} points to {path}, which is empty.")
    return text
