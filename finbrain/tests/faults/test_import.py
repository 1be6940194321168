"""Web workers and MongoDB killed in the middle of an import and of its undoing: every row is there once at the end."""

import os
import random
import signal
import threading
import time
from collections import Counter

import pytest
import requests
from bson import ObjectId

from expenses.import_forms import look_values
from expenses.importing.choices import Choices
from finbrain.tests.faults.site import Person, Site
from finbrain.tests.faults.traffic import AWAY, BROKEN

ROWS = 4000
KILLS = 6
PATIENCE_SECONDS = 120
TEXT = "Date,Description,Amount\n" + "".join(
    # Each pair of rows is alike: two movements, not one.
    f"2026-{1 + n // 56 % 12:02}-{1 + n // 2 % 28:02},Shop {n // 2},-{n // 2 + 1}.50\n"
    for n in range(ROWS)
)


class Importer:
    """Ada, who goes on with her import until it is done, whatever she is answered."""

    def __init__(self, site: Site, person: Person) -> None:
        self.site, self.person, self.answers = site, person, Counter()
        self.batch_id = self.hand_in()

    def hand_in(self) -> ObjectId:
        form = {"data": {"csrfmiddlewaretoken": "c" * 32}, "files": {"file": ("bank.csv", TEXT)}}
        answer = self.person.ask("POST", "/expenses/import/", **form)
        assert answer.status_code == 302, answer.text
        return ObjectId(answer.headers["Location"].rstrip("/").rpartition("/")[2])

    @property
    def batch(self) -> dict:
        return self.site.database["expenses_importbatch"].find_one({"_id": self.batch_id}, {"content": 0})

    def post(self, action: str, **fields: str) -> None:
        try:
            answer = self.person.post(f"/expenses/import/{self.batch_id}/{action}/", **fields)
            self.answers[answer.status_code] += 1
        except requests.RequestException:
            self.answers[BROKEN] += 1

    def until(self, state: str, action: str) -> None:
        """Do it again and again until the import is in that state."""
        fields = look_values(Choices.of(self.batch["choices"]))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.batch["state"] != state and time.monotonic() < deadline:
            self.post(action, **fields)
            time.sleep(0.05)

    def during(self, state: str, action: str, fault) -> None:
        """Work towards a state while `fault`, which says whether it was in time, happens."""
        work = threading.Thread(target=self.until, args=(state, action))
        work.start()
        fault()
        work.join()
        assert self.batch["state"] == state, self.batch
        assert set(self.answers) <= {302, AWAY, BROKEN}, self.answers

    def stored(self) -> Counter:
        """What lies in the database and not in the trash, with repetitions."""
        rows = self.site.database["expenses_expense"].find({"owner_id": self.person.user_id, "deleted_at": None})
        return Counter((f"{row['spent_on']:%Y-%m-%d}", row["title"], str(row["amount"])) for row in rows)

    def fingerprints(self) -> int:
        return self.site.database["expenses_fingerprint"].count_documents({"owner_id": self.person.user_id})

    def check(self) -> None:
        """All rows of the file, each once; the batch has counted them right."""
        wanted = Counter(tuple(line.replace(",-", ",").split(",")) for line in TEXT.splitlines()[1:])
        assert self.stored() == wanted
        assert set(wanted.values()) == {2}
        assert (self.batch["added"], self.batch["known"], self.batch["position"]) == (ROWS, 0, ROWS)
        assert self.fingerprints() == ROWS


@pytest.fixture
def ada(site, people):
    return Importer(site, people[0])


def kill_workers(ada: Importer, times: int, longest: float):
    """A fault: kill -9 all workers so many times, each time after a random while, unless all is done by then."""
    chance = random.Random(5)

    def fault() -> None:
        for _ in range(times):
            time.sleep(chance.uniform(0.05, longest))
            if ada.batch["state"] in ("done", "undone"):
                return
            for pid in ada.site.workers():
                os.kill(pid, signal.SIGKILL)

    return fault


def test_workers_killed_in_the_middle_of_an_import_and_of_its_undoing(site, ada):
    ada.during("done", "run", kill_workers(ada, KILLS, 0.6))
    print(f"import, all workers kill -9 {KILLS} times: {dict(ada.answers)}")
    assert ada.answers[BROKEN] > 2, "hardly anybody met the fault"
    ada.check()
    ada.answers.clear()
    ada.during("undone", "undo", kill_workers(ada, 2, 0.2))
    assert ada.answers[BROKEN] > 0, "nobody met the fault"
    assert not ada.stored()
    assert ada.fingerprints() == 0
    site.seconds_until_back()


def test_two_tabs_go_on_with_one_import(site, ada):
    tabs = [threading.Thread(target=ada.until, args=("done", "run")) for _ in range(3)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert set(ada.answers) <= {302, AWAY}, ada.answers
    ada.check()


def test_mongodb_killed_in_the_middle_of_an_import(site, engines, ada):
    def fault() -> None:
        for _ in range(2):
            time.sleep(1.2)
            assert ada.batch["state"] != "done", "over before it was killed"
            [pid] = [child.pid for engine, child in engines._running if engine.name == "MongoDB"]
            os.kill(pid, signal.SIGKILL)
            time.sleep(1)
            engines.revive()
            site.seconds_until_back()

    ada.during("done", "run", fault)
    print(f"import, MongoDB kill -9 twice: {dict(ada.answers)}")
    assert ada.answers[AWAY] > 0, "nobody met the fault"
    ada.check()
