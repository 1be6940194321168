"""A template loader that removes indentation, which is for people, not for browsers.

This happens once, when a template is compiled. Line breaks outside tags stay; inside a tag they become spaces. An
attribute on a line with its own condition gets its space only if the condition holds. The contents of `<pre>` and
`<textarea>` stay unchanged.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

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


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return without_indentation(contents) if origin.name.endswith(".html") else contents


def without_indentation(source: str) -> str:
    """Return the same HTML without indentation, with each tag on one line."""
    parts = _KEPT.split(source)
    parts[::3] = [_BREAK.sub("\n", _TAG.sub(_on_one_line, text)) for text in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def _on_one_line(tag: re.Match[str]) -> str:
    return _BREAK.sub(" ", _BEFORE_END.sub(">", _CONDITION.sub(r"\1 ", tag[0])))
