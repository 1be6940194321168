"""Web workers and MongoDB are killed during an import, its undoing and restoring. In the end, every row exists once."""

import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal

import pymongo
import pytest
import requests
from bson import ObjectId
from pymongo.errors import PyMongoError

from expenses.forms.imports import preview_values
from expenses.importing.choices import Choices
from finbrain.tests.faults.site import Person, Site, killed
from finbrain.tests.faults.traffic import AWAY, BROKEN, tell
from finbrain.tests.waiting import until

ROWS = 4000
# Rows that are imported or undone.
KILLED_AT = (1, 600, 1200, 1800, 2400, 3000)
TEXT = "Date,Description,Amount\n" + "".join(
    # Rows come in identical pairs, which are two movements, not one.
    f"2026-{1 + n // 56 % 12:02}-{1 + n // 2 % 28:02},Shop {n // 2},-{n // 2 + 1}.50\n"
    for n in range(ROWS)
)
# Restores an import until the given function of the module has been called three times, then kills itself and others.
RESTORE = """
import os, signal, django
django.setup()
from bson import ObjectId
from django.contrib.auth import get_user_model
from expenses.importing import undo
from expenses.models import ImportBatch
from expenses.people.ledger_settings import personal_ledger

finish, calls = undo.{function}, []

def cut_off(*args):
    found = finish(*args)
    calls.append(args)
    if len(calls) == 3:
        for pid in [*{others}, os.getpid()]:
            os.kill(pid, signal.SIGKILL)
    return found

undo.{function}, undo.STEP_SECONDS = cut_off, 1000
person = get_user_model().objects.get(pk=ObjectId("{person}"))
undo.restore_import(personal_ledger(person), ImportBatch.objects.get(pk=ObjectId("{batch}")))
"""


class Importer:
    """Ada, who continues her import until it is done, whatever the answers."""

    def __init__(self, site: Site, person: Person) -> None:
        self.site, self.person, self.answers = site, person, Counter()
        self.is_waiting = False  # for an answer
        self.batch_id = self.upload_statement()
        self.choices = preview_values(Choices.of(self.batch["choices"]))

    def upload_statement(self) -> ObjectId:
        form = {"data": {"csrfmiddlewaretoken": "c" * 32}, "files": {"file": ("bank.csv", TEXT)}}

        def sent() -> requests.Response | None:
            answer = self.person.ask("POST", "/expenses/import/", **form)
            return answer if answer.status_code == 302 else None

        answer = until(sent, "a draft")
        return ObjectId(answer.headers["Location"].rstrip("/").rpartition("/")[2])

    @property
    def batch(self) -> dict:
        return self.site.database["expenses_importbatch"].find_one({"_id": self.batch_id}, {"content": 0})

    def post(self, action: str) -> None:
        self.is_waiting = True
        try:
            answer = self.person.post(f"/expenses/import/{self.batch_id}/{action}/", **self.choices)
            self.answers[answer.status_code] += 1
        except requests.RequestException:
            self.answers[BROKEN] += 1
        self.is_waiting = False

    def is_in(self, state: str) -> bool:
        """Whether the import is known to be in the state. Nothing is known while MongoDB is away."""
        with suppress(PyMongoError), pymongo.timeout(1):
            return self.batch["state"] == state and not self.batch["restoring"]
        return False

    def until(self, state: str, action: str) -> None:
        """Repeat the action until the import is in the state."""

        def is_reached() -> bool:
            self.post(action)
            return self.is_in(state)

        until(is_reached, f"an import that is {state}")

    def during(self, state: str, action: str, fault) -> None:
        """Work towards a state while `fault` happens, which returns whether it was in time."""
        work = threading.Thread(target=self.until, args=(state, action))
        work.start()
        fault()
        work.join()
        assert self.batch["state"] == state, self.batch
        assert set(self.answers) <= {302, AWAY, BROKEN}, self.answers

    def stored(self) -> Counter:
        """The expenses in the database and outside the trash, including duplicates."""
        rows = self.site.database["expenses_expense"].find({"owner_id": self.person.user_id, "deleted_at": None})
        return Counter((f"{row['spent_on']:%Y-%m-%d}", row["title"], str(row["amount"])) for row in rows)

    def fingerprints(self) -> int:
        return self.site.database["expenses_fingerprint"].count_documents({"owner_id": self.person.user_id})

    def tell(self, fault: str) -> None:
        """Add a line to the table. Each row of the file counts as one expense sent."""
        counts = (ROWS, sum(self.answers.values()), self.batch["added"], sum(self.stored().values()))
        tell(f"import: {fault}", counts, self.answers, self.person.slowest, self.site.last_recovery)

    def restore_until_killed(self, function: str, *others: int) -> None:
        """Restore in a separate process, which is killed with the others after this function's third call."""
        values = {"function": function, "others": others, "person": self.person.user_id, "batch": self.batch_id}
        with pytest.raises(subprocess.CalledProcessError) as died:
            self.site.python(RESTORE.format(**values))
        assert died.value.returncode == -signal.SIGKILL, died.value.stderr

    def total_shown(self, month: str) -> bool:
        """Whether the list shows the sum of the stored expenses of a month."""
        total = sum(Decimal(amount) * count for (day, _t, amount), count in self.stored().items() if day[:7] == month)
        return f"{total:,.2f}" in until(lambda: self.list_of(month), "a list")

    def list_of(self, month: str) -> str:
        """The list of a month, "" while the site says to come back, as it may on a busy machine."""
        answer = self.person.get(f"/expenses/?month={month}")
        return "" if answer.status_code == AWAY else answer.text

    def check_rows(self) -> None:
        """Assert that every row of the file exists once."""
        wanted = Counter(tuple(line.replace(",-", ",").split(",")) for line in TEXT.splitlines()[1:])
        assert self.stored() == wanted
        assert set(wanted.values()) == {2}

    def check(self) -> None:
        """Assert that every row of the file exists once, and that the batch's counts are right."""
        self.check_rows()
        assert (self.batch["added"], self.batch["known"], self.batch["position"]) == (ROWS, 0, ROWS)
        assert self.fingerprints() == ROWS


@pytest.fixture
def ada(site, people):
    return Importer(site, people[0])


def kill_workers(ada: Importer, places: Iterable[int], count: Callable[[], int]):
    """A fault: kill -9 all workers, while Ada waits for an answer, whenever `count` reaches one of the places."""

    def kill() -> None:
        for pid in ada.site.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def fault() -> None:
        for place in places:
            until(lambda place=place: count() >= place and ada.is_waiting, f"row {place} of the import")
            kill()
            # Her first request may have been answered just before.
            until(lambda: ada.answers[BROKEN] or kill(), "a request that breaks")

    return fault


def test_workers_killed_in_the_middle_of_an_import_and_of_its_undoing_and_restoring(site, engines, ada):
    ada.during("done", "run", kill_workers(ada, KILLED_AT, lambda: ada.batch["position"]))
    site.last_recovery = site.seconds_until_back()
    ada.tell("web workers kill -9")
    assert ada.answers[BROKEN] > 0, "nobody met the fault"
    ada.check()
    ada.answers.clear()
    ada.during("undone", "undo", kill_workers(ada, KILLED_AT[:2], lambda: ROWS - sum(ada.stored().values())))
    assert ada.answers[BROKEN] > 0, "nobody met the fault"
    assert not ada.stored()
    assert ada.fingerprints() == 0
    site.seconds_until_back()
    restore_after_kills(site, engines, ada)


def restore_after_kills(site, engines, ada: Importer) -> None:
    """Kill the process that restores inside a transaction, then between two of them, then MongoDB with it."""
    [mongod] = [child for engine, child in engines._running if engine.name == "MongoDB"]
    assert ada.total_shown("2026-05")
    ada.restore_until_killed("restore_expenses")
    ada.restore_until_killed("_next_part")
    assert 0 < sum(ada.stored().values()) < ROWS
    assert ada.total_shown("2026-01")
    ada.restore_until_killed("restore_expenses", mongod.pid)
    mongod.wait()  # only one that has ended can be started again
    engines.revive()
    site.seconds_until_back()
    ada.answers.clear()
    ada.until("done", "restore")
    ada.check_rows()
    assert (ada.batch["undone_at"], ada.fingerprints()) == (None, 0)
    assert ada.total_shown("2026-01")
    assert ada.total_shown("2026-05")


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
        for place in KILLED_AT[1::2]:
            until(lambda place=place: ada.batch["position"] >= place, f"row {place} of the import")
            with killed(engines, "MongoDB"):
                # Her own request may have been answered just before.
                ada.post("run")
            site.last_recovery = site.seconds_until_back()

    ada.during("done", "run", fault)
    ada.tell("MongoDB kill -9")
    assert ada.answers[AWAY] > 0, "nobody met the fault"
    ada.check()
