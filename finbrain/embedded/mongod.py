"""The embedded MongoDB: one mongod as a replica set of one, because transactions need a replica set."""

import json
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from finbrain.embedded import binaries, process

_REPLICA_SET = "rs0"
DATABASE = "finbrain"
_NOT_YET_INITIALIZED = 94
# With these, an empty data folder takes 5 MB instead of 300, and stopping takes a second instead of 15.
_FLAGS = (
    *("--replSet", _REPLICA_SET, "--bind_ip", process.LOCALHOST, "--nounixsocket", "--quiet"),
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
        self.scratch = scratch
        self.env = binaries.library_env(data_dir)
        self.program = binaries.find_mongod(self.env)
        self.port = 0

    @property
    def uri(self) -> str:
        return f"mongodb://{process.LOCALHOST}:{self.port}/{DATABASE}?replicaSet={_REPLICA_SET}"

    def stop_orphan(self) -> bool:
        return process.stop_orphan(self.folder / "mongod.lock", self.folder)

    def launch(self, port: int) -> subprocess.Popen:
        """Start it on `port`. `is_ready` tells when it can be used."""
        self.port = port
        self.folder.mkdir(parents=True, exist_ok=True)
        argv = [self.program, "--dbpath", self.folder, "--port", str(port), *_FLAGS]
        return process.spawn(argv, log=self.log, env=self.env)

    def is_ready(self) -> bool:
        """Whether it accepts writes. Makes it the primary of its replica set if necessary."""
        client = MongoClient(process.LOCALHOST, self.port, directConnection=True, serverSelectionTimeoutMS=500)
        with client, suppress(PyMongoError):
            if client.admin.command("hello").get("isWritablePrimary"):
                return True
            self._configure(client)
        return False

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
