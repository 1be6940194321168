"""Measures how many statements FinBrain reads right: `python benchmarks/statements.py FOLDER [--list]`.

FOLDER has statements, each with what must come out as NAME.expected.json, and an index.json with the home currency and
the kind of each file. Every file is read as by the import form: with the guess as it is, then with one field changed.
Of a pair such as 53a and 53b, the second file is read as after the import of all rows of the first: what was imported
before and possible duplicates are left out.
Prints one JSON object with the number of files per kind that are right, right after one change, undecided (FinBrain
asks) and wrong. `--list` also prints the files that are not right, with what is missing and what is extra.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from bson import ObjectId

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RIGHT, ONE_FIELD, ASKS, WRONG, REFUSED = "right", "one field", "asks", "wrong", "refused"


@dataclass(frozen=True)
class Result:
    """How a file was read. missing and extra: expected and unexpected movements, as text."""

    outcome: str
    missing: list[str]
    extra: list[str]


def measure(folder: Path) -> dict[str, tuple[str, Result]]:
    """The kind and the result of each file of a folder, by name."""
    index = json.loads((folder / "index.json").read_text())
    found = {}
    for path in sorted(folder.iterdir()):
        expected = path.with_suffix(".expected.json")
        if path.name in index and expected.exists():
            known = index[path.name]
            rows = json.loads(expected.read_text())
            first = next(iter(folder.glob(f"{path.name[:2]}a-*[!json]")), None) if path.name[2:3] == "b" else None
            before = entries_of(first.read_bytes(), first.name, known["home"]) if first else []
            found[path.name] = known["kind"], read(path.read_bytes(), path.name, known["home"], rows, before)
    return found


def at_once(found: Any) -> Any:
    """What was read of a file, also if it is so long that pages read it in steps."""
    from expenses.statements.long_files import LongFile
    from expenses.statements.part_readers import read_whole

    return read_whole(found) if isinstance(found, LongFile) else found


def entries_of(data: bytes, name: str, home: str) -> Sequence[Any]:
    """The entries of a file as guessed."""
    from expenses.statements import Table, apply_mapping, guess_mapping, read_file

    found = at_once(read_file(data, name))
    return (apply_mapping(found, guess_mapping(found, home)) if isinstance(found, Table) else found).entries


def new_entries(entries: Sequence[Any], before: Sequence[Any]) -> Sequence[Any]:
    """The entries that are neither among those imported before nor possible duplicates of them."""
    from expenses.importing.accounts import AccountSource, known_accounts
    from expenses.importing.duplicates import Expenses, FreeExpenses, StoredExpense, match_rows
    from expenses.importing.fingerprints import file_rows

    ledger, batch = ObjectId(), ObjectId()
    stored: Expenses = defaultdict(list)
    for one in before:
        like = StoredExpense(one.title, one.spent_on, typed=False, account=one.account, batch=batch)
        stored[one.amount, one.currency, one.spent_on].append(like)
    accounts = [known_accounts(some, "", AccountSource.PERSON) for some in (before, entries)]
    known = {row.fingerprint for row in file_rows(ledger, before, accounts[0])}
    rows = file_rows(ledger, entries, accounts[1])
    alike = match_rows(rows, known, FreeExpenses(stored, {batch}))
    return [row.entry for row in rows if row.number not in alike and row.fingerprint not in known]


def read(data: bytes, name: str, home: str, expected: list[dict[str, Any]], before: Sequence[Any] = ()) -> Result:
    """Read one file and compare it with what must come out. before: the entries imported before."""
    from expenses.statements import StatementError, Table, apply_mapping, needed_columns, read_file
    from expenses.statements.guess import guess

    try:
        found = at_once(read_file(data, name))
    except StatementError as error:
        return Result(REFUSED, [str(error)], [])
    if not isinstance(found, Table):
        return _compared(new_entries(found.entries, before), expected)
    guessed = guess(found, home)
    result = Result(ASKS, [f"needs {', '.join(needed_columns(guessed.mapping))}"], [])
    if not needed_columns(guessed.mapping):
        result = _compared(new_entries(apply_mapping(found, guessed.mapping).entries, before), expected)
        if result.outcome == RIGHT:
            return result
    for mapping in _with_one_change(found, guessed.mapping):
        if not needed_columns(mapping) and not _differences(apply_mapping(found, mapping).entries, expected)[0]:
            return replace(result, outcome=ONE_FIELD)
    return replace(result, outcome=ASKS) if guessed.asks else result


def _with_one_change(table: Any, mapping: Any) -> Iterator[Any]:
    """Every mapping that differs from `mapping` in one control of the form."""
    from expenses.statements import Column, DateOrder, Sign

    for column in Column:
        others = {one: place for one, place in mapping.columns.items() if one != column}
        yield replace(mapping, columns=others)
        for place in range(len(table.header)):
            yield replace(mapping, columns=others | {column: place})
    yield from (replace(mapping, date_order=order) for order in DateOrder)
    yield from (replace(mapping, sign=sign) for sign in Sign)
    yield from (replace(mapping, decimal=decimal) for decimal in ".,")


def _compared(entries: Any, expected: list[dict[str, Any]]) -> Result:
    missing, extra = _differences(entries, expected)
    return Result(WRONG if missing or extra else RIGHT, missing, extra)


def _differences(entries: Any, expected: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Expected movements that are missing, and entries that nobody expects.

    Moved money and cancelled payments are not expected; a pending payment may be missing.
    """
    left = [one for one in entries if one.kind != "moved" and one.status != "cancelled"]
    missing = []
    for row in expected:
        group = _find(left, row)
        missing += [] if group else [f"{row['date']} {row['title']} {row['amount']} {row['currency']}"]
        left = [one for one in left if one not in group]
    extra = [f"{one.spent_on} {one.title} {one.amount} {one.currency}" for one in left if one.status == "booked"]
    return missing, extra


def _find(entries: list[Any], row: dict[str, Any]) -> list[Any]:
    """The entry that is `row`, or the entries of one line that are its amount and a fee."""
    fitting = [one for one in entries if (one.spent_on.isoformat(), one.currency) == (row["date"], row["currency"])]
    by_line = defaultdict(list)
    for one in fitting:
        by_line[one.line].append(one)
    groups = [[one] for one in fitting] + [group for group in by_line.values() if len(group) > 1]
    for group in groups:
        is_named = any(row["title"].casefold() in one.title.casefold() for one in group)
        if is_named and sum(one.amount for one in group) == Decimal(row["amount"]):
            return group
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args()
    # The settings need the addresses of databases, but reading a statement uses none.
    nowhere = {"MONGODB_URI": "mongodb://nowhere", "REDIS_URL": "redis://nowhere", "FINBRAIN_ENV": "development"}
    for name, value in (nowhere | {"DJANGO_SETTINGS_MODULE": "finbrain.settings"}).items():
        os.environ.setdefault(name, value)
    django.setup()
    found = measure(chosen.folder)
    if chosen.list:
        for name, (_kind, result) in found.items():
            if result.outcome != RIGHT:
                print(f"{result.outcome}: {name}", *(f"  - {one}" for one in result.missing), sep="\n")
                print(*(f"  + {one}" for one in result.extra), sep="\n")
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, result in found.values():
        kinds[kind][result.outcome] += 1
        kinds["all"][result.outcome] += 1
    print(json.dumps({kind: dict(counts) for kind, counts in sorted(kinds.items())}, indent=1))


if __name__ == "__main__":
    main()
