"""Slow queries, slow connections and cut exports cost only those who make them: everybody else is served as always."""

import json
import os
import resource
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
from bson import ObjectId

from benchmarks.cost_files import COLUMNS, statement
from finbrain.tests.faults.site import running_site
from finbrain.tests.faults.traffic import AWAY, BROKEN, STORED, check, during, wait_for_tries
from finbrain.tests.waiting import SECONDS, until

SLOW_SEARCHES = 4
# Looks of each person at a draft.
LOOKS = 2
ROWS_OF_DRAFT = 20_000
# Connections at a time, more than all workers have threads, each of which sends a byte a second.
SLOW_CONNECTIONS = 20
# More than there are threads.
SILENT_CONNECTIONS = 60
SPARE_DESCRIPTORS = 12
# More than an export sends at once.
ROWS = 1200
# More than the buffers of a connection hold.
CUT_ROWS = 8000
# The CSRF check then reads the form.
HEAD = f"POST /expenses/add/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={'c' * 32}\r\n"
FORM = f"{HEAD}Content-Type: application/x-www-form-urlencoded\r\n"
# Requests that don't end: in the head, in the body, after the first 100 KB of a body, and in a body of unknown length.
ENDLESS = {
    "head": HEAD,
    "body": f"{FORM}Content-Length: 100000\r\n\r\n",
    "upload": f"{FORM}Content-Length: 5000000\r\n\r\n{'x' * 100_000}",
    "chunks": f"{FORM}Transfer-Encoding: chunked\r\n\r\nfffff\r\n",
}


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slow")
    with running_site(engines.addresses, folder, patient=True, application="finbrain.tests.faults.hard_words") as found:
        yield found


def test_a_search_that_takes_too_long_is_only_its_own_outage(site, people):
    searcher, *people = people
    assert searcher.add("one-to-find") == STORED
    answers = []

    def search() -> None:
        answers.extend(searcher.get("/expenses/?month=all&q=slowword") for _ in range(2))

    def fault() -> float:
        searches = [threading.Thread(target=search) for _ in range(SLOW_SEARCHES)]
        for one in searches:
            one.start()
        for one in searches:
            one.join()
        return site.seconds_until_back()

    with health_checks(site) as health:
        books = during(site, people, fault)
    check("searches that take too long", site, people, books)
    assert set(health) == {200}
    assert {answer.status_code for answer in answers} == {AWAY}
    assert all("This took too long" in answer.text for answer in answers)
    assert sum(book.answers[AWAY] for book in books) == 0
    assert "is away" not in site.log.read_text()
    assert searcher.get("/expenses/").status_code == 200


@contextmanager
def health_checks(site) -> Iterator[Counter]:
    """Ask for /healthz all the time, and count the answers by their status."""
    answers, stop = Counter(), threading.Event()

    def ask() -> None:
        while not stop.wait(0.05):
            answers[requests.get(f"{site.base}/healthz", timeout=SECONDS).status_code] += 1

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield answers
    finally:
        stop.set()
        asking.join()


def test_the_largest_drafts_keep_nobody_waiting(site, people):
    """Each look plans the import of all rows again. The site answers others before it has."""
    lookers, people = people[:2], people[2:]
    data, looks, ready = statement(ROWS_OF_DRAFT, COLUMNS), [], []
    drafts = [upload(looker, data) for looker in lookers]

    def look(person, path: str, health: Counter) -> bool:
        """Whether somebody else was answered meanwhile."""
        site.database["expenses_importbatch"].update_many({"owner_id": person.user_id}, {"$set": {"plan_key": ""}})
        before = health.total()
        looks.append(person.get(path).status_code)
        return health.total() > before

    def keep_looking(person, path: str, health: Counter) -> None:
        for _ in range(LOOKS):
            until(lambda: look(person, path, health), "an answer to somebody else during a look")
        ready.append(person)

    def fault() -> float:
        pairs = zip(lookers, drafts, strict=True)
        looking = [threading.Thread(target=keep_looking, args=(*pair, health)) for pair in pairs]
        for one in looking:
            one.start()
        for one in looking:
            one.join()
        return site.seconds_until_back()

    with health_checks(site) as health:
        books = during(site, people, fault)
    check("looks at the largest drafts", site, people, books)
    assert set(health) == {200}
    assert set(looks) == {200}
    assert len(ready) == len(lookers)


def upload(person, data: bytes) -> str:
    """Upload a file; returns the path of its draft."""
    answer = person.ask(
        "POST", "/expenses/import/", data={"csrfmiddlewaretoken": "c" * 32}, files={"file": ("a.csv", data)}
    )
    assert answer.status_code == STORED
    return answer.headers["Location"]


@pytest.mark.parametrize("sent", ENDLESS.values(), ids=ENDLESS)
def test_connections_that_send_a_byte_a_second_keep_nobody_waiting(site, people, sent):
    stop = threading.Event()

    def dribble(connection: socket.socket) -> None:
        with suppress(OSError):  # the site closes it after half a minute
            while not stop.wait(1):
                connection.sendall(b"x")

    with ExitStack() as opened:
        slow = [opened.enter_context(closing(connect(site))) for _ in range(SLOW_CONNECTIONS)]
        dribbling = [threading.Thread(target=dribble, args=(connection,)) for connection in slow]
        for connection, thread in zip(slow, dribbling, strict=True):
            connection.sendall(sent.encode())
            thread.start()

        def fault() -> float:
            wait_for_tries(site.books, 20)
            return site.seconds_until_back()

        try:
            books = during(site, people, fault)
        finally:
            stop.set()
            for thread in dribbling:
                thread.join()
    check("connections of a byte a second", site, people, books)
    assert sum(book.answers[AWAY] + book.answers[BROKEN] for book in books) == 0


def connect(site) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port))


def test_connections_that_send_nothing_keep_nobody_waiting(site, people):
    with ExitStack() as opened:
        for _ in range(SILENT_CONNECTIONS):
            opened.enter_context(closing(connect(site)))
        books = during(site, people, site.seconds_until_back)
    check("connections that send nothing", site, people, books)


def test_workers_without_file_descriptors_go_on_once_there_are_some(site, people):
    workers = site.workers()
    with ExitStack() as opened:
        for pid in workers:
            usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            most = max(map(int, os.listdir(f"/proc/{pid}/fd"))) + SPARE_DESCRIPTORS
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, usual[1]))
            opened.callback(resource.prlimit, pid, resource.RLIMIT_NOFILE, usual)

        def has_run_out() -> bool:
            opened.enter_context(closing(connect(site)))
            return "No file descriptor is free" in site.log.read_text()

        until(has_run_out, "workers without file descriptors")
    site.seconds_until_back()
    assert site.workers() == workers


def test_an_export_that_is_cut_breaks_the_connection(site, people):
    """The browser then reports a failed download, instead of keeping half of the expenses."""
    ada = people[0]
    assert ada.add("the-first-expense") == STORED
    expenses = site.database["expenses_expense"]
    like = expenses.find_one({"owner_id": ada.user_id})
    rows = [
        like | {"_id": ObjectId(), "entry_key": f"row-{n}", "spent_on": datetime(2026, 8, 20) - timedelta(days=n)}
        for n in range(1, ROWS)
    ]
    rows[-1]["title"] = "cutword"
    expenses.insert_many(rows)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ada.get("/expenses/export/?month=all&format=csv")
    until(lambda: "An export was cut: OSError" in site.log.read_text(), "a line in the log")
    assert ada.get("/expenses/").status_code == 200


def test_clients_that_read_slowly_keep_nobody_waiting(site, people):
    """Each has asked for an export and reads its first bytes. Later they get the rest of it."""
    reader, *people = people
    export_much(site, reader)
    with ExitStack() as opened:
        slow = [opened.enter_context(closing(ask_for_export(site, reader, "csv"))) for _ in range(SLOW_CONNECTIONS)]
        books = during(site, people, site.seconds_until_back)
        check("clients that read slowly", site, people, books)
        assert sum(book.answers[AWAY] + book.answers[BROKEN] for book in books) == 0
        answers = {read_to_end(connection) for connection in slow[:3]}
    assert len(answers) == 1
    assert answers.pop() > 800 * CUT_ROWS


def export_much(site, person) -> None:
    """Give a person more expenses than the buffers of a connection hold."""
    assert person.add("exported") == STORED
    like = site.database["expenses_expense"].find_one({"owner_id": person.user_id})
    rows = [like | {"_id": ObjectId(), "entry_key": f"cut-{n}", "note": os.urandom(400).hex()} for n in range(CUT_ROWS)]
    site.database["expenses_expense"].insert_many(rows)


def ask_for_export(site, person, name: str) -> socket.socket:
    """Connect, ask for an export, and read the beginning of the answer."""
    cookies = "; ".join(f"{cookie}={value}" for cookie, value in person.http.cookies.items())
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", site.port))
    path = f"/expenses/export/?month=all&format={name}"
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode())
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def read_to_end(connection: socket.socket) -> int:
    """Read the rest of a whole answer; returns how long its body is."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024 * 1024)
    connection.settimeout(SECONDS)
    parts = iter(partial(connection.recv, 1024 * 1024), b"")
    _head, _end, body = b"".join(parts).partition(b"\r\n\r\n")
    assert body.endswith(b"\r\n0\r\n\r\n")
    return len(body)


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_a_client_that_cuts_an_export_is_no_error(site, people, name):
    """Nothing is logged as an error, and no file stays open."""
    reader = people[-1]
    export_much(site, reader)
    before = len(site.log.read_text())
    with closing(ask_for_export(site, reader, name)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing breaks it
    until(lambda: not any(map(scratch_files, site.workers())), "no temporary file that is still open")
    site.seconds_until_back()
    until(lambda: "/expenses/export/" in site.log.read_text()[before:], "the line of the request")
    lines = [json.loads(line) for line in site.log.read_text()[before:].splitlines()]
    assert [line["status"] for line in lines if line.get("path") == "/expenses/export/"] == [200]
    assert [line for line in lines if line["level"] == "error" or "Traceback" in str(line)] == []


def scratch_files(pid: int) -> list[str]:
    """The temporary files that a process has open."""
    opened = map(os.path.realpath, Path(f"/proc/{pid}/fd").iterdir())
    return [path for path in opened if "/scratch-" in path]
