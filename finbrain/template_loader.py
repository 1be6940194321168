"""A template loader that removes indentation, which is for people, not for browsers, and translates constant texts.

This happens once for each language, when a template is compiled. Line breaks outside tags stay; inside a tag they
become spaces. An attribute on a line with its own condition gets its space only if the condition holds. The contents of
`<pre>` and `<textarea>` stay unchanged. A page has a hundred texts, and to render each takes 20 µs.
"""

import re
from typing import Any

from django.template import Origin
from django.template.loaders import cached, filesystem
from django.utils.translation import get_language
from django.utils.translation import gettext as translated
from django.utils.translation import pgettext as translated_in

_SYNTAX = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
_OTHER = r"\{(?![%{#])"
_KEPT = re.compile(r"(<(pre|textarea)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(
    rf"""<[a-z](?:{_SYNTAX}|"(?:{_SYNTAX}|{_OTHER}|[^"{{])*"|'(?:{_SYNTAX}|{_OTHER}|[^'{{])*'|{_OTHER}|[^>"'{{])*>""",
    re.DOTALL,
)
_BREAK = re.compile(r"\s*\n\s*")
_CONDITION = re.compile(r"\s*\n\s*({% if (?:(?!%})[^\n])*%})(?=[^\n%]*{% endif %}\s*\n)")
_BEFORE_END = re.compile(r"\s*\n\s*>$")
_TEXT = re.compile(r"""{% translate (?:"([^"]*)"|'([^']*)')(?: context "([^"]*)")? %}""")


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return with_texts(without_indentation(contents)) if origin.name.endswith(".html") else contents


class CachedLoader(cached.Loader):
    """Keeps compiled templates, of each language its own."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()}:{super().cache_key(template_name, skip)}"


def with_texts(source: str) -> str:
    """Return a template with its constant texts in the active language."""
    return _TEXT.sub(_translated, source)


def _translated(tag: re.Match[str]) -> str:
    text, context = (tag[1] or tag[2]).replace("%", "%%"), tag[3]  # as makemessages collects it
    return (translated_in(context, text) if context else translated(text)).replace("%%", "%")


def without_indentation(source: str) -> str:
    """Return the same HTML without indentation, with each tag on one line."""
    parts = _KEPT.split(source)
    parts[::3] = [_BREAK.sub("\n", _TAG.sub(_on_one_line, text)) for text in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def _on_one_line(tag: re.Match[str]) -> str:
    return _BREAK.sub(" ", _BEFORE_END.sub(">", _CONDITION.sub(r"\1 ", tag[0])))
