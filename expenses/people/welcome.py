"""Sets a new person's home currency to that of the country in their browser's language."""

from allauth.account.signals import user_signed_up
from babel.core import Locale, UnknownLocaleError, get_global
from babel.numbers import get_territory_currencies
from django.http import HttpRequest

from accounts.models import User
from expenses import money as currency


def connect_welcome() -> None:
    """Connect the signal, so that every sign-up sets the home currency."""
    user_signed_up.connect(_set_home_currency, dispatch_uid="home-currency")


def _set_home_currency(request: HttpRequest, user: User, **kwargs: object) -> None:
    found = likely_currency(request.headers.get("Accept-Language", ""))
    if found and found != user.home_currency:
        user.home_currency = found
        user.save(update_fields=["home_currency"])


def likely_currency(accepted: str) -> str | None:
    """Guess the currency from an Accept-Language header: that of the first language with a country.

    "he" implies Israel; "en" alone implies no country. None if there is no country, or its currency is unknown.
    """
    for part in accepted.split(","):
        territory = _territory_of(part.partition(";")[0].strip())
        if territory:
            current = get_territory_currencies(territory)
            return next((code for code in current if code in currency.CURRENT), None)
    return None


def _territory_of(language: str) -> str | None:
    """The ISO 3166 code of a language: BR for "pt-BR", IL for "he". None if it implies no country."""
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    if locale.territory or locale.language == "en":
        return locale.territory
    likely = get_global("likely_subtags").get(locale.language, "")
    return likely.rpartition("_")[2] if "_" in likely else None
