"""What the cells of each column of a table look like."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from babel.core import get_global
from babel.numbers import list_currencies

from expenses.statements.days import looks_like_day, read_count
from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.notation import decimal_votes, is_negative, is_number, is_zero
from expenses.statements.vocabulary import is_made_of

# The share of a column's cells that must fit.
MOST = 0.6
# All codes that CLDR knows, more than FinBrain does.
CODES = list_currencies()
_COUNTRIES = get_global("territory_currencies").keys()
_ID = re.compile(r"0\d+|\d{9,}|(?=.*[X*])[\dX*]{4,}")
_MASKED = re.compile(r"(?=.*\d)(?:.*[*•.#]{2,}.*|.*x{3,}.*|.*[*•]\d{3,4})", re.IGNORECASE)
_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z\d]{2}(?:[A-Z\d]{3})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){2,30}")
# An IBAN or a masked card inside a text.
_ACCOUNT = re.compile(
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b|(?:\b\d{4}[ -]?)?(?:[*xX•]{4}[ -]?){1,3}\d{4}\b"
)
# A code of letters and at least four digits, such as a UUID.
_CODE = re.compile(r"(?=(?:\D*\d){4})[\w:/.-]{10,}")
# Small and capital letters with digits between, such as an id in base 62. "GreenCafeUKLtd24" is a name.
_MIXED = re.compile(r"(?=.*\d[A-Za-z].*\d)(?=.*[a-z])(?=.+[A-Z].*[A-Z].*[A-Z])[A-Za-z\d_-]{12,}")
# What banks write into cells without a value.
_DASHES = "-–—_./* "
# Letters that are syllables or words: each counts twice.
_WORDY = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHORT, _CODE_LENGTH, _SHORT_NAME = 4, 8, 3
# The longest name of a number, as in "Title: 000123".
_LABEL_WORDS = 2
# The code of a kind, such as in "0321 - Purchase".
_CODED = re.compile(r"^\d{2,6} ?[-–:] ?")
_KINDS = ("bank kind", "channel", "out", "in", "spending", "receiving", "moving", "booked", "pending", "cancelled")


@dataclass(frozen=True)
class Profile:
    """The cells of a column. cells: of the rows in the sample, with the empty ones."""

    place: int
    header: str
    cells: tuple[str, ...]

    @cached_property
    def filled(self) -> list[str]:
        """The cells that say something: neither empty nor dashes."""
        return [cell for cell in self.cells if cell.strip(_DASHES)]

    @cached_property
    def days(self) -> float:
        return self._share(looks_like_day)

    @cached_property
    def counted_days(self) -> float:
        return self._share(lambda cell: read_count(cell) is not None)

    @cached_property
    def numbers(self) -> float:
        """The share of numbers. Text such as "n/a" is one too many, a dash is none."""
        cells = [cell for cell in self.filled if cell.strip("-–—.")]
        return sum(map(is_number, cells)) / len(cells) if cells else 0

    @cached_property
    def money(self) -> list[str]:
        """The cells that are numbers other than zero."""
        return [cell for cell in self.filled if is_number(cell) and not is_zero(cell)]

    @cached_property
    def is_signed(self) -> bool:
        return any(map(is_negative, self.money))

    @cached_property
    def decimals(self) -> float:
        """The share of the numbers that show a decimal separator."""
        return sum(bool(decimal_votes(cell)) for cell in self.money) / len(self.money) if self.money else 0

    @cached_property
    def is_ids(self) -> bool:
        """Whether the numbers are account numbers, references and the like."""
        return (
            bool(self.filled) and self._share(lambda cell: bool(_ID.fullmatch(cell))) > 1 - MOST and not self.decimals
        )

    @cached_property
    def is_constant(self) -> bool:
        return len(self.filled) > 2 and len(set(self.filled)) == 1

    @cached_property
    def distinct(self) -> float:
        return len(set(self.filled)) / len(self.filled) if self.filled else 0

    @cached_property
    def repeated(self) -> float:
        """The share of the most frequent cell, 0 for a few cells."""
        return Counter(self.filled).most_common(1)[0][1] / len(self.filled) if len(self.filled) > 3 else 0

    @cached_property
    def kinds(self) -> float:
        """The share of cells that name a kind of payment or a status, not a merchant."""
        return self._share(self._kind_cells.__contains__)

    @cached_property
    def are_payees(self) -> bool:
        """Whether the cells that name a kind are payees called so, such as "Salary": no more than there are others."""
        return round(self.kinds * len(self.filled)) <= len(set(self.filled) - self._kind_cells)

    @cached_property
    def _kind_cells(self) -> set[str]:
        often = Counter(self.filled)
        masked = {cell for cell, count in often.items() if count > 2 and _ACCOUNT.search(cell)}
        return masked | {*filter(names_kind, often)}

    @cached_property
    def codes(self) -> float:
        return self._share(lambda cell: cell in CODES)

    @cached_property
    def are_short(self) -> bool:
        """Whether all cells are short codes in capitals, such as POS and ATM."""
        return len(self.filled) > 2 and all(len(cell) <= _SHORT and cell.isupper() for cell in self.filled)

    @cached_property
    def are_references(self) -> bool:
        """Whether all cells are banks, or all differ and most are codes, or all are codes of one length."""
        lengths = {len(cell) for cell in self.filled}
        if any(cell.endswith("XXX") for cell in self.filled) and all(map(_is_bank, self.filled)):
            return True
        is_named = rank_role(self.header, "title 1", "title 2") >= WHOLE_NAME
        if len(self.filled) > 2 and self.distinct == 1 and not is_named and self._share(_is_code) >= MOST:
            return True
        are_codes = all(cell.isascii() and cell.isalnum() and cell == cell.upper() for cell in self.filled)
        has_digits = any(any(map(str.isdecimal, cell)) for cell in self.filled)
        return (
            len(self.filled) > 2
            and len(lengths) == 1
            and min(lengths) >= _CODE_LENGTH
            and are_codes
            and has_digits
            and self.distinct == 1
        )

    @cached_property
    def telling(self) -> float:
        return self._share(is_telling)

    @cached_property
    def naming(self) -> float:
        """The share of cells that may name a merchant in a column of merchants."""
        return self._share(lambda cell: is_telling(cell) or is_short_name(cell))

    @cached_property
    def texts(self) -> float:
        return self._share(_is_text)

    @cached_property
    def words(self) -> float:
        """The average number of words."""
        return sum(len(cell.split()) for cell in self.filled) / len(self.filled) if self.filled else 0

    def _share(self, fits: Callable[[str], bool]) -> float:
        return sum(map(fits, self.filled)) / len(self.filled) if self.filled else 0


def _is_text(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not looks_like_day(cell)


def _is_bank(cell: str) -> bool:
    """Whether a cell may be the BIC of a bank, such as INGDDEFFXXX."""
    found = _BIC.fullmatch(cell)
    return bool(found) and found[1] in _COUNTRIES


def _is_code(cell: str) -> bool:
    return cell.isascii() and bool(_CODE.fullmatch(cell) or _MIXED.fullmatch(cell))


@lru_cache(maxsize=20_000)
def is_telling(cell: str) -> bool:
    """Whether a cell may name a merchant: words, not a date, code, email address, masked card or account number."""
    letters = sum(map(str.isalpha, cell)) + len(_WORDY.findall(cell))
    if not letters or letters * 4 < len(cell.replace(" ", "")) or looks_like_day(cell) or cell in CODES:
        return False
    if " " not in cell and cell.isascii() and (letters < 3 or _is_code(cell)):
        return False
    if "@" in cell and " " not in cell:
        return False
    label, _, rest = cell.partition(": ")
    if rest and len(label.split()) <= _LABEL_WORDS and not any(map(str.isalpha, rest)):
        return False
    bare = cell.replace(" ", "")
    if _IBAN.fullmatch(cell) and sum(map(str.isdecimal, bare)) * 3 > len(bare):
        return False
    return not _is_masked(cell)


def is_short_name(text: str) -> bool:
    """Whether a text in a column of merchants is a name of a few letters, such as "O2" or "C&A"."""
    return 1 < len(text) <= _SHORT_NAME and any(map(str.isupper, text)) and not names_kind(text)


def names_kind(cell: str) -> bool:
    """Whether a cell names a kind of payment or a status, not a merchant."""
    return is_made_of(_CODED.sub("", cell, count=1), *_KINDS)


def _is_masked(cell: str) -> bool:
    """Whether a cell is a card's number with most digits hidden, possibly with a few letters."""
    if not _MASKED.fullmatch(cell[:60]):
        return False
    letters = re.sub(r"[xX]{3,}", "", cell)
    return sum(map(str.isalpha, letters)) + len(_WORDY.findall(letters)) <= 4


def account_in(texts: Iterable[str]) -> str:
    """The only IBAN or masked card in texts; "" if there is none or more than one."""
    found = {one[0].replace(" ", "") for text in texts for one in _ACCOUNT.finditer(text[:200])}
    return found.pop() if len(found) == 1 else ""


def is_account(cell: str) -> bool:
    """Whether a cell is an IBAN or a masked card."""
    return (bool(_IBAN.fullmatch(cell)) and any(map(str.isdecimal, cell[4:]))) or _is_masked(cell)
