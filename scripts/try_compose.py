# ruff: noqa: S603, S607 - running docker is the purpose of this script
"""The tests of compose.yaml that scripts/try_compose.sh runs once all images exist.

Uses its own project, `finbrain-try`, on ports 8480, 8443 and (Prometheus) 9090. Its volumes are deleted at the end.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests
from try_people import Asking, Person

PROGRAM = os.environ.get("COMPOSE", "docker compose").split()
COMPOSE = [*PROGRAM, "--project-name", "finbrain-try", "--profile", "monitoring"]
OWN = {"HTTP_PORT": "8480", "HTTPS_PORT": "8443", "SITE_HOST": "localhost"}
FINBRAIN = (10001, 10001)
EMAIL, PASSWORD = "ada@example.com", secrets.token_urlsafe(16)


def compose(*arguments: str) -> str:
    """Run `docker compose` and return what it printed. Exits if it fails."""
    done = subprocess.run([*COMPOSE, *arguments], env=os.environ | OWN, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"docker compose {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def up(*arguments: str) -> None:
    began = time.monotonic()
    compose("up", "--detach", "--no-build", *(arguments or ("proxy", "scheduler")))
    print(f"      up {' '.join(arguments)} took {time.monotonic() - began:.0f} s", flush=True)


def expect(what: str, right: bool) -> None:
    print(f"{'ok   ' if right else 'WRONG'} {what}", flush=True)
    if not right:
        print(compose("logs", "--tail", "20"), file=sys.stderr)
        sys.exit(1)


def eventually(what: str, test: Any, seconds: float = 60) -> None:
    """Expect test() to become true in time."""
    began = time.monotonic()
    while not (right := test()) and time.monotonic() < began + seconds:
        time.sleep(0.5)
    expect(f"{what} ({time.monotonic() - began:.1f} s)", bool(right))


def containers(service: str) -> list[str]:
    return compose("ps", "--quiet", service).split()


def inspected(container: str) -> dict[str, Any]:
    return json.loads(subprocess.check_output(["docker", "inspect", container]))[0]["State"]


def copied(authority: Path) -> bool:
    """Copy the certificate of the proxy's own authority. Returns whether that worked."""
    command = [*COMPOSE, "cp", "proxy:/data/caddy/pki/authorities/local/root.crt", str(authority)]
    return subprocess.run(command, env=os.environ | OWN, capture_output=True, check=False).returncode == 0


def a_person_keeps_what_they_added(person: Person) -> None:
    fields = {"first_name": "Ada", "last_name": "L", "email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    signed_up = person.send("/accounts/signup/", "/accounts/signup/", **fields)
    expect(f"signed up: {signed_up.status_code} {signed_up.url}", signed_up.ok and "signup" not in signed_up.url)
    expect("an expense is added and listed", person.add("Taxi home one"))


def a_killed_web_comes_back(person: Person) -> None:
    [web] = containers("web")
    before = inspected(web)
    with Asking(person) as asking:
        time.sleep(1)
        os.kill(before["Pid"], signal.SIGKILL)
        eventually("web is back after kill -9", lambda: inspected(web)["Pid"] not in (0, before["Pid"]))
        time.sleep(8)
    print(f"      in the meantime: {asking.told()}")
    # At most the request that was being answered is lost.
    lost = [answer for answer in asking.answers if answer != 200]
    expect("the proxy kept the others waiting", len(lost) < 2 and asking.answers[-1] == 200)


def a_new_version_takes_over(person: Person) -> None:
    """Follow `make upgrade` from its second line on."""
    newer = "FROM finbrain:local\nLABEL newer=yes\n"
    subprocess.run(["docker", "build", "--quiet", "--tag", "finbrain:newer", "-"], input=newer, text=True, check=True)
    OWN["FINBRAIN_IMAGE"] = "finbrain:newer"
    [old] = containers("web")
    with Asking(person) as asking:
        compose("run", "--rm", "--no-deps", "prepare")
        up("--no-deps", "web", "scheduler")
        [new] = containers("web")
        eventually("the new web is healthy", lambda: inspected(new)["Health"]["Status"] == "healthy")
    print(f"      in the meantime: {asking.told()}")
    expect("it is another, and the proxy kept people waiting", new != old and set(asking.answers) == {200})


def two_webs_share_the_work(person: Person) -> None:
    with Asking(person) as asking:
        up("--scale", "web=2", "--no-recreate", "web", "proxy")
        served = dict.fromkeys(containers("web"), 0)
        eventually("both are healthy", lambda: all(inspected(c)["Health"]["Status"] == "healthy" for c in served))
        time.sleep(5)
    print(f"      in the meantime: {asking.told()}")
    for container in served:
        command = ["docker", "logs", "--since", "5s", container]
        logged = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
        served[container] = logged.stdout.count("/expenses/")
    expect(f"both serve: {sorted(served.values())} requests", len(served) == 2 and min(served.values()) > 0)
    expect("no request failed", set(asking.answers) == {200})


def data_outlives_down(person: Person) -> None:
    compose("down")
    up()
    eventually("the site is up again", lambda: site_answers(person))
    expect("the session and the expense are still there", "Taxi home one" in person.get("/expenses/").text)
    expect("and another can be added", person.add("Taxi home two"))


def site_answers(person: Person) -> bool:
    try:
        return person.get("/readyz").status_code == 200
    except requests.RequestException:
        return False


def prometheus_reads_it() -> None:
    def ask(path: str) -> Any:
        try:
            return requests.get(f"http://127.0.0.1:9090/api/v1/{path}", timeout=10).json()["data"]
        except requests.RequestException:
            return {}

    up("prometheus")
    eventually(
        "Prometheus reads web with the token",
        lambda: [target["health"] for target in ask("targets").get("activeTargets", [])] == ["up"],
    )
    rules = [rule for group in ask("rules")["groups"] for rule in group["rules"]]
    expect(f"its {len(rules)} rules are loaded", len(rules) > 10)
    eventually(
        "and all of them are healthy",
        lambda: {rule["health"] for group in ask("rules")["groups"] for rule in group["rules"]} == {"ok"},
    )
    eventually("it knows FinBrain's figures", lambda: ask("query?query=finbrain_engine_up").get("result"))


def a_backup_is_restored(person: Person) -> None:
    """Follow docs/operations.md."""
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, *FINBRAIN)
        manage = ("run", "--rm", "-T", "--volume", f"{folder}:/backups", "prepare", "python", "manage.py")
        expect(compose(*manage, "backup", "/backups/finbrain").strip(), True)
        expect("an expense is added after the backup", person.add("Taxi home three"))
        compose("stop", "web", "scheduler")
        expect(compose(*manage, "restore", "--force", "/backups/finbrain").strip(), True)
    compose("start", "web", "scheduler")
    eventually("the site is up again", lambda: site_answers(person))
    expect("everybody signs in again", "login" in person.get("/expenses/").url)
    person.send("/accounts/login/", "/accounts/login/", login=EMAIL, password=PASSWORD)
    listed = person.get("/expenses/").text
    expect("what was added before is there", "Taxi home two" in listed)
    expect("what was added after is not", "Taxi home three" not in listed)


def a_secret_is_replaced() -> None:
    command = [*COMPOSE, "run", "--rm", "-T", "secrets", "email_url"]
    options = {"input": "dummymail://\n", "text": True, "capture_output": True}
    done = subprocess.run(command, env=os.environ | OWN, check=False, **options)
    expect(f"a secret is replaced: {done.stdout.strip()}", done.returncode == 0)


def main() -> None:
    try:
        up()
        with tempfile.TemporaryDirectory() as folder:
            authority = Path(folder, "authority.pem")
            eventually("the proxy has created an authority", lambda: copied(authority))
            person = Person(str(authority))
            eventually("https with the proxy's own certificate", lambda: site_answers(person))
            expect("/metrics is not for everybody", person.get("/metrics").status_code == 404)
            a_person_keeps_what_they_added(person)
            a_killed_web_comes_back(person)
            a_new_version_takes_over(person)
            two_webs_share_the_work(person)
            data_outlives_down(person)
            prometheus_reads_it()
            a_backup_is_restored(person)
            a_secret_is_replaced()
    finally:
        compose("down", "--volumes")


if __name__ == "__main__":
    main()
