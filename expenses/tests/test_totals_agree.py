"""The breakdown, the comparison, the days and the list of any month have the same total."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.categories import SLUGS
from expenses.dashboard import shape
from expenses.dashboard.dashboard_page import load_scope
from expenses.dashboard.query import DashboardQuery
from expenses.ledger.touch import touch_months
from expenses.listing.totals import count_and_sum
from expenses.models import Expense
from expenses.months import Period
from expenses.sums.month_tokens import month_tokens
from expenses.tests.making import make_expenses

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
CENTS = st.integers(min_value=-300_000, max_value=300_000).filter(bool)
EXPENSES = st.fixed_dictionaries(
    {
        "amount": CENTS.map(lambda cents: Decimal(cents) / 100),
        "currency": st.sampled_from(["ILS", "USD", "EUR", "GBP"]),
        "spent_on": st.dates(MARCH, date(2024, 4, 30)),
        "category": st.sampled_from(SLUGS),
        "title": st.just("Lunch"),
    }
)


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EXPENSES, min_size=1, max_size=25), st.sampled_from(["ILS", "EUR", "JPY"]))
def test_totals_agree(alice, rows, display):
    Expense.objects.filter(ledger_id=alice.pk).delete()
    make_expenses(alice, rows)
    touch_months(alice.pk, [MARCH, APRIL])
    total_of = {}
    for months in ([MARCH], [APRIL], [MARCH, APRIL]):
        scope = load_scope(
            alice.pk, DashboardQuery(Period(tuple(months))), month_tokens(alice.pk, months), 0.7, display, "rates"
        )
        total = sum(part.amount for part in shape.breakdown(scope))
        assert total == shape.comparison(scope).total()
        assert total == sum(sum(scope.day_totals(month).values()) for month in months)
        assert total == sum(amount for amount, _level in shape.heat_levels(scope).values())
        match = {"owner_id": alice.pk, "deleted_at": None}
        if len(months) == 1:
            match["$expr"] = {"$eq": [{"$month": "$spent_on"}, months[0].month]}
        assert total == count_and_sum(match, display)[1]
        total_of[tuple(months)] = total
    assert total_of[MARCH, APRIL] == total_of[MARCH,] + total_of[APRIL,]
