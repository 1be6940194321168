"""Statements in the encodings of many countries, recognised from few letters."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses.statements import encodings, read_file
from expenses.statements.encodings import decode
from expenses.tests.statements_kept.rendering import formats, render

FORMATS = formats()

GERMAN = "Buchungstag;Empfänger;Betrag\n01.02.2026;Bäckerei Müller;-3,50\n"
HEBREW = "תאריך,שם בית העסק,סכום חיוב\n01/02/2026,מונית,58\n"
RUSSIAN = "Дата;Описание;Сумма\n01.02.2026;Кафе Пушкин;500,00\n"
POLISH = "Data;Opis;Kwota\n01.02.2026;Żabka Łódź;5,00\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (GERMAN.lower(), "cp1252"),
        ("Date;Libellé;Débit\n01/02/2026;CAFÉ DE LA GARE À NÎMES;3,50\n", "cp1252"),
        ("Fecha;Descripción;Importe\n01/02/2026;Café;3,50\n", "cp1252"),
        ("Data,Descrição,Valor\n01/02/2026,Padaria São João,3.50\n", "cp1252"),
        ("Date,Description,Amount\n01/02/2026,Taxi,£3.50\n", "cp1252"),
        ("Datum;Text;Betrag\n01.02.2026;Miete – Februar;3,50 €\n", "cp1252"),
        (HEBREW, "cp1255"),
        ("תאריך,פרטים,סכום\n01/02/2026,TAXI,58 ₪\n", "cp1255"),
        (HEBREW, "iso8859-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN.lower(), "cp1251"),
        (RUSSIAN.upper(), "cp1251"),
        (POLISH, "cp1250"),
        ("Tarih,Açıklama,Tutar\n06/03/2026,KİTAPEVİ BAYKUŞ İZMİR,145\n05/03/2026,TEŞEKKÜR EDERİZ,-20\n", "cp1254"),
        ("Datum;Popis;Částka\n01.02.2026;Řeznictví Dvořák;5,00\n", "cp1250"),
        ("Ημερομηνία;Περιγραφή;Ποσό\n01/02/2026;Ταξί;5,00\n", "cp1253"),
        ("تاريخ,وصف,مبلغ\n01/02/2026,تاكسي,58\n", "cp1256"),
        ("日付,摘要,金額\n2026/02/01,タクシー代,580\n", "shift_jis"),
    ],
)
def test_without_a_mark(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", [GERMAN, HEBREW, RUSSIAN, POLISH, "Date,Amount\n2026-08-20,5\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode(text, encoding):
    assert decode(text.encode(encoding)) == text
    assert read_file(text.encode(encoding), "statement.csv").header[0].isalpha()


def test_what_the_file_says_of_itself():
    assert decode("Ж".encode("cp1251"), "cp1251") == "Ж"
    assert decode("é".encode(), "cp1252") == "é"
    assert decode(b"\xe9", "no such encoding")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_none(data):
    assert isinstance(decode(data), str | None)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_utf8_is_itself(text):
    assert decode(text.encode("utf-8-sig")) == text


def older_encodings() -> dict[str, list[str]]:
    """The encodings with one byte for a letter, by language."""
    found: dict[str, list[str]] = {}
    with (Path(encodings.__file__).parent / "words" / "letters.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["language"], []).extend(row["encodings"].split())
    return found


def test_statements_of_many_languages_in_their_older_encodings():
    """A few words are words in both of two encodings: ž in one of them is ľ in the other."""
    wrong, languages, count = [], set(), 0
    for of in FORMATS:
        text = render(replace(of, encoding="utf-8")).decode()
        for encoding in older_encodings().get(of.language, []):
            if not text.isascii() and "?" not in (data := text.encode(encoding, "replace")).decode(encoding):
                languages.add(of.language)
                count += 1
                wrong += [(of.name, encoding)] if decode(data) != text else []
    assert len(languages) >= 25
    assert len(wrong) <= count * 0.02, wrong
