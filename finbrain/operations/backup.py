"""Writes a consistent snapshot of the whole database to one file, with counts and a checksum.

The file is gzip over BSON documents ("frames"), one after another:

    {"format": 1, "created": time, "database": name}
    {"collection": name, "options": {...}, "indexes": [...]}    for each collection, followed by its documents:
    {"documents": [...]}                                        as many frames as needed
    {"counts": {name: number of documents}, "sha256": hash of all bytes before this frame}

It doesn't include Redis: people sign in again, and the cache refills. `finbrain.operations.restore` reads the file.
"""

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from finbrain.core import mongodb

FORMAT = 1
FRAME_BYTES = 4 * 1024 * 1024
RAW = CodecOptions(document_class=RawBSONDocument)
_SNAPSHOT_TOO_OLD = 239

Say = Callable[[str], None]


class BackupError(Exception):
    """Raised when a backup or restore fails. The text tells people why."""


def backup(path: Path, say: Say) -> dict[str, int]:
    """Write the database to `path`, readable by its owner only. Returns the number of documents of each collection.

    The file appears at `path` only when it is complete. Raises BackupError. The server must be in a replica set.
    """
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with gzip.open(file, "wb", compresslevel=6) as packed:
                counts = _write_frames(packed, say)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OperationFailure as error:
        raise BackupError(_explain(error)) from error
    except OSError as error:
        raise BackupError(f"{path} can't be written ({error.strerror}). Choose a different place.") from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def _write_frames(file: gzip.GzipFile, say: Say) -> dict[str, int]:
    """Write all frames. Returns the number of documents of each collection."""
    database = mongodb.database()
    digest = hashlib.sha256()

    def put(frame: dict[str, Any]) -> None:
        data = bson.encode(frame)
        digest.update(data)
        file.write(data)

    put({"format": FORMAT, "created": datetime.now(UTC), "database": database.name})
    counts: dict[str, int] = {}
    described = sorted(database.list_collections(), key=lambda found: found["name"])
    with mongodb.client().start_session(snapshot=True) as session:
        for found in described:
            name = found["name"]
            if found["type"] != "collection" or name.startswith("system."):
                continue
            indexes = [dict(index) for index in database[name].list_indexes()]
            put({"collection": name, "options": found["options"], "indexes": indexes})
            counts[name] = 0
            for documents in document_batches(name, session):
                put({"documents": documents})
                counts[name] += len(documents)
            say(f"{name}: {counts[name]}")
    file.write(bson.encode({"counts": counts, "sha256": digest.hexdigest()}))
    return counts


def document_batches(name: str, session: ClientSession) -> Iterator[list[RawBSONDocument]]:
    """The documents of a collection in the session's snapshot, a few megabytes at a time."""
    batch: list[RawBSONDocument] = []
    size = 0
    stored = cast("Collection[RawBSONDocument]", mongodb.database().get_collection(name, codec_options=RAW))
    for document in stored.find(session=session):
        batch.append(document)
        size += len(document.raw)
        if size >= FRAME_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _explain(error: OperationFailure) -> str:
    """The text for people, with what they can do."""
    if error.code == _SNAPSHOT_TOO_OLD:
        return (
            "The backup took longer than MongoDB keeps a snapshot. Raise its parameter "
            "minSnapshotHistoryWindowInSeconds, or use mongodump."
        )
    return f"MongoDB refused the backup ({error.code}): {error}."
