"""Web workers are killed and replaced while people add expenses, and a training is killed halfway."""

import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
import redis

from classifier import training
from finbrain.tests.faults.site import ROOT, running_site
from finbrain.tests.faults.traffic import check, during
from finbrain.tests.waiting import until

KILLS = 6
RETRAIN = """
import sys, django
django.setup()
from classifier import training
from finbrain.core import locks
from classifier.tests.small import small_kind_samples, small_samples
locks.LOCK_SECONDS = 2
training.samples = lambda seed: list(small_samples())
training.kind_samples = lambda *parts: small_kind_samples()
print("begins", flush=True)
print(training.retrain(force=True, progress=lambda text: print(text, flush=True)).message)
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
            os.kill(chance.choice(site.workers()), signal.SIGKILL)
            time.sleep(chance.uniform(0.2, 0.6))
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
    *steps, _last, message = site.python(RETRAIN).splitlines()
    assert "is stored and active" in message
    assert len(steps) >= 3, steps
    before = list(versions.find({}, {"number": 1, "active": 1}))
    server = redis.Redis.from_url(engines.addresses["REDIS_URL"])
    for step in (steps[0], steps[len(steps) // 2], steps[-1]):
        killed = subprocess.Popen(
            [sys.executable, "-c", RETRAIN], cwd=ROOT, env=site.env, stdout=subprocess.PIPE, text=True
        )
        assert f"{step}\n" in iter(killed.stdout.readline, "")
        killed.kill()
        killed.wait()
        killed.stdout.close()
        assert list(versions.find({}, {"number": 1, "active": 1})) == before
        until(lambda: not server.keys(f"*{training.LOCK}"), "its lock to expire")
    assert f"Version {before[-1]['number'] + 1} is stored and active" in site.python(RETRAIN)
