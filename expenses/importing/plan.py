"""What would become of each row of a file, before anything is written."""

from dataclasses import dataclass
from datetime import date

from bson import ObjectId

from expenses.importing.choices import Choices
from expenses.importing.duplicates import Stored, look_alikes
from expenses.importing.fingerprints import Row, rows_of, seen_before
from expenses.statements import apply_mapping
from expenses.statements.statement import Problem, Reading, Table


@dataclass(frozen=True)
class Plan:
    """new: come in. alike: each with the expense it looks like, stay out unless the person wants them.

    known: came in before, or stand in the file twice. money_in: how many stay out because nothing was spent.
    """

    new: tuple[Row, ...] = ()
    alike: tuple[tuple[Row, Stored], ...] = ()
    known: tuple[Row, ...] = ()
    money_in: int = 0
    unreadable: tuple[Problem, ...] = ()

    def chosen(self, wanted: set[str]) -> list[Row]:
        """The rows to write, in the file's order: the new ones, and those alike whose fingerprint is in `wanted`."""
        also = [row for row, _ in self.alike if row.fingerprint in wanted]
        return sorted([*self.new, *also], key=lambda row: row.number)

    @property
    def days(self) -> tuple[date, date] | tuple[None, None]:
        """The first and the last day of all that is neither known nor left out."""
        days = [row.entry.spent_on for row in (*self.new, *(row for row, _ in self.alike))]
        return (min(days), max(days)) if days else (None, None)


def make_plan(owner_id: ObjectId, read: Table | Reading, choices: Choices) -> Plan:
    """Sort the rows; the same few database calls however many there are."""
    reading = apply_mapping(read, choices.mapping) if isinstance(read, Table) else read
    every = rows_of(owner_id, reading.entries)
    rows = [row for row in every if choices.money_in or row.entry.amount > 0]
    before = seen_before(owner_id, rows)
    alike = look_alikes(owner_id, rows, before)
    first = {row.fingerprint: row for row in reversed(rows)}
    known = [row for row in rows if row.fingerprint in before or first[row.fingerprint] is not row]
    left = {row.number for row in known}
    fresh = [row for row in rows if row.number not in left]
    return Plan(
        new=tuple(row for row in fresh if row.number not in alike),
        alike=tuple((row, alike[row.number]) for row in fresh if row.number in alike),
        known=tuple(known),
        money_in=len(every) - len(rows),
        unreadable=reading.problems,
    )
