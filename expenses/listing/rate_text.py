"""Describe the rate at which an amount was converted: the rate, its day, its source and its type."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from expenses import rates
from expenses.models.rate import RateKind, RateSource
from expenses.money import EXACT
from expenses.money.formatting import babel_locale
from expenses.rates.euro_legacy import SOURCE as FIXED_BY_LAW
from finbrain.core.stored import NO_TIME

_DIGITS = 6
# A blend may have dozens of members.
_BANKS_NAMED = 3


def rate_text(converted: rates.Converted, amount: Decimal, code: str, display: str, language: str) -> str:
    """Return `At the rate of Aug 21, 2026: 1 USD = 3.72 ILS (ECB, published)`. amount: in `code`, before conversion."""
    values = {"rate": f"1 {code} = {_digits(converted.amount, amount)} {display}"}
    if converted.since:
        values |= {"day": day_text(converted.since, language, True)}
        return _("At your own rate since %(day)s: %(rate)s") % values
    if converted.own:
        return _("At your own rate: %(rate)s") % values
    values |= {"day": day_text(converted.rate_day, language, True)}
    values |= {"source": _origins_text(converted.origins, bool({code, display} & rates.MULTIPLE_RATES), language)}
    return _("At the rate of %(day)s: %(rate)s (%(source)s)") % values


def _digits(value: Decimal, amount: Decimal) -> str:
    """Return a rate with six significant digits, without zeros at its end."""
    if not amount:
        return "?"
    rate = EXACT.divide(value, amount)
    places = max(_DIGITS - 1 - rate.adjusted(), 0)
    text = f"{round(rate, places):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=512)
def _origins_text(origins: tuple[rates.Origin, ...], official: bool, language: str) -> str:
    """Describe who published the rates. `language` must be the active one: it is the cache key."""
    names = list(dict.fromkeys(map(_origin_text, origins)))
    return "; ".join([*names, _("official rate")] if official else names)


def _origin_text(origin: rates.Origin) -> str:
    """Return `ECB, published`, or `blended from BOI, CBR, NBU and 3 more`."""
    if origin.kind == RateKind.PEGGED:
        return _("fixed by EU law") if origin.source == FIXED_BY_LAW else _("pegged")
    banks = ["ECB"] if origin.source in RateSource.values else origin.source.split(",")
    named, more = ", ".join(banks[:_BANKS_NAMED]), len(banks) - _BANKS_NAMED
    if more > 0:
        named = _("%(banks)s and %(n)d more") % {"banks": named, "n": more}
    if origin.kind == RateKind.BLENDED:
        return _("blended from %(banks)s") % {"banks": named}
    return _("%(bank)s, published") % {"bank": named}


@lru_cache(maxsize=4096)
def day_text(day: date, language: str, with_year: bool) -> str:
    """Format a day in the language: `Nov 22`, or `Nov 22, 2025` with the year. A day that can't be read has no date."""
    if day == NO_TIME.date():
        return _("No date")
    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=babel_locale(language))
