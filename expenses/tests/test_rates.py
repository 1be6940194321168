"""Looking up rates: the right day, the right source, few round trips."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from expenses import rates
from expenses.money import FIRST_QUOTED, convert, quantize
from expenses.rates import Converted, Origin, OwnRate, ecb_history, order_value, rates_between, rates_for
from expenses.rates import rate_series as rate_series
from expenses.rates import updates as rate_updates
from expenses.tests import ecb

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 11, 1), date(2026, 10, 30)
FIVE = ["USD", "ILS", "GBP", "JPY", "CHF"]


@pytest.fixture(autouse=True)
def _fresh():
    rates.forget_rates()
    yield
    rates.forget_rates()


@pytest.fixture
def stored():
    """Store two years of the ECB's history in MongoDB."""
    rate_updates.store_days(ecb_history.read_days(FIRST - timedelta(days=40)), ecb_history.SOURCE)
    rates.forget_rates()
    cache.clear()


def book(code, day):
    return rates_for([(day, code)])


def rate(code, day):
    found = book(code, ecb.day(day)).rate(code, ecb.day(day))
    return found and (str(found.rate), str(found.day), found.source)


@pytest.mark.parametrize("where", ["bundle", "stored"])
@pytest.mark.parametrize(
    ("day", "quoted"),
    [
        ("2026-10-30", "2026-10-30"),
        ("2025-09-06", "2025-09-05"),
        ("2025-09-07", "2025-09-05"),
        ("2025-12-25", "2025-12-24"),
        ("2026-01-01", "2025-12-31"),
        ("2026-04-06", "2026-04-02"),
        ("2026-11-22", "2026-10-30"),
        ("2031-07-01", "2026-10-30"),
    ],
)
def test_a_day_has_its_rate_or_the_last_business_days(where, day, quoted, request):
    if where == "stored":
        request.getfixturevalue("stored")
    assert rate("ILS", day) == (ecb.table()[quoted]["ILS"], quoted, "ecb-bundle")


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("ILS", "2011-01-02"),
        ("ILS", "1998-12-31"),
        ("BGN", "2026-01-02"),
        ("BGN", "2026-11-22"),
        ("HRK", "2023-01-01"),
        ("ISK", "2012-06-01"),
        ("ISK", "2008-12-20"),
        ("TRY", "2004-12-31"),
        ("XYZ", "2026-10-30"),
    ],
)
def test_outside_its_dates_a_currency_has_no_rate(code, day):
    assert rate(code, day) is None


@pytest.mark.parametrize(
    ("code", "day", "quoted"),
    [("HRK", "2022-12-31", "2022-12-30"), ("SIT", "2006-12-31", "2006-12-29"), ("ISK", "2008-12-19", "2008-12-09")],
)
def test_up_to_its_last_day_and_ten_days_back_it_has_one(code, day, quoted):
    assert rate(code, day)[1] == quoted


def test_the_euro_is_one_on_its_own_day():
    day = date(2026, 10, 31)
    assert rates_for([]).rate("EUR", day) == (Decimal(1), day, "EUR", "published")


def test_conversion_says_which_day_it_used():
    saturday = date(2025, 9, 6)
    made = book("USD", saturday).convert(Decimal("12.00"), "USD", "ILS", saturday)
    friday = ecb.table()["2025-09-05"]
    assert made.amount == convert(Decimal(12), Decimal(friday["USD"]), Decimal(friday["ILS"]))
    assert (made.rate_day, made.earlier, made.own) == (date(2025, 9, 5), True, False)
    monday = date(2025, 9, 8)
    assert book("USD", monday).convert(Decimal(12), "USD", "ILS", monday).earlier is False


def test_the_same_currency_is_exact_and_needs_no_rate():
    day = date(1990, 1, 1)
    assert rates_for([]).convert(Decimal("12.34"), "ILS", "ILS", day) == Converted(Decimal("12.34"), day, False)


def test_a_missing_rate_is_none_and_never_one_or_zero():
    day = date(2010, 6, 1)
    both = rates_between(day, day, ["ILS", "USD"])
    assert both.convert(Decimal(12), "ILS", "USD", day) is None
    assert both.convert(Decimal(12), "USD", "ILS", day) is None


def test_an_own_rate_wins():
    saturday = date(2025, 9, 6)
    own = OwnRate(Decimal("4.10"), "ILS")
    found = rates_between(saturday, saturday, ["USD", "ILS"])
    assert found.convert(Decimal(12), "USD", "ILS", saturday, own) == Converted(Decimal("49.20"), saturday, False, True)
    onward = found.convert(Decimal(12), "USD", "EUR", saturday, own)
    ils = Decimal(ecb.table()["2025-09-05"]["ILS"])
    used = (Origin("ecb-bundle", "published"),)
    assert onward == Converted(convert(Decimal("49.20"), ils, Decimal(1)), date(2025, 9, 5), True, True, used)


def test_an_own_rate_does_without_a_published_one():
    day = date(2010, 6, 1)
    own = OwnRate(Decimal("3.85"), "ILS")
    assert rates_for([]).convert(Decimal(10), "USD", "ILS", day, own).amount == Decimal("38.50")
    assert rates_for([]).convert(Decimal(10), "USD", "EUR", day, own) is None


def test_the_entered_currency_is_not_touched_by_an_own_rate():
    day = date(2026, 10, 30)
    assert rates_for([]).convert(Decimal(10), "USD", "USD", day, OwnRate(Decimal(9), "ILS")).amount == 10


def test_order_value_is_about_the_euro_value():
    assert order_value(Decimal("-12.00"), "EUR", date(2026, 10, 31)) == -12
    ils = Fraction(12) / ecb.rate("ILS", "2026-10-30")
    assert abs(Fraction(order_value(Decimal("12.00"), "ILS", date(2026, 10, 31))) - ils) <= Fraction(1, 20000)


@pytest.mark.parametrize(
    ("code", "day", "quoted"),
    [("ILS", "2005-06-01", "2011-01-03"), ("ISK", "2012-06-01", "2008-12-09"), ("BGN", "2026-05-01", "2025-12-31")],
)
def test_order_value_takes_the_nearest_rate_where_there_is_none(code, day, quoted):
    expected = convert(Decimal(1000), Decimal(ecb.table()[quoted][code]), Decimal(1))
    assert order_value(Decimal(1000), code, ecb.day(day)) == expected.quantize(Decimal("1e-8"))


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999999999.99"), places=2), st.sampled_from(FIVE))
def test_order_value_fits_its_column(amount, code):
    value = order_value(amount, code, date(2026, 10, 30))
    assert value == value.quantize(Decimal("1e-8"))
    assert value < Decimal(10) ** 16


def test_a_currency_without_any_rate_has_no_order_value():
    assert order_value(Decimal(100), "UAH", date(2026, 10, 30)) is None


@pytest.mark.usefixtures("stored")
def test_a_page_costs_one_database_call_cold_one_cache_call_warm_and_none_hot(count_db, count_cache):
    with count_db() as database:
        rates_between(FIRST, LAST, FIVE)
    assert len(database) == 1, database.names
    rates.forget_rates()
    with count_db() as database, count_cache() as redis:
        rates_between(FIRST, LAST, FIVE)
    assert (len(database), len(redis)) == (0, 1), redis.names
    with count_db() as database, count_cache() as redis:
        rates_between(FIRST, LAST, FIVE)
    assert (len(database), len(redis)) == (0, 0)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("codes", [["USD"], FIVE, ["EUR", *sorted(set(FIRST_QUOTED) - {"RUB"})]])
def test_more_currencies_and_days_cost_no_more_calls(count_db, count_cache, codes):
    days = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days)]
    with count_db() as database, count_cache() as redis:
        found = rates_for((day, code) for day in days for code in codes)
        for day in days:
            for code in codes:
                found.convert(Decimal("12.34"), code, "EUR", day)
    assert len(database) == 1, database.names
    assert len(redis) == 3, redis.names  # reads the state and the series once an hour


@pytest.mark.usefixtures("stored")
def test_a_new_currency_costs_one_call_more(count_db, count_cache):
    rates_between(FIRST, LAST, ["USD"])
    with count_db() as database:
        rates_between(FIRST, LAST, ["USD", "ILS"])
    assert len(database) == 1


@pytest.mark.usefixtures("stored")
def test_what_was_not_asked_for_is_found_all_the_same():
    assert rates_for([]).rate("SEK", LAST).rate == Decimal(ecb.table()["2026-10-30"]["SEK"])


@pytest.mark.usefixtures("stored")
def test_without_a_cache_pages_go_on(settings, caplog):
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert rate("ILS", "2026-10-30")[0] == ecb.table()["2026-10-30"]["ILS"]
    assert "cache is away" in caplog.text


@pytest.mark.usefixtures("stored")
def test_an_entry_of_another_state_is_not_used():
    cached = rates_between(LAST, LAST, ["ILS"])
    entry = cache.get("rates:3:ILS:2026")
    rows = json.dumps([[LAST.toordinal(), "9.99", "frankfurter", "published"]])
    cache.set("rates:3:ILS:2026", {"token": "older", "rows": rows})
    rates.forget_rates()
    assert entry["token"] != "older"
    assert rates_between(LAST, LAST, ["ILS"]).rate("ILS", LAST) == cached.rate("ILS", LAST)


def test_a_process_remembers_a_bounded_number_of_series(monkeypatch):
    monkeypatch.setattr(rate_series._memory.series, "size", 3)
    for year in range(2015, 2025):
        assert rate("USD", f"{year}-12-31")[1] >= f"{year}-12-29"
    assert list(rate_series._memory.series._values) == [("USD", 2022), ("USD", 2023), ("USD", 2024)]


@given(
    st.dates(date(1999, 1, 4), date(2026, 10, 30)),
    st.sampled_from(sorted(FIRST_QUOTED)),
    st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2),
)
def test_any_day_and_currency_is_the_published_conversion_or_left_out(day, code, amount):
    made = book(code, day).convert(amount, code, "EUR", day)
    if made is None:
        recent = [str(day - timedelta(days=back)) for back in range(11)]
        ended = rates.ENDED.get(code, date.max)
        assert day > ended or not any(code in ecb.table().get(text, {}) for text in recent)
    else:
        exact = Fraction(amount) / ecb.rate(code, str(made.rate_day))
        assert abs(Fraction(quantize(made.amount, "EUR")) - exact) <= Fraction(1, 200)
        assert made.earlier is (made.rate_day < day)
        between = [day - timedelta(days=back) for back in range((day - made.rate_day).days)]
        assert not any(code in ecb.table().get(str(later), {}) for later in between)
