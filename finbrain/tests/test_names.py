"""Other modules use every public name, and public classes and functions share none, apart from a few exceptions."""

import ast
import re
from collections import defaultdict
from pathlib import Path

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
    "undo_import",
    "waiting_count",
}
# Django reads every name of these files, and `register` of template tags. Every module calls its logger `logger`.
READ_BY_DJANGO = ("apps.py", "formats.py", "settings.py", "urls.py")
EVERYWHERE = {"logger", "register"}
_IMPORT = re.compile(r"^ *from ([\w.]+) import (?:\(([^)]*)\)|([^\n]*))", re.MULTILINE)
_DOTTED = re.compile(r"\b(\w+)(?:\.|, \")(\w+)")
_TEXT = re.compile(r"[\"']((?:\w+\.)+\w+)[\"']")
Texts = dict[str, str]


@pytest.fixture(scope="module")
def texts() -> Texts:
    """Every Python file: path -> text."""
    paths = [path for app in (*APPS, "benchmarks", "scripts") for path in (settings.BASE_DIR / app).rglob("*.py")]
    paths += [settings.BASE_DIR / "conftest.py", settings.BASE_DIR / "gunicorn.conf.py"]
    return {path.relative_to(settings.BASE_DIR).as_posix(): path.read_text() for path in sorted(paths)}


@pytest.fixture(scope="module")
def trees(texts: Texts) -> dict[str, ast.Module]:
    """What Python reads in the files of the apps, without tests and migrations."""
    return {
        path: ast.parse(text)
        for path, text in texts.items()
        if path.startswith(APPS) and "/tests/" not in path and "/migrations" not in path
    }


def test_a_public_class_or_function_has_a_name_of_its_own(trees):
    places = defaultdict(list)
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                places[node.name].append(path)
    assert len(places) > 1000
    twice = {name: modules for name, modules in places.items() if len(modules) > 1}
    assert {name: modules for name, modules in twice.items() if name not in GIVEN | SAME} == {}
    assert twice.keys() >= SAME, "the exceptions are needed"


def test_what_only_its_module_uses_begins_with_an_underscore(texts, trees):
    of_templates = {name for path in (settings.BASE_DIR / "templates").rglob("*.html") for name in _contexts(path)}
    used = {name for text in texts.values() for name in _used(text)}
    unused = [
        f"{path}: {name}"
        for path, tree in trees.items()
        if not path.endswith(READ_BY_DJANGO)
        for name in _public_names(tree) - _in_interface(tree) - of_templates - EVERYWHERE - GIVEN
        if f"{_module(path)}.{name}" not in used
    ]
    assert sorted(unused) == []
    assert len(used) > 4000


def _contexts(template: Path) -> list[str]:
    """The classes and functions that a template's first comment names as the source of its context."""
    return re.findall(r"\.(\w+)\b", template.read_text().partition("Context: ")[2].partition("{%")[0])


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _used(text: str) -> set[str]:
    """Every dotted name that a module imports, reads of what it imports, patches, or has in a text."""
    imported: dict[str, str] = {}
    for package, several, one in _IMPORT.findall(text):
        for name in re.sub("#.*", "", several or one).split(","):
            name, _, alias = name.strip().partition(" as ")
            imported[alias or name] = f"{package}.{name}"
    read = {f"{imported[name]}.{of}" for name, of in _DOTTED.findall(text) if name in imported}
    return {*imported.values(), *read, *_TEXT.findall(text)}


def _public_names(tree: ast.Module) -> set[str]:
    """The public names that a module defines. What a decorator registers is used by whoever looks there."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found |= {node.name} if not any(map(_registers, node.decorator_list)) else set()
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return {name for name in found if not name.startswith("_")}


def _registers(decorator: ast.expr) -> bool:
    return any(word in ast.unparse(decorator) for word in ("register", "receiver"))


def _in_interface(tree: ast.Module) -> set[str]:
    """The classes and types in the signatures, bases and fields of what is public: who uses that has them, too."""
    parts: list[ast.AST | None] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            parts += node.bases
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    parts += _signature(each)
                elif isinstance(each, ast.Assign | ast.AnnAssign):
                    parts += [each.value, getattr(each, "annotation", None)]
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            parts += _signature(node)
    names = {one.id for part in parts if part for one in ast.walk(part) if isinstance(one, ast.Name)}
    return {name for name in names if not name[1:].isupper()}


def _signature(function: ast.FunctionDef) -> list[ast.AST | None]:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    every += [one for one in (function.args.vararg, function.args.kwarg) if one]
    return [function.returns, *(one.annotation for one in every)]
