"""Months that begin on another day than the 1st, everywhere: the same days, and the same totals."""

import re
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from expenses.budgets.names import list_url
from expenses.dashboard import shape
from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.loading import dashboard_scope
from expenses.dashboard.merchants import top_merchants
from expenses.dashboard.top import biggest_expenses
from expenses.emails.monthly import KIND, monthly_section
from expenses.forecast.months_ahead import Past, months_ahead
from expenses.listing.list_page import match_of
from expenses.listing.list_query import parse_list_query
from expenses.listing.totals import count_and_sum
from expenses.months import (
    EARLIEST_DAY,
    ON_LAST_WORKING_DAY,
    Period,
    add_months,
    day_in,
    days_of,
    earliest_month,
    first_of,
    last_of,
    latest_day,
    latest_month,
    month_of,
    month_range,
    months_starting,
    number_in,
    read_start,
)
from expenses.people.ledger_settings import personal_ledger, showing_ledger
from expenses.sums.loading_figures import load_figures
from expenses.sums.month_tokens import all_tokens, month_tokens
from expenses.tests.budgets.made import budget, cents, plan, stand, valued
from expenses.tests.budgets.test_carry import ROWS, SLOW, TODAY, scopes_of, store
from expenses.tests.making import make_expense, make_expenses
from finbrain.core.past_the_orm import collection

STARTS = st.sampled_from(["", "2", "15", "25", "28", "29", "30", "31", "wd"])


def begins(start: str, day: date) -> bool:
    """Whether a month begins on a day, without any code of the application."""
    length = monthrange(day.year, day.month)[1]
    if start == "wd":
        later = [day.replace(day=n) for n in range(day.day + 1, length + 1)]
        return day.weekday() < 5 and all(each.weekday() >= 5 for each in later)
    return day.day == min(int(start or 1), length)


def name_of(start: str, day: date) -> date:
    """The month of a day: the calendar month in which it began."""
    while not begins(start, day):
        day -= timedelta(days=1)
    return day.replace(day=1)


@settings(max_examples=200)
@given(STARTS, st.dates(date(1999, 1, 4), date(2040, 12, 31)))
def test_every_day_is_in_one_month(start, day):
    with months_starting(read_start(start)):
        month = month_of(day)
        assert month == name_of(start, day)
        assert first_of(month) <= day <= last_of(month)
        assert month_of(first_of(month)) == month_of(last_of(month)) == month
        assert last_of(month) + timedelta(days=1) == first_of(add_months(month, 1))
        assert day_in(month, number_in(month, day)) == day


@pytest.mark.parametrize("start", ["", "25", "31", "wd"])
def test_the_months_from_the_first_to_the_last_have_every_day_once(start):
    with months_starting(read_start(start)):
        last = latest_day(date(2026, 11, 29))
        days = [
            day for month in month_range(earliest_month(), latest_month(date(2026, 11, 29))) for day in days_of(month)
        ]
        assert days == sorted(set(days))
        assert days[0] <= EARLIEST_DAY
        assert days[-1] >= last
        assert len(days) == (days[-1] - days[0]).days + 1


@pytest.mark.parametrize("text", ["0", "1", "32", "-1", "x", "٣", "2.5"])
def test_an_unknown_start_is_the_first(text):
    assert read_start(text) == 1


@pytest.mark.django_db
@SLOW
@given(ROWS, STARTS, st.sampled_from(["ILS", "USD"]), st.sampled_from(["all", "food-drinks"]))
def test_list_dashboard_and_budgets_have_one_total(alice, rows, start, currency, scope):
    store(alice, rows)
    User.objects.filter(pk=alice.pk).update(month_start=start)
    plan(alice, budget(scope, "month", starts_on=date(2023, 2, 1), currency=currency, rollover="both"))
    alice.refresh_from_db()
    ledger = personal_ledger(alice)
    chosen = () if scope == "all" else (scope,)
    expected = defaultdict(lambda: defaultdict(Fraction))
    for row in rows:
        if row["category"] in scopes_of(scope):
            expected[name_of(start, row["spent_on"])][row["category"]] += valued(row, currency)
    with showing_ledger(ledger):
        [standing] = stand(alice, TODAY)
        spent = {month_of(each.start): each for each in standing.periods}
        months = sorted({name_of(start, row["spent_on"]) for row in rows})
        for month in [*months, add_months(months[0], -1)]:
            total = sum(map(cents, expected[month].values()), Fraction(0))
            query = DashboardQuery(Period((month,)), categories=chosen)
            figures = load_figures(alice.pk, month_tokens(alice.pk, [month]), 0.7, currency, "rates")
            scope_of_month = dashboard_scope(figures, query, currency)
            assert Fraction(scope_of_month.total()) == total
            assert sum(scope_of_month.day_totals(month).values()) == scope_of_month.total()
            assert all(first_of(month) <= day <= last_of(month) for day in shape.heat_levels(scope_of_month))
            mine = [row for row in rows if row["category"] in scopes_of(scope)]
            mine = [row for row in mine if name_of(start, row["spent_on"]) == month]
            days = sorted(row["spent_on"] for row in mine if row["amount"] > 0)
            assert (
                sorted(row.spent_on for row in biggest_expenses(scope_of_month)) == days[: len(days)] or len(days) > 8
            )
            merchants, _truncated = top_merchants(scope_of_month)
            assert [row.count for row in merchants] == ([len(mine)] if len(mine) > 1 else [])
            address = f"month={month:%Y-%m}" + "".join(f"&category={slug}" for slug in chosen)
            asked = parse_list_query(QueryDict(address), TODAY)
            assert Fraction(count_and_sum(match_of(ledger, asked), currency).total) == total
            if month in spent and month in months:
                assert Fraction(spent[month].spent) == total
                in_list = parse_list_query(QueryDict(list_url(scope, spent[month], "ILS").partition("?")[2]), TODAY)
                assert (in_list.month, Fraction(count_and_sum(match_of(ledger, in_list), currency).total)) == (
                    month,
                    total,
                )
        every = parse_list_query(QueryDict("month=all" + "".join(f"&category={slug}" for slug in chosen)), TODAY)
        whole = sum((sum(map(cents, cells.values()), Fraction(0)) for cells in expected.values()), Fraction(0))
        assert Fraction(count_and_sum(match_of(ledger, every), currency).total) == whole
        assert set(all_tokens(alice.pk)) >= set(months)


@pytest.fixture
def today(monkeypatch):
    """April 10, in every module that asks for the day."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: date(2026, 4, 10))
    return date(2026, 4, 10)


def choose(owner, start: str) -> None:
    User.objects.filter(pk=owner.pk).update(month_start=start)


DAYS = {"Before": date(2026, 3, 24), "First": date(2026, 3, 25), "Last": date(2026, 4, 24), "After": date(2026, 4, 25)}


def test_pages_follow_a_change_at_once(client_alice, alice, today):
    make_expenses(alice, [{"title": name, "amount": "10", "spent_on": day} for name, day in DAYS.items()])

    def shown(url: str) -> set[str]:
        page = client_alice.get(url).content.decode()
        return {name for name in DAYS if f">{name}<" in page or f"{name}</" in page}

    assert shown("/expenses/") == shown("/expenses/?month=2026-04") == {"Last", "After"}
    total = client_alice.get("/dashboard/").context["total"]
    preferences = {"section": "preferences", "home_currency": "ILS", "theme": "auto", "month_start": "25"}
    client_alice.post("/accounts/settings/", preferences)
    month = client_alice.get("/expenses/").context["month"]
    assert (month["label"], month["days"], month["value"]) == ("March 2026", "Mar 25 – Apr 24", "2026-03")
    assert (month["prev_url"], month["next_url"]) == ("/expenses/?month=2026-02", "/expenses/?month=2026-04")
    assert shown("/expenses/") == shown("/expenses/?month=2026-03") == {"First", "Last"}
    assert shown("/expenses/?day=2026-04-24") == {"Last"}
    page = client_alice.get("/dashboard/")
    assert (page.context["total"], page.context["heading"], page.context["days"]) == (
        (total, "March 2026", "Mar 25 – Apr 24")
    )
    [calendar] = page.context["calendar"]["months"]
    assert calendar["weeks"].count("<a ") == 2
    assert "day=2026-03-25" in calendar["weeks"]
    first, *_days, last = (name for _url, name, *_amounts in page.context["trend"]["rows"])
    assert (first, last) == ("Mar 25", "Apr 24")
    assert len(page.context["biggest"]["rows"]) == 2
    choose(alice, "wd")  # March 31 is a Tuesday
    assert shown("/expenses/?month=2026-03") == {"Last", "After"}
    assert client_alice.get("/dashboard/?month=2026-02").context["count"] == 2


def test_a_wrong_start_gets_its_message_at_the_field(client_alice, alice):
    preferences = {"section": "preferences", "home_currency": "ILS", "theme": "auto"}
    for wrong in ("0", "32", "x"):
        page = client_alice.post("/accounts/settings/", preferences | {"month_start": wrong})
        assert page.status_code == 422
        form = page.context["forms"]["preferences"]
        assert form.errors == {"month_start": ["Choose a day from 1 to 31, or the last working day."]}
    alice.refresh_from_db()
    assert alice.month_start == ""


def test_documents_of_an_earlier_release_begin_months_on_the_first(client_alice, alice, today):
    make_expense(alice, "Last", spent_on=today)
    collection(User).update_one({"_id": alice.pk}, {"$unset": {"month_start": ""}})
    assert client_alice.get("/dashboard/").context["heading"] == "April 2026"
    assert client_alice.get("/accounts/settings/").status_code == 200


def test_the_monthly_email_comes_when_the_month_is_over(alice, today):
    make_expenses(alice, [{"title": name, "amount": "10", "spent_on": day} for name, day in DAYS.items()])
    choose(alice, "25")
    alice.refresh_from_db()
    with showing_ledger(personal_ledger(alice)):
        alice.monthly_summary = True
        assert KIND.period(date(2026, 4, 24)) == "2026-02"
        assert KIND.period(date(2026, 4, 25)) == "2026-03"
        context = monthly_section(alice, date(2026, 4, 25)).context
        assert (context["month"], context["total"], context["month_value"]) == ("March 2026", "₪20.00", "2026-03")
        alice.summary_month = "2026-03"
        assert not KIND.is_due(alice, date(2026, 4, 25))
    assert not KIND.is_due(alice, date(2026, 4, 10))  # months that begin on the 1st again
    assert KIND.is_due(alice, date(2026, 5, 1))


def test_the_forecast_is_of_the_persons_months():
    import numpy as np

    past = Past(date(2026, 1, 1), np.ones(90))
    with months_starting(ON_LAST_WORKING_DAY):
        found = months_ahead(past, date(2026, 3, 31))
    assert list(found) == [date(2026, n, 1) for n in (4, 5, 6)]
    with months_starting(25):
        assert list(months_ahead(past, date(2026, 3, 24))) == [date(2026, n, 1) for n in (3, 4, 5)]


def test_the_outlook_is_of_the_running_month(client_alice, alice, today):
    days = [today - timedelta(days=n) for n in range(120)]
    make_expenses(alice, [{"title": "Lunch", "amount": "10", "spent_on": day} for day in days])
    choose(alice, "wd")  # from Tuesday, March 31 to Wednesday, April 29
    page = client_alice.get("/dashboard/")
    assert page.context["total"] == "₪110.00"
    outlook = page.context["outlook"]
    assert outlook["summary"].startswith("March 2026 will probably end between")
    assert outlook["point"] == "Most likely around ₪300."
    assert [row["name"] for row in outlook["rows"]] == ["Mar 2026", "Apr 2026", "May 2026", "Jun 2026"]


def test_a_started_month_is_compared_with_the_same_days_and_in_no_average(client_alice, alice, today):
    days = {date(2026, 2, 26): "600.60", date(2026, 3, 20): "726.40", date(2026, 3, 26): "926.70"}
    rows = [{"amount": amount, "spent_on": day, "category": "other"} for day, amount in days.items()]
    make_expenses(alice, [{"title": "Lunch", **row} for row in rows])
    choose(alice, "25")

    def answer(query: str = "") -> str:
        said = client_alice.get(f"/dashboard/?{query}").context["comparing"]["change"]["summary"]
        return re.sub("[\u2060-\u2069]", "", said)

    assert answer() == "₪326.10 (54%) more than by the same day in February 2026, mostly on Other (+₪326.10)."
    one = answer("category=other")
    said = "On Other, you spent ₪326.10 (54%) more than by the same day in February 2026: ₪326.10 more per expense"
    assert one.startswith(said)
    several = client_alice.get("/dashboard/?from=2026-02&to=2026-03").context
    assert several["per_month"] == "₪1,327.00"
    assert several["trend"]["summary"] == "₪1,327.00 a month on average."
    assert several["trend"]["rows"][-1][-1] == "–"
    make_expenses(alice, [{"title": "Back", "amount": "-400", "spent_on": date(2026, 3, 27)}])
    less = "₪73.90 (12%) less than by the same day in February 2026, mostly on Transportation (−₪400.00)."
    assert answer() == less
    make_expenses(alice, [{"title": "Tea", "amount": "73.90", "spent_on": date(2026, 3, 27)}])
    assert answer() == "Exactly as much as by the same day in February 2026."


def test_another_start_costs_no_more_round_trips(client_alice, alice, today, count_db, count_cache):
    make_expenses(alice, [{"title": name, "amount": "10", "spent_on": day} for name, day in DAYS.items()])
    counts = []
    for start in ("28", "25", "wd", ""):
        choose(alice, start)
        with count_db() as calls, count_cache() as cached:
            assert client_alice.get("/dashboard/").status_code == client_alice.get("/expenses/").status_code == 200
        counts.append((len(calls), len(cached)))
    assert counts[1] == counts[2] == counts[3]  # the first also reads what the process then remembers
