"""How a person chose to read a file, and what they haven't decided yet."""

from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

from expenses.importing.accounts import AccountSource
from expenses.statements.statement import MAX_COLUMNS, MONEY, Column, DateOrder, Mapping, Sign, Table
from finbrain.core.numbers import whole_number

# What may be undecided: the columns of money, and parts of a mapping.
_PARTS = {"sign": "sign", "date_order": "date_order", "year": "years_back"}
ASKS = ("amount", "share", *_PARTS)


class _YearsBack(TypedDict, total=False):
    years_back: int


class StoredMapping(_YearsBack):
    """A `Mapping` as it is stored. columns: the place of each column."""

    columns: dict[str, int]
    date_order: str
    decimal: str
    sign: str
    currency: str


class _Asks(TypedDict, total=False):
    asks: dict[str, StoredMapping]


class StoredChoices(_Asks):
    """`Choices` as they are stored with an import and with a kept mapping."""

    mapping: StoredMapping | None
    account: str
    money_in: bool
    source: str
    sheet: str


@dataclass(frozen=True)
class Choices:
    """How to read a file.

    mapping: None if it needs none. account: the name of its account, or "". asks: what is undecided, as of
    `statements.guess`. source: what tells the account. sheet: the chosen sheet of a workbook, or "".
    """

    mapping: Mapping | None
    account: str = ""
    asks: dict[str, Mapping] = field(default_factory=dict)
    source: AccountSource = AccountSource.PERSON
    sheet: str = ""

    def mapping_of(self, table: Table) -> Mapping:
        """Return the mapping for a table. Raises ValueError if there is none, as for files that aren't tables."""
        if self.mapping is None:
            raise ValueError(f"No mapping for a table with {len(table.rows)} rows.")
        return self.mapping

    def changed(self, form: "Choices") -> "Choices":
        """These choices with mapping and account from a form. What the person has changed isn't undecided any more."""
        asks = {name: other for name, other in self.asks.items() if _part(form, name) == _part(self, name)}
        is_guess = self.source == AccountSource.NAME and form.account != self.account
        source = AccountSource.PERSON if is_guess else self.source
        return replace(self, mapping=form.mapping, account=form.account, asks=asks, source=source)

    def answered(self, name: str, which: str) -> "Choices":
        """These choices once the person decided for their mapping, or for the "other" one. which: for "share", the
        number of the person, from 0.
        """
        asks = dict(self.asks)
        mapping = asks.pop(name, None)
        if mapping is None or self.mapping is None:
            return replace(self, asks=asks)
        if name == "share":
            number = whole_number(which, 0, MAX_COLUMNS)
            place = mapping.columns[Column.AMOUNT] - 1 + (number or 0)
            columns = self.mapping.columns | {Column.AMOUNT: place}
            of_person = replace(self, mapping=replace(self.mapping, columns=columns), asks=asks)
            return self if number is None else of_person
        if which != "other":
            return replace(self, asks=asks)
        if name != "amount":
            part = _PARTS[name]
            return replace(self, mapping=replace(self.mapping, **{part: getattr(mapping, part)}), asks=asks)
        asks.pop("sign", None)
        return replace(self, mapping=replace(self.mapping, columns=mapping.columns, sign=mapping.sign), asks=asks)

    def stored(self) -> StoredChoices:
        """The choices as plain values for the database; `of` reads them."""
        asks: _Asks = {"asks": {name: _stored_mapping(other) for name, other in self.asks.items()}} if self.asks else {}
        # The last release reads `money_in`, and drafts and mappings outlive a rollback.
        return {
            **asks,
            "mapping": self.mapping and _stored_mapping(self.mapping),
            "account": self.account,
            "money_in": False,
            "source": self.source.value,
            "sheet": self.sheet,
        }

    @classmethod
    def of(cls, stored: StoredChoices) -> "Choices":
        """Read stored choices. Those that another release stored in another way are read as no mapping."""
        try:
            mapping = stored["mapping"]
            return cls(
                None if mapping is None else _mapping_of(mapping),
                stored.get("account", ""),
                {name: _mapping_of(other) for name, other in stored.get("asks", {}).items() if name in ASKS},
                AccountSource(stored.get("source", "")),
                stored.get("sheet", ""),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls(None)


def _part(choices: Choices, name: str) -> Any:
    mapping = choices.mapping
    if mapping is None:
        return None
    if name in ("amount", "share"):
        return [mapping.columns.get(one) for one in MONEY]
    return getattr(mapping, _PARTS[name])


def _stored_mapping(mapping: Mapping) -> StoredMapping:
    """A mapping as plain values. The last release doesn't know `years_back`."""
    more: _YearsBack = {"years_back": mapping.years_back} if mapping.years_back else {}
    return {
        **more,
        "columns": {column.value: index for column, index in mapping.columns.items()},
        "date_order": mapping.date_order.value,
        "decimal": mapping.decimal,
        "sign": mapping.sign.value,
        "currency": mapping.currency,
    }


def _mapping_of(stored: StoredMapping) -> Mapping:
    columns = {Column(name): index for name, index in stored["columns"].items()}
    known: dict[str, Any] = {
        "columns": columns,
        "date_order": DateOrder(stored["date_order"]),
        "sign": Sign(stored["sign"]),
    }
    return Mapping(**{**stored, **known})
