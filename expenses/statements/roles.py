"""Finds the columns that a mapping doesn't name but that tell something about each movement."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from expenses.statements.app_exports import is_decoration, is_mark
from expenses.statements.fees import fee_places
from expenses.statements.header_words import (
    WHOLE_NAME,
    currency_named,
    is_no_amount,
    is_original,
    rank_columns,
    rank_role,
)
from expenses.statements.notation import is_zero
from expenses.statements.payers import best_named, names_either_side, owner_name, payer_place
from expenses.statements.plain_words import plain_header
from expenses.statements.posted_days import posted_place
from expenses.statements.profile import MOST, Profile, is_account
from expenses.statements.row_text_order import MOST_NOTES, Texts
from expenses.statements.statement import Column, Mapping, Sign
from expenses.statements.title_columns import order_titles
from expenses.statements.vocabulary import is_exactly, says

STATUSES = ("cancelled", "pending", "booked")
# The number of words of statuses such as "Umsatz vorgemerkt".
_STATUS_WORDS = 2
# The lowest score of a title column whose text is worth a note.
_NOTE_SCORE = 5.0


@dataclass(frozen=True)
class Roles:
    """The indexes of further columns, None or empty if there are none.

    titles: those that may name the merchant, the best first. notes: those with text for the note. instead: those that
    name a movement if no title does, such as its category. last: those with texts that say nothing about a movement.
    payer: who paid, for money received. names_payees: whether it also names who was paid. owner: whose account it is,
    on either side of each movement. names: the column with the names of merchants. short: the column of names or
    descriptions, where "C&A" is a name. posted: the booking date or the balance, which pending rows leave empty. kinds:
    those that say expense, income or transfer. moves: those that may name transfers between own accounts. named_kinds:
    those called kinds. pending_kinds: those of them that call a few rows pending. tags: words that the person gave.
    fees: those of what the bank added to the amount, with the taxes on it. fee_signs: 1 or -1 for fees of either sign,
    which makes charges positive. more: amounts in other currencies, each filled where the amount is empty, with its
    currency. original: the amount before its conversion, and its currency.
    """

    titles: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    instead: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    payer: int | None = None
    names_payees: bool = False
    owner: str = ""
    names: int | None = None
    short: int | None = None
    status: int | None = None
    posted: int | None = None
    account: int | None = None
    kinds: tuple[int, ...] = ()
    moves: tuple[int, ...] = ()
    named_kinds: tuple[int, ...] = ()
    pending_kinds: tuple[int, ...] = ()
    tags: int | None = None
    fees: tuple[int, ...] = ()
    fee_signs: MappingOf[int, int] = field(default_factory=dict)
    more: tuple[tuple[int, str], ...] = ()
    original: tuple[int | None, int | None] = (None, None)

    def say_moved(self, row: Sequence[str]) -> bool:
        """Whether a row's kind is a transfer between own accounts, or an exchange of currencies."""
        is_own = any(is_exactly(row[at], "own transfer") for at in self.moves)
        return is_own or any(is_exactly(row[at], "exchange") for at in self.named_kinds)

    def say_pending(self, row: Sequence[str]) -> bool:
        """Whether a row lacks the booking date that others have, or its kind is called pending."""
        lacks_date = self.posted is not None and not row[self.posted]
        return lacks_date or any(is_exactly(row[at], "pending") for at in self.pending_kinds)


def find_roles(profiles: Sequence[Profile], mapping: Mapping, balance_at: int | None) -> Roles:
    """Find the further columns of a table that is read by `mapping`."""
    at = mapping.columns
    used = {place for column, place in at.items() if column not in (Column.TITLE, Column.CATEGORY, Column.NOTE)}
    free = [one for one in profiles if one.place not in used and one.place != balance_at]
    free = [one for one in free if not is_decoration(one.header)]
    tags = best_named(free, "tags", lambda one: True)
    free = [one for one in free if one.place != tags]
    ordered = order_titles(free, ())
    first = [at[Column.TITLE]] if Column.TITLE in at else []
    kept = {at.get(Column.CATEGORY), at.get(Column.NOTE), *first}
    named_notes = kept - {at.get(Column.NOTE)}
    titles = [place for score, place in ordered if score >= _NOTE_SCORE and place not in named_notes]
    named = {
        one.place for one in free if rank_columns(one.header, Column.TITLE) or rank_columns(one.header, Column.NOTE)
    }
    headers = [one.header for one in profiles]
    names = {*map(plain_header, headers)}
    kinds = [one.place for one in free if one.filled and (_is_tracker_kind(one) or _is_way(one, names))]
    by_place = {one.place: one for one in profiles}
    notes = [place for place in titles if place in named and by_place[place].kinds < 1 - MOST]
    account = _account_place([one for one in free if one.place not in first])
    notes = [place for place in notes if place not in (account, *kept)]
    status = _status_place([one for one in free if not is_mark(one.header, headers)])
    places = [place for _score, place in ordered if place not in kept or place in titles]
    texts = Texts(by_place, at, places, titles, {status, account})
    title = by_place.get(first[0]) if first else None
    payer = payer_place(free, title)
    paid_by = by_place[payer] if payer is not None else None
    amount = by_place.get(at.get(Column.AMOUNT, -1))
    return Roles(
        titles=texts.titles(),
        notes=tuple([*texts.note, *notes][:MOST_NOTES]),
        instead=texts.instead(),
        last=texts.last(),
        days=tuple(one.place for one in free if one.days >= MOST and rank_columns(one.header, Column.DATE)),
        payer=payer,
        names_payees=names_either_side(title, paid_by, amount, mapping.sign),
        owner=owner_name(title, paid_by, *_spent(by_place, mapping)),
        names=first[0] if title and rank_role(title.header, "title 1") >= WHOLE_NAME else None,
        short=first[0] if title and rank_role(title.header, "title 1", "title 2") >= WHOLE_NAME else None,
        status=status,
        posted=posted_place(profiles, at.get(Column.DATE)),
        account=account,
        kinds=tuple(kinds),
        moves=tuple(one.place for one in free if _names_moves(one)),
        named_kinds=tuple(one.place for one in free if rank_role(one.header, "kind")),
        pending_kinds=tuple(one.place for one in free if rank_role(one.header, "kind") and _has_few_pending(one)),
        tags=tags,
        fees=fee_places(free),
        more=_more_amounts(free, by_place, mapping),
        original=_original(free),
    )


def _spent(by_place: MappingOf[int, Profile], mapping: Mapping) -> tuple[Profile | None, Sign | None]:
    """The column with what was spent, and the sign of it; None where the column has nothing else."""
    if Column.AMOUNT in mapping.columns:
        return by_place[mapping.columns[Column.AMOUNT]], mapping.sign
    return by_place.get(mapping.columns.get(Column.MONEY_OUT, -1)), None


def _status_place(free: Sequence[Profile]) -> int | None:
    """The column of statuses, by its name or by its cells."""

    def known(one: Profile) -> float:
        return sum(map(_says_status, one.filled)) / len(one.filled)

    filled = [one for one in free if one.filled]
    named = [one for one in filled if rank_role(one.header, "status")]
    named = [one for one in named if any(says(cell, *STATUSES) for cell in set(one.filled))]
    by_cells = [one for one in filled if len(set(one.filled)) <= 5 and known(one) >= MOST and not _is_flag_like(one)]
    found = [*sorted(named, key=lambda one: -rank_role(one.header, "status")), *by_cells, *filter(_lacks_codes, filled)]
    return found[0].place if found else None


def _says_status(cell: str) -> bool:
    """Whether a cell is a status, or a word of one with others: "Pending entry"."""
    return is_exactly(cell, *STATUSES) or (len(cell.split()) == _STATUS_WORDS and bool(says(cell, *STATUSES)))


def _lacks_codes(one: Profile) -> bool:
    """Whether a column has a code for each movement, except that some say a status, such as HOLD."""
    words = [cell for cell in one.filled if not any(map(str.isdecimal, cell))]
    return 0 < len(words) * 2 < len(one.filled) and all(is_exactly(word, "cancelled", "pending") for word in words)


def _is_flag_like(one: Profile) -> bool:
    """Whether cells such as "received" and "sent" tell a direction rather than a status."""
    return any(is_exactly(cell, "in", "out", "receiving") for cell in one.filled)


def _account_place(free: Sequence[Profile]) -> int | None:
    fitting = [one for one in free if one.filled and one.days < MOST]
    exact = [one for one in fitting if rank_role(one.header, "account") >= WHOLE_NAME]
    by_cells = [one for one in fitting if len(set(one.filled)) == 1 and is_account(one.filled[0])]
    found = [*sorted(exact, key=lambda one: one.distinct), *by_cells]
    return found[0].place if found else None


def _has_few_pending(one: Profile) -> bool:
    """Whether a column calls less than half of the rows pending. Where most are called so, it isn't their status."""
    return sum(is_exactly(cell, "pending") for cell in one.filled) * 2 < len(one.filled)


def _names_moves(one: Profile) -> bool:
    """Whether a column may name transfers between own accounts: it does, or it has the kinds of movements."""
    return rank_role(one.header, "kind") > 0 or any(is_exactly(word, "own transfer") for word in set(one.filled))


def _is_tracker_kind(one: Profile) -> bool:
    """Whether a column says expense, income or transfer, as trackers do."""
    words = set(one.filled)
    if len(words) > 12:
        return False
    is_kind = rank_role(one.header, "kind") or rank_columns(one.header, Column.CATEGORY)
    says_it = any(is_exactly(word, "tracker") for word in words)
    return bool(is_kind and says_it)


def _is_way(one: Profile, names: Set[str]) -> bool:
    """Whether a column says withdrawal, deposit or transfer of a table with the accounts on both sides."""
    both_sides = {"source name", "destination name"} <= names
    return both_sides and rank_role(one.header, "kind") > 0 and any(is_exactly(cell, "moving") for cell in one.filled)


def _more_amounts(
    free: Sequence[Profile], by_place: dict[int, Profile], mapping: Mapping
) -> tuple[tuple[int, str], ...]:
    """Columns with the amounts of other currencies, filled where the amount is empty."""
    amount = by_place.get(mapping.columns.get(Column.AMOUNT, -1))
    if not amount or not currency_named(amount.header, mapping.currency):
        return ()
    found = []
    for one in free:
        currency = currency_named(one.header, "")
        if not currency or not one.money or is_no_amount(one.header) or is_original(one.header):
            continue
        rows = zip(amount.cells, one.cells, strict=True)
        if not any(not is_zero(mine) and not is_zero(other) for mine, other in rows):
            found.append((one.place, currency))
    return tuple(found)


def _original(free: Sequence[Profile]) -> tuple[int | None, int | None]:
    named = [one for one in free if is_original(one.header) and one.filled]
    amounts = [one.place for one in named if one.money and one.numbers >= MOST and one.days < MOST]
    codes = [one.place for one in named if one.codes >= MOST]
    return (amounts[0] if amounts else None), (codes[0] if codes else None)
