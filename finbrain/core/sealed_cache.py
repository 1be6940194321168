"""Cached values with a seal: what FinBrain didn't store under a key is dropped, and never used.

Redis may hold anything: the rest of a damaged file, another user's value, the value of another program.
"""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.utils.crypto import constant_time_compare, salted_hmac
from django_redis.client import DefaultClient
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import ResponseError

_SEAL_LENGTH = 16
_WRONG_TYPE = "WRONGTYPE"

logger = logging.getLogger(__name__)


def seal(name: str, content: bytes) -> bytes:
    """Return the content with a seal in front, which fits only this content under this name and our SECRET_KEY."""
    return _seal_of(name, content) + content


def unseal(name: str, stored: bytes) -> bytes | None:
    """Return the content, or None if the seal doesn't fit."""
    content = stored[_SEAL_LENGTH:]
    if constant_time_compare(stored[:_SEAL_LENGTH], _seal_of(name, content)):
        return content
    logger.warning("Dropped a cached value without our seal")
    return None


def _seal_of(name: str, content: bytes) -> bytes:
    text = b"%d:%s%s" % (len(name), name.encode(), content)
    return salted_hmac("finbrain.core.sealed_cache", text, algorithm="sha256").digest()[:_SEAL_LENGTH]


class SealedClient(DefaultClient):
    """django-redis's client, for `get`, `set`, `add`, `get_many` and `set_many`. Other methods know no seals."""

    def encode(self, value: Any, **_options: Any) -> Any:
        return value

    def decode(self, value: Any) -> Any:
        return value

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None, **options: Any) -> bool:
        sealed = seal(self.make_key(key, version=version), self._serializer.dumps(value))
        return super().set(key, sealed, timeout, version=version, **options)

    def get(self, key: str, default: Any = None, version: Any = None, client: Any = None) -> Any:
        try:
            stored = super().get(key, None, version, client)
        except ConnectionInterrupted as error:
            if not is_wrong_type(error.__cause__):
                raise
            stored = b""
        return default if stored is None else self._opened(key, stored, default, version)

    def get_many(self, keys: Any, version: Any = None, client: Any = None) -> dict[str, Any]:
        missing = object()
        stored = super().get_many(keys, version, client)
        opened = {key: self._opened(key, sealed, missing, version) for key, sealed in stored.items()}
        return {key: value for key, value in opened.items() if value is not missing}

    def _opened(self, key: str, stored: bytes, default: Any, version: Any) -> Any:
        """The value without its seal. One that isn't ours is deleted, so that `add` can store a new one."""
        content = unseal(self.make_key(key, version=version), stored)
        if content is None:
            self.delete(key, version=version)
            return default
        return self._serializer.loads(content)


def is_wrong_type(error: BaseException | None) -> bool:
    """Whether Redis refused because the key holds something that isn't a plain value."""
    return isinstance(error, ResponseError) and str(error).startswith(_WRONG_TYPE)
