"""What budgets spend and carry, against the dashboard, the list, and an independent computation with fractions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.categories import CATEGORIES
from expenses.budgets.names import list_url
from expenses.budgets.periods import last_day_of_period, later_period, periods_until, start_of
from expenses.dashboard import shape
from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.loading import dashboard_scope
from expenses.ledger.touch import touch_months
from expenses.listing.list_page import match_of
from expenses.listing.list_query import parse_list_query
from expenses.listing.totals import count_and_sum
from expenses.models import Expense
from expenses.models.budgets import Amount
from expenses.months import Period, month_range
from expenses.people.ledger_settings import personal_ledger
from expenses.sums.loading_figures import load_figures
from expenses.sums.month_tokens import month_tokens
from expenses.tests.budgets.made import budget, expected_carry, plan, spent, stand, starts_of
from expenses.tests.making import make_expenses

# Two years with a leap day, the changes of the clock, and weekends at the ends of months and years.
FIRST, TODAY = date(2023, 3, 1), date(2025, 3, 5)
PERS = [
    *(("week", 1), ("month", 1), ("quarter", 1), ("year", 1), ("day", 25), ("day", 31), ("day", 1)),
    *(("working-day", 1), ("weeks", 2), ("weeks", 4)),
]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "amount": st.integers(-20_000, 90_000).filter(bool).map(lambda n: Decimal(n) / 100),
            "currency": st.sampled_from(["ILS", "USD", "EUR"]),
            "spent_on": st.dates(FIRST, TODAY)
            | st.sampled_from([date(2024, 2, 29), date(2023, 12, 31), date(2024, 3, 29), date(2024, 10, 27)]),
            "category": st.sampled_from(["food-drinks", "leisure-gifts", "other"]),
            "title": st.just("Lunch"),
        }
    ),
    min_size=1,
    max_size=30,
)
SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def store(owner, rows) -> None:
    Expense.objects.filter(ledger_id=owner.pk).delete()
    make_expenses(owner, rows)
    touch_months(owner.pk, month_range(FIRST, TODAY.replace(day=1)))


def scopes_of(scope: str) -> set[str]:
    return set(CATEGORIES) if scope == "all" else {scope}


@pytest.mark.django_db
@SLOW
@given(
    ROWS,
    st.sampled_from(PERS),
    st.sampled_from(["none", "surplus", "both"]),
    st.sampled_from(["all", "food-drinks"]),
    st.data(),
)
def test_carry_is_exact_and_follows_every_edit_of_the_past(alice, rows, per, rollover, scope, data):
    name, every = per
    amounts = (Amount(FIRST, Decimal("310.10"), "ILS"), Amount(date(2024, 2, 1), Decimal("99.99"), "EUR"))
    mine = budget(scope, name, starts_on=FIRST, every=every, amounts=amounts, rollover=rollover)
    plan(alice, mine)

    def amount_until(last):
        chosen = amounts[1] if last >= amounts[1].since else amounts[0]
        return chosen.amount, chosen.currency

    starts = starts_of(name, every, FIRST, TODAY)
    for _edit in range(2):
        store(alice, rows)
        [standing] = stand(alice, TODAY)
        found = [(Fraction(each.carried), Fraction(each.spent)) for each in standing.periods]
        until = standing.periods[-1].last + timedelta(days=1)
        expected = expected_carry(rows, scopes_of(scope), starts, until, amount_until, rollover)
        assert found == expected[-len(found) :]
        assert len(found) >= min(12, len(expected))
        at = data.draw(st.integers(0, len(rows) - 1))
        rows = [row | {"amount": row["amount"] + 7} if n == at else row for n, row in enumerate(rows)]


@pytest.mark.django_db
@SLOW
@given(ROWS, st.sampled_from(["ILS", "USD"]), st.sampled_from(["all", "food-drinks"]))
def test_spent_is_the_total_of_the_dashboard_and_of_the_list(alice, rows, currency, scope):
    store(alice, rows)
    pers = {name: budget(scope, name, currency=currency, starts_on=FIRST, every=n, id=name) for name, n in PERS}
    plan(alice, *pers.values())
    ledger = personal_ledger(alice)
    for standing in stand(alice, TODAY):
        for period in standing.periods[-3:]:
            query = parse_list_query(QueryDict(list_url(scope, period, "ILS").partition("?")[2]), TODAY)
            listed = count_and_sum(match_of(ledger, query), currency).total
            assert period.spent == listed == spent(rows, scopes_of(scope), currency, period.start, period.last)
            if standing.budget.per in ("month", "quarter", "year"):
                months = month_range(period.start, period.last.replace(day=1))
                assert period.spent == dashboard_total(ledger, months, currency, scope)


def dashboard_total(ledger, months, currency, scope) -> Decimal:
    query = DashboardQuery(Period(tuple(months)), categories=() if scope == "all" else (scope,))
    figures = load_figures(ledger.id, month_tokens(ledger.id, months), 0.7, currency, "rates")
    loaded = dashboard_scope(figures, query, currency)
    return sum((part.amount for part in shape.breakdown(loaded)), Decimal(0))


@given(st.sampled_from(PERS), st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.dates(date(2000, 1, 1)))
@settings(max_examples=300)
def test_every_day_is_in_one_period(per, anchor, day):
    day = min(day, date(2030, 12, 31))
    mine = budget(per=per[0], every=per[1], starts_on=anchor)
    start = start_of(mine, day)
    assert start <= day <= last_day_of_period(mine, start)
    assert start == start_of(mine, last_day_of_period(mine, start))
    assert start == later_period(mine, later_period(mine, start, 1), -1)
    assert start_of(mine, later_period(mine, start, 1)) == later_period(mine, start, 1)


@pytest.mark.parametrize(
    ("per", "every", "starts"),
    [
        ("day", 31, ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"]),
        ("day", 25, ["2023-12-25", "2024-01-25", "2024-02-25", "2024-03-25"]),
        ("working-day", 1, ["2023-12-29", "2024-01-31", "2024-02-29", "2024-03-29"]),
        ("weeks", 4, ["2023-12-31", "2024-01-28", "2024-02-25", "2024-03-24"]),
    ],
)
def test_paydays_across_the_year_and_a_leap_day(per, every, starts):
    mine = budget(per=per, every=every, starts_on=date(2023, 12, 31))
    assert [day.isoformat() for day in periods_until(mine, date(2024, 3, 31))] == starts


@pytest.mark.parametrize(
    ("now", "period"),
    [
        # Summer time begins in Israel on March 27, 2026, and ends on October 25.
        ("2026-03-26T21:30", "Feb 27 – Mar 26"),
        ("2026-03-26T22:30", "Mar 27 – Apr 26"),
        ("2026-10-26T21:30", "Sep 27 – Oct 26"),
        ("2026-10-26T22:30", "Oct 27 – Nov 26"),
        ("2026-06-26T21:30", "Jun 27 – Jul 26"),
    ],
)
def test_a_period_begins_at_the_persons_midnight(alice, client_alice, monkeypatch, now, period):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromisoformat(f"{now}+00:00"))
    client_alice.cookies["timezone"] = "Asia/Jerusalem"
    plan(alice, budget(per="day", every=27, starts_on=date(2026, 1, 1)))
    [shown] = client_alice.get("/expenses/budgets/").context["budgets"]
    assert shown["period"] == period


def test_a_budget_ends_and_one_that_begins_later_waits(alice):
    ended = budget(ends_on=date(2025, 2, 10), starts_on=date(2025, 1, 1), id="a")
    later = budget(starts_on=date(2026, 1, 1), id="b")
    plan(alice, ended, later)
    first, second = stand(alice, date(2025, 6, 1))
    assert [each.start for each in first.periods] == [date(2025, 1, 1), date(2025, 2, 1)]
    assert first.running is None
    assert second.periods == []
