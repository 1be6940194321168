"""Decimals are read from MongoDB as PyMongo reads them."""

from decimal import Decimal

import pytest
from bson import Decimal128
from hypothesis import given
from hypothesis import strategies as st

from finbrain.core.decimals import decimal_of


def same(value: Decimal128) -> bool:
    return decimal_of(value).as_tuple() == value.to_decimal().as_tuple()


@given(st.binary(min_size=16, max_size=16))
def test_any_bits(bits):
    assert same(Decimal128.from_bid(bits))


@given(st.integers(-(10**34) + 1, 10**34 - 1), st.integers(-6176, 6111))
def test_any_number(digits, exponent):
    assert same(Decimal128(Decimal((digits < 0, tuple(map(int, str(abs(digits)))), exponent))))


@pytest.mark.parametrize("text", ["0", "-0", "0.00", "12.50", "-12.50", "1E+3", "Infinity", "-Infinity", "NaN", "sNaN"])
def test_these(text):
    assert same(Decimal128(text))
