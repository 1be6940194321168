"""Many people for many minutes: `python -m benchmarks.soak [--people 50] [--minutes 10] [--workers 2]`.

Starts a FinBrain of its own, with engines in a temporary folder, lets everybody do what people do, and prints one JSON
object: requests, answers by status, times in milliseconds, and memory and connections in the second and last minute.
Ends with 1 when an answer was an error, or memory or connections grew.
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
from pathlib import Path
from typing import Any

import redis
import requests

from finbrain.embedded import Engines
from finbrain.tests.faults.site import PREPARE, Person, Site

TITLES = ("Taxi home", "Coffee", "Rent", "Pharmacy", "Cinema", "Books", "Groceries", "מונית", "Bäckerei", "Électricité")
SMALL_MODEL = """
import django
django.setup()
from classifier import training
from classifier.tests.small import small_samples
training.samples = lambda seed: list(small_samples())
training.retrain(force=True)
"""
MOST_GROWTH = 1.1
FAST_THINKING = 4  # seconds between two clicks, on average


class Life:
    """One person, clicking until told to stop."""

    def __init__(self, person: Person, seed: int) -> None:
        self.person = person
        self.chance = random.Random(seed)
        self.answers: Counter[str] = Counter()
        self.times: list[float] = []

    def run(self, stop: threading.Event) -> None:
        actions = {self.list: 5, self.dashboard: 3, self.add: 3, self.suggest: 2, self.correct: 1, self.heartbeat: 4}
        while not stop.wait(self.chance.expovariate(1 / FAST_THINKING)):
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

    def heartbeat(self) -> requests.Response:
        return self.person.post("/accounts/heartbeat/")


def measure(site: Site, server: redis.Redis) -> dict[str, Any]:
    """Memory of each worker in MB (proportional set size), connections to the engines."""
    return {
        "memory_mb": sorted(round(pss(pid), 1) for pid in site.workers()),
        "mongodb_connections": site.database.client.admin.command("serverStatus")["connections"]["current"],
        "redis_connections": server.info("clients")["connected_clients"],
    }


def pss(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE).group(1)) / 1024


def soak(site: Site, server: redis.Redis, people: int, minutes: float) -> dict[str, Any]:
    """Let them live; what came out."""
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
        "ms": {share: round(times[int(len(times) * share / 100)] * 1000, 1) for share in (50, 95, 99)},
        "after_a_fifth": early,
        "at_the_end": late,
    }


def healthy(result: dict[str, Any]) -> bool:
    """No error, and nothing grew."""
    early, late = result["after_a_fifth"], result["at_the_end"]
    grown = [key for key in late if key != "memory_mb" and late[key] > early[key] * MOST_GROWTH]
    memory = sum(late["memory_mb"]) > sum(early["memory_mb"]) * MOST_GROWTH
    return not grown and not memory and set(result["answers"]) <= {"200", "302", "304"}


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
            site.python(SMALL_MODEL)
            site.start()
            server = redis.Redis.from_url(engines.addresses["REDIS_URL"])
            result = soak(site, server, chosen.people, chosen.minutes)
        finally:
            site.stop()
            engines.stop()
    print(json.dumps(result, indent=1))
    return 0 if healthy(result) else 1


if __name__ == "__main__":
    sys.exit(main())
