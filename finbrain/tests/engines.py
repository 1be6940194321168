"""The tests' own MongoDB and Valkey, in a temporary folder that is in memory where the system allows."""

import atexit
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from finbrain.embedded import process, state
from finbrain.embedded.engines import VARIABLES, Engines

# With MongoDB's journal on a disk, a test run takes a minute longer.
_MEMORY = Path("/dev/shm")
_PREFIX = "finbrain-test-"
# The engines of a folder are locked a moment after it was made.
_NEW_SECONDS = 60


def start() -> None:
    """Start them and put their addresses into os.environ for the settings. They stop with this process.

    Set TEST_MONGODB_URI (a replica set) and TEST_REDIS_URL to test against other servers. Their data is deleted, which
    is why MONGODB_URI and REDIS_URL are not used.
    """
    own = {name: os.environ.get(f"TEST_{name}") for name in VARIABLES}
    os.environ.update({name: address for name, address in own.items() if address})
    wanted = [name for name, address in own.items() if not address]
    if wanted:
        parent = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
        _remove_leftovers(parent)
        process._PORTS = own_ports(process._PORTS)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        running = Engines(folder, wanted=wanted, scratch=True)
        running.start()
        atexit.register(running.stop)
        os.environ.update(running.addresses)


def _remove_leftovers(parent: Path) -> None:
    """Delete folders that killed runs left. A new one, or one whose engines are running, belongs to other tests."""
    for folder in parent.glob(_PREFIX + "*"):
        with suppress(FileNotFoundError):  # the other process of this run was faster
            is_new = time.time() - (folder / "engines.lock").stat().st_mtime < _NEW_SECONDS
            if not is_new and not state.is_locked(folder):
                shutil.rmtree(folder, ignore_errors=True)


def own_ports(ports: range) -> range:
    """The ports that this process of a test run may choose, so that no other one chooses the same before it listens."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return ports[number :: int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))]
