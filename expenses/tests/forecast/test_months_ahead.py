"""Forecasts of months: pure, without a database."""

from datetime import date, timedelta

import numpy as np
import pytest

from expenses.forecast.daily import DailySpending
from expenses.forecast.due import Payment, Regular, forecast_due, known_on, usual_of
from expenses.forecast.months_ahead import Past, hits, is_enough, month_end, months_ahead
from expenses.forecast.ranges import NOTHING, Range
from expenses.months import add_months
from expenses.recurring.cycles import Cycle

FIRST, TODAY = date(2025, 1, 1), date(2026, 3, 10)
_DAY = timedelta(days=1)


def days_from(first, last, value_of):
    return np.array([float(value_of(first + timedelta(days=n))) for n in range((last - first).days + 1)])


def rent(last=date(2026, 3, 1), value=1000.0, **more):
    count = (last.year - FIRST.year) * 12 + last.month - FIRST.month
    paid = [Payment(add_months(FIRST, n), value) for n in range(count + 1)]
    return Regular(Cycle.MONTHLY, paid, add_months(last, 1), Range(value, value, value), **more)


def past_with(series=(), first=FIRST, value_of=lambda day: 10 + day.toordinal() % 5):
    values = days_from(first, TODAY, value_of)
    for each in series:
        for day, value in each.payments:
            if day >= first:
                values[(day - first).days] += value
    return Past(first, values, tuple(series))


def test_the_end_is_what_is_spent_plus_what_is_due_and_usual():
    found = month_end(past_with([rent()]), TODAY)
    spent = past_with([rent()]).between(date(2026, 3, 1), TODAY)
    assert found.point == pytest.approx(spent + 21 * 12, rel=0.1)  # the rent of March is paid
    assert spent < found.low < found.point < found.high
    due = rent(last=date(2026, 2, 1))._replace(next_on=date(2026, 3, 15))
    assert month_end(past_with([due]), TODAY).point == pytest.approx(spent - 1000 + 1000 + 21 * 12, rel=0.1)


def test_every_month_ahead_has_its_series_once():
    quarterly = Regular(Cycle.QUARTERLY, [Payment(date(2026, 2, 10), 300.0)], date(2026, 5, 10), Range(300, 300, 300))
    found = months_ahead(past_with([rent(), quarterly]), TODAY)
    assert list(found) == [date(2026, month, 1) for month in (4, 5, 6)]
    assert [round(each.point / 100) for each in found.values()] == [14, 17, 14]


def test_what_is_entered_for_later_is_known():
    later = past_with([])
    ahead = np.concatenate([later.values, np.zeros(40)])
    ahead[-40] = 500.0  # tomorrow
    with_it = Past(later.first, ahead)
    assert month_end(with_it, TODAY).point == pytest.approx(month_end(later, TODAY).point + 500)


def test_weekends_count_when_they_come():
    """With spending on Saturdays alone, a span without one costs almost nothing."""
    values = days_from(FIRST, TODAY, lambda day: 70 if day.weekday() == 5 else 0)
    saturday = date(2026, 3, 14)
    with_it = DailySpending(values, FIRST).forecast(saturday, saturday)
    before = DailySpending(values, FIRST).forecast(TODAY + _DAY, saturday - _DAY)
    assert with_it.point > 40 > 15 > before.point


def test_the_last_day_leaves_nothing_open():
    last = date(2026, 3, 31)
    whole = Past(FIRST, days_from(FIRST, last, lambda day: 10))
    assert month_end(whole, last) == Range(310, 310, 310)


def test_what_is_late_becomes_less_likely():
    late = rent(last=date(2026, 2, 1))
    start, end = TODAY + _DAY, date(2026, 3, 31)

    def due(next_on):
        return forecast_due([late._replace(next_on=next_on)], TODAY, start, end)

    assert due(date(2026, 3, 12)).point == 1000
    assert due(date(2026, 3, 9)).point == 1000
    assert due(date(2026, 3, 2)).point == 0 < due(date(2026, 3, 2)).high
    assert due(date(2026, 1, 20)) == NOTHING


def test_what_is_due_on_the_first_is_not_expected_on_the_last_day_before_it():
    """A rent that always comes on the first doesn't make the range of the month before wider."""
    last = date(2026, 3, 30)
    assert forecast_due([rent()], last, last + _DAY, last + _DAY) == NOTHING
    moving = rent()
    paid = [each._replace(day=each.day + timedelta(days=n % 3)) for n, each in enumerate(moving.payments)]
    assert forecast_due([moving._replace(payments=paid)], last, last + _DAY, last + _DAY).high > 0


@pytest.mark.parametrize("end", [{"last_on": date(2026, 4, 1)}, {"left": 1}, {"left": 0}])
def test_a_series_that_ends_is_no_longer_due(end):
    found = months_ahead(past_with([rent(**end)]), TODAY)
    paid = [round(each.point / 1000) for each in found.values()]
    assert paid == ([0, 0, 0] if end.get("left") == 0 else [1, 0, 0])


def test_a_series_without_a_next_day_is_over_but_not_daily_spending():
    over = rent(last=date(2026, 1, 1))._replace(next_on=None)
    assert month_end(past_with([over]), TODAY).point < 400


def test_hits_use_only_what_was_known_then():
    """Twelve months that were all alike were all forecast. A jump in the last of them was not."""
    calm = past_with([rent()])
    assert hits(calm, TODAY).tried == 11  # the first of them needs three months before it
    assert hits(calm, TODAY).inside >= 9
    jump = date(2026, 2, 10)
    jumped = past_with([rent()], value_of=lambda day: 200 if jump < day < date(2026, 3, 1) else 12)
    assert hits(jumped, TODAY).inside < hits(calm, TODAY).inside


def test_a_series_was_unknown_before_its_second_payment():
    assert known_on(rent(), date(2025, 1, 20)) is None
    assert known_on(rent(), date(2025, 2, 20)).next_on == date(2025, 3, 1)
    assert known_on(rent(), date(2025, 2, 20)).payments[-1].day == date(2025, 2, 1)


def test_three_months_with_spending_are_enough():
    assert not is_enough(past_with(first=TODAY - timedelta(days=80)), TODAY)
    assert is_enough(past_with(first=TODAY - timedelta(days=89)), TODAY)
    assert not is_enough(past_with(value_of=lambda day: day < date(2025, 6, 1)), TODAY)


def test_a_payment_that_counts_as_one_off_makes_no_day_negative():
    moved = rent(value=400.0)
    apart = Past(FIRST, days_from(FIRST, TODAY, lambda _day: 10), (moved._replace(next_on=None),))
    assert 300 < month_end(apart, TODAY).point < 320


def test_usual_amounts():
    assert usual_of([5.0, 9.99, 9.99]) == Range(9.99, 9.99, 9.99)
    assert usual_of([80.0, 95.0, 88.0]) == Range(80, 88, 95)
    assert usual_of([7.0]) == Range(7, 7, 7)


def test_nothing_is_forecast_from_nothing():
    assert DailySpending(np.zeros(200), FIRST).forecast(date(2025, 8, 1), date(2025, 8, 5)) == NOTHING
