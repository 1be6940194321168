"""The embedded engines: what they keep, what stops, what a crash leaves, and messages to people."""

import os
import signal
import subprocess
import sys

import pytest
import redis
from pymongo import MongoClient

from finbrain.embedded import EngineError, Engines, binaries, engines, own_servers, process, running, state
from finbrain.tests.waiting import SECONDS, until

pytestmark = pytest.mark.slow
OWNER = """
import sys, time
from pathlib import Path
from finbrain.embedded import Engines
engines = Engines(Path(sys.argv[1]))
engines.start()
print(engines.addresses["MONGODB_URI"], flush=True)
time.sleep(600)
"""


@pytest.fixture
def started(tmp_path):
    """A function that starts the engines of this test's folder. All are stopped at the end."""
    all_started = []

    def start(**options) -> Engines:
        found = Engines(tmp_path, **options)
        assert found.start()
        all_started.append(found)
        return found

    yield start
    for found in all_started:
        found.stop()


def write(addresses: dict[str, str]) -> None:
    with MongoClient(addresses["MONGODB_URI"]) as client, client.start_session() as session:
        client["finbrain"].create_collection("kept")
        with session.start_transaction():
            client["finbrain"]["kept"].insert_one({"_id": 1}, session=session)
    redis.Redis.from_url(addresses["REDIS_URL"]).set("kept", "1")


def assert_kept(addresses: dict[str, str]) -> None:
    with MongoClient(addresses["MONGODB_URI"], serverSelectionTimeoutMS=60_000) as client:
        assert client["finbrain"]["kept"].find_one() == {"_id": 1}
    assert redis.Redis.from_url(addresses["REDIS_URL"]).get("kept") == b"1"


def test_data_and_ports_are_kept_from_one_run_to_the_next(started):
    first = started()
    addresses = first.addresses
    write(addresses)
    first.stop()
    assert started().addresses == addresses
    assert_kept(addresses)


def test_moves_to_other_ports_when_another_checkout_has_its_own(started, tmp_path):
    first = started()
    addresses = first.addresses
    write(addresses)
    first.stop()
    other = tmp_path / "other"
    other.mkdir()
    state.write_state(other, ports=state.read_state(tmp_path)["ports"])
    with engines(other) as taken:
        assert taken == addresses
        second = started()
        assert not set(second.addresses.values()) & set(taken.values())
        assert_kept(second.addresses)


def test_others_find_the_engines_while_they_run_and_share_them(started, tmp_path):
    assert running(tmp_path) is None
    own = started()
    assert running(tmp_path) == own.addresses
    with engines(tmp_path) as shared:
        assert shared == own.addresses
    assert redis.Redis.from_url(own.addresses["REDIS_URL"]).ping()
    assert Engines(tmp_path).start() is False
    own.stop()
    assert running(tmp_path) is None


def test_says_which_address_is_lacking_when_the_running_ones_do_not_suffice(started, tmp_path):
    started(wanted=["REDIS_URL"])
    with pytest.raises(EngineError, match="Set MONGODB_URI to the same value"), engines(tmp_path):
        pass


def test_an_engine_that_was_killed_runs_again_at_the_same_address(started):
    own = started()
    write(own.addresses)
    for _, child in own._running:
        child.kill()
        child.wait()
    assert own.revive() == ["Valkey", "MongoDB"]
    assert own.revive() == []
    assert_kept(own.addresses)


def test_a_killed_owner_leaves_no_stale_lock(started, tmp_path):
    owner = subprocess.Popen([sys.executable, "-c", OWNER, tmp_path], stdout=subprocess.PIPE, text=True)
    address = owner.stdout.readline().strip()
    write(running(tmp_path))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert running(tmp_path) is None
    own = started()
    assert own.addresses["MONGODB_URI"] == address
    assert_kept(own.addresses)


def test_an_orphan_is_stopped_and_a_strangers_process_is_not(tmp_path):
    pid_file = tmp_path / "server.pid"
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", tmp_path])
    pid_file.write_text(f"{sleeper.pid}\n")
    try:
        until(lambda: str(tmp_path) in process.command_line(sleeper.pid), "a process that has begun")
        assert not process.stop_orphan(pid_file, tmp_path / "elsewhere")
        assert sleeper.poll() is None
        assert process.stop_orphan(pid_file, tmp_path)
        assert sleeper.wait(SECONDS) == -signal.SIGTERM
    finally:
        sleeper.kill()
    for text in ("", "no number", "999999999"):
        pid_file.write_text(text)
        assert not process.stop_orphan(pid_file, tmp_path)


def test_an_unusable_folder_is_reported_and_nothing_is_left_running(tmp_path):
    (tmp_path / "mongo").write_text("a file where the folder should be")
    with pytest.raises(EngineError, match=r"can't be used \(.*File exists"):
        Engines(tmp_path).start()
    assert not state.is_locked(tmp_path)


def test_a_broken_database_is_reported_with_its_log(tmp_path):
    (tmp_path / "mongo").mkdir()
    (tmp_path / "mongo" / "storage.bson").write_text("broken")
    with pytest.raises(EngineError, match=r"MongoDB did not start \(.+\). See its log, .*mongod.log"):
        Engines(tmp_path, wanted=["MONGODB_URI"]).start()
    assert not state.is_locked(tmp_path)


def test_a_missing_library_is_named_with_the_way_out(tmp_path, monkeypatch):
    fake = tmp_path / "mongod"
    fake.write_text(
        "#!/bin/sh\necho 'mongod: error while loading shared libraries: libcurl.so.4: "
        "cannot open shared object file: No such file or directory' >&2\nexit 127\n"
    )
    fake.chmod(0o755)
    monkeypatch.setattr(binaries, "package_folder", lambda module: None)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(EngineError) as caught:
        binaries.find_mongod({})
    assert "libcurl.so.4 (Debian, Ubuntu: apt-get install libcurl4)" in str(caught.value)
    assert "MONGODB_URI" in str(caught.value)


def test_no_program_at_all_is_told_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "package_folder", lambda module: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"no embedded MongoDB for .* set MONGODB_URI"):
        binaries.find_mongod({})
    with pytest.raises(EngineError, match=r"no embedded Valkey for .* set REDIS_URL"):
        binaries.find_valkey()


def test_mongod_runs_with_the_libcurl_of_the_pycurl_wheel(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "has_system_libcurl", lambda: False)
    env = binaries.library_env(tmp_path)
    mongod = binaries.find_mongod(env)
    assert binaries.library_env(tmp_path) == env
    linked = subprocess.run(["ldd", mongod], env={**os.environ, **env}, capture_output=True, text=True, check=True)
    assert f"libcurl.so.4 => {tmp_path}/lib/libcurl.so.4" in linked.stdout


def test_a_single_mongod_of_ones_own_is_refused(tmp_path):
    env = binaries.library_env(tmp_path)
    port = process.free_port()
    argv = [binaries.find_mongod(env), "--dbpath", tmp_path, "--port", str(port), "--bind_ip", process.LOCALHOST]
    single = process.spawn([*argv, "--nounixsocket"], log=tmp_path / "log", env=env)
    try:
        with pytest.raises(EngineError, match=f"127.0.0.1:{port} is not a replica set"):
            own_servers.check_mongodb(f"mongodb://127.0.0.1:{port}/")
    finally:
        process.stop(single)


def test_servers_of_ones_own_are_accepted(started):
    addresses = started().addresses
    assert own_servers.check_mongodb(addresses["MONGODB_URI"]) in addresses["MONGODB_URI"]
    assert own_servers.check_redis(addresses["REDIS_URL"]) in addresses["REDIS_URL"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mongodb://bob:secret@127.0.0.1:{port}/?replicaSet=rs0", "No MongoDB answers at 127.0.0.1:{port} "),
        ("mongodb://bob:secret@127.0.0.1:{port}/?replicaSet", "MONGODB_URI is not a valid MongoDB address"),
        ("bob:secret@127.0.0.1", "MONGODB_URI is not a valid MongoDB address"),
    ],
)
def test_an_unusable_mongodb_is_told_without_the_password(monkeypatch, address, message):
    monkeypatch.setattr(own_servers, "PATIENCE_MS", 300)
    port = process.free_port()
    with pytest.raises(EngineError) as caught:
        own_servers.check_mongodb(address.format(port=port))
    assert message.format(port=port) in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("redis://:secret@127.0.0.1:{port}/0", "No Redis answers at 127.0.0.1:{port} "),
        ("127.0.0.1:{port}", "REDIS_URL is not a valid Redis address"),
    ],
)
def test_an_unusable_redis_is_told_without_the_password(address, message):
    port = process.free_port()
    with pytest.raises(EngineError) as caught:
        own_servers.check_redis(address.format(port=port))
    assert message.format(port=port) in str(caught.value)
    assert "secret" not in str(caught.value)
