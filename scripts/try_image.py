# ruff: noqa: S310, S603, S607 - it runs buildah, and sends requests to this machine only
"""Runs what scripts/clean_root.sh built: prepares a database, serves, stops gracefully. `try_image.py CONTAINER`

Uses the tests' embedded engines, which stop at the end. Processes run through `buildah run` as the image's user.
"""

import json
import os
import re
import resource
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from finbrain.embedded import process
from finbrain.tests import engines

USER = 10001
HOST = "finbrain.example.org"


def in_container(container: str, environment: dict[str, str], *command: str) -> list[str]:
    told = [f"--env={name}={value}" for name, value in environment.items()]
    return ["buildah", "run", "--isolation=chroot", *told, container, "--", *command]


def ask(port: int, path: str) -> tuple[int, str]:
    """The status and text of a page, requested like a proxy would."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def expect(what: str, right: bool) -> None:
    print(f"{'ok   ' if right else 'WRONG'} {what}", flush=True)
    if not right:
        sys.exit(1)


def gunicorn_master(port: int) -> int:
    """The master's process id: of the image user's processes on this port, the one whose parent is not among them."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            serves = f"PORT={port}".encode() in (entry / "environ").read_bytes().split(b"\0")
            if serves and entry.stat().st_uid == USER:
                found[entry.name] = re.findall(r"PPid:\s+(\d+)", (entry / "status").read_text())[0]
        except OSError:
            continue
    [master] = [int(name) for name, parent in found.items() if parent not in found]
    megabytes = sum(_shared_fairly(Path("/proc", name)) for name in found) // 1024
    print(f"      {len(found)} processes of user {USER}, {megabytes} MB together", flush=True)
    return master


def _shared_fairly(entry: Path) -> int:
    """The proportional set size in kB: memory shared by n processes counts as one nth for each."""
    return int(re.findall(r"^Pss:\s+(\d+)", (entry / "smaps_rollup").read_text(), re.MULTILINE)[0])


def try_image(container: str) -> None:
    port = process.free_port()
    environment = {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": HOST,
        "EMAIL_URL": "dummymail://",
        "MONGODB_URI": os.environ["MONGODB_URI"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    began = time.monotonic()
    prepare = in_container(
        container, environment, "python", "-m", "finbrain.operations.prepare", "--no-static", "--model"
    )
    expect("prepare ends well", subprocess.run(prepare, check=False).returncode == 0)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"      after {time.monotonic() - began:.0f} s, with {largest} MB at most", flush=True)
    inspected = json.loads(subprocess.check_output(["buildah", "inspect", container]))["Docker"]["config"]
    expect("the image names a user by number", inspected["User"] == f"{USER}:{USER}")
    web = subprocess.Popen(in_container(container, environment, *inspected["Cmd"]))
    try:
        check_site(container, environment, inspected["Healthcheck"]["Test"][1:], port)
        os.kill(gunicorn_master(port), signal.SIGTERM)
        expect("SIGTERM ends it with code 0", web.wait(timeout=40) == 0)
    finally:
        process.stop(web)


def check_site(container: str, environment: dict[str, str], healthcheck: list[str], port: int) -> None:
    def works(*command: str) -> bool:
        return subprocess.run(in_container(container, environment, *command), check=False).returncode == 0

    expect("it listens", process.wait_until(lambda: process.listens(port), 60))
    expect("the image's health check agrees", works(*healthcheck))
    status, text = ask(port, "/readyz")
    expect(f"/readyz: {status} {text}", status == 200 and json.loads(text)["model"])
    status, text = ask(port, "/accounts/login/")
    expect(f"/accounts/login/: {status}", status == 200)
    sheet = re.findall(r'href="(/static/[^"]+\.css)"', text)[0]
    expect(f"its style sheet {sheet}", ask(port, sheet)[0] == 200)
    expect("it cannot change its own code", not works("touch", "/app/manage.py"))


if __name__ == "__main__":
    engines.start()
    try_image(sys.argv[1])
