"""Every public class and function has a name of its own, so a search finds one meaning."""

import ast
from collections import defaultdict

import pytest
from django.conf import settings

APPS = ("accounts", "classifier", "expenses", "finbrain")
# What Django or a process calls by this name, and overloads.
GIVEN = {"Command", "main", "collection"}
# The same meaning at two levels: a view, a tag or a command with the name of the service that it calls.
SAME = {
    "discard_draft",
    "ensure_model",
    "read_on",
    "restore_import",
    "restore_series",
    "say",
    "undo_import",
    "waiting_count",
}


@pytest.fixture(scope="module")
def places() -> dict[str, list[str]]:
    """Public classes and functions -> the modules that define them, without tests and migrations."""
    found = defaultdict(list)
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            module = path.relative_to(settings.BASE_DIR).as_posix()
            if "/tests/" in module or "/migrations" in module:
                continue
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    found[node.name].append(module)
    return found


def test_a_public_class_or_function_has_a_name_of_its_own(places):
    assert len(places) > 1000
    twice = {name: modules for name, modules in places.items() if len(modules) > 1}
    assert {name: modules for name, modules in twice.items() if name not in GIVEN | SAME} == {}
    assert twice.keys() >= SAME, "the exceptions are needed"
