"""What a person changes in the preview of a draft: which rows are imported, and rows that FinBrain read wrongly."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, cast

from bson import ObjectId

from expenses.importing.file_categories import FileCategory, meanings_of, with_meaning
from expenses.importing.fingerprints import FileRow, keyed_hash
from expenses.importing.plan import TICKED, Plan
from expenses.statements.statement import Entry

# Mended rows are stored with the draft, of which MongoDB allows 16 MB.
MOST_MENDED = 500
_MENDED = ("title", "amount", "currency", "spent_on", "category", "kind")


class _Note(TypedDict, total=False):
    note: str


class StoredEntry(_Note):
    """A mended row as it is stored.

    amount: digits. spent_on: in ISO format. line: of the file. note: of a row that was unreadable.
    """

    title: str
    amount: str
    currency: str
    spent_on: str
    category: str
    kind: str
    line: int


class StoredEdits(TypedDict, total=False):
    """`Edits` as they are stored with a draft, without empty ones. The keys of `mended` are numbers."""

    turned: dict[str, list[int]]
    by_line: list[list[int]]
    sheets: list[list[Any]]
    all: dict[str, bool]
    mended: dict[str, StoredEntry]
    meanings: dict[str, str]


@dataclass(frozen=True)
class Edits:
    """The changes to a draft.

    turned: by group, the numbers of the rows whose tick differs from that of their group. all: by group, whether its
    rows are ticked, if that isn't the default. mended: by number, the rows as the person
    wants them; an unreadable row has a negative number, see `unreadable_number`. meanings: by key, what the file's
    categories mean where that isn't what was proposed. by_line: the ticks when the reading of the file last changed, of
    the rows that the person ticked or unticked in any reading: by line of the file and ordinal among its rows. sheets:
    the choices and edits of the workbook's other sheets as they are stored, by name.
    """

    turned: dict[str, frozenset[int]] = field(default_factory=dict)
    all: dict[str, bool] = field(default_factory=dict)
    mended: dict[int, Entry] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    by_line: dict[tuple[int, int], bool] = field(default_factory=dict)
    sheets: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def is_ticked(self, group: str, number: int) -> bool:
        return self.all.get(group, group == "new") != (number in self.turned.get(group, ()))

    def count_ticked(self, counts: Mapping[str, int]) -> int:
        """The number of rows that are imported, of as many in each group."""
        return sum(self.count_in(group, counts[group]) for group in TICKED)

    def count_in(self, group: str, count: int, turned: int | None = None) -> int:
        """The number of rows that are imported, of `count` in a group. turned: how many differ from the others."""
        turned = len(self.turned.get(group, ())) if turned is None else turned
        return count - turned if self.all.get(group, group == "new") else turned

    def with_ticks(self, group: str, shown: Collection[int], ticked: Collection[int]) -> "Edits":
        """These edits with the ticks of the rows that a page showed."""
        usual = self.all.get(group, group == "new")
        turned = {number for number in shown if (number in ticked) != usual}
        kept = self.turned.get(group, frozenset()) - set(shown)
        return replace(self, turned=self.turned | {group: kept | turned})

    def with_all(self, group: str, *, ticked: bool) -> "Edits":
        return replace(self, turned=self.turned | {group: frozenset()}, all=self.all | {group: ticked})

    def with_mended(self, number: int, entry: Entry) -> "Edits":
        return replace(self, mended=self.mended | {number: entry})

    def with_meanings(self, categories: Iterable[FileCategory], sent: Mapping[str, str]) -> "Edits":
        """These edits with what the person says that the file's categories mean, by key."""
        found = meanings_of(categories, self.meanings) | dict(sent)
        return replace(self, meanings={one.key: found[one.key] for one in categories if found[one.key] != one.proposed})

    def stored(self) -> StoredEdits | None:
        """The edits as plain values for the database; `of` reads them. MongoDB updates no field to an empty object."""
        values: StoredEdits = {
            "turned": {group: sorted(numbers) for group, numbers in self.turned.items()},
            "all": self.all,
            "mended": {str(number): _stored_entry(entry) for number, entry in self.mended.items()},
            "meanings": self.meanings,
            "by_line": [[*row, int(ticked)] for row, ticked in self.by_line.items()],
            "sheets": [[name, *kept] for name, kept in self.sheets.items()],
        }
        return cast(StoredEdits, {name: value for name, value in values.items() if value}) or None

    @classmethod
    def of(cls, stored: StoredEdits | None) -> "Edits":
        """Read stored edits. Those that another release stored in another way are none."""
        if not stored:
            return cls()
        try:
            return cls(
                {group: frozenset(numbers) for group, numbers in stored.get("turned", {}).items()},
                dict(stored.get("all", {})),
                {int(number): _entry_of(values) for number, values in stored.get("mended", {}).items()},
                dict(stored.get("meanings", {})),
                {(line, ordinal): bool(ticked) for line, ordinal, ticked in stored.get("by_line", ())},
                {name: (choices, edits) for name, choices, edits in stored.get("sheets", ())},
            )
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            return cls()


def _stored_entry(entry: Entry) -> StoredEntry:
    values = {name: getattr(entry, name) for name in _MENDED}
    values |= {"amount": str(entry.amount), "spent_on": entry.spent_on.isoformat(), "line": entry.line}
    values |= {"note": entry.note} if entry.note else {}
    return cast(StoredEntry, values)


def _entry_of(stored: StoredEntry) -> Entry:
    values: dict[str, Any] = {name: stored[name] for name in (*_MENDED, "line")}
    values |= {"amount": Decimal(stored["amount"]), "spent_on": date.fromisoformat(stored["spent_on"])}
    return Entry(**values, reviewed=bool(stored["category"]), note=stored.get("note", ""))


def unreadable_number(index: int) -> int:
    """The number of an unreadable row. index: its place among them, from 0."""
    return -1 - index


def mend(plan: Plan, edits: Edits, meanings: Mapping[str, str]) -> Plan:
    """The plan with its rows as the person wants them: under what their categories mean, or mended one by one.

    meanings: as of `meanings_of`.
    """
    if not edits.mended and not any(meanings.values()):
        return plan
    groups = {
        name: tuple(_mended_row(row, edits, meanings) for row in getattr(plan, name))
        for name in ("new", "known", "unbooked")
    }
    alike = tuple((_mended_row(row, edits, meanings), like) for row, like in plan.alike)
    return replace(plan, **groups, alike=alike)


def readable_rows(ledger_id: ObjectId, edits: Edits, account: str) -> tuple[FileRow, ...]:
    """The unreadable rows that the person mended. They come before the new ones, and belong to `account`."""
    return tuple(
        _readable_row(ledger_id, number, entry._replace(account=account))
        for number, entry in edits.mended.items()
        if number < 0
    )


def _mended_row(row: FileRow, edits: Edits, meanings: Mapping[str, str]) -> FileRow:
    """The row as mended. It keeps its fingerprint, so that it is known when the file is imported again."""
    mended = edits.mended.get(row.number)
    if mended is None:
        return row._replace(entry=with_meaning(row.entry, meanings))
    values = {name: getattr(mended, name) for name in (*_MENDED, "reviewed")}
    return row._replace(entry=row.entry._replace(**values))


def _readable_row(ledger_id: ObjectId, number: int, entry: Entry) -> FileRow:
    about = entry.line, entry.spent_on, entry.amount.normalize(), entry.currency, entry.title
    return FileRow(number, keyed_hash(ledger_id, "mended", *about), entry)


def rows_to_import(plan: Plan, edits: Edits, batch_id: ObjectId) -> list[FileRow]:
    """The ticked rows of a mended plan, in the file's order.

    A row that was imported before gets a fingerprint of its own, because the person wants it again.
    """
    fresh = (("new", plan.new), ("alike", [row for row, _ in plan.alike]), ("unbooked", plan.unbooked))
    rows = [row for group, some in fresh for row in some if edits.is_ticked(group, row.number)]
    again = [row for row in plan.known if edits.is_ticked("known", row.number)]
    rows += [row._replace(fingerprint=keyed_hash(row.fingerprint, "again", batch_id, row.number)) for row in again]
    return sorted(rows, key=lambda row: (row.entry.line, row.number))
