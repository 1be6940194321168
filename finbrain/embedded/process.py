"""Child processes that end with their parent, and free ports for them."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LOCALHOST = "127.0.0.1"
# Systems give higher ones to outgoing connections, so one of those may be taken before a server listens on it.
_PORTS = range(20_000, 32_000)
_PR_SET_PDEATHSIG = 1


class EngineError(Exception):
    """A problem that people have to solve. The text tells them what is wrong and what to do."""


def _prctl() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    try:
        return ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None


def die_with_parent(parent: int | None = None) -> None:
    """Ask the kernel to send SIGTERM when the parent dies, even by kill -9. Does nothing outside Linux.

    `parent` is the parent's process id before the fork. If the parent has already died, this process ends at once.
    """
    prctl = _prctl()
    if prctl is None:
        return
    prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def spawn(
    argv: Sequence[str | Path], *, log: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.Popen:
    """Start a child in a session of its own, so that Ctrl-C only reaches us and we stop children in order.

    `env` is added to our environment. With `log`, output is written to that file, and the last run's is kept in
    `<log>.1`. Files that the child creates are for its own user only.
    """
    parent = os.getpid()
    output = None
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_name(log.name + ".1"))
        output = os.fdopen(os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")
    try:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env={**os.environ, **(env or {})},
            start_new_session=True,
            umask=0o077,
            preexec_fn=lambda: die_with_parent(parent),
        )
    finally:
        if output is not None:
            output.close()


def stop(process: subprocess.Popen, timeout: float = 15) -> None:
    """Send SIGTERM, and SIGKILL if the process is still running after `timeout` seconds. Harmless if it has ended."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout)
    if process.poll() is None:
        process.kill()
        process.wait()


def listens(port: int, host: str = LOCALHOST) -> bool:
    """Whether a server listens on `port`. To wait for one, ask this: `port_is_free` takes the port for a moment."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def port_is_free(port: int, host: str = LOCALHOST) -> bool:
    """Whether a server can listen on `port` now. One that tries to at this moment fails."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except (OSError, OverflowError):
            return False
    return True


def free_port(wanted: int | None = None) -> int:
    """Return `wanted` if it is free or will be in a moment, otherwise a free port that no connection takes."""
    if wanted and wait_until(lambda: port_is_free(wanted), 2):
        return wanted
    while not port_is_free(port := secrets.choice(_PORTS)):
        pass
    return port


def wait_until(ready: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Poll `ready` until it returns True. Returns False if that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def command_line(pid: int) -> str:
    """The command line of a running process; empty if there is none, or none that we may see."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    asked = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def _lives(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return bool(command_line(pid))


def stop_orphan(pid_file: Path, folder: Path, seconds: float = 20) -> bool:
    """Stop the process in an engine's pid file, if it is running and serves `folder`.

    Returns whether there was one. A stale file, or a pid that now belongs to another program, is left alone.
    """
    try:
        pid = int(pid_file.read_text().strip())
    except (OSError, ValueError):
        return False
    line = command_line(pid)
    if not line:
        # Either no process, or one that is ending: its command line disappears before its locks and ports are released.
        wait_until(lambda: not _lives(pid), 5)
    if str(folder) not in line:
        return False
    for sign, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        if wait_until(lambda: not _lives(pid), patience):
            break
    return True
