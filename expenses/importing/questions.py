"""What a file leaves undecided, as readings of the same rows, from which the person chooses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from expenses.importing.choices import Choices
from expenses.importing.packing import Piece
from expenses.statements.apply import TableReader, apply_mapping
from expenses.statements.statement import Column, Entry, Mapping, Table

# The rows that a question shows.
_SHOWN = 3
Rows = list[tuple[Entry | None, ...]]


@dataclass(frozen=True)
class Question:
    """Some rows, each as it is read now and as it would be otherwise; None for an unreadable row.

    name: what is undecided, as in `Choices.asks`. labels: of the readings, if there may be more than two.
    """

    name: str
    rows: tuple[tuple[Entry | None, ...], ...]
    labels: tuple[str, ...] = ()


class Questions:
    """The questions to ask, found piece by piece. None about what makes no difference to any row.

    beginning: the table or its first piece. found: by name, the rows of the pieces before.
    """

    def __init__(self, beginning: Table, choices: Choices, found: dict[str, Rows] | None = None) -> None:
        self.beginning, self.choices = beginning, choices
        self.found = found or {name: [] for name in choices.asks}

    def add(self, piece: Piece, entries: Iterable[Entry]) -> None:
        """Search rows that show what is undecided. entries: of the piece, as they are read now."""
        names = [name for name, rows in self.found.items() if name != "share" and len(rows) < _SHOWN]
        now = _by_line(entries) if names else {}
        for name in names:
            reading = TableReader(self.beginning, self.choices.asks[name]).read(*piece)
            then = _by_line(reading.entries)
            lines = [line for line in piece.table.lines if now.get(line) != then.get(line)]
            self.found[name] = [*self.found[name], *((now.get(line), then.get(line)) for line in lines)][:_SHOWN]

    def questions(self) -> tuple[Question, ...]:
        mapping = self.choices.mapping_of(self.beginning)
        questions = []
        for name, rows in self.found.items():
            if name == "share":
                questions.append(_question_of_share(self.beginning, mapping))
            elif rows:
                questions.append(Question(name, tuple(rows)))
        return tuple(questions)


def _question_of_share(table: Table, mapping: Mapping) -> Question:
    """Which of the people imports a file of shared expenses."""
    first = replace(table, rows=table.rows[:_SHOWN], lines=table.lines[:_SHOWN])
    places = range(table.first_person, len(table.header))
    mappings = [replace(mapping, columns=mapping.columns | {Column.AMOUNT: place}) for place in places]
    readings = [_by_line(apply_mapping(first, one).entries) for one in mappings]
    rows = tuple(tuple(reading.get(line) for reading in readings) for line in first.lines)
    return Question("share", rows, table.header[table.first_person :])


def _by_line(entries: Iterable[Entry]) -> dict[int, Entry]:
    """The entries of a table by line, without fees, which follow the entry that they belong to."""
    found: dict[int, Entry] = {}
    for entry in entries:
        found.setdefault(entry.line, entry)
    return found
