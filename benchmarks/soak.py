"""Lets many people use FinBrain for minutes: `python -m benchmarks.soak [--people 50] [--minutes 10] [--workers 2]`.

Starts its own FinBrain with engines in a temporary folder. Prints one JSON object: requests, answers by status, times
in milliseconds, imports and their rows, and memory and connections in the second and the last minute. Exits with 1 if
an answer was an error, an import got stuck, or memory or connections grew.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import redis
import requests

from finbrain.embedded import Engines
from finbrain.tests.faults.site import PREPARE, Person, Site

TITLES = ("Taxi home", "Coffee", "Rent", "Pharmacy", "Cinema", "Books", "Groceries", "מונית", "Bäckerei", "Électricité")
_SMALL_MODEL = """
import django
django.setup()
from classifier import training
from classifier.tests.small import small_kind_samples, small_samples
training.samples = lambda seed: list(small_samples())
training.kind_samples = lambda *parts: small_kind_samples()
training.retrain(force=True)
"""
_MOST_GROWTH = 1.1
# Average seconds between two clicks.
_FAST_THINKING = 4
_STATEMENT_ROWS = 40
# Seconds after which an unfinished import counts as stuck.
STEPS = 20


class FormFields(HTMLParser):
    """Parser for a page's form fields as a browser would send them: hidden fields, chosen options, ticked boxes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "select":
            self.select = told.get("name") or ""
        elif (tag == "option" and "selected" in told) or told.get("type") == "hidden" or "checked" in told:
            self.fields[(self.select if tag == "option" else told.get("name")) or ""] = told.get("value", "on") or ""


class Life:
    """One person, who clicks until `stop` is set."""

    def __init__(self, person: Person, seed: int) -> None:
        self.person = person
        self.chance = random.Random(seed)
        self.answers: Counter[str] = Counter()
        self.times: list[float] = []

    def run(self, stop: threading.Event) -> None:
        actions = {self.list: 5, self.dashboard: 3, self.add: 3, self.suggest: 2, self.correct: 1, self.heartbeat: 4}
        actions[self.import_statement] = 1
        while not stop.wait(self.chance.expovariate(1 / _FAST_THINKING)):
            [action] = self.chance.choices(list(actions), list(actions.values()))
            began = time.perf_counter()
            try:
                answer: str = str(action().status_code)
            except requests.RequestException as error:
                answer = type(error).__name__
            self.times.append(time.perf_counter() - began)
            self.answers[answer] += 1

    def month(self) -> str:
        return f"2026-{self.chance.randint(1, 12):02}"

    def list(self) -> requests.Response:
        return self.person.get(f"/expenses/?month={self.month()}")

    def dashboard(self) -> requests.Response:
        return self.person.get(f"/dashboard/?month={self.month()}")

    def add(self) -> requests.Response:
        return self.person.post(
            "/expenses/add/",
            title=self.chance.choice(TITLES),
            amount=f"{self.chance.randint(1, 20000) / 100:.2f}",
            currency=self.chance.choice(("EUR", "USD", "ILS")),
            spent_on=f"{self.month()}-15",
        )

    def suggest(self) -> requests.Response:
        return self.person.get(f"/expenses/suggest/?title={self.chance.choice(TITLES)}")

    def correct(self) -> requests.Response:
        page = self.list()
        if found := re.search(r'data-expense="([0-9a-f]{24})"', page.text):
            return self.person.post(f"/expenses/{found.group(1)}/category/", category="other")
        return page

    def import_statement(self) -> requests.Response:
        """Upload a statement, preview it and import it. The last answer redirects to the result."""
        lines = [
            f"{self.month()}-{self.chance.randint(1, 28):02},Shop {self.chance.randrange(10**9)},-{n + 1}.50"
            for n in range(_STATEMENT_ROWS)
        ]
        file = "\n".join(["Date,Description,Amount", *lines, ""])
        form = {"data": {"csrfmiddlewaretoken": "c" * 32}, "files": {"file": ("bank.csv", file)}}
        answer = self.person.ask("POST", "/expenses/import/", **form)
        if answer.status_code != 302:
            return answer
        batch = answer.headers["Location"]
        page = self.person.get(batch)
        fields = FormFields(page.text).fields | {"csrfmiddlewaretoken": "c" * 32}
        for _ in range(STEPS):
            answer = self.person.ask("POST", f"{batch}run/", data=fields)
            if answer.status_code != 302 or f"{batch}run/" not in self.person.get(batch).text:
                break
        return answer

    def heartbeat(self) -> requests.Response:
        return self.person.post("/accounts/heartbeat/")


def measure(site: Site, server: redis.Redis) -> dict[str, Any]:
    """The workers' proportional set sizes in MB, and the number of connections to MongoDB and Redis."""
    return {
        "memory_mb": sorted(round(_pss(pid), 1) for pid in site.workers()),
        "mongodb_connections": site.database.client.admin.command("serverStatus")["connections"]["current"],
        "redis_connections": server.info("clients")["connected_clients"],
    }


def _pss(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0]) / 1024


def _soak(site: Site, server: redis.Redis, people: int, minutes: float) -> dict[str, Any]:
    """Let people click for the given minutes. Returns the result."""
    lives = [Life(person, seed) for seed, person in enumerate(site.people(people))]
    stop = threading.Event()
    threads = [threading.Thread(target=life.run, args=(stop,), daemon=True) for life in lives]
    for thread in threads:
        thread.start()
    time.sleep(minutes * 60 / 5)
    early = measure(site, server)
    time.sleep(minutes * 60 * 4 / 5)
    late = measure(site, server)
    stop.set()
    for thread in threads:
        thread.join(30)
    times = sorted(seconds for life in lives for seconds in life.times)
    return {
        "people": people,
        "minutes": minutes,
        "requests": len(times),
        "answers": dict(sum((life.answers for life in lives), Counter())),
        "imports": imports(site),
        "ms": {share: round(times[int(len(times) * share / 100)] * 1000, 1) for share in (50, 95, 99)},
        "after_a_fifth": early,
        "at_the_end": late,
    }


def imports(site: Site) -> dict[str, int]:
    """The number of imports in each state, and the rows that they added."""
    found = list(site.database["expenses_importbatch"].find({}, {"state": 1, "added": 1}))
    return dict(Counter(batch["state"] for batch in found)) | {"rows": sum(batch["added"] for batch in found)}


def healthy(result: dict[str, Any]) -> bool:
    """Whether there was no error, no unfinished import, and no growth."""
    early, late = result["after_a_fifth"], result["at_the_end"]
    grown = [key for key in late if key != "memory_mb" and late[key] > early[key] * _MOST_GROWTH]
    memory = sum(late["memory_mb"]) > sum(early["memory_mb"]) * _MOST_GROWTH
    half_way = set(result["imports"]) - {"done", "rows"}
    return not half_way and not grown and not memory and set(result["answers"]) <= {"200", "302", "304"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="finbrain-soak-") as folder:
        engines = Engines(Path(folder))
        engines.start()
        site = Site(engines.addresses, Path(folder), chosen.workers)
        try:
            site.python(PREPARE)
            site.python(_SMALL_MODEL)
            site.start()
            server = redis.Redis.from_url(engines.addresses["REDIS_URL"])
            result = _soak(site, server, chosen.people, chosen.minutes)
        finally:
            site.stop()
            engines.stop()
    print(json.dumps(result, indent=1))
    return 0 if healthy(result) else 1


if __name__ == "__main__":
    sys.exit(main())
