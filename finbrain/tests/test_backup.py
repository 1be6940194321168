"""A backup restores everything as it was, or says why it can't."""

import gzip
import threading
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from expenses.models import Expense
from expenses.tests.making import make_expense, make_expenses
from finbrain.operations import backup as making
from finbrain.tests import isolation

pytestmark = pytest.mark.usefixtures("_put_back")


@pytest.fixture
def _put_back(db):
    """A restore recreates collections, which the isolation of tests doesn't notice."""
    yield
    isolation.restore(everything=True)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "finbrain.backup"


def everything() -> dict:
    """All documents, options and indexes of the database."""
    database = connection.database
    return {
        found["name"]: (
            found["options"],
            sorted((dict(index) for index in database[found["name"]].list_indexes()), key=lambda index: index["name"]),
            sorted(database[found["name"]].find(), key=lambda document: str(document["_id"])),
        )
        for found in database.list_collections()
        if not found["name"].startswith("system.")
    }


def test_round_trip(alice, bob, file, capsys):
    make_expense(alice, title="קפה ☕", amount="12.30", own_rate=Decimal("3.7001"), own_rate_currency="ILS")
    make_expenses(bob, [{"title": f"Expense {n}", "amount": "-1.50", "unsure": 0.4} for n in range(500)])
    before = everything()
    call_command("backup", file)
    assert "documents of" in capsys.readouterr().out
    assert file.stat().st_mode & 0o077 == 0
    get_user_model().objects.all().delete()
    connection.database["left_over"].insert_one({})
    call_command("restore", file, force=True)
    assert everything() == before
    assert Expense.objects.get(ledger_id=alice.pk).own_rate == Decimal("3.7001")


def test_it_needs_no_more_than_the_role_read_write(alice, file, monkeypatch):
    """This role may drop collections, but not databases."""

    def refuse(*_):
        raise OperationFailure("not authorized")

    call_command("backup", file)
    monkeypatch.setattr(MongoClient, "drop_database", refuse)
    call_command("restore", file, force=True)
    assert get_user_model().objects.get() == alice


def test_many_frames(alice, file, monkeypatch):
    monkeypatch.setattr(making, "FRAME_BYTES", 1000)
    make_expenses(alice, [{"title": f"Expense {n}", "amount": "1"} for n in range(100)])
    before = everything()
    call_command("backup", file)
    call_command("restore", file, force=True)
    assert everything() == before


def test_a_database_in_use_is_not_overwritten(alice, file):
    call_command("backup", file)
    with pytest.raises(CommandError, match=r"is not empty\. To replace .* use --force"):
        call_command("restore", file)
    assert get_user_model().objects.get() == alice


def test_a_new_installation_takes_a_backup(alice, file):
    call_command("backup", file)
    get_user_model().objects.all().delete()
    call_command("restore", file)
    assert get_user_model().objects.get() == alice


def test_it_is_one_moment(alice, file, monkeypatch):
    """Nothing that is written while the backup runs is in it, neither the expense nor its month."""
    make_expense(alice, title="before")
    frames = making.document_batches

    def slow(name, session):
        if name == "classifier_memory":  # comes before expenses
            writer = threading.Thread(target=make_expense, args=(alice,), kwargs={"title": "meanwhile"})
            writer.start()
            writer.join()
        return frames(name, session)

    monkeypatch.setattr(making, "document_batches", slow)
    call_command("backup", file)
    assert Expense.objects.count() == 2
    call_command("restore", file, force=True)
    assert [expense.title for expense in Expense.objects.all()] == ["before"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[: len(data) // 2], "is damaged|is incomplete"),
        (lambda data: b"", "is incomplete"),
        (lambda data: b"title,amount\n", "is damaged or not a FinBrain backup"),
        (lambda data: gzip.compress(gzip.decompress(data).replace(b"alice@", b"malice")), "its checksum is wrong"),
        (lambda data: gzip.compress(gzip.decompress(data)[:-40]), "is damaged|is incomplete"),
        (lambda data: gzip.compress(gzip.decompress(data) + b"more"), "its checksum is wrong"),
    ],
)
def test_a_damaged_file_changes_nothing(alice, file, damage, message):
    call_command("backup", file)
    file.write_bytes(damage(file.read_bytes()))
    before = everything()
    with pytest.raises(CommandError, match=message):
        call_command("restore", file, force=True)
    assert everything() == before


def test_a_file_can_be_checked_without_restoring_it(alice, file, capsys):
    call_command("backup", file)
    capsys.readouterr()
    call_command("restore", file, check=True)
    assert capsys.readouterr().out.endswith("collections readable.\n")


def test_what_cannot_be_written_is_told(db, tmp_path):
    with pytest.raises(CommandError, match="can't be written"):
        call_command("backup", tmp_path / "nowhere" / "file")
    with pytest.raises(CommandError, match="doesn't exist"):
        call_command("restore", tmp_path / "file")
