"""Proposes a new person's language, home currency and first day of the week, from what their browser tells."""

from allauth.account.signals import user_signed_up
from babel.core import Locale, UnknownLocaleError, get_global
from babel.numbers import get_territory_currencies
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from accounts.models import User
from accounts.session.time_zone import TIME_ZONE_COOKIE
from expenses import money as currency
from expenses.weeks import week_start_in

# The country of time zones that belong to none, such as UTC.
_UNKNOWN = "ZZ"


def connect_welcome() -> None:
    """Connect the signal, so that every sign-up sets what is proposed."""
    user_signed_up.connect(_propose_settings, dispatch_uid="proposed-settings")


def _propose_settings(request: HttpRequest, user: User, **kwargs: object) -> None:
    territory = likely_territory(request)
    user.language = get_language_from_request(request)
    user.week_start = week_start_in(territory)
    user.home_currency = likely_currency(territory) or user.home_currency
    user.save(update_fields=["language", "week_start", "home_currency"])


def likely_territory(request: HttpRequest) -> str:
    """Guess the country from the browser, as its ISO 3166 code: that of the time zone, else of the first language.

    "he" implies Israel; "en" alone implies no country. "" if nothing implies one.
    """
    zone = get_global("zone_territories").get(request.COOKIES.get(TIME_ZONE_COOKIE, ""), "")
    accepted = request.headers.get("Accept-Language", "").split(",")
    languages = (_territory_of(part.partition(";")[0].strip()) for part in accepted)
    return zone if len(zone) == 2 and zone != _UNKNOWN else next(filter(None, languages), "")


def likely_currency(territory: str) -> str | None:
    """The currency of a country. None if FinBrain doesn't know it."""
    return next((code for code in get_territory_currencies(territory) if code in currency.CURRENT), None)


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
