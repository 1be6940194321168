"""The state in a checkout's data folder: who runs the engines, and their addresses."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any

from finbrain.embedded.private import write_private

DATA_DIR = Path(__file__).resolve().parents[2] / ".data"


def read_state(data_dir: Path) -> dict[str, Any]:
    """The stored state; {} if there is none or it is unreadable."""
    try:
        state = json.loads((data_dir / "engines.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(data_dir: Path, **changes: Any) -> None:
    """Update parts of the stored state, which holds passwords."""
    write_private(data_dir / "engines.json", json.dumps({**read_state(data_dir), **changes}, indent=1))


def lock_folder(data_dir: Path) -> IO[str] | None:
    """Become the one process that runs this folder's engines. None if another process is.

    The kernel releases the lock when its holder dies, however it dies, so nothing needs cleaning up. Also closes the
    folder to other users, because earlier releases may have left it open.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    data_dir.chmod(0o700)
    handle = os.fdopen(os.open(data_dir / "engines.lock", os.O_CREAT | os.O_WRONLY, 0o600), "w")
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if is_locked(data_dir):
                handle.close()
                return None  # otherwise it was `is_locked` of another process, which only looks


def is_locked(data_dir: Path) -> bool:
    """Whether a running process has this folder's engines."""
    try:
        handle = (data_dir / "engines.lock").open()
    except OSError:
        return False
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def running(data_dir: Path = DATA_DIR) -> dict[str, str] | None:
    """The addresses of this folder's engines by variable; None if they aren't running or aren't ready yet."""
    if not is_locked(data_dir):
        return None
    state = read_state(data_dir)
    return state["addresses"] if state.get("ready") else None
