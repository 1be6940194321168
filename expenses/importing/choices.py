"""How a person chose to read a file, stored for the next file with the same header."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from expenses.importing.accounts import guess_account
from expenses.importing.fingerprints import keyed_hash
from expenses.models import ColumnMapping
from expenses.models.ledger import Ledger
from expenses.statements import apply_mapping, guess_mapping, needed_columns
from expenses.statements.days import read_day
from expenses.statements.guess import MONEY
from expenses.statements.notation import decimal_votes, is_negative, is_zero
from expenses.statements.statement import Column, DateOrder, Mapping, Reading, Sign, Table

# In this many movements at least one must be spending, or the sign is wrong.
_MANY = 5
# The number of rows in which date order and decimals are checked.
_SAMPLE = 2000
# The number of rows in which the account is searched.
_FEW = 200


@dataclass(frozen=True)
class Choices:
    """How to read a file. mapping: None if it needs none. account: the name of its account, or ""."""

    mapping: Mapping | None
    account: str = ""

    def mapping_of(self, table: Table) -> Mapping:
        """Return the mapping for a table. Raises ValueError if there is none, as for files that aren't tables."""
        if self.mapping is None:
            raise ValueError(f"No mapping for a table with {len(table.rows)} rows.")
        return self.mapping

    def stored(self) -> dict[str, Any]:
        """The choices as plain values for the database; `of` reads them."""
        mapping = self.mapping and {
            "columns": {column.value: index for column, index in self.mapping.columns.items()},
            "date_order": self.mapping.date_order.value,
            "decimal": self.mapping.decimal,
            "sign": self.mapping.sign.value,
            "currency": self.mapping.currency,
        }
        # The last release reads `money_in`, and drafts and mappings outlive a rollback.
        return {"mapping": mapping, "account": self.account, "money_in": False}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Choices":
        """Read stored choices. Those that another release stored in another way are read as no mapping."""
        try:
            found = stored["mapping"]
            if found is None:
                return cls(None, stored.get("account", ""))
            columns = {Column(name): index for name, index in found["columns"].items()}
            kinds = {"date_order": DateOrder(found["date_order"]), "sign": Sign(found["sign"])}
            return cls(Mapping(**found | kinds | {"columns": columns}), stored.get("account", ""))
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls(None)


def first_choices(ledger: Ledger, read: Table | Reading, name: str) -> Choices:
    """The choices that a draft starts with: the person's earlier ones for this header if they fit, else a guess.

    name: of the file, which may tell the account.
    """
    if isinstance(read, Reading):
        return Choices(None, guess_account(read.entries, name))
    kept = ColumnMapping.objects.filter(ledger_id=ledger.id, header=header_key(read)).first()
    guess = guess_mapping(read, ledger.home_currency)
    chosen = Choices.of(kept.choices) if kept else Choices(None)
    mapping = guess if chosen.mapping is None else _fitted(chosen.mapping, read, guess)
    entries = () if needed_columns(mapping) else apply_mapping(_beginning(read), mapping).entries
    return Choices(mapping, guess_account(entries, name) or chosen.account)


def _beginning(table: Table) -> Table:
    return Table(table.header, table.rows[:_FEW], table.lines[:_FEW])


def _fitted(kept: Mapping, table: Table, guess: Mapping) -> Mapping:
    """Adapt a stored mapping to a table, taking date order and decimals from the guess if they clearly fit better.

    If so, the bank has changed its format, and the sign comes from the guess, too. It also does if there are many
    movements and all would be money received otherwise.
    """
    days = _cells_of(table, kept, Column.DATE)
    orders = Counter(order for order in DateOrder for day in days if read_day(day, order))
    order = max((kept.date_order, guess.date_order), key=orders.__getitem__)
    amounts = [cell for column in MONEY for cell in _cells_of(table, kept, column) if not is_zero(cell)]
    spent_is_negative = kept.sign == Sign.SPENT_IS_NEGATIVE
    votes = Counter(map(decimal_votes, amounts))
    decimal = max((kept.decimal, guess.decimal), key=votes.__getitem__)
    changed = (order, decimal) != (kept.date_order, kept.decimal)
    turned = len(amounts) >= _MANY and not any(is_negative(cell) == spent_is_negative for cell in amounts)
    return replace(kept, date_order=order, decimal=decimal, sign=guess.sign if changed or turned else kept.sign)


def _cells_of(table: Table, mapping: Mapping, column: Column) -> list[str]:
    """The cells of a column in the first rows; empty if the mapping does not use it."""
    return [row[mapping.columns[column]] for row in table.rows[:_SAMPLE]] if column in mapping.columns else []


def keep_mapping(ledger: Ledger, header: str, choices: Choices) -> None:
    """Store the choices for the next table with this header. header: its `header_key`."""
    stored = {"choices": choices.stored()}
    ColumnMapping.objects.update_or_create(ledger_id=ledger.id, header=header, defaults=stored)


def header_key(table: Table) -> str:
    """A hash of the names of the columns."""
    return keyed_hash("header", json.dumps(table.header))
