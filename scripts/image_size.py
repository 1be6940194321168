"""Measures the image's contents in MB: `docker run --rm --interactive finbrain:local python - < scripts/image_size.py`.

Lists packages with all their installed files that the Dockerfile keeps, FinBrain itself, and both compressed as in a
registry. The base image is not counted.
"""

import io
import json
import tarfile
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

FOLDERS = (Path("/opt/venv"), Path("/app"))
SHOWN = 10


class Counting(io.RawIOBase):
    """A file that only counts the bytes written to it."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: Any, /) -> int:
        self.bytes += len(data)
        return len(data)


def megabytes(count: int) -> int:
    return round(count / 1e6)


def files_size(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def package_size(package: Distribution) -> int:
    return files_size([Path(file.locate()) for file in package.files or ()])


def compressed(folders: tuple[Path, ...]) -> int:
    counting = Counting()
    with tarfile.open(fileobj=counting, mode="w|gz") as archive:
        for folder in folders:
            archive.add(folder)
    return counting.bytes


def main() -> None:
    sizes = {package.metadata["Name"]: package_size(package) for package in distributions()}
    largest = sorted(sizes, key=lambda name: sizes[name], reverse=True)[:SHOWN]
    told: dict[str, Any] = {str(folder): megabytes(files_size(list(folder.rglob("*")))) for folder in FOLDERS}
    told["compressed"] = megabytes(compressed(FOLDERS))
    told["packages"] = {name: megabytes(sizes[name]) for name in largest}
    told["packages"]["everything else"] = megabytes(sum(sizes.values()) - sum(sizes[name] for name in largest))
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
