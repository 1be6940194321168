"""Tests ask for the date when they run: a run that begins before midnight would mix two days."""

import ast
from collections.abc import Iterator

from django.conf import settings

_CLOCKS = {"localdate", "localtime", "now", "today", "utcnow"}


def _at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that happen when a module is imported, defaults and decorators of functions included."""
    if isinstance(node, ast.Call):
        yield node
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _at_import(child)


def _asks_the_clock(call: ast.Call) -> bool:
    """`now` may be given a time zone; with arguments, the other names are other functions."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return name in _CLOCKS and (name == "now" or not call.args)


def test_no_test_module_reads_the_clock_when_it_is_imported():
    paths = [path for path in settings.BASE_DIR.glob("*/**/tests/**/*.py") if ".venv" not in path.parts]
    assert len(paths) > 250
    found = [
        f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}"
        for path in paths
        for call in _at_import(ast.parse(path.read_text()))
        if _asks_the_clock(call)
    ]
    assert found == []
