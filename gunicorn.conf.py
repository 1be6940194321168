"""How gunicorn serves FinBrain, in `make run` and in the image. The environment gives PORT, HOST, WEB_CONCURRENCY."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
preload_app = True
timeout = 30
graceful_timeout = 10
control_socket_disable = True
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
# Neither the heartbeat file nor the workers' shared counters must wait for a disk.
memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(memory) if memory.is_dir() else None
COUNTERS = "finbrain-counters-"


def make_room_for_counters():
    """An empty folder in which the workers share what /metrics shows; those of masters that were killed are removed.

    Runs before the application is loaded, and not again when the master only reads its configuration anew.
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
    """A worker's counts stay, what it told about itself goes."""
    from prometheus_client.multiprocess import mark_process_dead

    with suppress(OSError):
        mark_process_dead(worker.pid)


def pre_fork(server, worker):
    """Close what loading the application opened: a MongoDB client and its threads do not survive a fork."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close_pool()
