"""Why a text is no amount, as sentences to show beside the field."""

from django.utils.translation import gettext

from expenses.money.iso4217 import NOT_CURRENCIES


class AmountError(ValueError):
    """The text isn't a usable amount. `str(error)` is a translated sentence to show beside the field."""


class UnknownCurrencyError(AmountError):
    """The text names no currency that FinBrain knows, in upper case."""

    def __init__(self, code: str) -> None:
        super().__init__(refusal(code))


class SharedNameError(AmountError):
    """The text names a currency by a sign or name that several currencies share, none of them more than the others."""


def refusal(code: str) -> str:
    """Return the sentence that says why no amount can be in `code`, which isn't a known currency."""
    if code in NOT_CURRENCIES:
        return gettext("FinBrain converts currencies, not %(code)s.") % {"code": code}
    return gettext("FinBrain doesn't know the currency %(code)s.") % {"code": code}
