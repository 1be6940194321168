"""The database's disk is full. MongoDB then stops, and everything it acknowledged is there once there is room."""

import os
import resource
import subprocess
from contextlib import suppress

import pymongo
import pytest
from pymongo.errors import PyMongoError

from finbrain.embedded import Engines, state
from finbrain.tests.faults.site import running_site
from finbrain.tests.faults.traffic import AWAY, check, during, wait_until_met
from finbrain.tests.waiting import until

DISK_MB = 90


class SmallDisk:
    """A separate disk for the engines if this user may mount one, otherwise a limit on the size of files."""

    def __init__(self, folder):
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
        self.mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0

    def fill(self, pid: int) -> None:
        """Use up the room, at least for the process `pid`."""
        if not self.mounted:
            most = 0 if pid == os.getpid() else 4096
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
            return
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                return

    def make_room(self) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def remove(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    small = SmallDisk(tmp_path_factory.mktemp("disk"))
    yield small
    small.remove()


@pytest.fixture(scope="module")
def engines(disk):
    running = Engines(disk.folder)
    assert running.start()
    yield running
    disk.make_room()
    running.stop()


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    with running_site(engines.addresses, tmp_path_factory.mktemp("site")) as found:
        yield found


def test_the_disk_is_full(site, engines, disk, people):
    def fault() -> float:
        [mongod] = [child for engine, child in engines._running if engine.name == "MongoDB"]
        disk.fill(mongod.pid)
        # A journal file is made ready ahead: it takes some writing until the next one does not fit.

        def gave_up() -> bool:
            with suppress(PyMongoError), pymongo.timeout(1):
                site.database["ballast"].insert_one({"filler": "x" * 200_000})
            return mongod.poll() is not None

        until(gave_up, "MongoDB to stop itself")
        wait_until_met(site.books)
        disk.make_room()
        engines.revive()
        return site.seconds_until_back()

    books = during(site, people, fault)
    check("disk full", site, people, books)
    assert sum(book.answers[AWAY] for book in books) > 0, "nobody met the fault"


def test_engines_are_stopped_though_nothing_can_be_written(tmp_path):
    small = SmallDisk(tmp_path)
    said = []
    running = Engines(tmp_path, say=said.append)
    try:
        assert running.start()
        children = [child for _, child in running._running]
        small.fill(os.getpid())
        running.stop()
        assert [child.poll() is None for child in children] == [False, False]
        assert [line for line in said if "can't be written to" in line and "Free some disk space" in line]
        assert not state.is_locked(tmp_path)
        assert not list(tmp_path.glob("engines.json.*"))
        small.make_room()
        assert running.start()
    finally:
        small.make_room()
        running.stop()
        small.remove()
