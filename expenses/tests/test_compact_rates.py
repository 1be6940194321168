"""A currency's rates of a year in 2 KB: every digit stays, and a process that kept them all stays small."""

import tracemalloc
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from expenses.rates import rate_series
from expenses.rates.compact import MAX_DAYS_BACK, fill_gaps, pack_year

YEAR = 2025
START = date(YEAR, 1, 1)
ORIGINS = [("NBU", "published"), ("BOI,NBU", "blended"), ("", "pegged")]
digits = st.decimals(Decimal("0.00000001"), Decimal("999999999"), places=8).map(lambda rate: f"{rate:f}")


def rows(quotes, start=START):
    return [(start.toordinal() + at, text, *origin) for at, (text, origin) in sorted(quotes.items())]


@given(st.dictionaries(st.integers(-MAX_DAYS_BACK, 364), st.tuples(digits, st.sampled_from(ORIGINS)), max_size=30))
def test_every_day_has_its_quote_or_that_of_the_last_ten_days(quotes):
    packed = pack_year(YEAR, rows(quotes))
    for at in range(365):
        day, found = START + timedelta(days=at), packed.on(START + timedelta(days=at))
        back = next((n for n in range(MAX_DAYS_BACK + 1) if at - n in quotes), None)
        if back is None:
            assert found is None
        else:
            text, origin = quotes[at - back]
            expected = (Decimal(text), day - timedelta(days=back), *origin)
            assert found == expected
            assert "." not in str(found.rate) or not str(found.rate).endswith("0")


@given(st.lists(st.sampled_from(["0.0000000001234567890123", "123456789012.5", "1e-7", "7"]), min_size=1, max_size=4))
def test_more_digits_than_fit_are_rounded_at_the_eighteenth(texts):
    packed = pack_year(YEAR, rows({at: (text, ORIGINS[0]) for at, text in enumerate(texts)}))
    largest = max(map(Decimal, texts))
    for at, text in enumerate(texts):
        if found := packed.on(START + timedelta(days=at)):
            assert abs(found.rate - Decimal(text)) <= largest.scaleb(-16) or found.day < START + timedelta(days=at)


def test_the_second_source_fills_what_the_first_lacks_for_ten_days():
    first = rows({0: ("1", ORIGINS[0]), 30: ("2", ORIGINS[0])})
    second = rows(dict.fromkeys(range(60), ("9", ORIGINS[1])))
    kept = [row[0] - START.toordinal() for row in fill_gaps(first, second) if row[1] == "9"]
    assert kept == [*range(11, 30), *range(41, 60)]


def test_what_a_worker_keeps_of_160_currencies_over_25_years_is_less_than_10_mb():
    year = rows({at: (f"{48 + at / 1000:.5f}", ORIGINS[at % 2]) for at in range(365)})
    some = 50
    tracemalloc.start()
    kept = [pack_year(YEAR, year) for _ in range(some)]
    grown, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == some
    assert rate_series._memory.series.size == rate_series._KEPT_SERIES < 160 * 25
    assert grown / some * rate_series._KEPT_SERIES < 10_000_000, grown
