"""Reads the notations of dates in files."""

import csv
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from expenses.statements.digits import ascii_digits
from expenses.statements.persian_days import MONTHS, YEARS, of_persian
from expenses.statements.statement import DateOrder

_ORDERS = {DateOrder.YEAR_FIRST: (0, 1, 2), DateOrder.DAY_FIRST: (2, 1, 0), DateOrder.MONTH_FIRST: (2, 0, 1)}
_TIME = r"(?:(?:(?:[T\x20,.]|\s[/|]\s)+(?:[^\W\d_]{1,3}\s)?\d{1,2}[:.]|-\d{1,2}:)\d{2}.*)?"
_SEPARATOR = r"\s*[-/.\s\u2010-\u2015]\s*"
_PARTS = re.compile(rf"(\d{{1,4}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,4}})\.?" + _TIME)
# "2026:03:01", but not the time 10:11:12.
_COLONS = re.compile(r"(\d{4}):(\d{1,2}):(\d{1,2})" + _TIME)
_DIGITS = re.compile(r"(\d{8})(?:\d{4,6})?(?:[.\[].*)?" + _TIME)
_NAME = r"(?:[^\W\d_]|[\u0e30-\u0e4e\u0900-\u0970.'’])+"
_NAMED = (
    re.compile(  # "20 Aug 2026", "20. August 2026", "20 de agosto de 2026", "Thu, Aug 20th, 2026", "2026. március 5."
        rf"""(?:{_NAME},?\s+)??
    (?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|º|-?го)?\.?[\s/-]*(?:de\s+|di\s+|tháng\s+)?(?P<m1>{_NAME}),?
       [\s/-]*(?:de\s+|del\s+|năm\s+)?(?P<y1>\d{{2,4}})
    |  (?P<m2>{_NAME})[\s/-]*(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?[\s/-]+(?P<y2>\d{{2,4}})
    |  (?P<y3>\d{{4}})\.?[\s/-]*(?:m\.\s+)?(?P<m3>{_NAME})[\s/-]*(?P<d3>\d{{1,2}})
    |  (?P<y4>\d{{4}})\.?\s+gada\s+(?P<d4>\d{{1,2}})\.\s*(?P<m4>{_NAME}))
    (?:\.?\s?(?:г|р|roku|г\.|р\.|m|d))?\.?"""
        + _TIME,
        re.VERBOSE,
    )
)
# "2 tháng 3, 2026", "ngày 2 tháng 3 năm 2026"
_VIETNAMESE = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})" + _TIME, re.IGNORECASE)
# "2026年3月2日", "2026년 3월 2일", also without a year's sign between numbers. "令和8年3月2日" and "R8.3.2" are eras.
_EAST = re.compile(r"(\d{2,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?.*")
_ERA = re.compile(
    r"(令和?|平成?|昭和?|民[國国]|中華民國|[RHS])\.?\s*(\d{1,3}|元)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?.*",
    re.IGNORECASE,
)
# "R080315", and "1150315" of the Republic of China, which only a column named like days holds.
_ERA_DIGITS = re.compile(r"([RHS])(\d{2})(\d{2})(\d{2})", re.IGNORECASE)
_MINGUO = re.compile(r"(1[0-4]\d)([01]\d)([0-3]\d)")
_ERAS = {"令": 2018, "R": 2018, "平": 1988, "H": 1988, "昭": 1925, "S": 1925, "民": 1911, "中": 1911}
# Full-width characters, and eras in one character.
_NARROW = {0xFF00 + code: 0x20 + code for code in range(1, 0x5F)} | {0x32FF: "令和", 0x337B: "平成", 0x337C: "昭和"}
# "260315", year first, of one of so many last years, which only a column named like days holds.
_SHORT_YEAR, _SHORT_YEARS = re.compile(r"(\d{2})([01]\d)([0-3]\d)"), 4
# Two digits are a year of the Buddhist era if they give one of this many last years, and no other year is past.
_RECENT = 20
# What years begin with that follow day and month without a separator.
_CENTURIES = ("19", "20", "25")
# Years of the Buddhist era, and of the Republic of China with three digits.
_BUDDHIST, _BUDDHIST_AHEAD, _MINGUO_AHEAD = range(2480, 2680), 543, 1911
# The names of eras in front of a year: "พ.ศ. 2569", "ค.ศ. 2026", "B.E. 2569", "AD 2026".
_ERA_NAMES = re.compile(
    r"(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|\bB\.?E\.?|\bA\.?D\.?)\s*(?=\d{2,4})|西暦|公元|西元", re.IGNORECASE
)
# What may follow a date in its cell, or stand before it: "as of 04/15/2026", "(Thu)", a time.
_AFTER = re.compile(r"\s*(?:\bas of\b|\bvom\b|\()[^\n]*$", re.IGNORECASE)
_BEFORE = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?\s+(?=\d)")
# Days since 1899-12-30 in spreadsheets, from 1995 to 2064; seconds since 1970, from 2001 to 2033.
_SERIAL = re.compile(r"([345]\d{4})(?:[.,]\d+)?")
_UNIX = re.compile(r"(1\d{9})(?:\d{3})?(?:[.,]\d+)?")
# Two numbers, or eight digits, or an era: every notation of a day has them.
_MAY_BE_DAY = re.compile(r"\D*(?:\d+\D+\d|\d{8})|[RHS]\d{6}", re.IGNORECASE)
_LONGEST = 60
# Plain names of months that banks write and CLDR lacks.
_FURTHER_MONTHS = {
    1: "janner jaenner genn",
    2: "feber fev febbr peb pebruari",
    3: "mrz",
    8: "agt agst ogo",
    9: "sept sett setiembre",
    11: "nop nopember",
    12: "dis",
}
# Those of Latin, Greek and Cyrillic letters, and the points of Hebrew and Arabic.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")


def read_day(text: str, order: DateOrder) -> date | None:
    """Read the date in a cell, ignoring a time after it. None if there is no date in this order.

    A four-digit year is recognised in either place; `order` decides whether day or month comes first.
    """
    return _read_day(text.strip()[: _LONGEST + 1], order)


def read_count(text: str) -> date | None:
    """Read a date that is a number of days, as in spreadsheets, or of seconds since 1970. It may be another number."""
    if found := _SERIAL.fullmatch(text.strip()):
        return date(1899, 12, 30) + timedelta(days=int(found[1]))
    if found := _UNIX.fullmatch(text.strip()):
        return datetime.fromtimestamp(int(found[1]), UTC).date()
    try:
        if found := _MINGUO.fullmatch(text.strip()):
            return date(int(found[1]) + _MINGUO_AHEAD, int(found[2]), int(found[3]))
        found = _SHORT_YEAR.fullmatch(text.strip())
        day = date(2000 + int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
    return day if day and 0 <= datetime.now(UTC).year - day.year < _SHORT_YEARS else None


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; the day before for a leap day that such a year lacks."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@lru_cache(maxsize=20_000)
def _read_day(text: str, order: DateOrder) -> date | None:
    found = _notation_of(text)
    try:
        return _READERS[found.re](found, order) if found else None
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=20_000)
def _notation_of(text: str) -> re.Match[str] | None:
    """How the first of the notations that fits reads a text; None if none does."""
    text = text.removeprefix("'")  # as spreadsheets mark texts
    text = text if text.isascii() else ascii_digits(text).translate(_NARROW)
    if not _MAY_BE_DAY.match(text):
        return None
    text = _BEFORE.sub("", _AFTER.sub("", _ERA_NAMES.sub("", text)))
    if len(text) > _LONGEST or not text[:1].isalnum():
        return None
    return next((found for notation in _READERS if (found := notation.fullmatch(text))), None)


def _of_east(found: re.Match[str], _order: DateOrder) -> date:
    return date(_full_year(found[1]), int(found[2]), int(found[3]))


def _of_vietnam(found: re.Match[str], _order: DateOrder) -> date:
    return date(int(found[3]), int(found[2]), int(found[1]))


def _of_era(found: re.Match[str], _order: DateOrder) -> date:
    year = 1 if found[2] == "元" else int(found[2])
    return date(_ERAS[found[1][0].upper()] + year, int(found[3]), int(found[4]))


def _by_name(found: re.Match[str], _order: DateOrder) -> date | None:
    name = found["m1"] or found["m2"] or found["m3"] or found["m4"]
    month = month_names().get(plain_month(name))
    year, day = (next(filter(None, (found[f"{part}{way}"] for way in range(1, 5)))) for part in "yd")
    if not month and (month := MONTHS.get(plain_month(name), 0)):
        return of_persian(int(year), month, int(day))
    return date(_full_year(year), month, int(day)) if month else None


def _by_order(found: re.Match[str], order: DateOrder) -> date | None:
    parts = found.groups()
    if len(parts[0]) > 2:
        order = DateOrder.YEAR_FIRST
    elif len(parts[2]) > 2 and order == DateOrder.YEAR_FIRST:
        return None
    year, month, day = (parts[place] for place in _ORDERS[order])
    if len(year) == 4 and int(year) in YEARS:
        return of_persian(int(year), int(month), int(day))
    return date(_full_year(year), int(month), int(day))


def _run_together(found: re.Match[str], order: DateOrder) -> date:
    digits = found[1]
    if int(digits[:4]) in YEARS and 1 <= int(digits[4:6]) <= 12 and order == DateOrder.YEAR_FIRST:
        return of_persian(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if order == DateOrder.YEAR_FIRST or (digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12):
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if digits[4:6] not in _CENTURIES:
        raise ValueError(digits)
    first, second = int(digits[:2]), int(digits[2:4])
    day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
    return date(int(digits[4:]), month, day)


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 3:
        if year < 100:
            raise ValueError(text)
        return year + _MINGUO_AHEAD
    if len(text) == 4:
        return year - _BUDDHIST_AHEAD if year in _BUDDHIST else year
    this_year = datetime.now(UTC).year
    if len(text) == 1:  # the last digit of a recent year
        return this_year - (this_year - year) % 10
    if this_year + 1 < year + 2000 and year + 2500 - _BUDDHIST_AHEAD in range(this_year - _RECENT, this_year + 2):
        return year + 2500 - _BUDDHIST_AHEAD
    return year + (1900 if year >= 90 else 2000)


# In this order.
_READERS = {
    _PARTS: _by_order,
    _COLONS: _by_order,
    _DIGITS: _run_together,
    _EAST: _of_east,
    _ERA: _of_era,
    _ERA_DIGITS: _of_era,
    _VIETNAMESE: _of_vietnam,
    _NAMED: _by_name,
}


@lru_cache(maxsize=20_000)
def looks_like_day(text: str) -> bool:
    text = text if len(text) <= _LONGEST else ""
    return bool(_notation_of(text.strip())) and any(read_day(text, order) for order in _ORDERS)


def plain_month(name: str) -> str:
    """A month's name in lower case, without accents and dots.

    The vowels of Thai and Indian scripts are marks, too, without which months have the same name.
    """
    letters = unicodedata.normalize("NFD", name.casefold().replace("ı", "i"))
    return _ACCENTS.sub("", "".join(char for char in letters if unicodedata.category(char)[0] in "LM"))


@lru_cache(maxsize=1)
def month_names() -> dict[str, int]:
    """Map plain month names, full and abbreviated, in all languages of `scripts/month_names.py` to month numbers."""
    names: dict[str, int] = {}
    with Path(__file__).with_name("words").joinpath("months.csv").open(encoding="utf-8", newline="") as file:
        for number, found in list(csv.reader(file))[1:]:
            names |= dict.fromkeys(found.split("|"), int(number))
    for number, further in _FURTHER_MONTHS.items():
        for name in further.split():
            names.setdefault(name, number)
    names.pop("", None)
    names.pop("m", None)
    return {form: number for name, number in names.items() for form in (name, f"ב{name}")}
