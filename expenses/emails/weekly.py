"""The weekly email: what was odd last week, and a few questions that its links answer. Nothing odd, no email.

A budget that will be exceeded is mentioned, too, once in each of its periods.
"""

from datetime import date
from typing import TypedDict

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext

from accounts.models import User
from expenses.emails.budget_line import budget_line
from expenses.emails.kind import EmailKind, EmailSection, week_text
from expenses.insights.answer_links import answer_url
from expenses.insights.loading import monday_of, weekly_insights
from expenses.insights.questions import EmailQuestion, questions
from expenses.money import format_money
from expenses.people.ledger_settings import personal_ledger
from expenses.rates.rate_series import rates_version
from expenses.recurring.refreshing import find_series
from expenses.sums.month_tokens import all_tokens


def weekly_section(user: User, today: date) -> EmailSection | None:
    """Return what was odd in the week before, and which budgets will be exceeded. None if there is nothing."""
    ledger = personal_ledger(user)
    series, every = find_series(ledger.id), all_tokens(ledger.id)
    found = weekly_insights(user, ledger, series, every, ledger.home_currency, rates_version(), today)
    budgets = budget_line(ledger, every, today)
    sentences = [*(insight.text for insight in found), *([budgets] if budgets else [])]
    if not sentences:
        return None
    subject = ngettext("%(n)d thing worth a look this week", "%(n)d things worth a look this week", len(sentences))
    context = {
        "insights": sentences,
        "questions": [_shown(user, question, monday_of(today)) for question in questions(ledger)],
    }
    return EmailSection(subject % {"n": len(sentences)}, context)


class _ShownQuestion(TypedDict):
    """choices: the name of each category, and the link that files the expense under it."""

    title: str
    amount: str
    day: str
    choices: list[tuple[str, str]]


def _shown(user: User, question: EmailQuestion, monday: date) -> _ShownQuestion:
    row = question.row
    return {
        "title": row["shown_title"] or row["title"],
        "amount": format_money(row["amount"].to_decimal(), row["currency"], get_language()),
        "day": date_format(row["spent_on"], "MONTH_DAY_FORMAT"),
        "choices": [(name, answer_url(user, row, slug, monday)) for slug, name in question.choices],
    }


KIND = EmailKind(
    name="weekly",
    label=gettext_lazy("Weekly insights"),
    question=gettext_lazy("Email me what is odd in a week"),
    help_text=gettext_lazy(
        "At most three sentences, budgets that will be exceeded, and up to five expenses that you can file from the "
        "email. If there is nothing to report, you get no email."
    ),
    setting="weekly_insights",
    section=weekly_section,
    mark="insights_week",
    period=week_text,
)
