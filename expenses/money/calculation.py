"""Calculate a sum that a person typed as an amount: `12+3`, `3 * 4.50 USD`, `(20-2)/3`."""

import re
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, localcontext

from django.utils.translation import gettext

from expenses.money.codes import KNOWN, minor_units
from expenses.money.errors import AmountError
from expenses.money.largest import amount_too_large
from expenses.money.parsing import ParsedAmount, parse_amount, plain_text, split_number

_PRECISION = 50
_MOST_DIGITS = 20  # rounding needs a few of Decimal's 28; `parse_amount` refuses what is a little too large
_SAME = str.maketrans({"×": "*", "x": "*", "X": "*", "÷": "/"})
_NUMBER = r"[\d.,']*\d"
# A currency may stand on either side: "₪12+3", "12+3 ILS".
_SUM = re.compile(
    rf"(?P<before>[^\d(+*/-]*)(?P<sum>[-(\s]*{_NUMBER}[\s)]*[-+*/×xX÷][-+*/×xX÷()\s\d.,']*[\d)])(?P<after>[^\d]*)"
)
_DATE = re.compile(r"\d{1,4}([-/])\d{1,2}\1\d{1,4}")
_TOKEN = re.compile(rf"\s*({_NUMBER}|[-+*/()])")


def parse_typed_amount(text: str | None, default: str | None = None, locale: str | None = None) -> ParsedAmount:
    """Read what a person types as an amount: one in any notation of `parse_amount`, or a sum of plain numbers.

    `default` is the currency chosen beside the field. A sum is rounded half up to the currency's decimals.
    Raises AmountError as `parse_amount` does, and for a sum that can't be calculated.
    """
    found = _sum_in(text or "")
    if not found:
        return parse_amount(text, default, locale)
    currency = _currency(found["before"] + found["after"], default, locale)
    exact = _calculate(found["sum"].translate(_SAME), locale)
    code = currency or default
    digits = minor_units(code) if code in KNOWN else 2
    if exact.adjusted() > _MOST_DIGITS:
        raise AmountError(amount_too_large())
    rounded = abs(exact).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    amount = parse_amount(f"{rounded:f}", code).amount
    return ParsedAmount(-amount if exact < 0 else amount, currency, ambiguous=False)


def is_sum(text: str) -> bool:
    """Whether a text has to be calculated."""
    return _sum_in(text) is not None


def _sum_in(text: str) -> re.Match[str] | None:
    try:
        plain = plain_text(text)
    except AmountError:  # empty, or too long
        return None
    return None if _DATE.search(plain) else _SUM.fullmatch(plain)


def _currency(words: str, default: str | None, locale: str | None) -> str | None:
    return parse_amount(f"1 {words}", default, locale).currency if words.strip() else None


def _calculate(text: str, locale: str | None) -> Decimal:
    """Calculate a sum of numbers, `+ - * /` and parentheses."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != "".join(text.split()):
        raise AmountError(_not_a_sum())
    with localcontext(prec=_PRECISION):
        try:
            result = _add(tokens, locale)
        except (DivisionByZero, InvalidOperation, IndexError):
            raise AmountError(_not_a_sum()) from None
    if tokens:
        raise AmountError(_not_a_sum())
    return result


def _add(tokens: list[str], locale: str | None) -> Decimal:
    total = _multiply(tokens, locale)
    while tokens and tokens[0] in "+-":
        total = total + _multiply(tokens, locale) if tokens.pop(0) == "+" else total - _multiply(tokens, locale)
    return total


def _multiply(tokens: list[str], locale: str | None) -> Decimal:
    product = _number(tokens, locale)
    while tokens and tokens[0] in "*/":
        product = product * _number(tokens, locale) if tokens.pop(0) == "*" else product / _number(tokens, locale)
    return product


def _number(tokens: list[str], locale: str | None) -> Decimal:
    first = tokens.pop(0)
    if first == "-":
        return -_number(tokens, locale)
    if first != "(":
        whole, fraction, _ambiguous = split_number(first, locale)
        return Decimal(f"{whole}.{fraction or 0}")
    inside = _add(tokens, locale)
    if tokens.pop(0) != ")":
        raise AmountError(_not_a_sum())
    return inside


def _not_a_sum() -> str:
    return gettext("FinBrain can't calculate that. Write it like 12+3 or 3*4.50.")
