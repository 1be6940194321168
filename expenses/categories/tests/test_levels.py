"""Own categories add up to their base category, and base categories to the total, to the last minor unit."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from classifier.categories import CATEGORIES
from expenses.categories.changes import add_category, merge_category
from expenses.dashboard.levels import parts_to_show
from expenses.dashboard.scope import Scope
from expenses.dashboard.shape import breakdown, comparison, honesty
from expenses.models.own_categories import category_set, read_stored
from expenses.sums.figures import CategoryFigures, MonthFigures

MONTHS = (date(2026, 7, 1), date(2026, 8, 1))
_rows = read_stored("").rows
_rows, DOG = add_category(_rows, "other", "Dog")
_rows, CAT = add_category(_rows, "other", "Cat")
_rows, OLD = add_category(_rows, "food-drinks", "Old pets")
CATEGORY_SET = category_set(merge_category(_rows, OLD, DOG), "test")
STORED = ("other", "food-drinks", "transportation", "other_unknown", "gone", DOG, CAT, OLD)

cells = st.builds(
    lambda days, count: CategoryFigures(days=days, unsure=sum(days.values(), Decimal(0)) / 3, count=count),
    st.dictionaries(st.integers(1, 28), st.decimals(-999, 999, places=7), min_size=1, max_size=4),
    st.integers(1, 9),
)
figures = st.fixed_dictionaries(
    {
        month: st.dictionaries(st.sampled_from(STORED), cells).map(lambda found, at=month: MonthFigures(at, found))
        for month in MONTHS
    }
)


def scope_of(found: dict[date, MonthFigures], *chosen: str) -> Scope:
    parts = parts_to_show(found, chosen, CATEGORY_SET)
    return Scope(found, MONTHS, tuple(parts), "EUR", parts)


@given(figures)
def test_the_parts_of_a_base_category_add_up_to_it(found):
    everything = scope_of(found)
    for base in CATEGORIES:
        inside = scope_of(found, base)
        for month in MONTHS:
            assert sum(inside.cell(month, slug) for slug in inside.categories) == everything.cell(month, base)
            assert sum(inside.unsure(month, slug) for slug in inside.categories) == everything.unsure(month, base)
    assert honesty(everything).count == sum(each.count for month in MONTHS for each in found[month].categories.values())
    exact = sum((each.shown("EUR") for month in MONTHS for each in found[month].categories.values()), Decimal(0))
    assert sum(part.amount for part in breakdown(everything)) == exact == comparison(everything).total()


@given(figures)
def test_own_categories_and_the_rest_are_all_of_a_base_category(found):
    whole, dog, cat, rest = (scope_of(found, slug) for slug in ("other", DOG, CAT, "other_"))
    for month in MONTHS:
        assert whole.month_total(month) == sum(each.month_total(month) for each in (dog, cat, rest))
    assert dog.stored <= {DOG, OLD}


def test_what_is_merged_counts_under_the_other_base_category():
    assert CATEGORY_SET.base_of(OLD) == "other"
    assert OLD not in CATEGORY_SET.stored_slugs(["food-drinks"])
    assert OLD in CATEGORY_SET.stored_slugs(["other"])
