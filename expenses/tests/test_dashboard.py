"""The numbers of the dashboard, from hand-made figures, without database or rates."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.categories import SLUGS
from expenses.dashboard import shape as dashboard
from expenses.dashboard.merchants import biggest_merchants, top_merchants
from expenses.dashboard.period_change import CategoryDifference, Causes, change_of_period, same_day
from expenses.dashboard.scope import Scope, rounded_to
from expenses.dashboard.top import biggest_expenses
from expenses.months import month_range, months_starting
from expenses.rates import OLD
from expenses.sums.figures import Based, BigFigure, CategoryFigures, Flow, MonthFigures
from expenses.sums.merchants import MerchantFigure
from expenses.sums.month_sums import Big

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
D = Decimal


def category(days, *, flows=None, unsure="0", count=None, earlier=0, excluded=None):
    days = {day: D(value) for day, value in days.items()}
    total = sum(days.values(), D(0))
    flows = flows or {"ILS": Flow(total, total, abs(total), abs(total))}
    based = {OLD: Based(earlier)}
    return CategoryFigures(days, D(unsure), count or len(days), based, excluded=excluded or {}, flows=flows)


def scope(months, figures, categories=SLUGS, currency="ILS"):
    all_figures = {month: MonthFigures(month, found) for month, found in figures.items()}
    return Scope(all_figures, tuple(months), categories, currency)


def test_each_month_of_a_category_is_rounded_once_and_totals_are_sums_of_what_is_shown():
    third = D(10) / 3
    shown = scope(
        [JULY, AUGUST],
        {
            JULY: {"other": category({1: third}), "food-drinks": category({1: third})},
            AUGUST: {"other": category({1: third})},
        },
    )
    slices = {part.slug: part.amount for part in dashboard.breakdown(shown)}
    assert slices == {"other": D("6.66"), "food-drinks": D("3.33")}  # three cells of 3.33
    assert dashboard.comparison(shown).total() == D("9.99")
    assert shown.day_totals(JULY) == {1: D("6.66")}


def test_a_cent_that_is_missing_comes_to_the_day_that_lost_most_and_never_to_an_exact_one():
    days = {1: D("10.00"), 2: D("3.333"), 3: D("3.334"), 4: D("3.331")}
    assert rounded_to(D("20.00"), days, "ILS") == {1: D("10.00"), 2: D("3.33"), 3: D("3.34"), 4: D("3.33")}
    assert rounded_to(D("19.97"), days, "ILS") == {1: D("10.00"), 2: D("3.32"), 3: D("3.33"), 4: D("3.32")}
    assert rounded_to(D("10.01"), {1: D("10.00")}, "ILS") == {1: D("10.01")}
    assert rounded_to(D(8), {1: D("3.4"), 2: D("4.4")}, "JPY") == {1: D(4), 2: D(4)}


@pytest.mark.parametrize(("value", "first", "others"), [("0.334", "0.34", "0.33"), ("0.335", "0.33", "0.34")])
def test_the_rounding_of_days_never_depends_on_which_was_added_up_last(value, first, others):
    for days in ((1, 2, 3), (3, 2, 1)):
        shown = scope([AUGUST], {AUGUST: {"other": category(dict.fromkeys(days, value))}})
        assert shown.day_totals(AUGUST) == {1: D(first), 2: D(others), 3: D(others)}


def test_the_largest_slice_comes_first_and_refunds_have_no_share():
    shown = scope(
        [AUGUST],
        {
            AUGUST: {
                "food-drinks": category({1: "25"}),
                "other": category({2: "75"}),
                "transportation": category({3: "-10"}),
            }
        },
    )
    slices = dashboard.breakdown(shown)
    assert [part.slug for part in slices] == ["other", "food-drinks", "transportation"]
    assert [part.share for part in slices] == [75, 25, None]


def test_only_chosen_categories_count():
    shown = scope([AUGUST], {AUGUST: {"food-drinks": category({1: "25"}), "other": category({2: "75"})}}, ("other",))
    assert [part.slug for part in dashboard.breakdown(shown)] == ["other"]
    assert shown.month_total(AUGUST) == 75
    assert dashboard.heat_levels(shown) == {date(2026, 8, 2): (D(75), 5)}


def test_yen_have_no_decimals():
    shown = scope([AUGUST], {AUGUST: {"other": category({1: "1234.5"})}}, currency="JPY")
    assert str(dashboard.breakdown(shown)[0].amount) in ("1234", "1235")


def test_daily_trend_reaches_into_the_month_before():
    july = {"other": category(dict.fromkeys(range(1, 32), "7"))}
    shown = scope([AUGUST], {JULY: july, AUGUST: {"other": category({1: "14"})}})
    points = dashboard.daily_trend(shown, date(2026, 8, 3))
    assert len(points) == 31
    assert points[0].average == D("8.00")  # (6 * 7 + 14) / 7
    assert points[2].average == D("6.00")  # (4 * 7 + 14 + 0 + 0) / 7
    assert points[3].average is None  # tomorrow


def test_daily_trend_without_a_month_before_starts_its_average_after_a_week():
    shown = scope([AUGUST], {JULY: {}, AUGUST: {"other": category({1: "70"})}})
    averages = [point.average for point in dashboard.daily_trend(shown, date(2026, 9, 1))]
    assert averages[:7] == [None] * 6 + [D("10.00")]


def test_monthly_trend_does_not_average_over_months_before_the_first_expense():
    june = date(2026, 6, 1)
    shown = scope(
        [JULY, AUGUST], {june: {}, JULY: {"other": category({1: "10"})}, AUGUST: {"other": category({1: "20"})}}
    )
    assert [point.average for point in dashboard.monthly_trend(shown)] == [None, None]
    shown.figures[june].categories["other"] = category({1: "30"})
    assert [point.average for point in dashboard.monthly_trend(shown)] == [None, D("20.00")]


def test_months_before_the_first_expense_and_months_to_come_do_not_count():
    june, september = date(2026, 6, 1), date(2026, 9, 1)
    figures = {june: {}, JULY: {"other": category({1: "10"})}, AUGUST: {}, september: {}}
    shown = scope([june, JULY, AUGUST, september], figures)
    assert shown.counted(date(2026, 8, 9)) == (JULY, AUGUST)
    assert [point.average for point in dashboard.monthly_trend(shown)] == [None, None, None, D("3.33")]
    shown.figures[september].categories["food-drinks"] = category({1: "5"})
    assert shown.counted(date(2026, 8, 9)) == (JULY, AUGUST, september)
    before = {date(2026, 5, 1): {"other": category({1: "10"})}}
    assert scope(shown.months, figures | before).counted(date(2026, 9, 30)) == shown.months


def test_equal_numbers_of_days_share_a_heat_level_and_refunds_are_level_zero():
    shown = scope([AUGUST], {AUGUST: {"other": category({**{day: str(day) for day in range(1, 11)}, 20: "-5"})}})
    levels = [level for _, level in dashboard.heat_levels(shown).values()]
    assert levels == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0]


def test_left_out_and_earlier_rates_are_counted():
    excluded = category({1: "5"}, excluded={"ISK": 2}, earlier=3, unsure="1.005", count=4)
    facts = dashboard.honesty(scope([AUGUST], {AUGUST: {"other": excluded}}))
    assert (facts.rates.excluded, facts.rates.based[OLD].count, facts.count) == ({"ISK": 2}, 3, 4)
    assert facts.rates.foreign == set()


def big(amount, value, order):
    return BigFigure(Big("id", "Title", "other", "ILS", amount, 3, None, "", order), value)


def test_the_biggest_of_all_months_with_those_without_a_rate_last():
    shown = scope([JULY, AUGUST], {JULY: {}, AUGUST: {}})
    shown.figures[JULY].biggest = [big("9", "9.005", "2"), big("500", None, "100")]
    shown.figures[AUGUST].biggest = [big("10", "10", "3")]
    rows = biggest_expenses(shown)
    assert [row.value for row in rows][0::2] == [D("10.00"), None]
    assert [row.spent_on for row in rows] == [date(2026, 8, 3), date(2026, 7, 3), date(2026, 7, 3)]


def test_merchants_are_counted_over_months_and_named_as_in_their_busiest_month():
    shown = scope([JULY, AUGUST], {JULY: {}, AUGUST: {}})
    shown.figures[JULY].merchants = [MerchantFigure("wolt", "WOLT 12", "food-drinks", "ILS", "10.50", 1, "10.50")]
    shown.figures[AUGUST].merchants = [
        MerchantFigure("wolt", "Wolt", "food-drinks", "ILS", "20.00", 2, "20.00"),
        MerchantFigure("wolt", "Wolt", "food-drinks", "USD", "3.00", 1, None),
        MerchantFigure("once", "Once", "other", "ILS", "99.00", 1, "99.00"),
    ]
    rows, truncated = top_merchants(shown)
    assert [(row.title, row.count, dict(row.amounts)) for row in rows] == [
        ("Wolt", 4, {"ILS": D("30.50"), "USD": D(3)})
    ]
    assert not truncated


def no_reference(code):
    pytest.fail(f"{code} was spent in the period before")


def compared(shown, *, before=(JULY,), until=None, reference=no_reference, **more):
    return change_of_period(shown, replace(shown, months=before), until, reference, **more)


def test_a_change_names_its_causes_and_splits_off_what_the_rates_did():
    dollars = {"USD": Flow(D(10), D(40), D(10), D(40))}
    dearer = {"USD": Flow(D(20), D(90), D(20), D(90))}
    shown = scope(
        [AUGUST],
        {
            JULY: {"other": category({1: "40"}, flows=dollars), "food-drinks": category({1: "100"})},
            AUGUST: {"other": category({1: "90"}, flows=dearer, count=2), "food-drinks": category({1: "70"})},
        },
    )
    result = compared(shown)
    assert result.difference == D("20.00")
    assert [(each.slug, each.difference) for each in result.by_category] == [("other", 50), ("food-drinks", -30)]
    assert result.until is None
    # 20 dollars cost 90; at July's 4.00 they would have cost 80. A third expense at the average of 70 explains more.
    assert result.causes == Causes(1, D("70.00"), D("-20.00"), D("-60.00"), D(0), D("10.00"))


def test_a_currency_not_used_before_is_valued_at_the_end_of_the_month_before():
    dollars = {"USD": Flow(D(10), D(38), D(10), D(38))}
    shown = scope(
        [AUGUST], {JULY: {"other": category({1: "5"})}, AUGUST: {"other": category({1: "38"}, flows=dollars)}}
    )
    result = compared(shown, reference={"USD": D("3.70")}.get)
    assert result.causes.rates == D("1.00")
    assert result.causes.price + result.causes.rates == result.difference
    assert compared(shown, reference={}.get).causes.rates == 0


def test_no_change_without_spending_before_and_no_rate_effect_without_foreign_money():
    assert compared(scope([AUGUST], {JULY: {}, AUGUST: {"other": category({1: "5"})}})) is None
    shown = scope([AUGUST], {JULY: {"other": category({1: "5"})}, AUGUST: {"other": category({1: "5"})}})
    result = compared(shown)
    assert (result.difference, result.causes.rates, result.by_category) == (0, None, ())


def test_a_period_that_isnt_over_is_compared_up_to_the_same_day():
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    today = date(2026, 8, 9)
    assert same_day([AUGUST], [JULY], today) == date(2026, 7, 9)
    assert same_day([JULY, AUGUST], [may, june], today) == date(2026, 6, 9)
    assert same_day([JULY, AUGUST], [june], today) is None
    assert same_day([JULY], [june], today) is None
    assert same_day([AUGUST], [], today) is None
    assert same_day([AUGUST], [date(2026, 2, 1)], date(2026, 8, 29)) is None
    with months_starting(25):
        assert same_day([JULY], [june], today) == date(2026, 7, 10)


def test_one_off_expenses_are_a_cause_and_a_category_of_their_own():
    figures = {
        JULY: MonthFigures(JULY, {"other": category({1: "50"})}),
        AUGUST: MonthFigures(AUGUST, {"other": category({1: "60", 2: "900"})}, regular={"other": category({1: "60"})}),
    }
    result = compared(Scope(figures, (AUGUST,), ("other",), "ILS"))
    assert [(each.slug, each.difference) for each in result.by_category] == [("one-off", 900), ("other", 10)]
    assert (result.difference, result.causes.one_off, result.causes.price) == (910, 900, 10)
    result = compared(Scope(figures, (AUGUST,), ("other",), "ILS"), with_one_off=True)
    assert [(each.slug, each.difference) for each in result.by_category] == [("other", 910)]
    assert (result.causes.more, result.causes.one_off) == (1, 0)


def test_own_categories_are_inside_their_base_category():
    months = {
        JULY: {"food-drinks": category({1: "5"})},
        AUGUST: {"food-drinks": category({1: "5"}), "own-1": category({2: "8"})},
    }
    shown = replace(scope([AUGUST], months, ("food-drinks",)), parts={"food-drinks": ("own-1", "food-drinks")})
    assert compared(shown).by_category == (CategoryDifference("food-drinks", D(8), (("own-1", D(8)),)),)


CELLS = st.dictionaries(
    st.sampled_from(["other", "food-drinks", "health-essentials"]),
    st.dictionaries(st.integers(1, 28), st.decimals(-500, 500, places=4), min_size=1),
)


@given(CELLS, CELLS, st.booleans(), st.sampled_from([None, "3.7", "0.004"]), st.sampled_from(["ILS", "JPY"]))
def test_the_parts_of_a_change_add_up_to_the_difference_of_the_totals(before, now, one_off, rate, currency):
    """Over any history: by category and by cause, in currencies with and without decimals."""

    def figures(month, cells):
        flows = {"USD": Flow(D(20), D(90), D(20), D(90))} if rate and month == AUGUST else None
        built = {slug: category(days, flows=flows) for slug, days in cells.items()}
        return MonthFigures(month, built, regular=dict(list(built.items())[1:]) if one_off else None)

    shown = Scope({JULY: figures(JULY, before), AUGUST: figures(AUGUST, now)}, (AUGUST,), tuple(SLUGS), currency)
    result = compared(shown, reference=lambda code: rate and D(rate))
    if result is None:
        assert not before
        return
    difference = shown.total() - replace(shown, months=(JULY,)).total()
    causes = result.causes
    assert result.difference == difference == sum(each.difference for each in result.by_category)
    assert difference == causes.number + causes.price + causes.one_off + (causes.rates or 0)


MERCHANTS = st.lists(
    st.builds(
        MerchantFigure,
        *(st.sampled_from("abcdefghijkl"), st.just("Title"), st.sampled_from(["other", "food-drinks"])),
        *(st.sampled_from(["ILS", "USD"]), st.just("1"), st.integers(1, 9)),
        st.none() | st.decimals("0.01", 900, places=4).map(str),
    ),
    min_size=1,
    max_size=20,
)


@given(MERCHANTS, st.integers(0, 3))
def test_the_merchants_add_up_to_the_total(merchants, uncounted):
    """Uncounted: the expenses whose titles are too rare to be among the merchants of the month."""
    cells, counts = defaultdict(D), Counter()
    for row in merchants:
        if row.value:
            cells[row.category] += D(row.value)
            counts[row.category] += row.count
    cells["other"] += D(uncounted)
    counts["other"] += uncounted
    figures = {slug: category({1: value}, count=counts[slug]) for slug, value in cells.items()}
    shown = Scope({AUGUST: MonthFigures(AUGUST, figures, merchants=merchants)}, (AUGUST,), tuple(figures), "ILS")
    found = biggest_merchants(shown, counts.total())
    assert sum(each.amount for each in found) == shown.total()
    assert sum(each.rated for each in found) == counts.total()
    assert len(found) <= 9


def test_months_before_the_first_entry_and_after_the_last_are_not_drawn():
    months = month_range(date(2026, 3, 1), date(2026, 9, 1))
    figures = {month: {} for month in months} | {JULY: {"other": category({1: "5"})}}
    shown = scope(months, figures)
    assert shown.drawn == (JULY,)
    assert dashboard.comparison(shown).months == (JULY,)
    shown.figures[date(2026, 5, 1)].received["salary"] = category({1: "-900"})
    assert shown.drawn == tuple(months[2:5])  # June, without any, is between two


def test_months_of_one_view_share_the_scale_of_the_calendar():
    shown = scope(
        [JULY, AUGUST], {JULY: {"other": category({1: "10", 2: "900"})}, AUGUST: {"other": category({5: "10"})}}
    )
    levels = {day: level for day, (_amount, level) in dashboard.heat_levels(shown).items()}
    assert levels[date(2026, 7, 1)] == levels[date(2026, 8, 5)] < levels[date(2026, 7, 2)] == 5
