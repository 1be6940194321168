"""Downloads without room on the disk or file descriptors: a 503, and no file is left. Exports need neither."""

import errno
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from expenses.tests.making import make_expenses
from finbrain.core import scratch
from finbrain.warm import warm_up

XLSX = "/expenses/export/?month=all&format=xlsx"
DOWNLOAD = "/accounts/download/"
# Each file has more.
MOST_BYTES = 100_000
ROWS = 3000


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def big_alice(client_alice, alice):
    """Alice's client, which shows error pages. Her exports are large, and don't get smaller when compressed."""
    rows = [{"amount": "58", "title": os.urandom(30).hex(), "note": os.urandom(40).hex()} for _ in range(ROWS)]
    make_expenses(alice, rows)
    warm_up()
    client_alice.raise_request_exception = False
    return client_alice


@contextmanager
def limited_to(kind: int, most: int) -> Iterator[None]:
    before = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(kind, before)


@contextmanager
def no_file_descriptors() -> Iterator[None]:
    """Context manager in which no file can be opened."""
    taken = []
    with limited_to(resource.RLIMIT_NOFILE, max(map(int, os.listdir("/proc/self/fd"))) + 1):
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        try:
            yield
        finally:
            for number in taken:
                os.close(number)


def check_refused(answer, data_dir) -> None:
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "no room" in answer.content.decode()
    assert not data_dir.exists() or list(data_dir.iterdir()) == []


def test_a_full_disk_while_a_file_is_written(big_alice, data_dir):
    with limited_to(resource.RLIMIT_FSIZE, MOST_BYTES):
        answer = big_alice.post(DOWNLOAD)
    check_refused(answer, data_dir)
    answer = big_alice.post(DOWNLOAD)
    assert len(b"".join(answer.streaming_content)) > MOST_BYTES
    assert list(data_dir.iterdir()) == []


def test_nothing_is_begun_on_a_disk_that_is_nearly_full(big_alice, data_dir, monkeypatch):
    monkeypatch.setattr(scratch, "FREE_BYTES", 2**63)
    check_refused(big_alice.post(DOWNLOAD), data_dir)


def test_no_file_descriptor(big_alice, data_dir):
    assert big_alice.get("/expenses/").status_code == 200
    with no_file_descriptors():
        answer = big_alice.post(DOWNLOAD)
    check_refused(answer, data_dir)


def test_a_spreadsheet_needs_no_room(big_alice, data_dir):
    assert big_alice.get("/expenses/").status_code == 200
    with no_file_descriptors():
        answer = big_alice.get(XLSX)
        first, *rest = answer.streaming_content
    assert first
    assert len(b"".join([first, *rest])) > MOST_BYTES
    assert not data_dir.exists()


def test_what_a_killed_process_left_is_deleted(data_dir):
    with scratch.scratch_folder() as old, scratch.scratch_folder() as recent:
        (old / "half.xlsx").write_bytes(b"PK")
        os.utime(old, (0, time.time() - 2 * 3600))
        with scratch.scratch_folder():
            assert (old.exists(), recent.exists()) == (False, True)
        old.mkdir()


def test_the_reason_is_kept(data_dir, monkeypatch):
    monkeypatch.setattr(scratch, "FREE_BYTES", 2**63)
    with pytest.raises(OSError, match="No space left") as caught, scratch.scratch_folder():
        pass
    assert caught.value.errno == errno.ENOSPC
