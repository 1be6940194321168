"""Calendars begin the week as the person wants it, else as in their language."""

import re

import pytest

from expenses.tests.making import make_expense
from expenses.weeks import first_weekday


@pytest.mark.parametrize(
    ("chosen", "language", "day"),
    [("", "en", 0), ("", "he", 6), ("mon", "he", 0), ("sun", "en", 6), ("sat", "en", 5), ("tue", "en", 0)],
)
def test_the_first_day(chosen, language, day):
    assert first_weekday(chosen, language) == day


@pytest.mark.parametrize(("chosen", "first"), [("", "Mon"), ("sun", "Sun"), ("sat", "Sat")])
def test_every_calendar_follows_it(client_alice, alice, chosen, first):
    alice.week_start = chosen
    alice.save()
    make_expense(alice)
    dashboard = client_alice.get("/dashboard/?month=2026-08").content.decode()
    assert re.search(r'<abbr title="(\w{3})', dashboard)[1] == first
    weeks = re.search(r"<tbody>(<tr>.*?</tr>)", dashboard[dashboard.index('class="calendar"') :])[1]
    assert weeks.count("<td></td>") == {"Mon": 5, "Sun": 6, "Sat": 0}[first], "the 1st of August was a Saturday"
    recurring = client_alice.get("/expenses/recurring/")
    assert [recurring.context["weekdays"][0], f"{recurring.context['weeks'][0]['days'][0]['day']:%a}"] == [first, first]
