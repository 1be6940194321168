"""gunicorn's configuration for `make run` and the image. Reads PORT, HOST, WEB_CONCURRENCY and WEB_THREADS."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import cast

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# A client that sends or reads slowly occupies no thread.
worker_class = "finbrain.worker.Worker"
threads = int(os.environ.get("WEB_THREADS") or 8)
# A proxy must not reuse a connection that a worker is about to close: it would answer 502.
keepalive = 0
# The worker sends what a client doesn't read at once, files too.
sendfile = False
preload_app = True
timeout = 30
graceful_timeout = 10
control_socket_disable = True
logger_class = "finbrain.gunicorn_logger.FinbrainLogger"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
# In memory: neither the heartbeat file nor the workers' shared counters may wait for a disk.
memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(memory) if memory.is_dir() else None
COUNTERS = "finbrain-counters-"


def make_room_for_counters():
    """Create an empty folder for the workers' shared counters, and remove those that killed masters left.

    Runs before the application is loaded, but not when the master reloads its configuration.
    """
    if os.environ.get("FINBRAIN_COUNTERS_OF") == str(os.getpid()):
        return
    os.environ["FINBRAIN_COUNTERS_OF"] = str(os.getpid())
    given = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    parent = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    folder = parent / f"{COUNTERS}{os.getpid()}" if not given or COUNTERS in given else Path(given)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    for old in parent.glob(COUNTERS + "*"):
        if not Path("/proc", old.name.removeprefix(COUNTERS)).exists():
            shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)


make_room_for_counters()


def on_exit(server):
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    if folder.name == f"{COUNTERS}{os.getpid()}":
        shutil.rmtree(folder, ignore_errors=True)


def child_exit(server, worker):
    """Keep the counts of a worker that has ended, and drop its gauges."""
    from prometheus_client.multiprocess import mark_process_dead

    with suppress(OSError):
        mark_process_dead(worker.pid)


def post_worker_init(worker):
    """Connect before the first request: signing in to MongoDB can take longer than a ping may on a busy machine."""
    from finbrain.core.breaker import mongodb

    for _attempt in range(3):
        if mongodb.answers():
            return


def pre_fork(server, worker):
    """Close the connections that loading the application opened: a MongoDB client doesn't survive a fork."""
    from django.db import connections
    from django_mongodb_backend.base import DatabaseWrapper

    from finbrain.core.breaker import close_client
    from finbrain.core.garbage import keep_what_is_loaded

    for connection in connections.all(initialized_only=True):
        cast(DatabaseWrapper, connection).close_pool()
    close_client()
    keep_what_is_loaded()
