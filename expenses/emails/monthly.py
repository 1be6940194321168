"""The monthly summary by email: total, change, biggest expenses, number to review."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from classifier.category_set import category_of
from expenses.dashboard.levels import parts_to_show
from expenses.dashboard.scope import Scope
from expenses.dashboard.shape import Slice, breakdown
from expenses.dashboard.top import BigRow, biggest_expenses
from expenses.emails.kind import EmailKind, EmailSection
from expenses.listing.waiting import count_waiting
from expenses.money import format_money
from expenses.months import add_months, month_of, month_text
from expenses.people.ledger_settings import personal_ledger
from expenses.rates.rate_series import rates_version
from expenses.sums.besides import Besides, add_besides, besides_line
from expenses.sums.flow import ZERO
from expenses.sums.loading_figures import figures_of
from expenses.sums.month_tokens import month_tokens

_SHOWN = 5


@dataclass(frozen=True)
class _Summary:
    """One month's figures in the person's currency.

    before: the total of the month before. categories: those with the largest amounts, refunds included. rest: what the
    others add up to, None if there are none. waiting: to review.
    """

    month: date
    currency: str
    total: Decimal
    before: Decimal
    categories: list[Slice]
    rest: Decimal | None
    biggest: list[BigRow]
    waiting: int
    besides: Besides


def monthly_section(user: User, today: date) -> EmailSection | None:
    """Return last month's summary, None if nothing was spent in it."""
    summary = _summarise(user, add_months(month_of(today), -1))
    if summary is None:
        return None
    context = _context(summary)
    return EmailSection(_("Your %(month)s in FinBrain") % {"month": context["month"]}, context)


def _summarise(user: User, month: date) -> _Summary | None:
    """Compute the summary of a month. None if nothing was spent in it."""
    before = add_months(month, -1)
    ledger = personal_ledger(user)
    tokens = month_tokens(ledger.id, (before, month))
    figures = figures_of(ledger, tokens, ledger.home_currency, rates_version())
    shown = parts_to_show(figures, (), ledger.categories)
    scope = Scope(figures, (month,), tuple(shown), ledger.home_currency, shown)
    parts = breakdown(scope)
    if not parts:
        return None
    waiting = count_waiting(ledger.id, ledger.threshold)
    besides = add_besides([(figures[month].moved, figures[month].received)], ledger.home_currency)
    totals = scope.month_total(month), scope.month_total(before)
    biggest = biggest_expenses(scope)[:_SHOWN]
    return _Summary(month, ledger.home_currency, *totals, *_split(parts), biggest, waiting, besides)


def _split(parts: list[Slice]) -> tuple[list[Slice], Decimal | None]:
    """Return the categories to list, which explain the total best, and what the others add up to."""
    if len(parts) <= _SHOWN + 1:  # a line for the rest would hide a category, and be no shorter
        return parts, None
    strongest = sorted(parts, key=lambda part: -abs(part.amount))[:_SHOWN]
    rest = sum((part.amount for part in parts if part not in strongest), ZERO)
    return [part for part in parts if part in strongest], rest


def _context(summary: _Summary) -> dict[str, object]:
    language = get_language()

    def shown(amount: Decimal) -> str:
        return format_money(amount, summary.currency, language)

    difference = summary.total - summary.before
    categories = [(str(category_of(part.slug).name), shown(part.amount)) for part in summary.categories]
    if summary.rest is not None:
        categories.append((_("All others"), shown(summary.rest)))
    return {
        "month": date_format(summary.month, "F Y"),
        "month_before": date_format(add_months(summary.month, -1), "F"),
        "total": shown(summary.total),
        "difference": shown(abs(difference)),
        "has_before": bool(summary.before),
        "direction": (difference > 0) - (difference < 0),
        "categories": categories,
        "biggest": [
            (row.figure.expense.title, date_format(row.spent_on, "MONTH_DAY_FORMAT"), shown(row.value))
            for row in summary.biggest
            if row.value is not None
        ],
        "besides": ", ".join(part["text"] for part in besides_line(summary.besides, shown, str)),
        "waiting": summary.waiting,
        "month_value": month_text(summary.month),
    }


def _month_before(day: date) -> str:
    return month_text(add_months(month_of(day), -1))


KIND = EmailKind(
    name="monthly",
    label=gettext_lazy("Monthly summary"),
    question=gettext_lazy("Email me a monthly summary"),
    help_text=gettext_lazy(
        "Sent when a month is over: its total, what changed, your biggest expenses and how many are waiting for review."
    ),
    setting="monthly_summary",
    section=monthly_section,
    mark="summary_month",
    period=_month_before,
    ahead=timedelta(days=31),
)
