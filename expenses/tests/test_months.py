"""Months in URLs."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from expenses.months import MAX_MONTHS, Period, add_months, month_range, parse_period, presets

TODAY = date(2026, 8, 20)
AUGUST = date(2026, 8, 1)


def parse(*months, first="", last=""):
    return parse_period(months, first, last, TODAY)


def test_without_any_month_it_is_this_one():
    assert parse() == Period((AUGUST,))


def test_months_are_sorted_and_counted_once():
    assert parse("2026-08", "2026-06", "2026-08").months == (date(2026, 6, 1), AUGUST)


def test_a_range_in_either_order():
    summer = (date(2026, 6, 1), date(2026, 7, 1), AUGUST)
    assert parse(first="2026-06", last="2026-08").months == summer
    assert parse(first="2026-08", last="2026-06").months == summer


def test_what_is_no_month_is_named_and_left_out():
    found = parse("2026-13", "2026-07", "१९९९-०१", "1998-12", "9999-01")
    assert found.months == (date(2026, 7, 1),)
    assert found.bad == ("2026-13", "१९९९-०१", "1998-12", "9999-01")


def test_of_too_many_months_the_latest_stay():
    found = parse(first="1999-01", last="2026-08")
    assert found.cut
    assert len(found.months) == MAX_MONTHS
    assert found.months[-1] == AUGUST


@given(st.lists(st.text(max_size=12), max_size=5), st.text(max_size=8), st.text(max_size=8))
def test_any_text_gives_one_to_24_ascending_months(months, first, last):
    found = parse_period(months, first, last, TODAY).months
    assert 1 <= len(found) <= MAX_MONTHS
    assert list(found) == sorted(set(found))


@given(st.dates(date(1999, 1, 1), date(2031, 12, 31)), st.integers(1, 24))
def test_parameters_lead_back_to_the_same_months(day, count):
    last = day.replace(day=1)
    months = tuple(m for m in month_range(add_months(last, 1 - count), last) if m.year >= 1999)
    values = Period(months).parameters()
    single = [value for name, value in values if name == "month"]
    ends = dict(pair for pair in values if pair[0] != "month")
    assert parse_period(single, ends.get("from", ""), ends.get("to", ""), TODAY).months == months


def test_presets_end_with_this_month():
    assert all(months[-1] == AUGUST for months in presets(TODAY).values())
    assert presets(TODAY)["last-3"][0] == date(2026, 6, 1)
    assert presets(TODAY)["this-year"][0] == date(2026, 1, 1)
    assert len(presets(date(2026, 2, 28))["last-12"]) == 12
