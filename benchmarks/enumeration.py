"""Measures whether the time of an answer tells who has an account, where emails are verified as in production.

    .venv/bin/python -m benchmarks.enumeration                          # 200 tries of each, a few minutes
    .venv/bin/python -m benchmarks.enumeration --doors sign-in --tries 1000

Each door (a page that takes an email) is tried with emails that have an account and emails that have none, in random
order, each email once. The mail server takes 50 ms per email. Prints one JSON object: for each door the AUC (the chance
that a known email takes longer than an unknown one, or the reverse; 0.5 is perfect) and the median milliseconds.
Exits with 1 if an AUC exceeds the goal of 0.60, or if the answers differ otherwise. Run it on a quiet machine.
"""

import argparse
import json
import os
import random
import re
import socketserver
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from benchmarks.site import gunicorn, make_visitors, prepared_engines, tell

GOAL = 0.60
MAIL_SECONDS = 0.05
TRIES_PER_VISITOR = 8
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NEW = {"first_name": "Ann", "last_name": "", "password1": "a demo worth keeping", "password2": "a demo worth keeping"}


class MailServer(socketserver.StreamRequestHandler):
    """Accepts every email and keeps none."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(MAIL_SECONDS)
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")


@dataclass
class Visitor:
    """A browser at its own network address, with the CSRF token of its last page."""

    site: str
    session: requests.Session = field(default_factory=requests.Session)
    tries: int = 0

    def __post_init__(self) -> None:
        network = [random.randint(1, 223), random.randint(0, 255), random.randint(0, 255), 1]
        self.session.headers["X-Forwarded-For"] = ".".join(map(str, network))

    def get(self, path: str) -> None:
        self.token = TOKEN.findall(self.session.get(self.site + path, timeout=30).text)[0]

    def post(self, path: str, fields: dict[str, str]) -> tuple[float, tuple[int, str]]:
        """Send a form; returns the seconds until the whole answer is here, its status and its target."""
        data = {"csrfmiddlewaretoken": self.token, **fields}
        start = time.perf_counter()
        answer = self.session.post(self.site + path, data=data, timeout=60, allow_redirects=False)
        return time.perf_counter() - start, (answer.status_code, answer.headers.get("Location", ""))


def new_demo(site: str) -> Visitor:
    visitor = Visitor(site)
    visitor.get("/")
    visitor.post("/accounts/demo/", {})
    return visitor


def new_member(site: str) -> Visitor:
    """Somebody who is signed in and has just confirmed their identity."""
    from benchmarks.seed import PASSWORD

    visitor = Visitor(site)
    visitor.get("/accounts/login/")
    visitor.post("/accounts/login/", {"login": members.pop(), "password": PASSWORD})
    visitor.get("/accounts/reauthenticate/")
    visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return visitor


members: list[str] = []


@dataclass(frozen=True)
class Door:
    path: str
    fields: dict[str, str]
    arrive: Callable[[str], Visitor] = Visitor
    field: str = "email"
    tries_per_visitor: int = 1


DOORS = {
    "sign-up": Door("/accounts/signup/", NEW),
    "reset": Door("/accounts/password/reset/", {}),
    "sign-in": Door("/accounts/login/", {"password": "a wrong password"}, field="login"),
    "keep-demo": Door("/accounts/demo/keep/", NEW, new_demo, tries_per_visitor=TRIES_PER_VISITOR),
    "change-email": Door("/accounts/email/", {}, new_member, tries_per_visitor=TRIES_PER_VISITOR),
}


def measure(site: str, door: Door, known: list[str], unknown: list[str]) -> dict[str, Any]:
    tries = [(email, True) for email in known] + [(email, False) for email in unknown]
    random.shuffle(tries)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    answers: dict[bool, set] = {True: set(), False: set()}
    visitor = None
    for email, has_account in tries:
        if visitor is None or visitor.tries >= door.tries_per_visitor:
            visitor = door.arrive(site)
        visitor.tries += 1
        visitor.get(door.path)
        duration, answer = visitor.post(door.path, door.fields | {door.field: email})
        seconds[has_account].append(duration)
        answers[has_account].add(answer)
    return {
        "auc": round(auc(seconds[True], seconds[False]), 3),
        "known_ms": round(statistics.median(seconds[True]) * 1000, 2),
        "unknown_ms": round(statistics.median(seconds[False]) * 1000, 2),
        "answers": sorted(map(list, answers[True] | answers[False])),
        "alike": answers[True] == answers[False],
    }


def auc(first: list[float], second: list[float]) -> float:
    """The area under the curve (Mann-Whitney's U, scaled), folded to 0.5 and more."""
    wins = sum((one > other) + (one == other) / 2 for one in first for other in second)
    share = wins / (len(first) * len(second))
    return max(share, 1 - share)


def make_people(tries: int) -> list[str]:
    """Create as many people with verified emails, and others to sign in as; returns the former's emails."""
    from allauth.account.models import EmailAddress

    from accounts.models import User

    emails = make_visitors(tries + 2 * tries // TRIES_PER_VISITOR + 1)
    EmailAddress.objects.filter(email__in=emails).delete()
    people = User.objects.filter(email__in=emails)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in people]
    )
    members[:] = emails[tries:]
    return emails[:tries]


def run(doors: list[str], tries: int) -> dict[str, dict[str, Any]]:
    found = {}
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as mail:
        threading.Thread(target=mail.serve_forever, daemon=True).start()
        os.environ.update(
            EMAIL_VERIFICATION="mandatory",
            TRUSTED_PROXY_COUNT="1",
            EMAIL_URL=f"smtp://127.0.0.1:{mail.server_address[1]}",
        )
        with prepared_engines():
            known = make_people(tries)
            with gunicorn() as (site, _):
                for name in doors:
                    tell(f"Trying {name}.")
                    unknown = [f"nobody-{name}-{random.getrandbits(48):x}@example.com" for _ in known]
                    found[name] = measure(site, DOORS[name], known, unknown)
        mail.shutdown()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--doors", nargs="+", choices=DOORS, default=list(DOORS))
    parser.add_argument("--tries", type=int, default=200)
    options = parser.parse_args()
    found = run(options.doors, options.tries)
    print(json.dumps(found, indent=2))
    sys.exit(any(one["auc"] > GOAL or not one["alike"] for one in found.values()))


if __name__ == "__main__":
    main()
