"""The name of the account that a file comes from, guessed from its rows and its name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from expenses.models.limits import ACCOUNT_LENGTH
from expenses.statements.statement import Entry

# An IBAN, an account number or a card, with or without masked digits.
_NUMBER = re.compile(r"(?=(?:.*\d){4})[A-Z]{0,2}[\d\s*x•.·/-]{6,}[A-Z\d\s]*", re.IGNORECASE)
_LAST_DIGITS = 4
_IN_FILE_NAME = re.compile(r"(?<!\d)(?!(?:19|20)\d\d)\d{4}(?!\d)")


class AccountSource(StrEnum):
    """What tells the account of a file: its entries, only its name, or at most the person."""

    FILE = "file"
    NAME = "name"
    PERSON = ""


def guess_account(texts: Iterable[str], file_name: str) -> tuple[str, AccountSource]:
    """The only account of a file, or the last four digits of one in its name, or "", and where it was found.

    texts: what its entries say of their accounts.
    """
    named = set(short_names(texts).values())
    if named - {""}:
        return named.pop() if len(named) == 1 else "", AccountSource.FILE
    digits = _IN_FILE_NAME.findall(file_name)
    return (f"…{digits[-1]}", AccountSource.NAME) if len(digits) == 1 else ("", AccountSource.PERSON)


def _account_name(text: str) -> str:
    """A short name for an account: its last four digits for a number, else what the file calls it."""
    key = account_key(text)
    return f"…{key[-_LAST_DIGITS:]}" if _is_number(text) else key


def account_key(text: str) -> str:
    """What identifies an account that a file names: all known digits and letters of a number, else its name."""
    if _is_number(text):
        return "".join(filter(str.isalnum, text)).upper().lstrip("X")
    return " ".join(text.split())[:ACCOUNT_LENGTH]


def _is_number(text: str) -> bool:
    plain = " ".join(text.split())
    return len(plain) <= ACCOUNT_LENGTH and bool(_NUMBER.fullmatch(plain))


def with_accounts(entries: Sequence[Entry], names: Mapping[str, str], chosen: str) -> tuple[Entry, ...]:
    """Name the account of each entry: its own if the file has entries of several accounts, else the chosen one.

    names: the short name of each account that the file names.
    """
    several = len(set(names.values())) > 1
    named = zip(entries, (names[entry.account] if several else chosen for entry in entries), strict=True)
    return tuple(entry if entry.account == name else entry._replace(account=name) for entry, name in named)


def known_accounts(entries: Sequence[Entry], chosen: str, source: AccountSource) -> list[str]:
    """The account of each entry that identifies it: as the file names it, else as the person does, else "".

    What only the file's name tells may be a date or a statement's number, so it doesn't count.
    """
    otherwise = "" if source == AccountSource.NAME else chosen
    keys = {text: account_key(text) or otherwise for text in {entry.account for entry in entries}}
    return [keys[entry.account] for entry in entries]


def names_of(entries: Sequence[Entry]) -> dict[str, str]:
    """Map what the entries say of their accounts to short names."""
    return short_names({entry.account for entry in entries})


def short_names(texts: Iterable[str]) -> dict[str, str]:
    return {text: _account_name(text) for text in texts}
