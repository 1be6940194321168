"""Translations: every message of the site is translated and keeps its placeholders."""

import io
import os
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import PoFileError
from django.conf import settings
from django.utils.translation.template import templatize

from finbrain import translations

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "classifier", "expenses", "finbrain")
ONE, WITH_CONTEXT, COUNTED = None, ((1, "c"), 2), (1, 2)
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), ONE),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), WITH_CONTEXT),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), COUNTED),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?[a-z]+>")
HEBREW = ROOT / "locale" / "he" / "LC_MESSAGES" / "django.po"
SAME = {"FinBrain", "macro-F1", "Frankfurter API", "%(first)s – %(last)s", "%(n)s×", "<1%"}


def texts(message: Message) -> tuple[list[str], list[str]]:
    """The originals and the translations of one entry."""
    if message.pluralizable:
        return list(message.id), list(message.string)
    return [message.id], [message.string]


def said_by_the_site() -> set[tuple[str | None, str]]:
    """Context and text of every message in code and templates."""
    found = set()
    code = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "tests" not in path.parts]
    sources = [path.read_text() for path in code]
    for path in (ROOT / "templates").rglob("*.*"):
        sources.append("\n".join(line.strip() for line in templatize(path.read_text(), origin=str(path)).splitlines()))
    for source in sources:
        for _line, call, said, _comments in extract_python(io.BytesIO(source.encode()), CALLS, [], {}):
            words = (said,) if isinstance(said, str) else said
            found.add((words[0], words[1]) if "pgettext" in call else (None, words[0]))
    return found


@pytest.mark.parametrize("source", list(translations.sources()), ids=lambda path: path.parent.parent.name)
def test_every_text_of_the_site_is_translated(source):
    known = {(message.context, texts(message)[0][0]) for message in translations.read_catalogue(source) if message.id}
    said = said_by_the_site()
    assert len(said) > 600
    assert said - known == set(), "collect with manage.py makemessages, as finbrain/translations.py says, and translate"
    assert known - said == set(), "nobody says these any more: makemessages removes them"


def test_every_language_of_the_site_has_a_catalogue():
    languages = {source.parent.parent.name for source in translations.sources()}
    assert languages | {"en"} == set(dict(settings.LANGUAGES))
    assert "he" in languages


def is_complete(message: Message) -> bool:
    originals, translations = texts(message)
    return (
        not message.fuzzy
        and len(translations) == (4 if message.pluralizable else 1)
        and all(text and text == text.strip() for text in translations)
        and (originals[0] in SAME or all(re.search("[א-ת]", text) for text in translations))
    )


def keeps_placeholders(message: Message) -> bool:
    """Whether placeholders are kept. One and two may be words instead of a number: "two expenses"."""
    originals, translations = texts(message)
    wanted = sorted(PLACEHOLDER.findall(originals[-1]))
    *few, many = (sorted(PLACEHOLDER.findall(text)) for text in translations)
    return many == wanted and all(set(found) <= set(wanted) and len(wanted) - len(found) in (0, 1) for found in few)


@pytest.mark.parametrize("is_right", [is_complete, keeps_placeholders])
def test_every_entry_in_hebrew(is_right):
    messages = translations.read_catalogue(HEBREW)
    assert [texts(message) for message in messages if message.id and not is_right(message)] == []


@pytest.fixture
def locale(tmp_path):
    """A folder with the translations of one small text."""
    source = tmp_path / "he" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Yes"\nmsgstr "כן"\n')
    return tmp_path


def compiled(locale: Path) -> str:
    with (locale / "he" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return GNUTranslations(file).gettext("Yes")


def test_a_catalogue_is_compiled_when_it_has_changed(locale):
    source = locale / "he" / "LC_MESSAGES" / "django.po"
    assert translations.compile_changed(locale) == ["he"]
    assert compiled(locale) == "כן"
    assert translations.compile_changed(locale) == []
    source.write_text(source.read_text().replace("כן", "בטח"))
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert translations.compile_changed(locale) == ["he"]
    assert compiled(locale) == "בטח"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_a_broken_catalogue_is_told_and_the_old_one_stays(locale):
    source = locale / "he" / "LC_MESSAGES" / "django.po"
    translations.compile_changed(locale)
    source.write_text(source.read_text() + "\nmsgid Yes\n")
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    with pytest.raises(PoFileError):
        translations.compile_changed(locale)
    assert compiled(locale) == "כן"
