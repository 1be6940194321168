"""What a file leaves undecided, as readings of the same rows, from which the person chooses."""

from dataclasses import dataclass, replace

from expenses.importing.choices import Choices
from expenses.statements import apply_mapping
from expenses.statements.statement import Column, Entry, Mapping, Table

# The rows that a question shows.
_SHOWN = 3


@dataclass(frozen=True)
class Question:
    """Some rows, each as it is read now and as it would be otherwise; None for an unreadable row.

    name: what is undecided, as in `Choices.asks`. labels: of the readings, if there may be more than two.
    """

    name: str
    rows: tuple[tuple[Entry | None, ...], ...]
    labels: tuple[str, ...] = ()


def questions_about(table: Table, choices: Choices) -> tuple[Question, ...]:
    """The questions to ask. None about what makes no difference to any row."""
    now = _by_line(table, choices.mapping_of(table))
    found = []
    for name, other in choices.asks.items():
        if name == "share":
            found.append(_question_of_share(table, choices.mapping_of(table)))
            continue
        then = _by_line(table, other)
        lines = [line for line in table.lines if now.get(line) != then.get(line)]
        if lines:
            found.append(Question(name, tuple((now.get(line), then.get(line)) for line in lines[:_SHOWN])))
    return tuple(found)


def _question_of_share(table: Table, mapping: Mapping) -> Question:
    """Which of the people imports a file of shared expenses."""
    first = replace(table, rows=table.rows[:_SHOWN], lines=table.lines[:_SHOWN])
    places = range(table.first_person, len(table.header))
    readings = [_by_line(first, replace(mapping, columns=mapping.columns | {Column.AMOUNT: place})) for place in places]
    rows = tuple(tuple(reading.get(line) for reading in readings) for line in first.lines)
    return Question("share", rows, table.header[table.first_person :])


def _by_line(table: Table, mapping: Mapping) -> dict[int, Entry]:
    """The entries of a table by line, without fees, which follow the entry that they belong to."""
    found: dict[int, Entry] = {}
    for entry in apply_mapping(table, mapping).entries:
        found.setdefault(entry.line, entry)
    return found
