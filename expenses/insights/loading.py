"""The insights of a week for a person, without those that the person dismissed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language

from accounts.models import User
from expenses import money, rates
from expenses.insights.findings import Insight, Week, find_odd, months_compared
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.models.series import SeriesState
from expenses.recurring.fitting import facts_of_series
from expenses.sums.loading_figures import figures_of
from expenses.sums.month_tokens import tokens_for
from finbrain.core.past_the_orm import collection

_MOST = 3
# How many dismissals are kept. An insight is about the last weeks, so older ones aren't needed.
_DISMISSALS = 200


def monday_of(today: date) -> date:
    """Return the first day of the week, by ISO 8601."""
    return today - timedelta(days=today.weekday())


def weekly_insights(
    person: User,
    ledger: Ledger,
    rows: Sequence[SeriesDocument],
    every: Mapping[date, str],
    display: str,
    version: str,
    today: date,
) -> list[Insight]:
    """Return at most MOST insights, the same all week. rows: the stored series. every: the tokens of the months."""
    monday = monday_of(today)
    tokens = tokens_for(months_compared(monday), every)
    figures = figures_of(ledger, tokens, display, version)
    series = [(row["name"], facts_of_series(row)) for row in rows if row["state"] != SeriesState.DISMISSED]
    book = rates.rates_for(
        {(monday, code) for _n, facts in series for code in (facts.currency, display)}, ledger.own_rates
    )
    language = get_language()

    def value(amount: Decimal, code: str) -> Decimal:
        found = book.convert(amount, code, display, monday)
        return found.amount if found else Decimal(0)

    def shown(amount: Decimal, code: str) -> str:
        return money.format_money(amount, code, language)

    found = find_odd(Week(monday, series, figures, display, shown, value))
    dismissed = person.dismissed_insights if isinstance(person.dismissed_insights, list) else []
    return [each for each in found[:_MOST] if each.key not in dismissed]


def dismiss(person: User, key: str) -> None:
    """Never show this insight again, unless its facts change."""
    change = {"$push": {"dismissed_insights": {"$each": [key], "$slice": -_DISMISSALS}}}
    collection(User).update_one({"_id": person.pk, "dismissed_insights": {"$ne": key}}, change)
