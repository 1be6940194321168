"""Slow queries and slow connections cost only those who make them: everybody else is served as always."""

import socket
import threading
from contextlib import ExitStack, closing

import pytest

from finbrain.tests.faults.site import running_site
from finbrain.tests.faults.traffic import AWAY, BROKEN, STORED, check, during, wait_for_tries

SLOW_SEARCHES = 4
# Connections at a time, one more than there are workers, each of which sends a byte a second.
SLOW_CONNECTIONS = 3
HEAD = "POST /expenses/add/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM_HEAD = f"{HEAD}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slow")
    with running_site(engines.addresses, folder, application="finbrain.tests.faults.slow_search") as found:
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

    books = during(site, people, fault)
    check("searches that take too long", site, people, books)
    assert {answer.status_code for answer in answers} == {AWAY}
    assert all("This took too long" in answer.text for answer in answers)
    assert sum(book.answers[AWAY] for book in books) == 0
    assert "is away" not in site.log.read_text()
    assert searcher.get("/expenses/").status_code == 200


@pytest.mark.parametrize("sent", [HEAD, FORM_HEAD], ids=["head", "body"])
def test_connections_that_send_a_byte_a_second_keep_nobody_waiting(site, people, sent):
    stop = threading.Event()

    def dribble(connection: socket.socket) -> None:
        while not stop.wait(1):
            connection.sendall(b"x")

    with ExitStack() as opened:
        slow = [
            opened.enter_context(closing(socket.create_connection(("127.0.0.1", site.port))))
            for _ in range(SLOW_CONNECTIONS)
        ]
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
