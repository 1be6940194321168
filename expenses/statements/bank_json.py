"""Reader of JSON in the shape of banks' interfaces: a list of transactions, each an object."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from expenses.statements.header_words import rank_columns, rank_role
from expenses.statements.size_limits import check_columns, check_rows
from expenses.statements.statement import MAX_COLUMNS, MAX_ROWS, Column, Table

_DEEPEST = 6
_STATES = "booked", "pending"
# How many objects of a list inside a movement, such as its parties, become columns.
_FEW = 5


def table_of_json(document: Any) -> Table | None:
    """The list with the most objects as a table, with a column for each of their values; None if there is no list.

    Lists of the same name, such as those of several accounts, become one, and so do `booked` and `pending`, with the
    name of the list as status.
    """
    lists = list(_lists(document, "", {}, _DEEPEST))
    if not lists:
        return None
    lengths: Counter[str] = Counter()
    for name, objects, _around in lists:
        lengths[name] += len(objects)
    longest = max(reversed(lengths), key=lambda name: lengths[name])
    states = [found for found in lists if found[0] in _STATES]
    chosen = states or [found for found in lists if found[0] == longest]
    rows: list[dict[str, str]] = []
    for name, objects, around in chosen:
        status = {"status": name} if len(states) > 1 else {}
        rows += [{**around, **_flat(each), **status} for each in objects]
    names = list(dict.fromkeys(name for row in rows for name in row))
    check_rows(len(rows), MAX_ROWS)
    check_columns(len(names))
    cells = tuple(tuple(row.get(name, "") for name in names) for row in rows)
    return Table(tuple(names), cells, tuple(range(1, len(rows) + 1))) if len(names) > 1 else None


def _lists(
    value: Any, name: str, around: Mapping[str, str], depth: int
) -> Iterator[tuple[str, list[dict[str, Any]], Mapping[str, str]]]:
    """Yield the lists of objects inside a value: the name, the objects, and the account and currency around them."""
    if not depth:
        return
    if isinstance(value, dict):
        if len(value) <= MAX_COLUMNS and any(isinstance(inner, dict | list) for inner in value.values()):
            around = {**around, **{key: inner for key, inner in value.items() if _holds_for_all(key, inner)}}
        for key, inner in value.items():
            yield from _lists(inner, key.lower(), around, depth - 1)
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield name, value, around
        if len(value) < 50:
            for each in value:
                yield from _lists(each, name, around, depth - 1)


def _holds_for_all(name: str, value: Any) -> bool:
    """Whether a value is the account or the currency of the lists beside it."""
    if not isinstance(value, str) or not value:
        return False
    return rank_columns(name, Column.CURRENCY) > 0 or rank_role(name, "account") > 0


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 3) -> dict[str, str]:
    """The values of an object and of the objects inside it, by their names."""
    found: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{prefix} {key}".strip()
        if isinstance(inner, dict) and depth:
            found |= _flat(inner, name, depth - 1)
        elif isinstance(inner, bool):
            found[name] = key if inner else ""
        elif isinstance(inner, list):
            found[name] = " ".join(str(each) for each in inner if isinstance(each, str | int))
            for each in reversed(inner[:_FEW] if depth else ()):
                found |= _flat(each, name, depth - 1) if isinstance(each, dict) else {}
        else:
            found[name] = "" if inner is None else str(inner).strip()
    return found
