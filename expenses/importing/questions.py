"""What a file leaves undecided, as two readings of the same rows, from which the person chooses."""

from dataclasses import dataclass

from expenses.importing.choices import Choices
from expenses.statements import apply_mapping
from expenses.statements.statement import Entry, Mapping, Table

# The rows that a question shows.
_SHOWN = 3


@dataclass(frozen=True)
class Question:
    """Some rows as they are read now, and as they would be otherwise; None for an unreadable row.

    name: what is undecided, as in `Choices.asks`.
    """

    name: str
    rows: tuple[tuple[Entry | None, Entry | None], ...]


def questions_about(table: Table, choices: Choices) -> tuple[Question, ...]:
    """The questions to ask. None about what makes no difference to any row."""
    now = _by_line(table, choices.mapping_of(table))
    found = []
    for name, other in choices.asks.items():
        then = _by_line(table, other)
        lines = [line for line in table.lines if now.get(line) != then.get(line)]
        if lines:
            found.append(Question(name, tuple((now.get(line), then.get(line)) for line in lines[:_SHOWN])))
    return tuple(found)


def _by_line(table: Table, mapping: Mapping) -> dict[int, Entry]:
    """The entries of a table by line, without fees, which follow the entry that they belong to."""
    found: dict[int, Entry] = {}
    for entry in apply_mapping(table, mapping).entries:
        found.setdefault(entry.line, entry)
    return found
