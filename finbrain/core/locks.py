"""A lock in Redis that lasts as long as the process that holds it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import LockError, RedisError
from redis.lock import Lock

from finbrain.core.caches import redis_cache

LOCK_SECONDS = 30


class BusyError(RuntimeError):
    """Raised when another process holds the lock."""


@contextmanager
def only_one(name: str, busy: str = "") -> Iterator[None]:
    """Hold the lock `name`. Raises `BusyError` with the text `busy` if another process holds it.

    The lock is renewed while the work lasts, and expires within half a minute after a kill -9.
    """
    lock = redis_cache().lock(name, timeout=LOCK_SECONDS, thread_local=False)
    if not lock.acquire(blocking=False):
        raise BusyError(busy or name)
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lock, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        with suppress(LockError, RedisError):  # expired while this process was stopped, or the server is away
            lock.release()


def _keep(lock: Lock, done: threading.Event) -> None:
    while not done.wait(LOCK_SECONDS / 4):
        try:
            lock.reacquire()
        except LockError:
            return
        except RedisError:
            continue
