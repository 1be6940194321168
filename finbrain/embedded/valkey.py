"""The embedded Valkey for cache, sessions and locks, with an append-only file to keep its data."""

import subprocess
from contextlib import suppress
from pathlib import Path

import redis

from finbrain.embedded import binaries, process
from finbrain.embedded.private import kept_secret, write_private


class Valkey:
    """A Valkey server with its files and log under `data_dir`. scratch: for tests, nothing is written to disk."""

    name = "Valkey"
    variable = "REDIS_URL"
    advice = ""

    def __init__(self, data_dir: Path, scratch: bool = False) -> None:
        self.folder = data_dir / "valkey"
        self.log = data_dir / "valkey.log"
        self.settings = data_dir / "valkey.conf"
        self.password = kept_secret(data_dir / "valkey.password")
        self.scratch = scratch
        self.program = binaries.find_valkey()
        self.port = 0

    @property
    def uri(self) -> str:
        return f"redis://:{self.password}@{process.LOCALHOST}:{self.port}/0"

    def stop_orphan(self) -> bool:
        return process.stop_orphan(self.folder / "server.pid", self.folder)

    def launch(self, port: int) -> subprocess.Popen:
        """Start it on `port`. `is_ready` tells when it can be used."""
        self.port = port
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Not an argument: every user of the machine sees the arguments of all processes.
        write_private(self.settings, f"requirepass {self.password}\n")
        argv = [self.program, self.settings, "--port", str(port), "--bind", process.LOCALHOST, "--dir", self.folder]
        argv += ["--pidfile", self.folder / "server.pid", "--daemonize", "no", "--save", "", "--set-proc-title", "no"]
        argv += ["--appendonly", "no" if self.scratch else "yes"]
        return process.spawn(argv, log=self.log)

    def is_ready(self) -> bool:
        """Whether it answers. It doesn't answer until it has read its file."""
        with suppress(redis.RedisError), redis.Redis.from_url(self.uri, socket_timeout=0.5) as client:
            return bool(client.ping())
        return False

    def last_words(self) -> str:
        """The last line of its log, for people."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "its log is empty"
