"""Starts, restarts and stops the engines of a data folder."""

import atexit
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from finbrain.embedded import process, state
from finbrain.embedded.mongod import Mongod
from finbrain.embedded.process import EngineError
from finbrain.embedded.state import DATA_DIR
from finbrain.embedded.valkey import Valkey

_Engine = Mongod | Valkey
_START_SECONDS = 60
VARIABLES = ("MONGODB_URI", "REDIS_URL")


def _silent(_line: str) -> None:
    pass


class Engines:
    """The engines of one data folder, which this process runs.

    `wanted`: the engines to run, by the variables of their addresses. `scratch`: for tests, faster but not crash-safe.
    `say` is called with a line for people at every step.
    """

    def __init__(
        self,
        data_dir: Path = DATA_DIR,
        *,
        wanted: Sequence[str] = VARIABLES,
        scratch: bool = False,
        say: Callable[[str], None] = _silent,
    ) -> None:
        self.data_dir = data_dir
        self.wanted = wanted
        self.scratch = scratch
        self.say = say
        self._lock = None
        self._running: list[tuple[_Engine, subprocess.Popen]] = []

    @property
    def addresses(self) -> dict[str, str]:
        """The engines' addresses by their variables."""
        return {engine.variable: engine.uri for engine, _ in self._running}

    def start(self) -> bool:
        """Start the wanted engines and wait until they are ready. False if another process runs this folder's engines.

        Raises EngineError if an engine can't run, and leaves none running.
        """
        try:
            self._lock = state.lock_folder(self.data_dir)
            if self._lock is not None:
                self._start()
        except BaseException as error:
            self.stop()
            if isinstance(error, OSError):
                text = f"The data folder can't be used ({error}). Free some disk space or allow access to it."
                raise EngineError(text) from error
            raise
        return self._lock is not None

    def _start(self) -> None:
        ports = state.read_state(self.data_dir).get("ports", {})
        state.write_state(self.data_dir, ready=False, pid=os.getpid())
        kinds: tuple[type[_Engine], ...] = (Valkey, Mongod)
        engines = [kind(self.data_dir, self.scratch) for kind in kinds if kind.variable in self.wanted]
        for engine in engines:
            if engine.advice:
                self.say(engine.advice)
            if engine.stop_orphan():
                self.say(f"Stopped a {engine.name} left over from an earlier run.")
            self._running.append((engine, engine.launch(process.free_port(ports.get(engine.variable)))))
        for place in range(len(self._running)):
            self._wait(place)
            engine, child = self._running[place]
            self.say(f"{engine.name} is running on port {engine.port} (process {child.pid}, log {engine.log.name}).")
        ports |= {engine.variable: engine.port for engine in engines}
        state.write_state(self.data_dir, ready=True, ports=ports, addresses=self.addresses)

    def _wait(self, place: int) -> None:
        """Wait for one engine. If another program has taken its port in the meantime, try again on a new port."""
        for attempt in range(3):
            engine, child = self._running[place]
            if _is_up(engine, child):
                return
            port_taken = child.poll() is not None and not process.port_is_free(engine.port)
            if not port_taken or attempt == 2:
                break
            self._running[place] = (engine, engine.launch(process.free_port()))
        raise EngineError(f"{engine.name} did not start ({engine.last_words()}). See its log, {engine.log}.")

    def revive(self) -> list[str]:
        """Restart engines that have ended unexpectedly, on their old ports. Returns their names; raises EngineError."""
        revived = []
        for place, (engine, child) in enumerate(self._running):
            if child.poll() is not None:
                revived.append(engine.name)
                self._running[place] = (engine, engine.launch(engine.port))
                self._wait(place)
        return revived

    def stop(self) -> None:
        """Stop all engines in reverse order, if any runs. A full disk is reported, but keeps no engine running."""
        if self._lock is None:
            return
        try:
            state.write_state(self.data_dir, ready=False)
        except OSError as error:
            self.say(f"The data folder can't be written to ({error}). Free some disk space before the next start.")
        while self._running:
            engine, child = self._running.pop()
            process.stop(child)
            self.say(f"{engine.name} stopped.")
        self._lock.close()
        self._lock = None


def _is_up(engine: _Engine, child: subprocess.Popen) -> bool:
    """Wait for an engine. True once it is ready, False if it has ended or takes too long."""
    in_time = process.wait_until(lambda: child.poll() is not None or engine.is_ready(), _START_SECONDS)
    return in_time and child.poll() is None


@contextmanager
def engines(
    data_dir: Path = DATA_DIR, *, wanted: Sequence[str] = VARIABLES, scratch: bool = False
) -> Iterator[dict[str, str]]:
    """Context manager with the addresses of `data_dir`'s engines: uses running ones, or starts and stops its own.

    Raises EngineError if they can't run, or if a wanted one is not among the running ones.
    """
    own = Engines(data_dir, wanted=wanted, scratch=scratch)
    started = own.start()
    addresses = own.addresses if started else _of_other_process(data_dir)
    try:
        if lacking := [variable for variable in wanted if variable not in addresses]:
            variables = " and ".join(lacking)
            raise EngineError(f"FinBrain is running here with your own servers. Set {variables} to the same value.")
        yield addresses
    finally:
        own.stop()


def _of_other_process(data_dir: Path) -> dict[str, str]:
    """The addresses of the engines that another process runs. Waits while they start."""
    process.wait_until(lambda: state.running(data_dir) is not None or not state.is_locked(data_dir), _START_SECONDS)
    addresses = state.running(data_dir)
    if addresses is None:
        raise EngineError(f"Another process is starting or stopping the engines in {data_dir}. Try again in a moment.")
    if not all("@" in address for address in addresses.values()):
        raise EngineError("An earlier release is running here, whose databases have no password. Stop it first.")
    return addresses


def ensure_engines(data_dir: Path = DATA_DIR) -> None:
    """Put MONGODB_URI and REDIS_URL into os.environ. Scripts call this before they import the settings.

    Variables that are already set are left alone. Engines started here stop when the process ends.
    """
    wanted = [variable for variable in VARIABLES if not os.environ.get(variable)]
    if wanted:
        manager = engines(data_dir, wanted=wanted)
        addresses = manager.__enter__()
        atexit.register(manager.__exit__, None, None, None)
        os.environ.update({variable: addresses[variable] for variable in wanted})
