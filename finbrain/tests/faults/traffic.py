"""People who add expenses while something breaks, and a record of what was sent, acknowledged and found."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bson import ObjectId

from finbrain.tests.faults.site import Person, Site
from finbrain.tests.waiting import SECONDS, until

STORED, AWAY, BROKEN = 302, 503, 0
WIDTHS = {"sent": 6, "tries": 7, "acknowledged": 14, "found": 7, "503": 6, "broken": 8, "slowest": 9, "back after": 12}
HEAD = f"{'fault':34}" + "".join(f"{name:>{width}}" for name, width in WIDTHS.items())
_table: list[str] = []


@dataclass
class Book:
    """A person's record. sent: keys of the expenses they wanted to add. acknowledged: those FinBrain said it stored."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    answers: Counter = field(default_factory=Counter)


def live(person: Person, book: Book, stop: threading.Event) -> None:
    """Keep adding expenses and viewing the list. Anything not acknowledged is sent again with the same key."""
    while not stop.is_set():
        key = str(ObjectId())
        book.sent.add(key)
        try_to_add(person, book, key)
        if book.sent - book.acknowledged and len(book.sent) % 3 == 0:
            try_to_add(person, book, min(book.sent - book.acknowledged))
        stop.wait(0.02)


def try_to_add(person: Person, book: Book, key: str) -> None:
    status = person.add(key)
    book.answers[status] += 1
    if status == STORED:
        book.acknowledged.add(key)


def during(site: Site, people: list[Person], fault: Callable[[], float]) -> list[Book]:
    """Let people add expenses during `fault`, which returns how long the recovery took, then let them finish.

    At the end everything that was not acknowledged is sent again, until it is: a transaction that nobody will end may
    keep a person's month busy for some seconds.
    """
    books = site.books = [Book() for _ in people]
    stop = threading.Event()
    for person in people:
        person.slowest = 0.0
    lives = [threading.Thread(target=live, args=(*pair, stop)) for pair in zip(people, books, strict=True)]
    for life in lives:
        life.start()
    try:
        wait_for_tries(books, 5)
        recovery = fault()
        wait_for_tries(books, 5)
    finally:
        stop.set()
        for life in lives:
            life.join()
    deadline = time.monotonic() + SECONDS
    for person, book in zip(people, books, strict=True):
        while (left := sorted(book.sent - book.acknowledged)) and time.monotonic() < deadline:
            for key in left:
                try_to_add(person, book, key)
    site.last_recovery = recovery
    return books


def wait_until_met(books: list[Book]) -> None:
    """Until everybody was told that an engine is away."""
    until(lambda: all(book.answers[AWAY] for book in books), "everybody to meet the fault")


def wait_for_tries(books: list[Book], number: int) -> None:
    """Until everybody has tried that often again."""
    wanted = [book.answers.total() + number for book in books]
    until(
        lambda: all(book.answers.total() >= tries for book, tries in zip(books, wanted, strict=True)),
        f"{number} tries of everybody",
    )


def check(name: str, site: Site, people: list[Person], books: list[Book], broken: bool = False) -> None:
    """Nothing acknowledged is lost, nothing is doubled, nobody waited for good. Adds a line to the table.

    broken: whether connections may break because web workers are killed.
    """
    found = [site.found(person.user_id) for person in people]
    answers = sum((book.answers for book in books), Counter())
    slowest = max(person.slowest for person in people)
    counts = (len(set().union(*(book.sent for book in books))), sum(answers.values()))
    acknowledged = sum(len(book.acknowledged) for book in books)
    tell(name, (*counts, acknowledged, sum(map(len, found))), answers, slowest, site.last_recovery)
    for book, keys in zip(books, found, strict=True):
        assert book.acknowledged <= set(keys), "acknowledged and lost"
        assert len(keys) == len(set(keys)), "stored twice"
        assert set(keys) <= book.sent
        assert book.acknowledged == book.sent, "not stored even after the recovery"
    assert set(answers) <= {STORED, AWAY, *([BROKEN] if broken else [])}, answers
    assert slowest <= site.stuck_seconds


def tell(name: str, counts: tuple[int, int, int, int], answers: Counter, slowest: float, recovery: float) -> None:
    """Add a line to the table. counts: sent, tries, acknowledged, found. slowest, recovery: seconds."""
    columns = (*counts, answers[AWAY], answers[BROKEN], f"{slowest:.2f}s", f"{recovery:.2f}s")
    line = f"{name:34}" + "".join(f"{value:>{width}}" for value, width in zip(columns, WIDTHS.values(), strict=True))
    _table.append(line)
    print(line)


def write_table(path: Path) -> str:
    """Write the table of all faults so far to `path` and return it."""
    text = "\n".join([HEAD, *_table, ""])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return text
