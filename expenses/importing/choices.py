"""How a person chose to read a file, stored for the next file with the same header."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from expenses.importing.fingerprints import keyed_hash
from expenses.models import ColumnMapping
from expenses.models.ledger import Ledger
from expenses.statements import guess_mapping
from expenses.statements.days import read_day
from expenses.statements.guess import MONEY
from expenses.statements.notation import decimal_votes, is_negative, is_zero
from expenses.statements.statement import Column, DateOrder, Mapping, Reading, Sign, Table

# In this many movements at least one must be spending, or the sign is wrong.
_MANY = 5


@dataclass(frozen=True)
class Choices:
    """How to read a file. mapping: None if it needs none. money_in: whether to import money received, as refunds."""

    mapping: Mapping | None
    money_in: bool = False

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
        return {"mapping": mapping, "money_in": self.money_in}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Choices":
        found = stored["mapping"]
        if found is None:
            return cls(None, stored["money_in"])
        columns = {Column(name): index for name, index in found["columns"].items()}
        kinds = {"date_order": DateOrder(found["date_order"]), "sign": Sign(found["sign"])}
        return cls(Mapping(**found | kinds | {"columns": columns}), stored["money_in"])


def first_choices(ledger: Ledger, read: Table | Reading, own: bool) -> Choices:
    """The choices that a draft starts with: the person's earlier ones for this header if they fit, else a guess.

    own: whether FinBrain wrote the file. Money received is a refund there, but in a bank's file more likely a salary.
    """
    if isinstance(read, Reading):
        return Choices(None, money_in=own)
    kept = ColumnMapping.objects.filter(ledger_id=ledger.id, header=_header_key(read)).first()
    guess = guess_mapping(read, ledger.home_currency)
    chosen = Choices.of(kept.choices) if kept else Choices(None)
    if chosen.mapping is None:
        return Choices(guess, money_in=own)
    return replace(chosen, mapping=_fitted(chosen.mapping, read, guess, may_turn=not chosen.money_in))


def _fitted(kept: Mapping, table: Table, guess: Mapping, may_turn: bool) -> Mapping:
    """Adapt a stored mapping to a table, taking date order and decimals from the guess if they clearly fit better.

    If so, the bank has changed its format, and the sign comes from the guess, too. may_turn: also use the guessed sign
    if there are many movements and all would be money received otherwise, because the person doesn't import that.
    """
    days = _cells_of(table, kept, Column.DATE)
    orders = Counter(order for order in DateOrder for day in days if read_day(day, order))
    order = max((kept.date_order, guess.date_order), key=orders.__getitem__)
    amounts = [cell for column in MONEY for cell in _cells_of(table, kept, column) if not is_zero(cell)]
    spent_is_negative = kept.sign == Sign.SPENT_IS_NEGATIVE
    votes = Counter(map(decimal_votes, amounts))
    decimal = max((kept.decimal, guess.decimal), key=votes.__getitem__)
    changed = (order, decimal) != (kept.date_order, kept.decimal)
    turned = may_turn and len(amounts) >= _MANY and not any(is_negative(cell) == spent_is_negative for cell in amounts)
    return replace(kept, date_order=order, decimal=decimal, sign=guess.sign if changed or turned else kept.sign)


def _cells_of(table: Table, mapping: Mapping, column: Column) -> list[str]:
    """The cells of a column; empty if the mapping does not use it."""
    return [row[mapping.columns[column]] for row in table.rows] if column in mapping.columns else []


def keep_mapping(ledger: Ledger, table: Table, choices: Choices) -> None:
    """Store the choices for the next table with this header."""
    stored = {"choices": choices.stored()}
    ColumnMapping.objects.update_or_create(ledger_id=ledger.id, header=_header_key(table), defaults=stored)


def _header_key(table: Table) -> str:
    return keyed_hash("header", json.dumps(table.header))
