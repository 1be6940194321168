"""Finds transfers between a person's own accounts in exports of finance apps, whose rows name both accounts."""

import re
from collections.abc import Iterable, Sequence

from expenses.statements.notation import has_digits, is_number
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import CODES
from expenses.statements.vocabulary import CELLS, is_exactly

_MOVING = ("moving", "own transfer", "moved category")
_BETWEEN = re.compile(r"\s*(?:→|➔|->|=>|\n|:)\s*")
# "200.00 EUR to 171.20 GBP", with at most one word before it.
_EXCHANGE = re.compile(r"(?:([^\W\d]+) )?\d[\d.,']* ?([A-Z]{3}) [^\W\d]+ \d[\d.,']* ?(?!\2)[A-Z]{3}\b")
# The end of a plain name of a company, such as "Umbuchung GmbH".
_COMPANY = re.compile(
    r" (?:gmbh|ag|ug|kg|ohg|ltd|limited|llc|llp|inc|plc|corp|b ?v|n ?v|s ?r ?l|s ?p ?a|sarl|sas|s ?l|s ?l ?u|lda|ab|"
    r"oyj?|aps|sp z o ?o|kft|s ?r ?o|d ?o ?o)$"
)
# The other account in place of a category, as in QIF.
_BRACKETS = re.compile(r"\[[^\[\]]+\]")
_QUOTES = "'\"‘’“”«»"
# How YNAB names the other account, also in the export of one account.
_YNAB = "Transfer : "
_LONGEST = 200
# The most words of a text with which titles of own transfers begin.
_MOST_WORDS = 5
_TO_OWN, _TO_ONE = CELLS["own transfer to"], CELLS["own transfer to one"]
_FIRST = {words.partition(" ")[0] for words in _TO_OWN | _TO_ONE}


class Transfers:
    """What tells transfers in one table.

    account_at: the column of the person's accounts; None if it has none. accounts: its cells. has_categories: whether
    a column says what rows are spent on.
    """

    def __init__(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        account_at: int | None,
        accounts: Iterable[str] = (),
        has_categories: bool = False,
    ) -> None:
        self.account_at, self.has_categories = account_at, has_categories
        self.accounts = set() if account_at is None else {*map(plain_header, accounts)} - {""}
        named = [at for at, name in enumerate(header) if self.accounts and is_exactly(name, *_MOVING, "left out")]
        self.flags_at = [at for at in named if not any(is_number(row[at]) and row[at] not in "01" for row in rows)]

    def is_transfer(self, row: Sequence[str], texts: Sequence[str]) -> bool:
        """Whether a row only moves money. texts: its title, category and note."""
        title, category, note = texts
        if (
            is_exactly(title, "own transfer")
            or (_BRACKETS.fullmatch(category) and (title == category or plain_header(category[1:-1]) in self.accounts))
            or _is_exchange(title)
            or _is_to_own(title)
            or any(_is_to_own(text) and not _is_named_in(title, text) for text in note.split(" · "))
        ):
            return True
        if self.account_at is None:
            return False
        if any(plain_header(row[at]) and not is_exactly(row[at], "no") for at in self.flags_at):
            return True
        own = plain_header(row[self.account_at])
        if not category and self.has_categories and len(self.accounts) > 1 and is_exactly(title, "moving"):
            return True
        if not category and plain_header(title) in self.accounts - {own}:
            return True
        return any(self._names_other(text[:_LONGEST], own) for text in texts if text)

    def _names_other(self, text: str, own: str) -> bool:
        """Whether a text such as "To 'Savings'" or "Transfer: Savings" names another account and nothing else."""
        if text.startswith(_YNAB):
            return True
        pieces = [_without_way(piece) for piece in _BETWEEN.split(text)]
        if not ({piece for piece in pieces if piece in self.accounts} - {own}):
            return False
        is_said = len(pieces) > 1 or pieces[0] != plain_header(text)
        return is_said and all(piece in self.accounts or is_exactly(piece, *_MOVING) for piece in pieces)


def _is_exchange(title: str) -> bool:
    """Whether a title only names two amounts of an exchange, such as "Converted 200.00 EUR to 171.20 GBP"."""
    found = _EXCHANGE.match(title)
    return bool(found) and (found[1] is None or is_exactly(found[1], "converted"))


def _is_to_own(text: str) -> bool:
    """Whether a text begins like "Umbuchung auf", or like "Exchanged to" before nothing, a currency or a number."""
    if plain_header(text.partition(" ")[0]).rstrip(",;") not in _FIRST or _COMPANY.search(plain_header(text)):
        return False
    words = [word.strip(",;") for word in plain_header(text).split(" ", _MOST_WORDS)[:_MOST_WORDS]]
    rest = text.split()
    for count in range(len(words), 0, -1):
        first = " ".join(words[:count])
        if first in _TO_OWN or (first in _TO_ONE and all(map(_is_one_account, rest[count : count + 1]))):
            return True
    return False


def _is_named_in(title: str, text: str) -> bool:
    """Whether a text such as "Umbuchung auf Karin Schmidt" names the title, of two words or more, last."""
    return " " in title and plain_header(text).endswith(f" {plain_header(title)}")


def _is_one_account(word: str) -> bool:
    """Whether a word is a currency, as in the names of Revolut's accounts, or has digits as an account's number."""
    return word in CODES or has_digits(word)


def _without_way(piece: str) -> str:
    """A piece of text in plain form, without words such as "to" or "transfer to" before it."""
    name = piece.strip()
    first, _, rest = name.partition(" ")
    if rest and is_exactly(first, *_MOVING):
        name, (first, _, rest) = rest, rest.partition(" ")
    name = rest if rest and plain_header(first) in CELLS["way"] else name
    return plain_header(name.strip().strip(_QUOTES))
