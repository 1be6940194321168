"""The keys that sign what browsers and emails hold."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from finbrain.environment import Variables

_MIN_SECRET_LENGTH = 50


def secret_key(env: Variables, base_dir: Path) -> str:
    """SECRET_KEY from the environment. Outside production, one is generated once and kept in `.data/secret_key`."""
    key = env.str("SECRET_KEY", default="")
    if env.str("FINBRAIN_ENV") == "production":
        if _is_weak(key):
            raise ImproperlyConfigured("Production needs SECRET_KEY. Set it to at least 50 random characters.")
        return key
    return key or _kept_secret_key(base_dir / ".data" / "secret_key")


def secret_key_fallbacks(env: Variables) -> list[str]:
    """The earlier values of SECRET_KEY, comma-separated in SECRET_KEY_FALLBACKS. What they signed is still accepted."""
    keys = [key.strip() for key in env.str("SECRET_KEY_FALLBACKS", default="").split(",") if key.strip()]
    if env.str("FINBRAIN_ENV") == "production" and any(_is_weak(key) for key in keys):
        raise ImproperlyConfigured(
            "SECRET_KEY_FALLBACKS has a weak key. Every key in it needs at least 50 random characters."
        )
    return keys


def _is_weak(key: str) -> bool:
    return len(key) < _MIN_SECRET_LENGTH or len(set(key)) < 10 or key.startswith(("change-me", "only-for-tests"))


def _kept_secret_key(path: Path) -> str:
    """The key in the file at `path`. If there is no file, generates one that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()
