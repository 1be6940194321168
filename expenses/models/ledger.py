"""What owns expenses, memory, months, imports and mappings."""

from dataclasses import dataclass

from bson import ObjectId


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger with the settings that are its own.

    id: a person's own ledger has the person's id; documents store it in the column `owner_id`, the shard key.
    home_currency: ISO 4217. threshold: the confidence (0 to 1) from which FinBrain files without asking.
    shares_corrections: whether its corrections may go to a reviewer. is_demo: made-up expenses, which teach nobody.
    """

    id: ObjectId
    home_currency: str
    threshold: float
    shares_corrections: bool
    is_demo: bool
