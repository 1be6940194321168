"""A name is found once: searching for a class or function leads to one meaning, and a file name to one file."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("accounts", "classifier", "expenses", "finbrain")
# What Django or a process calls by this name, and overloads.
GIVEN = {"Command", "main", "collection"}
# The same meaning at two levels: a view or a command with the name of the service that it calls.
SAME = {"discard_draft", "undo_import", "restore_import", "restore_series", "waiting_count", "ensure_model", "say"}
# In bank files, where colleagues of these functions in other packages have these names, too.
IN_STATEMENTS = {"is_number", "known_names", "is_own", "category_of", "table_of"}


def defined(folder: Path) -> Iterator[tuple[str, str]]:
    """Public classes and functions below a folder, without tests and migrations, each with its module."""
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        if "/tests/" in name or "/migrations" in name:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                yield node.name, name


@pytest.fixture(scope="module")
def places() -> dict[str, list[str]]:
    found = defaultdict(list)
    for app in APPS:
        for name, module in defined(settings.BASE_DIR / app):
            found[name].append(module)
    return found


def test_a_public_class_or_function_has_a_name_of_its_own(places):
    assert len(places) > 1000
    twice = {name: modules for name, modules in places.items() if len(modules) > 1}
    assert {name: modules for name, modules in twice.items() if name not in GIVEN | SAME | IN_STATEMENTS} == {}
    assert twice.keys() >= SAME | IN_STATEMENTS, "the exceptions are needed"
