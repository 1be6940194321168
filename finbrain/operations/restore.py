"""Restores a backup: either all of it or nothing."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from django.core.cache import caches
from django.core.management import call_command
from pymongo import IndexModel
from pymongo.collection import Collection

from finbrain.core import mongodb
from finbrain.operations.backup import FORMAT, RAW, BackupError, Say

# The collections that a new installation fills before anybody uses it.
_MADE_BY_SETUP = {
    *("django_migrations", "django_content_type", "auth_permission", "finbrain_setup", "finbrain_jobrun"),
    *("expenses_rate", "classifier_modelversion", "classifier_artifacts.files", "classifier_artifacts.chunks"),
}
_NOT_OPTIONS_OF_AN_INDEX = {"v", "key", "ns"}

_PLAIN = CodecOptions(tz_aware=True)
_Frame = Mapping[str, Any]


def restore_backup(path: Path, force: bool, say: Say) -> dict[str, int]:
    """Replace the database with the backup at `path`. Returns the number of documents of each collection.

    Applies migrations that are newer than the backup, and empties the cache, so everybody signs in again. Raises
    BackupError without changing anything if the file is damaged or, without `force`, if the database is in use.
    """
    counts = check_backup(path)
    database = mongodb.database()
    present = [name for name in database.list_collection_names() if not name.startswith("system.")]
    used = [name for name in present if name not in _MADE_BY_SETUP]
    if not force and any(database[name].find_one({}, {"_id": 1}) for name in used):
        raise BackupError(f"The database {database.name} is not empty. To replace everything in it, use --force.")
    # One by one, because the role readWrite, which is all that FinBrain needs, can't drop a database.
    for name in present:
        database.drop_collection(name)
    _fill_database(path, say)
    call_command("migrate", interactive=False, verbosity=0)
    for cache in caches.all():
        cache.clear()
    return counts


def check_backup(path: Path) -> dict[str, int]:
    """Read the whole file and verify its counts and checksum. Returns the counts; raises BackupError."""
    digest = hashlib.sha256()
    counts: dict[str, int] = {}
    name = ""
    try:
        with gzip.open(path) as file:
            for data, frame in _read_frames(file):
                if "sha256" in frame:
                    if frame["sha256"] != digest.hexdigest() or frame["counts"] != counts or file.read(1):
                        raise BackupError(f"{path} is damaged: its checksum is wrong. Use a different backup.")
                    return counts
                digest.update(data)
                if frame.get("format", FORMAT) != FORMAT:
                    raise BackupError(f"{path} has format {frame['format']}. Restore it with a newer FinBrain.")
                if "collection" in frame:
                    name = frame["collection"]
                    counts[name] = 0
                elif "documents" in frame:
                    counts[name] += len(frame["documents"])
    except FileNotFoundError as error:
        raise BackupError(f"{path} doesn't exist. Choose a different file.") from error
    except (OSError, EOFError, zlib.error, KeyError, BSONError) as error:
        raise BackupError(f"{path} is damaged or not a FinBrain backup. Choose a different file.") from error
    raise BackupError(f"{path} is incomplete: its end is missing. Use a different backup.")


def _read_frames(file: gzip.GzipFile) -> Iterator[tuple[bytes, _Frame]]:
    """The frames with their bytes. Documents stay in their stored form."""
    while head := file.read(4):
        size = int.from_bytes(head, "little")
        data = head + file.read(size - 4) if 4 < size < 2**27 else head
        if len(data) != size:
            raise EOFError
        yield data, bson.decode(data, RAW if b"documents" in data[:20] else _PLAIN)


def _fill_database(path: Path, say: Say) -> None:
    """Create the collections and documents and then the indexes, which is faster than the other way round."""
    made: list[tuple[Collection, list[IndexModel]]] = []
    with gzip.open(path) as file:
        for _, frame in _read_frames(file):
            if "collection" in frame:
                name = frame["collection"]
                target = mongodb.database().create_collection(name, codec_options=RAW, **frame["options"])
                made.append((target, [_index_model(index) for index in frame["indexes"] if index["name"] != "_id_"]))
                say(name)
            elif "documents" in frame:
                target.insert_many(frame["documents"], ordered=False)
    for target, models in made:
        if models:
            target.create_indexes(models)


def _index_model(described: _Frame) -> IndexModel:
    options = {name: value for name, value in described.items() if name not in _NOT_OPTIONS_OF_AN_INDEX}
    return IndexModel(list(described["key"].items()), **options)
