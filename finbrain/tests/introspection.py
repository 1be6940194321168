"""What the site accepts, found in its own code: every address, the forms on its pages, the fields that views read."""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import django_htmx.middleware
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

_APPS = ("accounts", "classifier", "expenses", "finbrain")
_FIELDS_READ = re.compile(r"""(?:GET|POST|params|data)(?:\.get|\.getlist|\.pop)?[(\[]["']([a-z]\w*)["']""")
_FIELDS_ASKED = re.compile(r"""_parse_bound\(params, "(\w+)\"""")
_HEADERS_READ = re.compile(r"""headers\.get\(["']([\w-]+)["']|_get_header_value\(["']([\w-]+)["']\)""")


@dataclass(frozen=True)
class Address:
    """An address of the URL configuration. route: a format string for `names`. fields: those its view may read."""

    route: str
    names: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def path(self, key: str) -> str:
        """The path with this key for every parameter."""
        return self.route % dict.fromkeys(self.names, key)


def every_address() -> list[Address]:
    """All addresses. A view may read the fields that its own module reads, or the modules which that one imports."""
    return sorted(_addresses(get_resolver().url_patterns, ""), key=lambda each: each.route)


def _addresses(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for each in patterns:
        route = before + each.pattern.regex.pattern.removeprefix("^").replace(r"\Z", "").removesuffix("$")
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, route)
            continue
        fields = _fields_of(inspect.unwrap(each.callback).__module__)
        for path, names in normalize(route):
            yield Address("/" + path, tuple(names), fields)


@cache
def _fields_of(module: str) -> tuple[str, ...]:
    """The fields of queries and forms that a module of FinBrain, or one that it imports from, reads by name."""
    used = {name for each in vars(import_module(module)).values() if (name := getattr(each, "__module__", None))}
    sources = [Path(sys.modules[name].__file__ or "") for name in {module, *used} if name.split(".")[0] in _APPS]
    texts = [path.read_text() for path in sources]
    return tuple(
        sorted({field for text in texts for field in _FIELDS_READ.findall(text) + _FIELDS_ASKED.findall(text)})
    )


def headers_in_code() -> list[str]:
    """The headers that FinBrain's own code and htmx's middleware read by name."""
    texts = [*_own_code(), Path(django_htmx.middleware.__file__).read_text()]
    return sorted({"".join(pair) for text in texts for pair in _HEADERS_READ.findall(text)})


def _own_code() -> Iterator[str]:
    for app in _APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if "tests" not in path.parts:
                yield path.read_text()


class Forms(HTMLParser):
    """The forms of a page: where each goes, with the fields and the values that it would send; and the page's links.

    forms: (method, path, {name: value}). queries: names of the parameters in links.
    """

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.queries: set[str] = set()
        self._path = path
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("hx-post") or given.get("action") or self._path
            self.forms.append((given.get("method", "get").upper(), urlsplit(action).path or self._path, {}))
        elif tag in ("input", "select", "textarea", "button") and given.get("name") and self.forms:
            self.forms[-1][2].setdefault(given["name"], given.get("value", ""))
        elif post := given.get("hx-post"):
            self.forms.append(("POST", urlsplit(post).path, {}))
        for name in ("href", "hx-get"):
            if name in given:
                self.queries |= {field for field, _ in parse_qsl(urlsplit(given[name]).query)}
