"""A child process of `make run` that is restarted if it ends unexpectedly."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from finbrain.embedded import EngineError, process

_SHORT_LIFE_SECONDS = 10
SHORT_LIVES = 3


class Service:
    """One long-running command. `name` is shown to people."""

    def __init__(self, name: str, argv: Sequence[str]) -> None:
        self.name = name
        self.argv = argv
        self.child: subprocess.Popen | None = None
        self._started_at = 0.0
        self._short_lives = 0

    def start(self) -> None:
        self.child = process.spawn(self.argv)
        self._started_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def revive(self) -> bool:
        """Restart it if it has ended, and return whether it had. Raises EngineError if it keeps ending."""
        if self.is_alive():
            return False
        lived = time.monotonic() - self._started_at
        self._short_lives = self._short_lives + 1 if lived < _SHORT_LIFE_SECONDS else 0
        if self._short_lives >= SHORT_LIVES:
            raise EngineError(f"{self.name} ended {SHORT_LIVES} times within seconds. See its messages above.")
        self._kill_group()
        self.start()
        return True

    def stop(self) -> None:
        """Send SIGTERM to the process, which stops its own children, and SIGKILL to any that are left."""
        if self.child is not None:
            process.stop(self.child)
            self._kill_group()

    def _kill_group(self) -> None:
        if self.child is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
