"""Static files in production: WhiteNoise's hashed names and compression, one style sheet, scripts without comments.

`css/app.css` imports the other style sheets, so that development needs no build step. Served like that, it would cost
ten requests, so collecting the files inlines the imports. Comments are removed because they hold the scripts' types,
which browsers don't need.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLE_SHEET = "css/app.css"
# Our own scripts. Packages have folders of their own.
_SCRIPTS = "js/"
_IMPORT = re.compile(r'@import url\("([\w.-]+\.css)"\) layer\((\w+)\);')
# How our scripts import each other. Django's own pattern also matches words in minified packages.
_IMPORTED = (r"""(?P<matched> from "(?P<url>\./[\w-]+\.js)";)""", """ from "%(url)s";""")
_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)

Paths = dict[str, tuple[Storage, str]]


def _read_static(paths: Paths, name: str) -> str:
    storage, stored = paths[name]
    with storage.open(stored) as file:
        return file.read().decode()


def with_imports(paths: Paths, name: str = STYLE_SHEET) -> str:
    """Return the style sheet `name` with each `@import url("…") layer(…);` replaced by that file's text in its layer.

    paths: the argument of `post_process`. Raises KeyError if an imported file is missing.
    """
    folder = name.rpartition("/")[0]

    def layer(found: re.Match[str]) -> str:
        return f"@layer {found[2]} {{\n{_read_static(paths, f'{folder}/{found[1]}')}}}"

    return _IMPORT.sub(layer, _read_static(paths, name))


def without_comments(script: str) -> str:
    """Return the script without comments that fill whole lines. Others stay: a string can look like a comment."""
    return _COMMENT.sub("", script)


class OneStyleSheetStorage(CompressedManifestStaticFilesStorage):
    patterns = (*CompressedManifestStaticFilesStorage.patterns, (f"{_SCRIPTS}*.js", (_IMPORTED,)))

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator:
        if not dry_run:
            texts = {name: without_comments(_read_static(paths, name)) for name in paths if _is_own_script(name)}
            if STYLE_SHEET in paths:
                texts[STYLE_SHEET] = with_imports(paths)
            changed = InMemoryStorage()
            for name, text in texts.items():
                changed.save(name, ContentFile(text.encode()))
            paths = {**paths, **{name: (changed, name) for name in texts}}
        yield from super().post_process(paths, dry_run, **options)

    # Takes most of the time to collect the files, so a site that is tried out on one machine does without.
    use_brotli = True

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(use_brotli=self.use_brotli, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress only the files that pages link to: those with hashed names."""
        yield from super().compress_files(set(self.hashed_files.values()).intersection(paths))


def _is_own_script(name: str) -> bool:
    return name.startswith(_SCRIPTS) and name.endswith(".js")
