"""The embedded engines belong to one user of the machine: others are refused, and earlier data gets passwords, too."""

import pytest
import redis
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from finbrain.embedded import EngineError, binaries, engines, process, state
from finbrain.embedded.mongod import Mongod
from finbrain.tests.kept_data import assert_kept, without_password, write
from finbrain.tests.waiting import until

pytestmark = pytest.mark.slow


def wrong_password(address: str) -> str:
    user, _, place = address.rpartition("@")
    return f"{user.rpartition(':')[0]}:{'0' * 64}@{place}"


def test_whoever_has_no_password_can_neither_read_nor_write(started):
    addresses = started().addresses
    write(addresses)
    with MongoClient(without_password(addresses["MONGODB_URI"])) as stranger:
        found = stranger["finbrain"]
        for refused in (
            lambda: found["kept"].find_one(),
            lambda: found["kept"].insert_one({"_id": 2}),
            lambda: stranger.list_database_names(),
            lambda: stranger.admin.command("createUser", "eve", pwd="eve", roles=["root"]),
        ):
            with pytest.raises(OperationFailure, match="authentication"):
                refused()
    with redis.Redis.from_url(without_password(addresses["REDIS_URL"])) as stranger:
        for command in ("GET kept", "SET kept 2", "CONFIG GET requirepass"):
            with pytest.raises(redis.AuthenticationError):
                stranger.execute_command(*command.split())
    with MongoClient(wrong_password(addresses["MONGODB_URI"])) as guess, pytest.raises(OperationFailure):
        guess.list_database_names()
    with (
        redis.Redis.from_url(wrong_password(addresses["REDIS_URL"])) as guess,
        pytest.raises(redis.AuthenticationError),
    ):
        guess.ping()
    assert_kept(addresses)


def test_nobody_creates_the_first_user_while_the_database_starts(tmp_path):
    mongod = Mongod(tmp_path)
    child = mongod.launch(process.free_port())
    try:
        until(lambda: process.listens(mongod.port), "a mongod that listens")
        with MongoClient(process.LOCALHOST, mongod.port, directConnection=True) as stranger:
            with pytest.raises(OperationFailure, match="authentication"):
                stranger.admin.command("createUser", "eve", pwd="eve", roles=["root"])
            with pytest.raises(OperationFailure, match="authentication"):
                stranger.admin.command("replSetInitiate", {"_id": "rs0", "members": []})
    finally:
        process.stop(child)


def test_network_compression_is_off(started):
    with MongoClient(started().addresses["MONGODB_URI"]) as client:
        parsed = client.admin.command("getCmdLineOpts")["parsed"]
    assert parsed["net"]["compression"]["compressors"] == "disabled"


def test_only_their_own_user_can_open_the_data_folder(started, tmp_path):
    tmp_path.chmod(0o755)
    write(started().addresses)
    open_to_others = [path for path in [tmp_path, *tmp_path.rglob("*")] if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_passwords_are_in_no_command_line_and_no_log(started, tmp_path):
    said = []
    own = started(say=said.append)
    write(own.addresses)
    secrets = [(tmp_path / name).read_text() for name in ("mongod.key", "mongod.password", "valkey.password")]
    shown = [*said, *(process.command_line(child.pid) for _, child in own._running)]
    shown += [path.read_text() for path in tmp_path.glob("*.log")]
    assert len(shown) > 4
    assert not [text for text in shown for secret in secrets if secret in text]


def test_lost_passwords_are_replaced_and_the_data_stays(started, tmp_path):
    first = started()
    addresses = first.addresses
    write(addresses)
    first.stop()
    for name in ("mongod.key", "mongod.password", "valkey.password"):
        (tmp_path / name).unlink()
    second = started()
    assert second.addresses.keys() == addresses.keys()
    assert not set(second.addresses.values()) & set(addresses.values())
    assert_kept(second.addresses)


def store_as_an_earlier_release(folder) -> None:
    """Write data with engines that ask for no password, as those of the releases before passwords did."""
    (folder / "mongo").mkdir()
    (folder / "valkey").mkdir()
    env, place = binaries.library_env(folder), f"{process.LOCALHOST}:{process.free_port()}"
    mongod = [binaries.find_mongod(env)[0], "--dbpath", folder / "mongo", "--port", place.rpartition(":")[2]]
    mongod += ["--replSet", "rs0", "--bind_ip", process.LOCALHOST, "--nounixsocket"]
    port = process.free_port()
    valkey = [binaries.find_valkey(), "--port", str(port), "--dir", folder / "valkey", "--appendonly", "yes"]
    children = [
        process.spawn(mongod, log=folder / "mongod.log", env=env),
        process.spawn([*valkey, "--save", ""], log=folder / "valkey.log"),
    ]
    address = f"mongodb://{place}/?directConnection=true"
    try:
        with MongoClient(address) as client:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": [{"_id": 0, "host": place}]})
            until(lambda: client.admin.command("hello")["isWritablePrimary"], "a primary")
        write({"MONGODB_URI": address, "REDIS_URL": f"redis://{process.LOCALHOST}:{port}"})
    finally:
        for child in children:
            process.stop(child)


def test_data_of_an_earlier_release_gets_passwords_and_stays(started, tmp_path):
    store_as_an_earlier_release(tmp_path)
    own = started()
    assert_kept(own.addresses)
    with (
        MongoClient(without_password(own.addresses["MONGODB_URI"])) as stranger,
        pytest.raises(OperationFailure, match="authentication"),
    ):
        stranger["finbrain"]["kept"].find_one()


def test_a_running_earlier_release_is_reported(started, tmp_path):
    addresses = started().addresses
    state.write_state(tmp_path, addresses={name: without_password(address) for name, address in addresses.items()})
    with pytest.raises(EngineError, match=r"earlier release is running here.* Stop it first"), engines(tmp_path):
        pass
