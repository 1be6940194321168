"""How a file is to be understood, as a person chose or confirmed it; kept for the next file with the same header."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from expenses.importing.fingerprints import keyed_hash
from expenses.models import ColumnMapping
from expenses.models.ledger import Ledger
from expenses.statements import guess_mapping
from expenses.statements.guess import MONEY
from expenses.statements.notation import decimal_votes, is_negative, is_zero, read_day
from expenses.statements.statement import Column, DateOrder, Mapping, Reading, Sign, Table

# Movements of which one at least was spent.
_MANY = 5


@dataclass(frozen=True)
class Choices:
    """mapping: None for a file that needs none. money_in: whether what came in is taken, as refunds."""

    mapping: Mapping | None
    money_in: bool = False

    def mapping_of(self, table: Table) -> Mapping:
        """How the table's columns are to be read. ValueError when nothing was chosen: only other files need nothing."""
        if self.mapping is None:
            raise ValueError(f"No mapping for a table with {len(table.rows)} rows.")
        return self.mapping

    def stored(self) -> dict[str, Any]:
        """As `of` reads it."""
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
    """What a draft starts with: what the person chose for such a table before, if it fits, else a guess.

    own: the file is FinBrain's, where money that came in is a refund; in a bank's it is a salary rather.
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
    """The kept mapping, with days and decimals as the guess has them where the table clearly writes them otherwise.

    The sign is the guess's too then, for the bank changed how it writes. may_turn: and where all of many movements came
    in, which somebody who wants no such movements has no use for.
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
    """What stands in the column, if the mapping has it."""
    return [row[mapping.columns[column]] for row in table.rows] if column in mapping.columns else []


def keep_mapping(ledger: Ledger, table: Table, choices: Choices) -> None:
    """For the next table with this header."""
    stored = {"choices": choices.stored()}
    ColumnMapping.objects.update_or_create(ledger_id=ledger.id, header=_header_key(table), defaults=stored)


def _header_key(table: Table) -> str:
    return keyed_hash("header", json.dumps(table.header))
