"""What is odd in a week. Entries are made on the Wednesday before it, unless a test says otherwise."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from bson import ObjectId

from expenses.insights.findings import Week, find_odd, months_compared
from expenses.money import format_money
from expenses.recurring.cycles import Cycle, day_after
from expenses.recurring.fitting import Attached, SeriesFacts
from expenses.sums.figures import BigFigure, CategoryFigures, MonthFigures
from expenses.sums.merchants import MerchantFigure
from expenses.sums.month_sums import Big

MONDAY = date(2026, 11, 23)
_numbers = count(1)


def made(ago: int = 5) -> str:
    """The id of an entry that was entered some days before the week."""
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC) - timedelta(days=ago)
    return str(ObjectId(f"{int(moment.timestamp()):08x}{next(_numbers):016x}"))


def series(name, *amounts, day=date(2026, 11, 18), cycle=Cycle.MONTHLY, income=False, ago=5):
    """A series with these amounts, the last of them on `day`."""
    entries = [
        Attached(made(ago if back == 0 else 40), day_after(day, cycle, -back), Decimal(str(amount)), "EUR")
        for back, amount in zip(range(len(amounts) - 1, -1, -1), amounts, strict=True)
    ]
    low, high = min(each.amount for each in entries), max(each.amount for each in entries)
    return name, SeriesFacts([name.lower()], income, cycle, day_after(day, cycle), low, high, "EUR", entries, [])


def big(title, amount, day, ago=5, entry_id=None):
    row = Big(entry_id or made(ago), title, "food-drinks", "EUR", str(amount), day.day, None, "", str(amount))
    return BigFigure(row, str(amount))


def month_of(days, biggest=(), merchants=()):
    spent = {"food-drinks": CategoryFigures({day: Decimal(value) for day, value in days.items()})}
    return MonthFigures(date(2026, 11, 1), spent, biggest, merchants)


def week(*rows, monday=MONDAY, now=None, before=None):
    months = months_compared(monday)
    figures = dict.fromkeys(months, before or month_of(dict.fromkeys(range(1, 29), 36)))
    figures[months[0]] = now or month_of(dict.fromkeys(range(1, 23), 36))
    return Week(monday, rows, figures, "EUR", lambda value, code: format_money(value, code), lambda value, _code: value)


def texts(*rows, **more):
    return [each.text.replace("\u2068", "").replace("\u2069", "") for each in find_odd(week(*rows, **more))]


def test_an_amount_over_the_usual_range():
    found = texts(series("Electricity", 80, 95, 88, 90, 133))
    assert found == ["Electricity: €133.00 is 40% over your usual €80.00–€95.00."]
    assert not texts(series("Electricity", 80, 95, 88, 90, 99))
    assert not texts(series("Electricity", 80, 133)), "two entries don't say what is usual"


def test_a_fixed_price_that_rose():
    assert texts(series("Netflix", 12, 12, 12, 13.5)) == ["Netflix rose 12%: €13.50 instead of €12.00."]
    assert texts(series("Netflix", 12, 12, 12, 240)) == ["Netflix rose 1,900%: €240.00 instead of €12.00."]
    assert not texts(series("Netflix", 12, 12, 12, 12.1))
    assert not texts(series("Netflix", 12, 12, 12, 9))
    assert not texts(series("Salary", 2000, 2000, 2500, income=True))


def test_a_charge_that_came_twice():
    name, facts = series("Gym", 30, 30, 30)
    again = facts.entries[-1]._replace(id=made(), day=date(2026, 11, 20))
    found = texts((name, facts._replace(entries=[*facts.entries, again])))
    assert found == ["Gym was charged twice: Nov 18, 2026 and Nov 20, 2026."]


@pytest.mark.parametrize("ago", [-1, 8, 30])
def test_only_news_of_the_week_before(ago):
    assert not texts(series("Netflix", 12, 12, 12, 15, ago=ago))


def test_old_entries_of_a_first_import_are_no_news():
    assert not texts(series("Netflix", 12, 12, 12, 15, day=date(2026, 9, 1)))


def test_a_week_says_what_no_other_week_says():
    """The same entries, week after week: each sentence comes once."""
    rows = series("Netflix", 12, 12, 12, 15), series("Electricity", 80, 95, 88, 90, 133)
    ahead = month_of({day: 36 if day < 17 else 300 for day in range(1, 31)})
    said = [text for n in range(-3, 4) for text in texts(*rows, monday=MONDAY + timedelta(weeks=n), now=ahead)]
    assert len(said) == len(set(said))
    assert any("Netflix" in text for text in said)


def test_far_more_than_usual_at_a_merchant():
    merchants = [MerchantFigure("market", "Market", "food-drinks", "EUR", "200", 5, "200")]
    before = month_of(dict.fromkeys(range(1, 29), 36), merchants=merchants)
    now = month_of(dict.fromkeys(range(1, 23), 36), [big("Market", 170, date(2026, 11, 17))])
    assert texts(before=before, now=now) == ["Market: €170.00 is 4 times what you usually spend there."]
    usual = month_of(dict.fromkeys(range(1, 23), 36), [big("Market", 60, date(2026, 11, 17))])
    assert not texts(before=before, now=usual)


def test_possible_duplicates():
    days = dict.fromkeys(range(1, 23), 36)
    twice = [big("Shoes", 150, date(2026, 11, 17)), big("SHOES", 150, date(2026, 11, 18))]
    assert texts(now=month_of(days, twice)) == ["Possible duplicate: Shoes, €150.00, on Nov 17, 2026 and Nov 18, 2026."]
    apart = [big("Shoes", 150, date(2026, 11, 10)), big("Shoes", 150, date(2026, 11, 18))]
    small = [big("Bus", 3, date(2026, 11, 17)), big("Bus", 3, date(2026, 11, 17))]
    assert not texts(now=month_of(days, apart)) + texts(now=month_of(days, small))


def test_a_category_that_is_ahead_is_said_in_the_first_week_only():
    ahead = month_of({day: 36 if day < 17 else 300 for day in range(1, 31)})
    found = texts(now=ahead)
    assert found == ["Food & Drinks: €2,376.00 so far this month. By the same day it is usually €792.00."]
    assert not texts(now=ahead, monday=MONDAY + timedelta(weeks=1))
    assert not texts(now=month_of(dict.fromkeys(range(1, 23), 40)))
    assert not texts(now=ahead, before=month_of({28: 900})), "usually nothing is spent by then"


def test_keys_are_of_facts_not_of_imports():
    rows = [find_odd(week(series("Netflix", 12, 12, 12, price)))[0].key for price in (15, 15, 16)]
    assert rows[0] == rows[1] != rows[2]


def test_what_is_about_the_most_money_comes_first():
    found = texts(series("Netflix", 12, 12, 12, 15), series("Rent", 900, 900, 900, 990))
    assert [text.split()[0] for text in found] == ["Rent", "Netflix"]
