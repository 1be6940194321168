"""Only `expenses/ledger` and `expenses/importing` change expenses, according to the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

DOORS = ("expenses/ledger/", "expenses/importing/")
# Methods that change rows, of the ORM and of PyMongo.
WRITES = {
    *("create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete", "save"),
    *("insert_one", "insert_many", "update_one", "update_many", "replace_one", "bulk_write", "delete_one"),
    *("delete_many", "find_one_and_update", "find_one_and_replace", "find_one_and_delete"),
}


def modules() -> Iterator[Path]:
    for app in ("finbrain", "accounts", "classifier", "expenses"):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if "/tests/" not in name and "/migrations" not in name and not name.startswith(DOORS):
                yield path


def writes_of(source: str) -> list[str]:
    """The calls in a module that change expenses: `Expense.objects…update(…)`, `collection(Expense).delete_many(…)`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            names = {each.id for each in ast.walk(node.func.value) if isinstance(each, ast.Name)}
            if names & {"Expense", "expense", "expenses"}:
                found.append(ast.unparse(node))
    return found


def test_no_module_outside_the_doors_changes_an_expense():
    writes = {path.relative_to(settings.BASE_DIR).as_posix(): writes_of(path.read_text()) for path in modules()}
    assert len(writes) > 150
    assert {name: found for name, found in writes.items() if found} == {}


@pytest.mark.parametrize(
    "source",
    [
        "Expense.objects.filter(pk=1).update(title='x')",
        "collection(Expense).update_one({}, {})",
        "expenses = collection(Expense)\nexpenses.delete_many({})",
        "expense.save()",
    ],
)
def test_a_write_is_seen(source):
    assert writes_of(source)


def test_the_doors_do_change_expenses():
    inside = [path.read_text() for door in DOORS for path in (settings.BASE_DIR / door).glob("*.py")]
    assert sum(bool(writes_of(source)) for source in inside) >= 3
