"""Static files in production: hashed and compressed names as WhiteNoise makes them, the style sheet as one file, and
scripts without their comments.

`css/app.css` imports the other style sheets, so that development needs no build step. Served like that it would cost a
browser ten requests, one after the other; here its imports are written into it while the files are collected. The types
of the scripts are in comments, which a browser need not load.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLE_SHEET = "css/app.css"
SCRIPTS = "js/"  # ours: packages put theirs into folders of their own
IMPORT = re.compile(r'@import url\("([\w.-]+\.css)"\) layer\((\w+)\);')
# How our scripts import each other. Django can find imports itself, but takes words in minified packages for some.
IMPORTED = (r"""(?P<matched> from "(?P<url>\./[\w-]+\.js)";)""", """ from "%(url)s";""")
COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)

Paths = dict[str, tuple[Storage, str]]


def text_of(paths: Paths, name: str) -> str:
    storage, stored = paths[name]
    with storage.open(stored) as file:
        return file.read().decode()


def with_imports(paths: Paths, name: str = STYLE_SHEET) -> str:
    """The text of the style sheet `name` with each `@import url("…") layer(…);` of a neighbour replaced by that
    file's text in its layer.

    paths: as `collectstatic` hands them to `post_process`. Raises KeyError for an import of a file that is not there.
    """
    folder = name.rpartition("/")[0]

    def layer(found: re.Match[str]) -> str:
        return f"@layer {found[2]} {{\n{text_of(paths, f'{folder}/{found[1]}')}}}"

    return IMPORT.sub(layer, text_of(paths, name))


def without_comments(script: str) -> str:
    """The script without the comments that fill whole lines. Beside code they stay: a string can look like one."""
    return COMMENT.sub("", script)


class OneStyleSheetStorage(CompressedManifestStaticFilesStorage):
    patterns = (*CompressedManifestStaticFilesStorage.patterns, (f"{SCRIPTS}*.js", (IMPORTED,)))

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator:
        if not dry_run:
            texts = {name: without_comments(text_of(paths, name)) for name in paths if is_own_script(name)}
            if STYLE_SHEET in paths:
                texts[STYLE_SHEET] = with_imports(paths)
            changed = InMemoryStorage()
            for name, text in texts.items():
                changed.save(name, ContentFile(text.encode()))
            paths = {**paths, **{name: (changed, name) for name in texts}}
        yield from super().post_process(paths, dry_run, **options)


def is_own_script(name: str) -> bool:
    return name.startswith(SCRIPTS) and name.endswith(".js")
