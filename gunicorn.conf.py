"""How gunicorn serves FinBrain, in `make run` and in the image. PORT, HOST and WEB_CONCURRENCY come from the environment."""

import os
from pathlib import Path

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
preload_app = True
timeout = 30
graceful_timeout = 10
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def pre_fork(server, worker):
    """Close what loading the application opened: a MongoDB client and its threads do not survive a fork."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close_pool()
