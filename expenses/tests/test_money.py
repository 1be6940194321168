"""Currencies, conversion and formatting, checked with the ECB's own figures."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import assume, given
from hypothesis import strategies as st

from expenses import money as currency
from expenses.rates import ecb_history
from expenses.tests import ecb

AMOUNTS = st.decimals(min_value=Decimal("-999999999999.999"), max_value=Decimal("999999999999.999"), places=3)
CODES = st.sampled_from(sorted(currency.KNOWN))
LOCALES = [
    "en",
    "en-gb",
    "en-in",
    "he",
    "ar",
    "fa",
    "hi",
    "de",
    "de-ch",
    "fr",
    "es",
    "pt-br",
    "sv",
    "pl",
    "ja",
    "zh-hans",
]
PAIRS = [("USD", "ILS"), ("ILS", "EUR"), ("EUR", "JPY"), ("GBP", "USD"), ("JPY", "CHF"), ("INR", "TRY")]
DATES = [
    *("2011-01-03", "2011-09-06", "2012-02-29", "2012-07-24", "2013-05-22", "2014-12-31", "2015-01-15", "2016-06-24"),
    *("2017-08-29", "2018-08-13", "2019-02-28", "2020-03-18", "2021-12-20", "2021-12-21", "2022-09-28", "2023-07-14"),
    *("2024-08-05", "2025-04-11", "2025-12-31", "2026-10-30"),
]


def half_up(value: Fraction, digits: int) -> Decimal:
    """Round with fractions, as an independent oracle for `quantize`."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


@pytest.mark.parametrize("code", sorted(currency.FIRST_QUOTED))
def test_dates_are_those_of_the_history(code):
    quoted = [day for day, rates in ecb.table().items() if code in rates]
    assert currency.FIRST_QUOTED[code].isoformat() == quoted[0]
    newest = list(ecb.table())[-1]
    if code == "RUB":
        assert quoted[-1] == "2022-03-01"
    elif code in currency.ENDED:
        assert 0 <= (currency.ENDED[code] - ecb.day(quoted[-1])).days <= 3, (
            "ended on the last quote or the weekend after"
        )
    else:
        assert quoted[-1] == newest


def test_every_published_currency_is_known():
    assert {code for rates in ecb.table().values() for code in rates} == currency.FIRST_QUOTED.keys()
    assert currency.FIRST_QUOTED.keys() <= currency.KNOWN


def test_current_currencies_begin_with_the_euro_and_leave_ended_ones_out():
    assert currency.CURRENT[0] == "EUR"
    assert len(currency.CURRENT) == 155
    assert not set(currency.CURRENT) & currency.ENDED.keys()


@pytest.mark.parametrize(
    ("code", "day", "valid"),
    [
        ("BGN", date(2025, 12, 31), True),
        ("BGN", date(2026, 1, 1), False),
        ("SIT", date(2006, 12, 31), True),
        ("ILS", date(2010, 6, 1), True),
        ("EUR", date(1999, 1, 4), True),
        ("RUB", date(2026, 8, 20), True),
        ("DEM", date(2001, 6, 1), True),
        ("FRF", date(2002, 2, 18), False),
        ("HRK", date(2022, 12, 31), True),
        ("HRK", date(2023, 1, 1), False),
        ("VEF", date(2007, 12, 31), False),
        ("VEF", date(2008, 1, 1), True),
        ("XAU", date(2026, 8, 20), False),
        ("XYZ", date(2020, 1, 1), False),
        ("ils", date(2020, 1, 1), False),
    ],
)
def test_a_currency_is_valid_inside_its_dates(code, day, valid):
    assert currency.is_valid(code, day) is valid


@pytest.mark.parametrize(
    ("amount", "code", "rounded"),
    [
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("2.675", "ILS", "2.68"),
        ("0.5", "JPY", "1"),
        ("2.5", "JPY", "3"),
        ("-0.004", "USD", "0.00"),
        ("58", "ILS", "58.00"),
    ],
)
def test_halves_round_away_from_zero(amount, code, rounded):
    assert str(currency.quantize(Decimal(amount), code)) == rounded


@given(AMOUNTS, CODES)
def test_rounding_a_refund_mirrors_rounding_the_payment(amount, code):
    assert currency.quantize(-amount, code) == -currency.quantize(amount, code)


@pytest.mark.parametrize("day", DATES)
def test_conversions_are_right_to_the_last_minor_unit(day):
    rates = {code: quotes[0].rate for code in currency.FIRST_QUOTED if (quotes := quoted(code, day))}
    rates["EUR"] = Decimal(1)
    for source, target in PAIRS:
        for amount in ("0.01", "9.99", "1234.56", "-87654.32"):
            expected = Fraction(amount) / ecb.rate(source, day) * ecb.rate(target, day)
            converted = currency.convert(Decimal(amount), rates[source], rates[target])
            shown = currency.quantize(converted, target)
            assert shown == half_up(expected, 0 if target == "JPY" else 2), (day, source, target, amount)


def quoted(code, day):
    return ecb_history.read_currency(code, ecb.day(day), ecb.day(day))


@given(st.sampled_from(DATES), st.sampled_from(PAIRS), AMOUNTS)
def test_there_and_back_is_the_same_amount(day, pair, amount):
    there, back = (Decimal(ecb.table()[day].get(code, "1")) for code in pair)
    returned = currency.convert(currency.convert(amount, there, back), back, there)
    assert abs(returned - amount) < Decimal("1e-12")


@given(st.sampled_from(DATES), st.sampled_from(PAIRS), AMOUNTS)
def test_after_rounding_it_differs_by_what_the_other_currency_can_express(day, pair, amount):
    there, back = (Decimal(ecb.table()[day].get(code, "1")) for code in pair)
    shown = currency.quantize(currency.convert(amount, there, back), pair[1])
    half_unit = Decimal(5).scaleb(-currency.minor_units(pair[1]) - 1)
    returned = currency.convert(shown, back, there)
    assert abs(returned - amount) <= currency.convert(half_unit, back, there) + Decimal("1e-12")


@given(AMOUNTS, CODES, st.sampled_from(LOCALES))
def test_money_looks_as_babel_formats_it(amount, code, locale):
    rounded = currency.quantize(amount, code)
    locale_name = locale.replace("-", "_")
    decimals = "." + "0" * currency.minor_units(code) if currency.minor_units(code) else ""
    pattern = Locale.parse(locale_name).currency_formats["standard"].pattern.replace(".00", decimals)
    by_babel = format_currency(rounded, code, pattern, locale_name, currency_digits=False)
    by_babel = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", "\xa0", by_babel)
    ours = currency.format_money(amount, code, locale).replace("\u200e−", "−")
    assert ours == by_babel.replace("-", "−").replace("\u200e−", "−")


@given(AMOUNTS, CODES, st.sampled_from(LOCALES))
def test_what_is_shown_can_be_typed(amount, code, locale):
    rounded = currency.quantize(amount, code)
    assume(0 < abs(rounded) < 10**12)
    parsed = currency.parse_amount(currency.format_money(amount, code, locale), default_currency=code, locale=locale)
    assert parsed.amount == rounded
    assert parsed.currency == code


def test_formats_by_hand():
    assert currency.format_money(Decimal("-1234.5"), "ILS", "en") == "−₪1,234.50"
    assert currency.format_received(Decimal("5"), "ILS", "en") == "+₪5.00"
    assert currency.format_received(Decimal("5"), "SEK", "sv") == "+5,00\xa0kr"
    assert currency.format_whole(Decimal("-5.2"), "ILS", "en") == "−₪5"
    assert currency.format_money(Decimal("1234.5"), "ILS", "he") == "\u200f1,234.50\xa0\u200f₪"
    assert currency.format_money(Decimal("-5"), "ILS", "he") == "\u200f\u200e−5.00\xa0\u200f₪"
    assert currency.format_money(Decimal("1234567.5"), "INR", "hi") == "₹12,34,567.50"
    assert currency.format_money(Decimal("1234567.5"), "EUR", "de") == "1.234.567,50\xa0€"
    assert currency.format_money(Decimal("-0.001"), "EUR", "en") == "€0.00"
    assert currency.format_money(Decimal("58"), "USD", None) == "$58.00"
    assert currency.format_money(Decimal("58"), "USD", "xx-nowhere") == "$58.00"
    assert currency.symbol("ILS", "he") == "₪"
    assert currency.symbol("USD", "es") == "US$"


def test_percent_have_the_signs_and_groups_of_their_language():
    shares = [Decimal("-12.4"), Decimal("0.2"), Decimal("109056.44")]
    assert [currency.format_percent(share) for share in shares] == ["−12%", "0%", "109,056%"]
    assert currency.format_percent(shares[0], "he") == "\u200e−12%"
    assert currency.format_percent(shares[2], "de") == "109.056\xa0%"
