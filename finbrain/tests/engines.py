"""The tests' own MongoDB and Valkey, in a temporary folder that is in memory where the system allows."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from finbrain.embedded import state
from finbrain.embedded.engines import VARIABLES, Engines

# With MongoDB's journal on a disk, a test run takes a minute longer.
_MEMORY = Path("/dev/shm")
_PREFIX = "finbrain-test-"


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
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        running = Engines(folder, wanted=wanted, scratch=True)
        running.start()
        atexit.register(running.stop)
        os.environ.update(running.addresses)


def _remove_leftovers(parent: Path) -> None:
    """Delete folders that killed runs left. A folder whose engines are running belongs to other tests."""
    for folder in parent.glob(_PREFIX + "*"):
        if (folder / "engines.lock").exists() and not state.is_locked(folder):
            shutil.rmtree(folder, ignore_errors=True)
