"""Finds words that FinBrain doesn't use. `check_words.py` checks everything, `check_words.py --docs` only documents.

Reads messages, templates, documents, and the docstrings and comments of Python files. Prints where each word is and
what to write instead, and then exits with 1. Code in backticks or fences may use any word.
"""

import argparse
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent

# Regular expressions of words not to write, and replacements. They match whole words; a space matches any white space.
WORDS = {
    # Archaic or translated.
    r"anew": "again",
    r"meanwhile": "in the meantime, while you were editing",
    r"the same once more|once more": "again, repeat",
    r"that is none|is no (?:\w+ )?any more|are no (?:\w+ )?any more": "is invalid, has already been",
    r"what stands|as it stands|stands? (?:here|there)|stands in": "is",
    r"for want of": "without, because there is no",
    r"how-manieth": "its ordinal",
    r"(?:is|are|was|were|be|being) looked at": "review, check, read",
    r"(?:throw(?:s|n|ing)?|threw) (?:it |them |the \w+ )?away": "discard, delete, remove",
    r"(?:bring(?:s|ing)?|brought) (?:it |them |everything |the file )?(?:in|back)": "import, restore",
    r"came in(?= (?:before|again|by|as)\b)|comes? in again": "was imported, is imported again",
    r"hand(?:s|ed|ing)? (?:\w+ )?in": "import, upload, submit",
    r"(?:tell|tells|told|telling) of": "report",
    r"(?:take|takes|took|taken|taking) (?:it |them |that |a change |a whole import )?back": "undo, restore",
    r"takes? no more": "stop treating as",
    r"what (?:became|has become) of": "status, result",
    r"lets? go of": "delete",
    r"whoever keeps|whom ever": "anyone who",
    r"as the (?:browser|device)(?: says)?": "use my browser's, match my device",
    r"(?:files?|filed) (?:\w+ )?otherwise": "changed predictions",
    r"(?<=[,;]) for (?:it|they|he|she|there|nobody|somebody)": "because",
    r"whence|thereof|hitherto|hereby|whilst|lest|hardly ever": "plain English",
    # One word for one thing.
    r"mails?|mailbox|e-mails?": "email, inbox",
    r"engines?": "MongoDB, Redis, database",
    r"the clock|two clocks": "the scheduler",
    r"log[ -]in|logs in|logged in|logged-in|log[ -]out|logged out": "sign in, signed in, sign out",
    r"spare codes?": "recovery codes",
    r"second factors?": "second step",
    r"shops?": "merchant",
    r"remarks?": "note",
    r"owner's data|household data": "ledger",
    r"look-?alikes?|ones? you have": "duplicate",
    r"leads? to another currency": "must convert to a different currency",
    r"known holes?|security holes?": "known vulnerabilities",
    r"found(?:s|ed|ing)? the replica set": "initiates the replica set",
}


class Allowed(NamedTuple):
    """Words that are right in some files. files: a pattern of their paths. words: as written. why: the reason."""

    files: str
    words: str
    why: str


ALLOWED = (
    Allowed("*", "embedded engines", "their name: the MongoDB and Valkey that FinBrain starts itself"),
    Allowed("*", "embedded engine", "one of them"),
    Allowed("*", "Docker Engine", "a product"),
    Allowed("*", "24-hour clock", "how times are written"),
    Allowed("*", "mail server", "what everybody calls it"),
    Allowed("docs/guide/importing.md", "brings them back", "says in plain words what the button Restore does"),
    *(
        Allowed(files, words, "the embedded engines, which start and stop together")
        for files in ("finbrain/embedded/*", "finbrain/run.py", "finbrain/tests/*", "conftest.py", "benchmarks/*")
        for words in ("engine", "engines")
    ),
    Allowed("scripts/check_words.py", "*", "names the words"),
    Allowed("finbrain/tests/test_words.py", "*", "plants the words"),
)


class Prose(NamedTuple):
    """The text of a file that people read, from `line` on. Everything else in it is blank."""

    path: str
    line: int
    text: str


class Miss(NamedTuple):
    """A word that FinBrain doesn't use, and where it is."""

    path: str
    line: int
    found: str
    better: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: “{self.found}”; write: {self.better}"


def _whole_words(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{expression})(?![\w-])".replace(" ", r"\s+"), re.IGNORECASE)


_PATTERNS = [(_whole_words(expression), better) for expression, better in WORDS.items()]


def misses(prose: Prose) -> Iterator[Miss]:
    """Find the words that FinBrain doesn't use, except where they are allowed."""
    right = [_span_of(prose.text, each.words) for each in ALLOWED if fnmatch(prose.path, each.files)]
    for pattern, better in _PATTERNS:
        for found in pattern.finditer(prose.text):
            if not any(start <= found.start() and found.end() <= end for spans in right for start, end in spans):
                line = prose.line + prose.text.count("\n", 0, found.start())
                yield Miss(prose.path, line, " ".join(found[0].split()), better)


def _span_of(text: str, words: str) -> list[tuple[int, int]]:
    """The spans of allowed words in the text."""
    if words == "*":
        return [(0, len(text))]
    return [found.span() for found in _whole_words(re.escape(words).replace(r"\ ", " ")).finditer(text)]


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def document_prose(text: str) -> str:
    """Return Markdown without fences, code in backticks, addresses and comments."""
    return re.sub(r"(?ms)^ *```.*?^ *```|`[^`]*`|\]\([^)]*\)|<!--.*?-->|https?://\S+", _blank, text)


def template_prose(text: str) -> str:
    """Return a template without Django's and HTML's tags. Translated texts are checked as messages."""
    return re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", _blank, text)


def python_prose(text: str) -> str:
    """Return the docstrings and comments of a Python file in their places."""
    lines = [list(re.sub(r"[^\n]", " ", line)) for line in text.splitlines(keepends=True)]
    source = text.splitlines(keepends=True)
    fresh = True  # the next token is the first in its statement
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and fresh):
            for number in range(token.start[0], token.end[0] + 1):
                first = token.start[1] if number == token.start[0] else 0
                last = token.end[1] if number == token.end[0] else len(source[number - 1])
                lines[number - 1][first:last] = source[number - 1][first:last].replace("#", " ")
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            fresh = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    return re.sub(r"`[^`\n]*`|https?://\S+", _blank, "".join(map("".join, lines)))


def documents() -> Iterator[Prose]:
    names = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "classifier/data/README.md")
    for path in (*(ROOT / name for name in names), *sorted((ROOT / "docs").rglob("*.md"))):
        yield Prose(_name(path), 1, document_prose(path.read_text()))


def messages() -> Iterator[Prose]:
    path = ROOT / "locale" / "he" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = read_po(file)
    for message in catalog:
        for text in (message.id,) if isinstance(message.id, str) else message.id:
            yield Prose(_name(path), message.lineno or 1, text)


def templates() -> Iterator[Prose]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield Prose(_name(path), 1, template_prose(path.read_text()))


def code() -> Iterator[Prose]:
    folders = ("accounts", "benchmarks", "classifier", "deploy", "expenses", "finbrain", "scripts")
    for path in sorted([*ROOT.glob("*.py"), *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]):
        yield Prose(_name(path), 1, python_prose(path.read_text()))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", action="store_true", help="check only the documents")
    sources: tuple[Iterable[Prose], ...] = (documents(), messages(), templates(), code())
    chosen = sources[:1] if parser.parse_args().docs else sources
    found = [miss for source in chosen for prose in source for miss in misses(prose)]
    print("\n".join(map(str, found)) or "No words to replace.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
