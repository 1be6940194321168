"""Compiles the translations, `locale/<language>/LC_MESSAGES/django.po`, to the `.mo` files that Django reads.

Uses Babel, so that FinBrain runs without GNU gettext. Only developers who change messages need it, to collect them:
`python manage.py makemessages -l he --no-location --no-obsolete --ignore=.venv`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_LOCALE = Path(__file__).resolve().parent.parent / "locale"


def sources(locale: Path = _LOCALE) -> Iterator[Path]:
    """Find the `.po` files of all languages."""
    yield from sorted(locale.glob("*/LC_MESSAGES/django.po"))


def read_catalogue(source: Path) -> Catalog:
    """Read a `.po` file. Raises babel.messages.pofile.PoFileError if it is malformed."""
    with source.open("rb") as file:
        return read_po(file, abort_invalid=True)


def compile_changed(locale: Path = _LOCALE) -> list[str]:
    """Compile the translations that are newer than their `.mo` files. Returns the codes of their languages."""
    compiled = []
    for source in sources(locale):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Replaced in one step: a simultaneous reader gets either the old file or the new one.
        unfinished = target.with_suffix(f".mo.{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, read_catalogue(source))
        unfinished.replace(target)
        compiled.append(source.parent.parent.name)
    return compiled


if __name__ == "__main__":
    compile_changed()
