"""Fuzzes all readers of statements: `python -m benchmarks.fuzz [--minutes 60 | --files 3000] [--keep FOLDER]`.

Reads damaged versions of the tests' statements in every format, and random bytes, as an upload and its preview do.
Prints one JSON object: how many files were read and refused, the most CPU seconds that one took, and those that raised
an error or took more than their budget, which `--keep` writes to a folder. Exits with 1 if there were any.
"""

import argparse
import io
import json
import os
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# CPU seconds of this process for an upload, and for each step of its preview. Spreadsheets are read in a process of
# their own, with a limit.
BUDGET = 1.5
_FOLDER = Path(__file__).resolve().parents[1] / "expenses" / "tests" / "statements"
_ODD = (
    *(b"", b"\x00", b"\xff\xfe", b"\r", b"\n\n", b'"', b"'", b";", b",", b"\t", b"<", b"&#x0;", b"^\n", b":61:"),
    *(b"1e9999", b"9" * 400, b"NaN", b"-0", b"99.99.9999", b"2026-02-30", b"31/12/99", b"EUR", b"\xe2\x82\xac"),
    *(b"(1,00)", b"0x1F", b"=1+1", b"\xd7\x90", b"Date", b"Amount", b"Saldo", b"<STMTTRN>", b"]]>", b"{1:F01"),
    *(b"!Type:Bank\n", b"1.2.3,4-5"),
)
Sample = tuple[str, bytes]


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    result: "read", "refused", or the error that it raised. seconds: of CPU, the longest of the upload
    and the steps of its preview.
    """

    result: str
    seconds: float


def samples() -> list[Sample]:
    """Statements in every format: the tests' files, and those of the formats that they render."""
    from expenses.tests.statements_kept.rendering import formats, render

    files = [(path.name, path.read_bytes()) for path in sorted(_FOLDER.iterdir())]
    return files + [("statement.csv", render(one)) for one in formats()[::4]]


def damaged(chance: random.Random, found: Sequence[Sample]) -> Sample:
    """A damaged version of one of the files, or now and then random bytes."""
    name, data = chance.choice(found)
    if chance.random() < 0.03:
        return name, chance.randbytes(chance.randint(1, 3000))
    if data.startswith(b"PK") and chance.random() < 0.7:
        return name, _with_damaged_member(chance, data, found)
    return name, _damage(chance, data, found)


def _with_damaged_member(chance: random.Random, data: bytes, found: Sequence[Sample]) -> bytes:
    """An archive with one damaged file inside, whose checksum is right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        names = archive.namelist()
        target = chance.choice([name for name in names if "sheet" in name or "content" in name] or names)
        for name in names:
            content = archive.read(name)
            copy.writestr(name, _damage(chance, content, found) if name == target else content)
    return out.getvalue()


def _damage(chance: random.Random, data: bytes, found: Sequence[Sample]) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = chance.choice(_WAYS)(chance, data, found)
    return data[: 5 * 1024 * 1024]


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice((1, 4, 20, 100, 1000)))


def _cut(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _truncate(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    return data[: chance.randint(1, max(1, len(data)))]


def _noise(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + chance.randbytes(chance.choice((1, 2, 10))) + data[start if chance.random() < 0.5 else end :]


def _odd(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    start, _end = _span(chance, data)
    return data[:start] + chance.choice(_ODD) * chance.choice((1, 1, 3, 200)) + data[start + chance.choice((0, 1, 5)) :]


def _repeat(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    start, end = _span(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 5, 300, 20_000)) + data[end:]


def _splice(chance: random.Random, data: bytes, found: Sequence[Sample]) -> bytes:
    other = chance.choice(found)[1]
    start, end = _span(chance, other)
    place = chance.randint(0, len(data))
    return data[:place] + (other[start:end] if chance.random() < 0.7 else other) + data[place:]


def _shuffle_lines(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _encode(chance: random.Random, data: bytes, _found: Sequence[Sample]) -> bytes:
    encodings = ("utf-16", "utf-16-be", "utf-32", "cp1252", "shift_jis", "koi8_r", "utf-7")
    return data.decode("utf-8", "replace").encode(chance.choice(encodings), "replace")


_WAYS: tuple[Callable[[random.Random, bytes, Sequence[Sample]], bytes], ...] = (
    *(_cut, _truncate, _noise, _odd, _odd, _repeat, _splice, _shuffle_lines, _encode),
)


def read(name: str, data: bytes) -> Outcome:
    """Read a file as an upload does, and then its pieces as the steps of a preview do."""
    from expenses.importing.packing import PIECE, piece_of
    from expenses.importing.workbooks import read_next, unread_values
    from expenses.statements import StatementError, Table, apply_mapping, needed_columns, read_file
    from expenses.statements.guess import guess
    from expenses.statements.long_files import LongFile
    from expenses.statements.part_readers import read_part
    from expenses.statements.sheets import LongWorkbook
    from finbrain.core.garbage import uncollected

    steps = [time.process_time()]
    result = "read"
    try:
        with uncollected():
            found = read_file(data, name)
            if isinstance(found, LongFile):
                place = found.start
                for text in found.texts:
                    steps.append(time.process_time())
                    _reading, place = read_part(found.kind, place, text)
            if isinstance(found, LongWorkbook):
                values = unread_values(found)
                while not isinstance(values, Table):
                    steps.append(time.process_time())
                    values = read_next(values["content"])
                found = values
            if isinstance(found, Table):
                mapping = guess(found, "EUR").mapping
                steps.append(time.process_time())
                pieces = range(0 if needed_columns(mapping) else -(-len(found.rows) // PIECE))
                for number in pieces:
                    apply_mapping(piece_of(found, number).table, mapping)
                    steps.append(time.process_time())
    except StatementError:
        result = "refused"
    except Exception as error:  # any other error is what this program searches
        result = repr(error)[:300]
    steps.append(time.process_time())
    return Outcome(result, max(after - before for before, after in pairwise(steps)))


def fuzz(seed: int, files: int | None, minutes: float) -> Iterator[tuple[int, Sample, Outcome]]:
    """Read damaged files, numbered from 0, until there were as many or as long as wanted."""
    found = samples()
    end = time.monotonic() + minutes * 60
    number = 0
    while number < files if files is not None else time.monotonic() < end:
        sample = damaged(random.Random(f"{seed}-{number}"), found)
        yield number, sample, read(*sample)
        number += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--files", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=BUDGET, help="the most CPU seconds of an upload or preview")
    parser.add_argument("--keep", type=Path, help="a folder for the files that failed")
    chosen = parser.parse_args()
    # The settings need the addresses of databases, but reading a statement uses none.
    nowhere = {"MONGODB_URI": "mongodb://nowhere", "REDIS_URL": "redis://nowhere", "FINBRAIN_ENV": "development"}
    for name, value in (nowhere | {"DJANGO_SETTINGS_MODULE": "finbrain.settings"}).items():
        os.environ.setdefault(name, value)
    django.setup()
    counts: Counter[str] = Counter()
    failed: list[str] = []
    slowest = 0.0
    for number, (name, data), outcome in fuzz(chosen.seed, chosen.files, chosen.minutes):
        is_slow = outcome.seconds > chosen.budget
        counts[outcome.result if outcome.result in ("read", "refused") else "errors"] += 1
        counts["slow"] += is_slow
        slowest = max(slowest, outcome.seconds)
        if is_slow or outcome.result not in ("read", "refused"):
            failed.append(f"{chosen.seed}-{number} {name}: {outcome.result}, {outcome.seconds:.2f} s")
            print(failed[-1], file=sys.stderr)
            if chosen.keep:
                (chosen.keep / f"{chosen.seed}-{number}-{name}").write_bytes(data)
    print(json.dumps(dict(counts) | {"most_seconds": round(slowest, 2), "failed": failed[:50]}, indent=1))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
