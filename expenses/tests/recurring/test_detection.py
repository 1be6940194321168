"""Series are found among entries by day, amount and name, and what came about by chance isn't one."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest

from benchmarks import series, series_histories, series_holdout
from expenses.recurring.cycles import Cycle, day_after
from expenses.recurring.detection import Found, detect
from expenses.tests.recurring.made import TODAY, entry, every, on, shops


def only(entries) -> Found:
    """The one series among entries, with other merchants around it."""
    [found] = detect([*shops(), *entries], TODAY)
    assert {each.id for each in found.entries} <= {each.id for each in entries}
    return found


FIRSTS = {
    Cycle.WEEKLY: (date(2026, 3, 2), 39),
    Cycle.TWO_WEEKLY: (date(2026, 1, 9), 23),
    Cycle.FOUR_WEEKLY: (date(2025, 10, 3), 15),
    Cycle.MONTHLY: (date(2025, 6, 8), 18),
    Cycle.TWO_MONTHLY: (date(2025, 1, 14), 12),
    Cycle.QUARTERLY: (date(2025, 2, 3), 8),
    Cycle.HALF_YEARLY: (date(2025, 1, 20), 4),
    Cycle.YEARLY: (date(2025, 4, 17), 2),
}


@pytest.mark.parametrize("cycle", Cycle)
def test_every_cycle_is_found_with_its_next_day(cycle):
    first, times = FIRSTS[cycle]
    found = only(every(cycle, "Blue Lamp", "17.40", first, times))
    assert (found.cycle, len(found.entries)) == (cycle, times)
    assert found.next == day_after(first, cycle, times)
    assert (found.low, found.high, found.currency) == (Decimal("17.40"), Decimal("17.40"), "EUR")
    assert found.confidence > 0.6


def test_no_series_among_shops():
    assert detect(shops(), TODAY) == []
    assert detect([], TODAY) == []


@pytest.mark.parametrize(("apart", "times"), [(365, 2), (30, 2), (30, 3), (91, 3), (182, 2)])
def test_a_shop_visited_at_a_distance_by_chance_is_no_series(apart, times):
    days = [date(2025, 2, 10) + timedelta(days=apart * n + n % 2) for n in range(times)]
    visits = [entry("Corner Kiosk", amount, day) for amount, day in zip((12.3, 51, 27.7), days, strict=False)]
    assert detect([*shops(), *visits], TODAY) == []


def test_a_coffee_at_a_fixed_price_is_no_series():
    days = [date(2025, 1, 1) + timedelta(days=(n * n * 17 + n * 5) % 690) for n in range(90)]
    assert detect(on(days, "Bean Bar", "3.20"), TODAY) == []


def test_words_speak_for_a_series_whose_amount_changed():
    days = (date(2025, 3, 4), date(2026, 3, 6))
    assert detect([*shops(), *on(days, "Orchid", 310, 352)], TODAY) == []
    assert only(on(days, "Orchid Insurance", 310, 352)).cycle == Cycle.YEARLY


def test_month_ends_and_last_working_days():
    ends = [date(2026, month, monthrange(2026, month)[1]) for month in range(1, 11)]
    assert only(on(ends, "Rent", 900)).next == date(2026, 11, 30)
    working = [end - timedelta(days=max(0, end.weekday() - 4)) for end in ends]
    found = only(on(working[:9], "Payroll", -2000))
    assert (found.next, found.is_income, found.low) == (date(2026, 10, 30), True, Decimal(2000))


def test_days_that_move_by_five_and_amounts_that_vary():
    offs = (0, 4, -5, 3, -2, 5, 0, -4, 2, 5, -3, 1)
    days = [day_after(date(2025, 11, 15), Cycle.MONTHLY, n) + timedelta(days=off) for n, off in enumerate(offs)]
    amounts = (80, 95, 120, 110, 97, 84, 79, 101, 88, 92, 85, 99)
    found = only(on(days, "Power and Light", *amounts))
    assert found.cycle == Cycle.MONTHLY
    assert abs((found.next - date(2026, 11, 15)).days) <= 3
    assert (found.low, found.high) == (Decimal(79), Decimal(101))


def test_a_late_entry_does_not_shift_the_cycle():
    entries = every(Cycle.MONTHLY, "Blue Lamp", 9, date(2025, 10, 3), 12)
    late = entry("Blue Lamp", 9, date(2026, 10, 8))
    assert only([*entries, late]).next == date(2026, 11, 3)


def test_skipped_ones_leave_one_series():
    entries = every(Cycle.MONTHLY, "Blue Lamp", 9, date(2025, 5, 3), 18)
    found = only([each for number, each in enumerate(entries) if number not in (4, 9, 10)])
    assert (found.cycle, len(found.entries), found.next) == (Cycle.MONTHLY, 15, date(2026, 11, 3))


def test_two_lines_of_one_merchant_are_two_series():
    lines = [every(Cycle.MONTHLY, "Telefon AG", amount, date(2025, 6, 8), 17) for amount in ("19.90", "34.90")]
    found = detect([*shops(), *lines[0], *lines[1]], TODAY)
    assert sorted(each.low for each in found) == [Decimal("19.90"), Decimal("34.90")]
    same = every(Cycle.MONTHLY, "Telefon AG", "19.90", date(2025, 6, 21), 17)
    found = detect([*shops(), *lines[0], *same], TODAY)
    assert sorted(each.next for each in found) == [date(2026, 11, 8), date(2026, 11, 21)]


def test_a_subscription_among_other_purchases_of_its_merchant():
    days = [date(2025, 1, 1) + timedelta(days=(n * n * 23 + n * 7) % 660) for n in range(50)]
    bought = [entry("Jungle", 7 + (n * n * 13) % 190, day) for n, day in enumerate(days)]
    prime = every(Cycle.MONTHLY, "Jungle Prime", "8.99", date(2025, 3, 19), 20)
    found = detect([*bought, *prime], TODAY)
    assert [(each.name, len(each.entries)) for each in found] == [("Jungle Prime", 20)]


def test_a_new_price_a_new_name_and_a_new_day_leave_one_series():
    old = every(Cycle.MONTHLY, "HELIOS TV", "9.99", date(2025, 2, 5), 10)
    dearer = every(Cycle.MONTHLY, "HELIOS TV", "11.99", date(2025, 12, 5), 5)
    renamed = every(Cycle.MONTHLY, "Helios Television 88231", "11.99", date(2026, 5, 17), 7)
    found = only([*old, *dearer, *renamed])
    assert (len(found.entries), found.name, found.low) == (22, "Helios Television 88231", Decimal("11.99"))
    assert found.next == date(2026, 12, 17)


def test_a_name_that_has_the_month_or_a_code_in_it():
    days = [date(2025, month, 1) for month in range(1, 13)]
    assert len(only([entry(f"Rent {day:%B %Y}", 900, day) for day in days]).entries) == 12
    assert len(only([entry(f"POS 4{day:%m}117 SUNFLOWER 9{day:%d%m}", 14, day) for day in days]).entries) == 12


def test_a_foreign_price_that_is_booked_in_the_home_currency():
    days = [day_after(date(2025, 8, 20), Cycle.MONTHLY, n) for n in range(15)]
    amounts = [round(52 * (1 + 0.03 * ((n * 7) % 5 - 2) / 2), 2) for n in range(15)]
    assert len(only(on(days, "Blue Lamp", *amounts)).entries) == 15


def test_a_series_that_ended():
    found = only(every(Cycle.MONTHLY, "Blue Lamp", 9, date(2024, 12, 3), 11))
    assert found.is_over
    assert not only(every(Cycle.MONTHLY, "Blue Lamp", 9, date(2025, 9, 3), 13)).is_over


def test_the_order_of_the_entries_does_not_matter():
    history = series_histories.make_history(3)
    found = detect(history.entries, series_histories.LAST)
    assert detect(sorted(history.entries, key=lambda each: each.day), series_histories.LAST) == found


@pytest.mark.parametrize("make", [series_histories.make_history, series_holdout.make_history])
def test_the_benchmark_reaches_its_goals(make):
    figures = series.measure(map(make, range(101, 105)))
    assert figures["found"] >= 0.9
    assert figures["false"] <= 0.05
    assert figures["cycle"] >= 0.97
    assert figures["next"] >= 0.9
