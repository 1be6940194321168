"""Secrets from files: `SECRET_KEY_FILE=/run/secrets/secret_key` is read into SECRET_KEY.

Containers get their secrets as files: an environment shows in `docker inspect` and in reports of crashes.
"""

from collections.abc import MutableMapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = ("SECRET_KEY", "MONGODB_URI", "REDIS_URL", "REDIS_SESSIONS_URL", "EMAIL_URL", "METRICS_TOKEN")
# Which came from files: a child process inherits those, and may find the file changed.
_READ = "FINBRAIN_SECRETS_READ"


def read_secret_files(environment: MutableMapping[str, str]) -> None:
    """Set every secret whose `<NAME>_FILE` names a file to that file's text, without the white space around it.

    Raises ImproperlyConfigured, naming the variable but no secret, for a file that cannot be read or is empty, and
    for a secret that is also set without a file.
    """
    read = {name for name in environment.get(_READ, "").split(",") if name}
    for name in SECRETS:
        path = environment.get(f"{name}_FILE")
        if not path:
            continue
        if environment.get(name) and name not in read:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; set one of them.")
        environment[name] = _text_of(f"{name}_FILE", path)
        read.add(name)
        environment[_READ] = ",".join(sorted(read))


def _text_of(variable: str, path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{variable} names {path}, which cannot be read.") from error
    if not text:
        raise ImproperlyConfigured(f"{variable} names {path}, which is empty.")
    return text
