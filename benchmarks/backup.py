"""Measures the speed and memory of `manage.py backup`, `restore --check` and `restore`.

    python -m benchmarks.backup [--expenses 200000]

Starts engines in a temporary folder on disk, as for `make run`, and creates a person with that many expenses over ten
years. Prints one JSON object: documents, megabytes (10^6 bytes) in MongoDB and in the file, and for each command its
seconds, documents and MongoDB megabytes per second, and peak memory.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import django

from finbrain.embedded import Engines

ROOT = Path(__file__).resolve().parent.parent
MONTHS = 120
MB = 1_000_000


def fill(expenses: int) -> tuple[int, int]:
    """Migrate and create the person. Returns the database's number of documents and bytes."""
    django.setup()
    from benchmarks.seed import seed_person
    from finbrain.core.mongodb import database
    from finbrain.operations import prepare

    for step in (prepare.migrate_database, prepare.load_rates):
        step(lambda line: print(line, file=sys.stderr))
    seed_person("benchmark@example.com", expenses, MONTHS, date.today())
    held = database().command("dbStats")
    return held["objects"], int(held["dataSize"])


def measure(documents: int, size: int, *arguments: str | Path) -> dict[str, float]:
    """Run a command of manage.py in its own process, and measure it."""
    began = time.perf_counter()
    command = subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, stdout=sys.stderr)
    most = 0
    while command.poll() is None:
        most = max(most, _peak_memory(command.pid))
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    if command.returncode:
        raise subprocess.CalledProcessError(command.returncode, command.args)
    return {
        "seconds": round(seconds, 1),
        "documents_per_second": round(documents / seconds),
        "mb_per_second": round(size / MB / seconds, 1),
        "memory_mb": round(most / MB),
    }


def _peak_memory(pid: int) -> int:
    """The peak memory of a process so far, in bytes; 0 once it has ended."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--expenses", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="finbrain-backup-") as folder:
        engines = Engines(Path(folder))
        engines.start()
        try:
            os.environ.update(engines.addresses, DJANGO_SETTINGS_MODULE="finbrain.settings", MONGODB_TIMEOUT_MS="0")
            documents, size = fill(options.expenses)
            file = Path(folder) / "finbrain.backup"
            result: dict[str, object] = {"documents": documents, "mb": round(size / MB, 1)}
            result["backup"] = measure(documents, size, "backup", file)
            result["file_mb"] = round(file.stat().st_size / MB, 1)
            result["check"] = measure(documents, size, "restore", file, "--check")
            result["restore"] = measure(documents, size, "restore", file, "--force")
        finally:
            engines.stop()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
