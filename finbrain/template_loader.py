"""Templates without their indentation: people read it, and browsers need not download it.

Done once, while a template is compiled. Outside tags a line break stays, inside a tag it becomes a space, which an
attribute with a line and a condition of its own only has where the condition holds. What `<pre>` and `<textarea>` hold
stays as it is.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

_SYNTAX = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
OTHER = r"\{(?![%{#])"
KEPT = re.compile(r"(<(pre|textarea)\b.*?</\2>)", re.DOTALL)
TAG = re.compile(
    rf"""<[a-z](?:{_SYNTAX}|"(?:{_SYNTAX}|{OTHER}|[^"{{])*"|'(?:{_SYNTAX}|{OTHER}|[^'{{])*'|{OTHER}|[^>"'{{])*>""",
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
    """The same HTML in short lines, each tag on one."""
    parts = KEPT.split(source)
    parts[::3] = [_BREAK.sub("\n", TAG.sub(_on_one_line, text)) for text in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def _on_one_line(tag: re.Match[str]) -> str:
    return _BREAK.sub(" ", _BEFORE_END.sub(">", _CONDITION.sub(r"\1 ", tag[0])))
