"""The embedded Valkey for cache, sessions and locks, with an append-only file to keep its data."""

import socket
import subprocess
from pathlib import Path

from finbrain.embedded import binaries, process


class Valkey:
    """A Valkey server with its files and log under `data_dir`. scratch: for tests, nothing is written to disk."""

    name = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, data_dir: Path, scratch: bool = False) -> None:
        self.folder = data_dir / "valkey"
        self.log = data_dir / "valkey.log"
        self.scratch = scratch
        self.program = binaries.find_valkey()
        self.port = 0

    @property
    def uri(self) -> str:
        return f"redis://{process.LOCALHOST}:{self.port}/0"

    def stop_orphan(self) -> bool:
        return process.stop_orphan(self.folder / "server.pid", self.folder)

    def launch(self, port: int) -> subprocess.Popen:
        """Start it on `port`. `is_ready` tells when it can be used."""
        self.port = port
        self.folder.mkdir(parents=True, exist_ok=True)
        argv = [self.program, "--port", str(port), "--bind", process.LOCALHOST, "--dir", self.folder]
        argv += ["--pidfile", self.folder / "server.pid", "--daemonize", "no", "--save", "", "--set-proc-title", "no"]
        argv += ["--appendonly", "no" if self.scratch else "yes"]
        return process.spawn(argv, log=self.log)

    def is_ready(self) -> bool:
        """Whether it answers. It doesn't answer until it has read its file."""
        try:
            with socket.create_connection((process.LOCALHOST, self.port), timeout=0.5) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def last_words(self) -> str:
        """The last line of its log, for people."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "its log is empty"
