"""Measures the first search after a rest: `python -m benchmarks.rested_search [--expenses 50000]`.

Before each search, MongoDB is restarted and its files leave the memory of the operating system, so all that the search
reads of a person comes from the disk; the cache is emptied, too. Somebody else searches first, because others use
FinBrain while somebody rests. The limits of pages hold, as in production: too slow a search is answered without its
total, which the page then asks for, and never with 503. Prints JSON: for each search its status and the milliseconds
that pass, at first and again, and how long the total took between these, in how many requests.
"""

import argparse
import json
import os
import subprocess
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from benchmarks.site import FOLDER, make_person, prepared_engines, tell
from finbrain.embedded import EngineError, process
from finbrain.embedded.mongod import Mongod

SEARCHES = {"a rare word": "planetarium", "a common word": "market", "no hit": "zeppelin", "without its accent": "cafe"}
_OTHERS = 1_000  # expenses of somebody else
_GOES_ON = 'data-hx-trigger="load"'
_HTMX = {"hx-request": "true", "hx-target": "list"}


def forget_files(folder: Path) -> None:
    """Let the operating system forget what it keeps in memory of these files."""
    for path in filter(Path.is_file, folder.rglob("*")):
        with suppress(OSError), path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def restart(port: int) -> subprocess.Popen:
    """Restart the MongoDB of the benchmarks with nothing in memory."""
    mongod = Mongod(FOLDER, scratch=True)
    mongod.stop_orphan()
    forget_files(mongod.folder)
    child = mongod.launch(port)
    if not process.wait_until(mongod.is_ready, 60):
        raise EngineError(f"MongoDB did not start: {mongod.last_words()}")
    return child


def measure(expenses: int) -> dict[str, dict[str, Any]]:
    """The status and milliseconds of each search, at first and again."""
    from django.core.cache import cache
    from django.test import Client

    from finbrain.core import mongodb

    rested, other = (
        Client(SERVER_NAME="localhost", headers=_HTMX | {"cookie": make_person(count, date.today()).cookie})
        for count in (expenses, _OTHERS)
    )
    _, port = mongodb.database().client.address or ("", 0)
    found = {}
    for name, words in SEARCHES.items():
        child = restart(port)
        try:
            cast(Any, cache).delete_pattern("*")
            if not process.wait_until(lambda: other.get("/readyz").status_code == 200, 60):
                raise EngineError("FinBrain did not find MongoDB again.")
            for each in SEARCHES.values():
                _ask(other, each)
            found[name] = {"at first": _ask(rested, words), "total": _ask_total(rested, words)}
            found[name] |= {"again": _ask(rested, words)}
        finally:
            process.stop(child)
        tell(f"{name}: {found[name]}")
    return found


def _ask(client: Any, words: str) -> dict[str, Any]:
    """Search, as a browser does."""
    began = time.perf_counter()
    answer = client.get(_path(words))
    return {"status": answer.status_code, "ms": round(1000 * (time.perf_counter() - began), 1)}


def _ask_total(client: Any, words: str) -> dict[str, Any]:
    """Ask for the total until it is known, as the page does."""
    began, requests, text = time.perf_counter(), 0, _GOES_ON
    while _GOES_ON in text:
        text, requests = client.get(_path(words), headers={"hx-target": "list-total"}).content.decode(), requests + 1
    return {"requests": requests, "ms": round(1000 * (time.perf_counter() - began), 1)}


def _path(words: str) -> str:
    return f"/expenses/?month=all&q={quote(words)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--expenses", type=int, default=50_000)
    options = parser.parse_args()
    try:
        with prepared_engines():
            found = measure(options.expenses)
    except EngineError as error:
        raise SystemExit(str(error)) from error
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
