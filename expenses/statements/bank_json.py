"""Reader of JSON in the shape of banks' interfaces: a list of transactions, each an object."""

from collections.abc import Iterator
from typing import Any

from expenses.statements.size_limits import check_columns, check_rows
from expenses.statements.statement import MAX_ROWS, Table

_DEEPEST = 6


def table_of_json(document: Any) -> Table | None:
    """The longest list of objects as a table, with a column for each of their values; None if there is no such list.

    Lists that are beside each other, such as `booked` and `pending`, become one, with the name of the list as status.
    """
    lists = list(_lists(document, "", _DEEPEST))
    if not lists:
        return None
    longest = max(lists, key=lambda found: len(found[1]))
    chosen = [found for found in lists if found[0] in ("booked", "pending")] or [longest]
    rows: list[dict[str, str]] = []
    for name, objects in chosen:
        status = {"status": name} if len(chosen) > 1 else {}
        rows += [_flat(each) | status for each in objects]
    names = list(dict.fromkeys(name for row in rows for name in row))
    check_rows(len(rows), MAX_ROWS)
    check_columns(len(names))
    cells = tuple(tuple(row.get(name, "") for name in names) for row in rows)
    return Table(tuple(names), cells, tuple(range(1, len(rows) + 1))) if len(names) > 1 else None


def _lists(value: Any, name: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the lists of objects inside a value, with their names."""
    if not depth:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, key.lower(), depth - 1)
    elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield name, value
        if len(value) < 50:
            for each in value:
                yield from _lists(each, name, depth - 1)


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
        else:
            found[name] = "" if inner is None else str(inner).strip()
    return found
