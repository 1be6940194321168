"""The ECB's business days, compared with its published history."""

from datetime import date, timedelta

import pytest

from expenses.rates import ecb_history
from expenses.rates.business_days import easter, is_business_day, last_business_day


def test_the_ecb_published_on_exactly_these_days():
    """Since 2002, because before that TARGET also closed on New Year's Eve."""
    published = set(ecb_history.days_known())
    first, last = date(2002, 1, 1), ecb_history.newest_day_of_file()
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert len(days) > 8000
    assert [day for day in days if is_business_day(day) != (day in published)] == []


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1961, "04-02"), (2008, "03-23"), (2026, "04-05"), (2038, "04-25"), (2049, "04-18"), (2285, "03-22")],
)
def test_easter(year, sunday):
    assert easter(year) == date.fromisoformat(f"{year}-{sunday}")


@pytest.mark.parametrize(
    ("day", "before"), [("2026-04-06", "2026-04-02"), ("2025-12-28", "2025-12-24"), ("2026-11-20",) * 2]
)
def test_the_last_business_day(day, before):
    assert last_business_day(date.fromisoformat(day)) == date.fromisoformat(before)
