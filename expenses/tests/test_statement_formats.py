"""Statements in the formats of 258 banks and apps, and the same statements with one thing changed."""

import csv
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expenses.statements import Table, apply_mapping, needed_columns, read_file, vocabulary
from expenses.statements.guess import guess
from expenses.tests.statements_kept.rendering import Format, expected, formats, render

FORMATS = formats()
# The share that must be right without touching a control.
RIGHT = 0.97
Rows = list[tuple[str, str, Decimal]]


def read(data: bytes, home: str) -> tuple[Rows | None, tuple[str, ...]]:
    """The expenses and what is undecided. None if a person has to choose a column."""
    table = read_file(data, "statement.csv")
    assert isinstance(table, Table)
    guessed = guess(table, home)
    if needed_columns(guessed.mapping):
        return None, guessed.asks
    entries = apply_mapping(table, guessed.mapping).entries
    return sorted((f"{one.spent_on}", one.title, one.amount) for one in entries), guessed.asks


def is_right(found: Rows | None, of: Format) -> bool:
    wanted = sorted(expected(of))
    if found is None or len(found) != len(wanted):
        return False
    pairs = zip(found, wanted, strict=True)
    return all(a[0] == b[0] and b[1] in a[1] and a[2] == b[2] for a, b in pairs)


@pytest.mark.parametrize("newest_first", [False, True])
def test_formats_of_banks(newest_first):
    wrong = [of.name for of in FORMATS if not is_right(read(render(of, newest_first), of.home)[0], of)]
    assert len({of.name[:2] for of in FORMATS}) > 40
    assert len(wrong) <= len(FORMATS) * (1 - RIGHT), wrong


def has_header(of: Format) -> bool:
    return any(not column.startswith("=") for column in of.columns.split("|"))


def reordered(of: Format, order: list[int]) -> Format:
    columns = of.columns.split("|")
    return replace(of, columns="|".join(columns[place] for place in order), after="")


NAMED = [of for of in FORMATS if has_header(of) and of.columns.count("Betrag=") < 2]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_columns_in_another_order(data):
    of = data.draw(st.sampled_from(NAMED))
    order = data.draw(st.permutations(range(len(of.columns.split("|")))))
    found, asks = read(render(reordered(of, order)), of.home)
    assert found is None or asks or same_money(found, of), of.name


def same_money(found: Rows, of: Format) -> bool:
    """Whether days and amounts are right. Which of two texts is the title may depend on their order."""
    return [(day, amount) for day, _title, amount in found] == [
        (day, amount) for day, _t, amount in sorted(expected(of))
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(NAMED),
    st.sampled_from([";", ",", "tab", "|"]),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%Y%m%d", "%m/%d/%Y", "%d/%m/%Y"]),
    st.sampled_from(["", "Account statement\\n\\nOwner{0}M Muster\\n", "Period{0}March\\n"]),
)
def test_another_delimiter_encoding_date_and_preamble(of, delimiter, encoding, day, before):
    text = before.replace("{0}", "\t" if delimiter == "tab" else delimiter)
    if not of.decimal.startswith("0") and delimiter == "," and "," in of.decimal:
        text = ""
    changed = replace(of, delimiter=delimiter, encoding=encoding, day=day, before=text, after="")
    found, asks = read(render(changed), of.home)
    assert found is None or asks or is_right(found, of), of.name


ROLES = {
    "date": "date 1",
    "payee": "title 1",
    "purpose": "note 1",
    "kind": "kind",
    "cur": "currency 1",
    "amount": "amount 1",
    "+amount": "amount 1",
    "abs": "amount 1",
    "balance": "balance",
    "+balance": "balance",
    "out": "out 1",
    "zout": "out 1",
    "-out": "out 1",
    "in": "in 1",
    "zin": "in 1",
}
NEEDED = {"date 1", "title 1", "amount 1", "out 1", "in 1", "balance"}


def names_by_language() -> dict[str, dict[str, list[str]]]:
    """The names of columns by language and role, of the languages that have names for all that is needed."""
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    with (Path(vocabulary.__file__).parent / "words" / "headers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["language"]][row["role"]] = row["words"].split("|")
    return {language: names for language, names in found.items() if names.keys() >= NEEDED}


LANGUAGES = names_by_language()


def in_another_language(of: Format, language: str, choice: int) -> Format:
    """The format with the names of its columns in another language, where that language has names for them."""
    columns: list[str] = []
    for name, what in (column.rsplit("=", 1) for column in of.columns.split("|")):
        known = LANGUAGES[language].get(ROLES.get(what.split(" ")[0], ""), [])[:2] if name else []
        free = [word for word in known if all(f"{word}=" not in f"{column}=" for column in columns)]
        columns.append(f"{free[choice % len(free)] if free else name}={what}")
    return replace(of, columns="|".join(columns), encoding="utf-8")


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMED), st.sampled_from(sorted(LANGUAGES)), st.integers(0, 1))
def test_names_of_columns_in_another_language(of, language, choice):
    changed = in_another_language(of, language, choice)
    found, asks = read(render(changed), of.home)
    assert found is None or asks or is_right(found, of), changed.columns


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMED), st.sampled_from(["Total", "Summe", "סך הכל", "合計", "Closing balance", "* e-mail us"]))
def test_another_footer(of, footer):
    columns = [column.rsplit("=", 1)[1] for column in of.columns.split("|")]
    delimiter = "\t" if of.delimiter == "tab" else of.delimiter
    cells = [footer] + ["99.99" if what in ("amount", "balance") else "" for what in columns[1:]]
    changed = replace(of, after=delimiter.join(cells), encoding="utf-8")
    found, asks = read(render(changed), of.home)
    assert found is None or asks or is_right(found, of), of.name


WAYS = {"amount": "-amount", "-amount": "amount"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([of for of in NAMED if "=balance" in of.columns and of.columns.count("=amount") == 1]))
def test_the_running_balance_proves_the_sign(of):
    columns = "|".join(
        f"{name}={WAYS.get(what, what)}" for name, what in (column.rsplit("=", 1) for column in of.columns.split("|"))
    )
    found, asks = read(render(replace(of, columns=columns)), of.home)
    assert found is None or asks or is_right(found, of), of.name


def test_names_of_columns_that_say_nothing():
    """Without names, the cells decide what is money; which text is the merchant, nobody could tell."""
    wrong = []
    for number, of in enumerate(NAMED):
        columns = "|".join(
            f"N{number}{place}x={column.rsplit('=', 1)[1]}" for place, column in enumerate(of.columns.split("|"))
        )
        found, asks = read(render(replace(of, columns=columns, after="")), of.home)
        if found is not None and not asks and not same_money(found, of):
            wrong.append(of.name)
    assert len(wrong) <= len(NAMED) * 0.03, wrong


@pytest.mark.parametrize("name", ["EE Swedbank", "IN Kotak"])
def test_a_column_that_always_says_the_same_is_no_flag_in_any_order(name):
    of = next(each for each in NAMED if each.name == name)
    columns = len(of.columns.split("|"))
    for first in range(columns):
        order = [*range(first, columns), *range(first)]
        found, _asks = read(render(reordered(of, order)), of.home)
        assert same_money(found, of), order
        assert same_money(read(render(reordered(of, order[::-1])), of.home)[0], of), order
