"""Typed amounts in all the notations people use."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses.money import KNOWN, AmountError, minor_units, parse_amount, quantize

POSITIVE = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("58", "58.00"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1\xa0234.5", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("12,34,567.89", "1234567.89"),
        ("1.234.567", "1234567.00"),
        ("1,5", "1.50"),
        ("1.5", "1.50"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("58.-", "58.00"),
        ("58,–", "58.00"),
        ("007", "7.00"),
        ("-5", "-5.00"),
        ("−5", "-5.00"),
        ("5-", "-5.00"),
        ("(5.00)", "-5.00"),
        ("+5", "5.00"),
        ("٥٨٫٥٠", "58.50"),
        ("١٬٢٣٤٫٥", "1234.50"),
        ("५८", "58.00"),
        ("５８．５", "58.50"),
        ("  58  ", "58.00"),
        ("\u200f58\u200e", "58.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_amounts_without_a_currency(text, amount):
    parsed = parse_amount(text, "ILS")
    assert str(parsed.amount) == amount
    assert parsed.currency is None
    assert not parsed.ambiguous


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("₪58", "ILS", "58.00"),
        ("58₪", "ILS", "58.00"),
        ("58 ILS", "ILS", "58.00"),
        ("ils 58", "ILS", "58.00"),
        ("58 NIS", "ILS", "58.00"),
        ('58 ש"ח', "ILS", "58.00"),
        ("$12", "USD", "12.00"),
        ("-$12", "USD", "-12.00"),
        ("$-12", "USD", "-12.00"),
        ("US$ 12", "USD", "12.00"),
        ("$12 CAD", "CAD", "12.00"),
        ("R$ 5,50", "BRL", "5.50"),
        ("R 5.50", "ZAR", "5.50"),
        ("£3.20", "GBP", "3.20"),
        ("€ 1.234,50", "EUR", "1234.50"),
        ("1 234,50 €", "EUR", "1234.50"),
        ("12 JPY", "JPY", "12"),
        ("¥1200", "JPY", "1200"),
        ("￥1200", "JPY", "1200"),
        ("12.00 JPY", "JPY", "12"),
        ("Fr. 5", "CHF", "5.00"),
        ("19,90 zł", "PLN", "19.90"),
        ("₹1,00,000", "INR", "100000.00"),
        ("58 BGN", "BGN", "58.00"),
        ("1.234 KWD", "KWD", "1.234"),
        ("KWD 1", "KWD", "1.000"),
        ("90,000 VND", "VND", "90000"),
        ("₴100", "UAH", "100.00"),
        ("₫90000", "VND", "90000"),
        ("₦ 5.50", "NGN", "5.50"),
        ("50 د.إ", "AED", "50.00"),
        ("د.إ. 50", "AED", "50.00"),
        ("NT$ 5", "TWD", "5.00"),
    ],
)
def test_amounts_that_name_their_currency(text, currency, amount):
    parsed = parse_amount(text, "ILS")
    assert parsed.currency == currency
    assert str(parsed.amount) == amount


@pytest.mark.parametrize(
    ("text", "default", "locale", "currency"),
    [
        ("$5", "CAD", "en", "CAD"),
        ("$5", "ILS", "en-au", "AUD"),
        ("$5", "ILS", "he", "USD"),
        ("¥5", "CNY", None, "CNY"),
        ("5 kr", "NOK", None, "NOK"),
        ("5 kr", "ILS", "sv", "SEK"),
        ("kr.500", "DKK", "da", "DKK"),
        ("5 lei", None, None, "RON"),
    ],
)
def test_a_shared_sign_means_ones_own_currency_first(text, default, locale, currency):
    assert parse_amount(text, default, locale).currency == currency


@pytest.mark.parametrize(
    ("text", "locale", "ambiguous"),
    [
        ("1,234", None, True),
        ("1,234", "de-ch", True),
        ("1,234", "en", False),
        ("1,234", "he", False),
        ("1.234", "de", False),
    ],
)
def test_one_separator_before_three_digits_groups(text, locale, ambiguous):
    parsed = parse_amount(text, "EUR", locale)
    assert parsed.amount == 1234
    assert parsed.ambiguous is ambiguous


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "Enter an amount."),
        ("", "Enter an amount."),
        (" \t", "Enter an amount."),
        ("0", "can't be zero"),
        ("-0.00", "can't be zero"),
        ("1000000000000", "too large"),
        ("1,000,000,000,000.00", "The largest is 999,999,999,999.99."),
        ("10^12", "too large"),
        ("10 ** 13", "too large"),
        ("1e12", "too large"),
        ("2.5E+300", "too large"),
        ("10^11", "isn't an amount"),
        ("0e99", "isn't an amount"),
        ("1.239", r"ILS has 2 decimals. Did you mean 1\.24\?"),
        ("0.001", r"ILS has 2 decimals. Did you mean 0\.01\?"),
        ("1234.567", "ILS has 2 decimals"),
        ("0,125", "ILS has 2 decimals"),
        ("12.50 JPY", r"JPY has no decimals. Did you mean 12\?"),
        ("5 XYZ", "doesn't know the currency XYZ"),
        ("$5 €", "two currencies"),
        ("5 ILS USD", "isn't an amount"),
        ("5 kr", "Use the code instead, such as SEK"),
        ("1e9", "isn't an amount"),
        ("1E5 USD", "isn't an amount"),
        ("NaN", "isn't an amount"),
        ("Infinity", "isn't an amount"),
        ("0x10", "isn't an amount"),
        ("lunch", "isn't an amount"),
        ("₪", "isn't an amount"),
        ("--5", "isn't an amount"),
        ("(5", "isn't an amount"),
        ("-(5)", "isn't an amount"),
        ("1,2,3", "isn't an amount"),
        ("1,234,5", "isn't an amount"),
        ("1.2.3,4,5", "isn't an amount"),
        ("5 5", "isn't an amount"),
        ("1 2345", "isn't an amount"),
        ("5²", "isn't an amount"),
        ("½", "isn't an amount"),
        ("5 + 5", "isn't an amount"),
        ("5" * 200, "too large"),
    ],
)
def test_what_is_no_amount_gets_a_plain_message(text, message):
    with pytest.raises(AmountError, match=message):
        parse_amount(text, "ILS")


@given(st.text(max_size=40), st.sampled_from([None, "ILS", "JPY"]), st.sampled_from([None, "en", "he", "de"]))
def test_any_text_is_an_amount_or_an_amount_error(text, default, locale):
    try:
        parsed = parse_amount(text, default, locale)
    except AmountError:
        return
    check_amount(parsed, default)


@given(st.text(alphabet="0123456789.,'- ()+$€₪kr٣५eE", max_size=16))
def test_texts_that_look_like_amounts_never_break_it(text):
    try:
        parsed = parse_amount(text, "EUR")
    except AmountError:
        return
    check_amount(parsed, "EUR")
    ascii_digits = "".join(str(int(char)) for char in text if char.isdecimal())
    digits = str(abs(parsed.amount)).replace(".", "").rstrip("0").lstrip("0")
    assert digits in ascii_digits, "no digit is made up"


def check_amount(parsed, default):
    assert parsed.amount.is_finite()
    assert parsed.amount != 0
    assert parsed.currency is None or parsed.currency in KNOWN
    code = parsed.currency or default or "KWD"
    assert parsed.amount == quantize(parsed.amount, code)
    if parsed.currency or default:
        assert -parsed.amount.as_tuple().exponent == minor_units(code)
    assert abs(parsed.amount) < 10**12


@given(POSITIVE, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\xa0", ","), ("", "."), ("", ",")]))
def test_every_grouping_reads_back(amount, separators):
    group, decimal = separators
    text = f"{amount:,.2f}".translate(str.maketrans({",": group, ".": decimal}))
    assert parse_amount(text, "EUR").amount == amount
    assert parse_amount(f"-{text}", "EUR").amount == -amount


@given(POSITIVE, st.sampled_from([0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10]))
def test_digits_of_any_script_count(amount, zero):
    text = f"{amount:.2f}".translate({ord("0") + digit: chr(zero + digit) for digit in range(10)})
    assert parse_amount(text, "EUR").amount == amount
