"""The table of ISO 4217, and the names and signs by which people call its currencies."""

import pytest
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies
from hypothesis import given
from hypothesis import strategies as st

from expenses import money
from expenses.money.iso4217 import BEGAN, IN_USE, NOT_CURRENCIES
from expenses.months import EARLIEST_DAY

# CLDR still has the lev. It doesn't name the colón, which El Salvador replaced with the dollar but ISO 4217 keeps, and
# the second code for Venezuela's bolívar.
ONLY_IN_CLDR, ONLY_IN_ISO = {"BGN"}, {"SVC", "VED"}
NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
NAMES = [(code, locale, count) for code in money.CURRENT for locale in ("en", "he") for count in (1, 2, 10)]


def test_the_currencies_in_use_are_those_of_all_countries():
    by_country = {code for place in get_global("territory_currencies") for code in get_territory_currencies(place)}
    assert set(IN_USE) - by_country == ONLY_IN_ISO
    assert by_country - set(IN_USE) == ONLY_IN_CLDR
    assert len(set(IN_USE)) == len(IN_USE) == 155


def test_nothing_is_both_in_use_and_ended_or_no_currency():
    assert {*IN_USE, *money.ENDED} == money.KNOWN
    assert len(money.KNOWN) == len(IN_USE) + len(money.ENDED)
    assert not money.KNOWN & NOT_CURRENCIES
    assert all(EARLIEST_DAY < BEGAN.get(code, EARLIEST_DAY.replace(day=5)) <= money.ENDED[code] for code in money.ENDED)


def test_decimals_are_those_of_iso_4217():
    decimals = {digits: {code for code in IN_USE if money.minor_units(code) == digits} for digits in range(5)}
    assert decimals[0] == {*NONE}
    assert decimals[3] == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert len(decimals[2]) == 155 - 16 - 7


@pytest.mark.parametrize("code", ["MGA", "MRU", "LBP", "IRR", "COP", "TWD", "ALL", "HUF", "IDR"])
def test_decimals_are_not_those_of_cldr(code):
    assert money.minor_units(code) == 2


@given(
    st.integers(1, 10**15 - 501),
    st.sampled_from(sorted(money.KNOWN)),
    st.sampled_from(["en", "he", "en-us", "de", "ar", "uk", "vi", "fr-ch"]),
    st.booleans(),
)
def test_what_is_formatted_is_read_back_whatever_the_home_currency(units, code, locale, negative):
    amount = money.quantize(money.EXACT.create_decimal(-units if negative else units).scaleb(-3), code)
    if not amount:
        return
    by_code = f"{amount:f} {code.lower()}"
    assert money.parse_amount(by_code, "ILS", locale if money.minor_units(code) < 3 else "en")[:2] == (amount, code)
    parsed = money.parse_amount(money.format_money(amount, code, locale), code, locale)
    assert (parsed.amount, parsed.currency) == (amount, code)


def test_every_name_is_understood():
    unread = [
        (code, name) for code, locale, count in NAMES if (name := name_of(code, locale, count)) and read(name) != code
    ]
    assert unread == []


def name_of(code, locale, count):
    """The name of a currency in CLDR, "" if it has none there."""
    name = get_currency_name(code, count, locale)
    return "" if name == code else name


def read(name):
    return money.parse_amount(f"100 {name}", "ILS").currency


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("100 hryvnia", "UAH"),
        ("100 Hryvnias", "UAH"),
        ("90000 dong", "VND"),
        ("35 Egyptian pounds", "EGP"),
        ("15000 argentine pesos", "ARS"),
        ("300 saudi riyals", "SAR"),
        ("5 bolívars", "VES"),
        ("5 bolivars", "VES"),
        ("5 euros", "EUR"),
        ("5 dollars", "USD"),
        ("5 pounds", "GBP"),
        ("5 liras", "TRY"),
        ("5 rubles", "RUB"),
        ("5 francs", "CHF"),
        ("5 rupees", "INR"),
        ("5 zlotys", "PLN"),
        ("5 złoty", "PLN"),
        ("50 dirham", "AED"),
        ("100 הריבניה", "UAH"),
        ("100 הריבנה אוקראיני", "UAH"),
        ("90000 דונג", "VND"),
        ("15000 פסו ארגנטינאי", "ARS"),
        ("5 פסו צ'ילאני", "CLP"),
        ("300 ריאל סעודי", "SAR"),
        ("50 דירהם", "AED"),
        ("50 דינר כוויתי", "KWD"),
        ("50 לירות טורקיות", "TRY"),
        ("50 לירה טורקית", "TRY"),
        ("50 דולרים", "USD"),
        ("50 אירו", "EUR"),
        ("50 יורו", "EUR"),
        ('50 ליש"ט', "GBP"),
    ],
)
def test_names_as_people_type_them(typed, code):
    assert money.parse_amount(typed, "ILS", "he").currency == code


@pytest.mark.parametrize(
    "typed", ["5 pesos", "5 dinars", "5 rials", "5 krone", "5 shillings", "5 manat", "5 לירות", "5 ריאל"]
)
def test_a_name_that_several_share_asks_for_the_code(typed):
    with pytest.raises(money.AmountError, match="can mean several currencies"):
        money.parse_amount(typed, "ILS", "en")


@pytest.mark.parametrize(
    ("typed", "home", "code"),
    [
        ("$5", "CLP", "CLP"),
        ("$5", "UAH", "USD"),
        ("£5", "EGP", "EGP"),
        ("£5", "UAH", "GBP"),
        ("C$5", "NIO", "NIO"),
        ("C$5", "UAH", "CAD"),
        ("Rs 5", "PKR", "PKR"),
        ("Rs 5", "UAH", "INR"),
        ("5 dinars", "JOD", "JOD"),
        ("50 dirham", "MAD", "MAD"),
        ("5 דינר", "KWD", "KWD"),
    ],
)
def test_the_home_currency_decides_first(typed, home, code):
    assert money.parse_amount(typed, home).currency == code


@pytest.mark.parametrize("code", sorted(NOT_CURRENCIES))
def test_other_things_are_refused_by_name(code):
    with pytest.raises(money.UnknownCurrencyError, match=f"FinBrain converts currencies, not {code}."):
        money.parse_amount(f"5 {code}", "ILS")
