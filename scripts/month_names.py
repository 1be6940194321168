"""Writes the names of months in many languages, as CLDR has them: `.venv/bin/python -m scripts.month_names`.

Babel needs 50 MB to look them up, so FinBrain reads them from the file that this makes.
"""

import csv
import os
from pathlib import Path

from babel.dates import get_month_names

PATH = Path("expenses/statements/words/months.csv")
# For a month's name that several languages use for different months, the first of these decides.
_LANGUAGES = (
    *("en", "he", "de", "fr", "es", "it", "nl", "pt", "pl", "ru", "cs", "sv", "da", "nb", "fi", "tr", "el", "ar"),
    *("ro", "hu", "uk", "bg", "sk", "sl", "hr", "sr", "lt", "lv", "et", "is", "ca", "eu", "gl", "ga", "mt", "sq", "mk"),
    *("id", "ms", "vi", "th", "hi", "bn", "fa", "ka", "hy", "az", "kk", "uz", "af", "sw", "fil", "ar_EG", "ar_JO"),
)


def month_rows() -> list[list[str]]:
    """The rows of the file: a month's number, and its plain names, full and abbreviated."""
    from expenses.statements.days import plain_month

    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for language in _LANGUAGES:
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    if not name.isdecimal():
                        names.setdefault(plain_month(name), number)
    return [[str(month), "|".join(name for name in names if names[name] == month)] for month in range(1, 13)]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
    import django

    django.setup()
    with PATH.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["month", "names"], *month_rows()])


if __name__ == "__main__":
    main()
