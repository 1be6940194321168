"""A text is compressed once and sent with other values, as gzip or as it is."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finbrain.core.packed_text import as_gzip, fill, pack_text, unpack_text

ONE, TWO = b"1" * 64, b"2" * 24
PARTS = st.lists(st.one_of(st.binary(max_size=300), st.sampled_from([ONE, TWO, b"<p>a page</p>" * 40])), max_size=12)


@given(PARTS, st.binary(min_size=64, max_size=64), st.binary(min_size=24, max_size=24))
def test_values_replace_their_placeholders(parts, one, two):
    text = b"".join(parts)
    packed = pack_text(text, [ONE, TWO])
    assert unpack_text(packed) == text
    filled = fill(packed, {ONE: one})
    expected = text.replace(ONE, one)
    assert unpack_text(filled) == expected
    assert gzip.decompress(as_gzip(filled, expected)) == expected
    assert unpack_text(fill(packed, {TWO: two})) == text.replace(TWO, two)


def test_the_length_tells_nothing_about_a_value():
    page = b"<p>a page</p>" * 40
    values = [b"<p>a page</p>" * 4 + b"<p>a page</p"[:12], bytes(range(64))]
    packed = pack_text(page + ONE + page, [ONE])
    assert len({len(fill(packed, {ONE: value})) for value in values}) == 1


def test_the_length_of_the_file_is_random():
    packed = pack_text(b"a page " * 500, [ONE])
    assert len({len(as_gzip(packed, unpack_text(packed))) for _ in range(20)}) > 1


@pytest.mark.parametrize("damaged", [b"", b"not a page", pack_text(b"a page " * 500, [ONE])[:-4], b"\x00" * 40])
def test_what_is_no_packed_text(damaged):
    with pytest.raises(zlib.error):
        unpack_text(damaged)
