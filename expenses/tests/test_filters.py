"""The list's query: read from a URL, written to a URL, and turned into a filter."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from bson import Decimal128, ObjectId
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from expenses.listing.cursor import DEFAULT_SORT, SORTS
from expenses.listing.list_query import ListQuery, parse_list_query
from expenses.listing.mongodb_filter import match_list_query
from expenses.months import add_months

TODAY = date(2026, 8, 20)
OWNER = ObjectId()


def parsed(text: str) -> ListQuery:
    return parse_list_query(QueryDict(text), TODAY)


def match(text: str) -> dict:
    return match_list_query(parsed(text), OWNER, 0.7, "ILS", TODAY, lambda amount, code, day: amount / 4)


def test_nothing_said_is_this_month_newest_first():
    assert parsed("") == ListQuery(date(2026, 8, 1))
    assert match("") == {
        "owner_id": OWNER,
        "deleted_at": None,
        "spent_on": {"$gte": datetime(2026, 8, 1), "$lt": datetime(2026, 9, 1)},
    }


def test_everything_said():
    text = (
        "month=2025-12&q=bus&category=other&category=food-drinks&min=5&max=1%2C000&currency=eur&display=USD"
        "&needs_review=1&sort=-amount&after=abc"
    )
    query = parsed(text)
    assert query == ListQuery(
        month=date(2025, 12, 1),
        q="bus",
        categories=("food-drinks", "other"),
        minimum=Decimal(5),
        maximum=Decimal(1000),
        currency="EUR",
        display="USD",
        needs_review=True,
        sort="-amount",
        after="abc",
    )
    assert parse_list_query(QueryDict(query.url(after=query.after)[1:]), TODAY) == query


@pytest.mark.parametrize("month", ["", "2026-13", "2026-8", "nonsense", "1234-01", "2026-08\n", "٢٠٢٦-٠٨", "\x00"])
def test_a_month_that_is_none_is_this_one(month):
    query = QueryDict(mutable=True)
    query["month"] = month
    assert parse_list_query(query, TODAY).month == date(2026, 8, 1)


def test_all_time_has_no_bounds():
    assert parsed("month=all").month is None
    assert "spent_on" not in match("month=all")


@pytest.mark.parametrize("typed", ["abc", "1e9", "%00", "5%20XYZ", "1.2.3.4", "9" * 50])
def test_a_limit_that_is_no_amount_is_left_out_and_said(typed):
    query = parsed(f"min={typed}")
    assert query.minimum is None
    assert query.problems["min"]
    assert "min" in query.typed
    assert match(f"min={typed}") == match("")


def test_limits_may_be_zero_and_negative():
    assert (parsed("min=-5&max=0").minimum, parsed("min=-5&max=0").maximum) == (Decimal(-5), Decimal(0))


def test_a_range_in_one_currency_is_exact_and_across_currencies_about():
    assert match("min=5&currency=USD")["amount"] == {"$gte": Decimal128("5")}
    assert match("min=5&max=8")["order_value"] == {"$gte": Decimal128("1.25"), "$lte": Decimal128("2")}


def test_search_text_is_no_pattern():
    words, before_words = match("q=.*(a")["$or"]
    assert words == {"$and": [{"search_words": {"$regex": "^a"}}]}
    assert before_words["$or"] == [
        {"title_key": {"$regex": r"\.\*\(a"}},
        {"note": {"$regex": r"\.\*\(a", "$options": "i"}},
    ]


def test_needs_review_is_what_the_threshold_says():
    assert match("needs_review=1")["confidence"] == {"$lt": 0.7}
    assert match("needs_review=1")["reviewed"] is False
    assert not parsed("needs_review=yes").needs_review


@pytest.mark.parametrize("sort", ["", "nonsense", "-deleted", "owner_id"])
def test_an_unknown_order_is_the_usual_one(sort):
    assert parsed(f"sort={sort}").sort == DEFAULT_SORT


def test_filters_come_off_one_by_one():
    query = parsed("q=bus&category=other&category=food-drinks&min=5&max=8&currency=EUR&needs_review=1&after=x")
    for name, value in [
        ("q", ""),
        ("category", "other"),
        ("min", ""),
        ("max", ""),
        ("currency", ""),
        ("needs_review", ""),
    ]:
        less = query.without(name, value)
        assert less.parameters() != query.parameters()
        query = less
    assert query.categories == ("food-drinks",)
    assert query.after == ""
    assert query.without("category", "food-drinks") == parsed("")


@given(st.dates(date(1901, 1, 1), date(2099, 1, 1)))
def test_months_follow_each_other(day):
    first = day.replace(day=1)
    assert add_months(add_months(first, 1), -1) == first
    assert (add_months(first, 1) - first).days in (28, 29, 30, 31)


names = st.sampled_from(
    ["month", "q", "category", "min", "max", "currency", "display", "needs_review", "sort", "after"]
)


@given(st.lists(st.tuples(names, st.text(max_size=20) | st.sampled_from(["all", "5", "EUR", "other", *SORTS]))))
def test_any_parameters_give_a_query_that_its_url_gives_again(pairs):
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    query = parse_list_query(params, TODAY)
    again = parse_list_query(QueryDict(query.url(after=query.after)[1:]), TODAY)
    assert again.parameters() == query.parameters()
    match_list_query(query, OWNER, 0.7, "ILS", TODAY, lambda amount, code, day: amount)


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("day=2026-07-31", datetime(2026, 7, 31), datetime(2026, 8, 1)),
        ("month=2026-08&day=2026-07-31", datetime(2026, 7, 31), datetime(2026, 8, 1)),
        ("day=2026-02-30", datetime(2026, 8, 1), datetime(2026, 9, 1)),
        ("day=2026-7-1", datetime(2026, 8, 1), datetime(2026, 9, 1)),
        ("month=all&from=2025-12&to=2026-01", datetime(2025, 12, 1), datetime(2026, 2, 1)),
        ("month=all&from=2026-01&to=2025-12", datetime(2025, 12, 1), datetime(2026, 2, 1)),
        ("month=2026-05&from=2025-12&to=2026-01", datetime(2026, 5, 1), datetime(2026, 6, 1)),
    ],
)
def test_a_day_and_a_range_of_months(text, first, end):
    assert match(text)["spent_on"] == {"$gte": first, "$lt": end}


def test_a_range_may_be_open():
    assert match("month=all&from=2025-12")["spent_on"] == {"$gte": datetime(2025, 12, 1)}
    assert match("month=all&to=2025-12&from=x")["spent_on"] == {"$lt": datetime(2026, 1, 1)}


@pytest.mark.parametrize(
    "text", ["day=2026-07-31&q=bus", "month=all&from=2025-12&to=2026-01", "month=all&from=2025-12"]
)
def test_a_day_and_a_range_are_in_the_url_and_go_with_another_month(text):
    query = parsed(text)
    assert parse_list_query(QueryDict(query.url()[1:]), TODAY) == query
    assert parse_list_query(QueryDict(query.url(month=date(2026, 5, 1))[1:]), TODAY).day is None
    assert not parse_list_query(QueryDict(query.url(month=None)[1:]), TODAY).has_months
    less = query.without("day") if query.day else query.without("months")
    assert less == parsed("month=2026-07&q=bus" if query.day else "month=all")


@given(months=st.lists(st.dates(date(1999, 1, 1), date(2099, 12, 1)), min_size=3, max_size=3))
def test_what_a_query_covers_is_what_it_matches(months):
    month, first, last = (day.replace(day=1) for day in months)
    query = parsed(f"month=all&from={first:%Y-%m}&to={last:%Y-%m}")
    assert query.covers(month) == (min(first, last) <= month <= max(first, last))
    assert parsed(f"month={first:%Y-%m}").covers(month) == (first == month)


def test_limits_the_wrong_way_round_are_named_at_the_field():
    query = parsed("min=80&max=5")
    assert (query.minimum, query.maximum) == (Decimal(80), None)
    assert query.problems["max"]
    assert query.typed == {"max": "5"}
    assert not parsed("min=5&max=5").problems


def test_days_limit_the_list_and_stay_in_its_links():
    query = parsed("month=all&since=2026-04-24&until=2026-03-25&q=x")
    assert (query.since, query.until) == (date(2026, 3, 25), date(2026, 4, 24))
    assert parsed(query.url()[1:]) == query
    assert [query.covers(date(2026, month, 1)) for month in (2, 3, 4, 5)] == [False, True, True, False]
    assert match("month=all&since=2026-03-25")["spent_on"] == {"$gte": datetime(2026, 3, 25)}
    assert match("month=all&to=2026-05&until=2026-04-24")["spent_on"] == {"$lt": datetime(2026, 4, 25)}
    assert parsed(query.url(month=date(2026, 5, 1))[1:]).since is None
    assert query.without("days") == parsed("month=all&q=x")
