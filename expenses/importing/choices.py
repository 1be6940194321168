"""How a file is to be understood, as a person chose or confirmed it; kept for the next file with the same header."""

import json
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from expenses.importing.fingerprints import keyed_hash
from expenses.models import ColumnMapping
from expenses.statements import guess_mapping
from expenses.statements.statement import Column, DateOrder, Mapping, Reading, Sign, Table


@dataclass(frozen=True)
class Choices:
    """mapping: None for a file that needs none. money_in: whether what came in is taken, as refunds."""

    mapping: Mapping | None
    money_in: bool = False

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


def first_choices(owner: User, read: Table | Reading, own: bool) -> Choices:
    """What a draft starts with: what the person chose for such a table before, else a guess.

    own: the file is FinBrain's, where money that came in is a refund; in a bank's it is a salary rather.
    """
    if isinstance(read, Reading):
        return Choices(None, money_in=own)
    kept = ColumnMapping.objects.filter(owner_id=owner.pk, header=header_key(read)).first()
    if kept:
        return Choices.of(kept.choices)
    return Choices(guess_mapping(read, owner.home_currency), money_in=own)


def keep(owner: User, table: Table, choices: Choices) -> None:
    """For the next table with this header."""
    stored = {"choices": choices.stored()}
    ColumnMapping.objects.update_or_create(owner_id=owner.pk, header=header_key(table), defaults=stored)


def header_key(table: Table) -> str:
    return keyed_hash("header", json.dumps(table.header))
