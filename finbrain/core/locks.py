"""A lock in Redis that lives as long as the process that holds it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import LockError, RedisError
from redis.lock import Lock

from finbrain.core.caches import redis_cache

LOCK_SECONDS = 30


class BusyError(RuntimeError):
    """Another process holds the lock."""


@contextmanager
def only_one(name: str, busy: str = "") -> Iterator[None]:
    """Hold the lock `name`; raises `BusyError`, with the text `busy`, when another process does.

    It is renewed while the work lasts; after a kill -9 it is free within half a minute.
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
