"""Static files in production: hashed and compressed names as WhiteNoise makes them, and the style sheet as one file.

`css/app.css` imports the other style sheets, so that development needs no build step. Served like that it would cost a
browser ten requests, one after the other; here its imports are written into it while the files are collected.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLE_SHEET = "css/app.css"
IMPORT = re.compile(r'@import url\("([\w.-]+\.css)"\) layer\((\w+)\);')

Paths = dict[str, tuple[Storage, str]]


def with_imports(paths: Paths, name: str = STYLE_SHEET) -> str:
    """The text of the style sheet `name` with each `@import url("…") layer(…);` of a neighbour replaced by that
    file's text in its layer.

    paths: as `collectstatic` hands them to `post_process`. Raises KeyError for an import of a file that is not there.
    """

    def text_of(path: str) -> str:
        storage, stored = paths[path]
        with storage.open(stored) as file:
            return file.read().decode()

    folder = name.rpartition("/")[0]
    return IMPORT.sub(lambda found: f"@layer {found[2]} {{\n{text_of(f'{folder}/{found[1]}')}}}", text_of(name))


class OneStyleSheetStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator:
        if STYLE_SHEET in paths and not dry_run:
            joined = InMemoryStorage()
            joined.save(STYLE_SHEET, ContentFile(with_imports(paths).encode()))
            paths = {**paths, STYLE_SHEET: (joined, STYLE_SHEET)}
        yield from super().post_process(paths, dry_run, **options)
