"""What FinBrain says about a budget's running period."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from expenses.budgets.carry import BudgetPeriod
from expenses.budgets.pace import Pace
from finbrain.core.bidi import isolated

Money = Callable[[Decimal], str]
# How many series a sentence names.
_NAMED = 3


def headline(period: BudgetPeriod, pace: Pace, money: Money) -> str:
    """Return what is left and what to expect: `₪430 left, Rent already paid; at this pace ₪1,310 of ₪1,400.`

    Return only what is left if nothing more is expected: the line above the bar has the amount spent.
    """
    said = _("%(amount)s left") if period.left >= 0 else _("%(amount)s over")
    text = said % {"amount": money(abs(period.left))}
    if pace.paid:
        text = _("%(left)s, %(names)s already paid") % {"left": text, "names": _names(pace.paid)}
    if pace.expected in (None, period.spent):
        return f"{text}."
    values = {"text": text, "expected": money(pace.expected), "available": money(period.available)}
    return _("%(text)s; at this pace %(expected)s of %(available)s.") % values


def details(period: BudgetPeriod, pace: Pace, money: Money) -> list[str]:
    """Return what else is worth knowing: one's usual spending, what is due, one-off and unsure, and the rates."""
    found = []
    if pace.usual is not None:
        text = _("You usually spend %(usual)s by this point. This time it's %(spent)s.")
        found.append(text % {"usual": money(pace.usual), "spent": money(period.spent)})
    if pace.due:
        values = {"amount": money(pace.due_total), "names": _names([each.name for each in pace.due])}
        found.append(_("%(amount)s is still due: %(names)s.") % values)
    if pace.one_off:
        found.append(_("%(amount)s of what you spent is one-off.") % {"amount": money(pace.one_off)})
    if pace.unsure:
        found.append(_("%(amount)s of what you spent is unsure.") % {"amount": money(pace.unsure)})
    if pace.rates:
        said = _("%(amount)s of what you spent comes from exchange rates that changed since %(day)s.")
        if pace.rates < 0:
            said = _("Exchange rates that changed since %(day)s saved %(amount)s.")
        day = date_format(period.start, "MONTH_DAY_FORMAT")
        found.append(said % {"amount": money(abs(pace.rates)), "day": day})
    if n := pace.left_out:
        text = ngettext(
            "%(n)d amount is left out: no exchange rate.", "%(n)d amounts are left out: no exchange rate.", n
        )
        found.append(text % {"n": n})
    if period.lost:
        found.append(_("What was left before isn't carried over: no exchange rate between the two currencies."))
    return found


def _names(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(isolated(name) for name in names[:_NAMED])
    more = len(names) - _NAMED
    return shown if more <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": more}
