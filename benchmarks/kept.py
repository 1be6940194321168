"""Measures people's bytes in MongoDB's files and in Redis, for benchmarks.sizes. Needs `django.setup()`."""

import random
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from bson import ObjectId
from django.contrib.auth.hashers import make_password
from django.core.cache import caches
from django_redis import get_redis_connection

from accounts.models import User
from benchmarks.load import milliseconds
from benchmarks.pages import Measuring
from benchmarks.seed import CURRENCIES, PASSWORD, made_up
from benchmarks.site import Person, tell
from classifier.models import Memory
from classifier.text import normalise
from expenses import rates
from expenses.models import Expense
from finbrain.core.mongodb import client, database

# Expenses of each person whose storage is measured.
EXPENSES = 20
MONTHS = 12
BATCH = 5_000

Bytes = dict[str, int]


def cached_per_month(measuring: Measuring, person: Person, other: Person) -> Bytes:
    """The bytes in Redis after `person` viewed a year: per page, and per month's sums and figures.

    `other` views the year first, so that everything that people share is already cached.
    """

    def look(who: Person) -> None:
        milliseconds(measuring.get(f"/dashboard/?{measuring.months(MONTHS)}", who))
        for back in range(1, MONTHS + 1):
            milliseconds(measuring.get(f"/dashboard/?month={measuring.month(back)}", who))
            milliseconds(measuring.get(f"/expenses/?month={measuring.month(back)}", who))

    look(other)
    before = _keys_of("default")
    look(person)
    new = _keys_of("default") - before
    pages = {key for key in new if b"page:" in key}
    return {
        "cached_page": memory("default", pages) // len(pages),
        "cached_month": memory("default", new - pages) // MONTHS,
    }


def session_bytes() -> Bytes:
    """The average size of the existing sessions."""
    sessions = _keys_of("sessions")
    return {"session": memory("sessions", sessions) // len(sessions)}


def _keys_of(alias: str) -> set[bytes]:
    """The keys of one cache. Both caches may be on one server."""
    return set(get_redis_connection(alias).scan_iter(match=caches[alias].make_key("*")))


def memory(alias: str, keys: set[bytes]) -> int:
    server = get_redis_connection(alias)
    return sum(server.memory_usage(key, samples=0) or 0 for key in keys)


def kept_bytes(count: int, today: date) -> Bytes:
    """The bytes in MongoDB per person, per expense and per remembered text, with and without indexes.

    Expenses are written in the usual order: by day, not by owner.
    """
    tell(f"Creating {count:,} people with {EXPENSES} expenses each.")
    owners = _make_owners(count)
    _write_expenses(owners, [today - timedelta(days=n) for n in range(365)], random.Random(1))
    _write_memories(owners)
    expenses = stored("expenses_expense")
    memories = stored("classifier_memory")
    people = [stored(name) for name in ("accounts_user", "account_emailaddress")]
    return {
        "expense": expenses["document"],
        "expense_compressed": expenses["compressed"],
        "expense_indexes": expenses["indexes"],
        "person": sum(part["compressed"] + part["indexes"] for part in people),
        "remembered_text": memories["compressed"] + memories["indexes"],
    }


def _make_owners(count: int) -> list[User]:
    """Create people with a verified email, as after a sign-up."""

    password = make_password(PASSWORD)
    owners = [
        User(
            email=f"somebody.{n}@example.com",
            password=password,
            first_name="Noa",
            last_name="Levi",
            home_currency="ILS",
        )
        for n in range(count)
    ]
    User.objects.bulk_create(owners)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=owner, email=owner.email, verified=True, primary=True) for owner in owners]
    )
    return owners


def _write_expenses(owners: list[User], days: list[date], chance: random.Random) -> None:
    """Write EXPENSES expenses for each owner, day by day."""
    book = rates.rates_between(days[0], days[-1], CURRENCIES)
    rows = [
        made_up(owner, chance, [chance.choice(days)], CURRENCIES, book) for owner in owners for _ in range(EXPENSES)
    ]
    rows.sort(key=lambda row: row.spent_on)
    for start in range(0, len(rows), BATCH):
        Expense.objects.bulk_create(rows[start : start + BATCH])


def _write_memories(owners: list[User]) -> None:
    """Write a memory for each distinct title."""
    titles = {(row.ledger_id, row.title): row.category for row in Expense.objects.filter(owner__in=owners[:2_000])}
    known: dict[tuple[ObjectId, str], Memory] = {}
    for (owner, title), category in titles.items():
        text = normalise(title)
        known[owner, text] = Memory(ledger_id=owner, text=text, title=title, category=category, counts={category: 2})
    Memory.objects.bulk_create(list(known.values()))


def stored(name: str) -> Bytes:
    """The bytes of a collection's average document: as sent, compressed in its file, and its share of the index files.

    Free space in the files is left out, because it differs from run to run.
    """
    client().admin.command("fsync")  # write the files now instead of within a minute
    found = database().command("collStats", name)
    count = found["count"]
    indexes = [index["block-manager"] for index in found["indexDetails"].values()]
    free = sum(int(file["file bytes available for reuse"]) for file in indexes)
    return {
        "document": found["avgObjSize"],
        "compressed": (found["storageSize"] - found["freeStorageSize"]) // count,
        "indexes": (found["totalIndexSize"] - free) // count,
    }
