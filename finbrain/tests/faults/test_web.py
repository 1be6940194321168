"""Web workers are killed and replaced while people add expenses, and a training is killed halfway."""

import os
import random
import re
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
import redis

from classifier import training
from finbrain.tests.faults.site import ROOT, running_site
from finbrain.tests.faults.traffic import check, during, wait_for_tries
from finbrain.tests.waiting import until

KILLS = 6
# Prints its steps, and goes on from the one that it was given only when told to.
RETRAIN = """
import sys, django
django.setup()
from classifier import training
from finbrain.core import locks
from classifier.tests.small import few_samples
locks.LOCK_SECONDS = 2
training.read_training_data = training.read_kinds = lambda: None
training.samples = lambda seed: few_samples()
training.kind_samples = lambda *parts: {}

def progress(step):
    print(step, flush=True)
    if step in sys.argv[1:]:
        sys.stdin.readline()

print("begins", flush=True)
print(training.retrain(force=True, progress=progress).message)
"""


@pytest.fixture(scope="module")
def site(engines):
    with running_site(engines.addresses, engines.data_dir, patient=True) as found:
        yield found


def test_workers_killed_in_the_middle_of_adds(site, people):
    """A connection may break. What was sent on it is stored at most once, and once after sending it again."""
    chance = random.Random(9)

    def fault() -> float:
        for _ in range(KILLS):
            with suppress(ProcessLookupError):  # it was killed before, and has been replaced
                os.kill(chance.choice(until(site.workers, "a worker")), signal.SIGKILL)
            wait_for_tries(site.books, chance.randint(1, 4))
        return site.seconds_until_back()

    books = during(site, people, fault)
    check("web workers kill -9", site, people, books, broken=True)


def test_restart_during_traffic(site, people):
    """`kill -HUP` replaces the workers; nobody notices."""

    def fault() -> float:
        before = set(site.workers())
        os.kill(site.master.pid, signal.SIGHUP)
        until(lambda: not before & set(site.workers()), "other workers")
        return site.seconds_until_back()

    books = during(site, people, fault)
    check("web workers restarted (HUP)", site, people, books)
    assert sum(book.answers[503] for book in books) == 0


def test_counters_are_those_of_all_workers(site, people):
    """Including workers that have ended."""

    def counted() -> int:
        line = r'^finbrain_request_seconds_count{method="GET",status="200",view="expenses:inbox"} (\d+)'
        found = re.search(line, people[0].get("/metrics").text, re.MULTILINE)
        return int(found.group(1)) if found else 0

    for round_ in range(1, 4):
        for _ in range(10):
            assert people[0].get("/expenses/inbox/").status_code == 200
        assert [counted() for _ in range(6)] == [10 * round_] * 6
        before = site.workers()
        os.kill(before[0], signal.SIGKILL)
        until(lambda before=before: len(site.workers()) == 2 and site.workers() != before, "another worker")
        site.seconds_until_back()


def test_a_training_killed_half_way(site, engines):
    """Nothing is stored of it, the served model stays, and the next training is not kept out."""
    versions = site.database["classifier_modelversion"]
    _begins, *steps, message = site.python(RETRAIN).splitlines()
    assert "is stored and active" in message
    assert len(steps) >= 3, steps
    before = list(versions.find({}, {"number": 1, "active": 1}))
    server = redis.Redis.from_url(engines.addresses["REDIS_URL"])
    for step in (steps[0], steps[len(steps) // 2], steps[-1]):
        argv, pipes = [sys.executable, "-c", RETRAIN, step], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(argv, cwd=ROOT, env=site.env, text=True, **pipes) as killed:
            assert f"{step}\n" in iter(killed.stdout.readline, "")
            killed.kill()
        assert list(versions.find({}, {"number": 1, "active": 1})) == before
        until(lambda: not server.keys(f"*{training.LOCK}"), "its lock to expire")
    assert f"Version {before[-1]['number'] + 1} is stored and active" in site.python(RETRAIN)
