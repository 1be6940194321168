"""Rate checks accept true jumps of the ECB's history and refuse false ones."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expenses.rates import ecb_history
from expenses.rates.checks import DayQuotes, Doubt, Quote, check_days, is_jump, rates_agree
from expenses.tests import ecb


def history(code, first, last):
    """The published quotes of one currency, as arguments of the checks."""
    quotes = ecb.between(first, last)
    return [DayQuotes(ecb.day(day), {code: Decimal(rates[code])}) for day, rates in quotes.items()]


def test_nothing_in_the_whole_history_is_held_or_refused():
    checked = check_days(list(ecb_history.read_days()))
    assert not checked.held
    assert not checked.rejected
    assert sum(map(len, checked.accepted.values())) == sum(map(len, ecb.table().values()))


@pytest.mark.parametrize(
    ("code", "first", "jump", "after"),
    [
        ("TRL", "2001-02-15", "2001-02-22", "2001-02-23"),
        ("ISK", "2008-10-01", "2008-10-08", "2008-10-09"),
        ("ISK", "2008-10-30", "2008-11-06", "2008-11-07"),
    ],
)
def test_a_true_jump_is_held_until_the_next_day_confirms_it(code, first, jump, after):
    alone = check_days(history(code, first, jump))
    assert alone.held == [Doubt(ecb.day(jump), code, Decimal(ecb.table()[jump][code]))]
    assert alone.accepted[ecb.day(jump)] == {}
    confirmed = check_days(history(code, first, after))
    assert not confirmed.held
    assert confirmed.accepted[ecb.day(jump)] == {code: Decimal(ecb.table()[jump][code])}


def test_the_other_source_confirms_a_jump_at_once():
    days = history("TRL", "2001-02-15", "2001-02-22")
    other = {days[-1].day: {"TRL": Decimal(1050000)}}
    assert not check_days(days, other_source=other).held
    other = {days[-1].day: {"TRL": Decimal(624367)}}
    assert len(check_days(days, other_source=other).held) == 1


def test_a_slip_of_one_day_stays_out_and_the_next_day_counts_again():
    days = history("USD", "2026-10-01", "2026-10-12")
    days[3] = DayQuotes(days[3].day, {"USD": days[3].rates["USD"] * 10})
    checked = check_days(days)
    assert [doubt.day for doubt in checked.held] == [days[3].day]
    assert all(checked.accepted[day] == rates for day, rates in days if day != days[3].day)


def test_the_quotes_before_the_first_day_count():
    days = history("USD", "2026-10-01", "2026-10-01")
    rate = days[0].rates["USD"]
    yesterday = days[0].day - timedelta(days=1)
    assert check_days(days, {"USD": Quote(yesterday, rate / 2)}).held
    assert not check_days(days, {"USD": Quote(yesterday, rate)}).held


def test_after_a_long_gap_a_series_starts_again():
    days = [*history("ISK", "2008-12-01", "2008-12-09"), *history("ISK", "2018-02-01", "2018-02-02")]
    assert is_jump(days[-3].rates["ISK"], days[-2].rates["ISK"])
    assert not check_days(days).held


@pytest.mark.parametrize("rate", ["0", "-3.9", "NaN", "Infinity", "-0.0"])
def test_what_cannot_be_a_rate_is_refused_and_the_rest_of_the_day_kept(rate):
    days = [DayQuotes(ecb.day("2026-10-30"), {"USD": Decimal(rate), "ILS": Decimal("3.495")})]
    checked = check_days(days)
    assert [doubt.code for doubt in checked.rejected] == ["USD"]
    assert checked.accepted[days[0].day] == {"ILS": Decimal("3.495")}


@pytest.mark.parametrize(("after", "jump"), [("1.2999", False), ("1.3", True), ("0.7", True), ("0.7001", False)])
def test_a_jump_is_thirty_percent_up_or_down(after, jump):
    assert is_jump(Decimal(1), Decimal(after)) is jump


def test_sources_agree_when_one_prints_fewer_digits():
    assert rates_agree(Decimal("20275.17"), Decimal("20275"))
    assert rates_agree(Decimal(136), Decimal("136.00"))
    assert not rates_agree(Decimal("1.1715"), Decimal("1.1725"))


RATES = st.decimals(min_value=Decimal("-10"), max_value=Decimal("1000"), places=4)


@given(st.lists(RATES, min_size=1, max_size=10))
def test_every_rate_is_accepted_held_or_refused_and_accepted_ones_move_gently_or_are_confirmed(rates):
    start = ecb.day("2026-10-01")
    days = [DayQuotes(start + timedelta(days=index), {"USD": rate}) for index, rate in enumerate(rates)]
    checked = check_days(days)
    accepted = [quotes["USD"] for quotes in checked.accepted.values() if quotes]
    assert len(accepted) + len(checked.held) + len(checked.rejected) == len(rates)
    assert all(rate > 0 for rate in accepted)
    for index, (day, quotes) in enumerate(days):
        previous = [checked.accepted[earlier]["USD"] for earlier, _ in days[:index] if checked.accepted[earlier]]
        if checked.accepted[day] and previous and is_jump(previous[-1], quotes["USD"]):
            following = next(later["USD"] for _, later in days[index + 1 :] if later["USD"] > 0)
            assert not is_jump(quotes["USD"], following)
