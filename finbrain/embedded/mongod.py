"""The embedded MongoDB: one mongod as a replica set of one, because transactions need a replica set."""

import json
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from finbrain.embedded import binaries, process
from finbrain.embedded.private import kept_secret, write_private

_REPLICA_SET = "rs0"
_DATABASE = "finbrain"
_USER = "finbrain"
_USER_NOT_FOUND = 11
_NOT_YET_INITIALIZED = 94
# With these, an empty data folder takes 5 MB instead of 300, and stopping takes a second instead of 15.
_FLAGS = (
    *("--replSet", _REPLICA_SET, "--bind_ip", process.LOCALHOST, "--nounixsocket", "--quiet"),
    # Otherwise anyone on this machine may create the first user.
    *("--setParameter", "enableLocalhostAuthBypass=false"),
    # Its decompression runs before sign-in, and has had vulnerabilities.
    *("--networkMessageCompressors", "disabled"),
    *("--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25"),
    *("--setParameter", "diagnosticDataCollectionEnabled=false"),
    *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
    # A killed web worker's open transaction blocks that person's month until it expires, by default after a minute.
    *("--setParameter", "transactionLifetimeLimitSeconds=3"),
    *("--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=4MB)"),
)


class Mongod:
    """A mongod with its files and log under `data_dir`. scratch: for tests, writes don't wait for the journal."""

    name = "MongoDB"
    variable = "MONGODB_URI"

    def __init__(self, data_dir: Path, scratch: bool = False) -> None:
        self.folder = data_dir / "mongo"
        self.log = data_dir / "mongod.log"
        self.key_file = data_dir / "mongod.key"
        self.password = kept_secret(data_dir / "mongod.password")
        self.scratch = scratch
        self.env = binaries.library_env(data_dir)
        self.data_version = self.folder / "finbrain.data_version"
        self.program, self.advice = binaries.find_mongod(self.env, self._data_version())
        self.port = 0

    @property
    def uri(self) -> str:
        place = f"{process.LOCALHOST}:{self.port}/{_DATABASE}"
        return f"mongodb://{_USER}:{self.password}@{place}?replicaSet={_REPLICA_SET}&authSource=admin"

    def _data_version(self) -> str | None:
        """The MongoDB version of the data's format; "" if an earlier release stored the data, None if there is none."""
        if not self.folder.exists():
            return None
        return self.data_version.read_text() if self.data_version.exists() else ""

    def stop_orphan(self) -> bool:
        return process.stop_orphan(self.folder / "mongod.lock", self.folder)

    def launch(self, port: int) -> subprocess.Popen:
        """Start it on `port`. `is_ready` tells when it can be used."""
        self.port = port
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept_secret(self.key_file)
        argv = [self.program, "--dbpath", self.folder, "--port", str(port), "--keyFile", self.key_file, *_FLAGS]
        return process.spawn(argv, log=self.log, env=self.env)

    def is_ready(self) -> bool:
        """Whether it accepts writes. Makes it the primary of its replica set, with our user, if necessary."""
        with self.connect() as client, suppress(PyMongoError):
            if client.admin.command("hello").get("isWritablePrimary"):
                self.admit_user(client)
                self._note_data_version(client)
                return True
            self._configure(client)
        return False

    def connect(self) -> MongoClient:
        """A client with the rights of the replica set's members, who know the key. Works before there is any user."""
        return MongoClient(
            process.LOCALHOST,
            self.port,
            username="__system",
            password=self.key_file.read_text(),
            authSource="local",
            authMechanism="SCRAM-SHA-256",
            directConnection=True,
            serverSelectionTimeoutMS=500,
        )

    def admit_user(self, client: MongoClient) -> None:
        """Create the user in `uri`: data of an earlier release has none. A lost password is replaced by a new one."""
        user: dict[str, Any] = {"pwd": self.password, "roles": ["root"]}
        try:
            client.admin.command("updateUser", _USER, **user)
        except OperationFailure as error:
            if error.code != _USER_NOT_FOUND:
                raise
            client.admin.command("createUser", _USER, **user)

    def _note_data_version(self, client: MongoClient) -> None:
        """Note which MongoDB versions can read the data, for the next start."""
        found = client.admin.command("getParameter", 1, featureCompatibilityVersion=1)
        write_private(self.data_version, found["featureCompatibilityVersion"]["version"])

    def _configure(self, client: MongoClient) -> None:
        """Initiate the replica set, or update its address after a change of port."""
        member = {"_id": 0, "host": f"{process.LOCALHOST}:{self.port}"}
        try:
            config: dict[str, Any] = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALIZED:
                raise
            config = {"_id": _REPLICA_SET, "members": [member], "writeConcernMajorityJournalDefault": not self.scratch}
            client.admin.command("replSetInitiate", config)
            return
        if config["members"][0]["host"] != member["host"]:
            config |= {"members": [member], "version": config["version"] + 1}
            client.admin.command("replSetReconfig", config, force=True)

    def last_words(self) -> str:
        """The first error in its log, for people. Later ones are only consequences."""
        line = ""
        for line in self.log.read_text(errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("s") in ("E", "F"):
                error = entry.get("attr", {}).get("error", "no details")
                return f"{entry['msg']}: {error.get('errmsg', error) if isinstance(error, dict) else error}"
        return line
