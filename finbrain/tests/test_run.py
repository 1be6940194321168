"""`make run` as people use it, in a copy of the project with its own data."""

import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from django.conf import settings
from pymongo import MongoClient

from finbrain.embedded import EngineError, engines, process, state
from finbrain.embedded import service as services
from finbrain.run import wanted_port
from finbrain.tests.waiting import SECONDS, until

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "benchmarks", "test-results")
SETTINGS = {"MONGODB_URI", "REDIS_URL", "FINBRAIN_ENV", "DEBUG", "SECRET_KEY", "CI"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout") / "finbrain"
    shutil.copytree(settings.BASE_DIR, folder, ignore=LEFT_OUT)
    # Other tests check the quality of the training. A fraction of the data trains a model in seconds.
    data = folder / "classifier" / "data"
    for file in data.rglob("*.csv"):
        if file.parent.name not in ("kinds", "brands"):  # some kinds have few rows, and brands need all categories
            file.write_text(every_tenth(file.read_text()))
    for file in (data / "kinds").glob("*.csv"):
        if file.stem not in ("en", "he"):
            file.unlink()
    brands = data / "brands" / "brands.csv.gz"
    brands.write_bytes(gzip.compress(every_tenth(gzip.decompress(brands.read_bytes()).decode()).encode()))
    return folder


def every_tenth(table: str) -> str:
    """The head of a table and every tenth of its rows."""
    head, *rows = table.splitlines()
    return "\n".join([head, *rows[::10], ""])


class Run:
    """One `python -m finbrain.run` in a copy of the project."""

    def __init__(self, checkout, port):
        environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "finbrain.run"],
            cwd=checkout,
            env={**environment, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []

    def wait_until_ready(self) -> bool:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "is ready" in line:
                return True
        return False

    def end(self, number=signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.lines += self.process.stdout.read().splitlines()
        return self.process.wait(SECONDS)


@pytest.fixture
def start(checkout):
    """A function that starts FinBrain on a port. It is stopped at the end."""
    runs = []

    def start_on(port) -> Run:
        runs.append(Run(checkout, port))
        return runs[-1]

    yield start_on
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
        run.process.stdout.close()


def processes_of(folder) -> list[str]:
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [line for line in map(process.command_line, pids) if str(folder) in line]


def leave_a_half_made_database(checkout):
    """Create the database of a first start that was killed during its first migration."""
    with (
        engines(checkout / ".data", wanted=["MONGODB_URI"]) as addresses,
        MongoClient(addresses["MONGODB_URI"]) as client,
    ):
        client["finbrain"].create_collection("accounts_user")


def page_of(port: int) -> str:
    """The first page, "" while the site says to come back, as it may on a busy machine."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/") as page:
            return page.read().decode()
    except urllib.error.HTTPError as refused:
        if refused.code != 503:
            raise
        return ""


@pytest.mark.slow
def test_a_run_from_the_first_start_to_ctrl_c_and_again(checkout, start):
    leave_a_half_made_database(checkout)
    port = process.free_port()
    run = start(port)
    assert run.wait_until_ready(), run.lines
    assert re.fullmatch(rf"FinBrain is ready: http://localhost:{port} .*", run.lines[-1])
    assert "FinBrain" in until(lambda: page_of(port), "a page")

    second = start(process.free_port())
    assert not second.wait_until_ready()
    assert second.lines[-1].startswith(f"FinBrain is already running here at http://localhost:{port} ")
    assert second.process.wait() == 1

    assert run.end() == 0
    assert run.lines[-4:-1] == ["Web server stopped.", "MongoDB stopped.", "Valkey stopped."]
    assert processes_of(checkout) == []

    again = start(port)
    assert again.wait_until_ready(), again.lines
    assert {"Database: up to date.", "Rates: up to date.", "Static files: up to date."} <= set(again.lines)
    again.process.kill()
    again.process.wait()
    until(lambda: processes_of(checkout) == [], "everything to end")

    after_a_kill = start(port)
    assert after_a_kill.wait_until_ready(), after_a_kill.lines
    assert after_a_kill.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8000.0", "१२"])
def test_a_wrong_port_is_told(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(EngineError, match=r"PORT is .* It must be a number from 1 to 65535"):
        wanted_port()


def test_a_port_in_use_is_told_with_the_way_out(monkeypatch, live_server):
    port = live_server.thread.port
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setattr("finbrain.run.PORT_SECONDS", 0)
    with pytest.raises(EngineError, match=rf"Port {port} is in use.* make run PORT="):
        wanted_port()


def test_what_keeps_ending_is_given_up():
    service = services.Service("Scheduler", [sys.executable, "-c", ""])
    service.start()
    for _ in range(services.SHORT_LIVES - 1):
        service.child.wait()
        assert service.revive()
    service.child.wait()
    with pytest.raises(EngineError, match="Scheduler ended 3 times within seconds"):
        service.revive()


def test_a_second_reader_never_sees_half_a_state(tmp_path):
    state.write_state(tmp_path, ports={"REDIS_URL": 1})
    state.write_state(tmp_path, ready=True)
    assert state.read_state(tmp_path) == {"ports": {"REDIS_URL": 1}, "ready": True}
    (tmp_path / "engines.json").write_text("{")
    assert state.read_state(tmp_path) == {}
