"""The data that all parts of the dashboard share, and how they write amounts, shares and names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.category_set import category_of
from expenses.dashboard import shape
from expenses.dashboard.links import Links
from expenses.dashboard.scope import Scope
from expenses.money import MINUS, format_percent
from expenses.months import day_in, first_of, last_of
from expenses.sums.figures import ZERO


@dataclass(frozen=True)
class DashboardPage:
    """The data that all parts of the page share.

    money: formats an amount of the display currency. first_weekday: 0 for Monday. filters: those of a list that shows
    what the scope has, besides months and categories.
    """

    scope: Scope
    links: Links
    today: date
    money: Callable[[Decimal], str]
    first_weekday: int = 0
    filters: Mapping[str, str] = field(default_factory=dict)

    def without_one_off(self) -> "DashboardPage":
        """Return the page without one-off expenses."""
        filters = {"one_off": "without"} if self.scope.has_one_off else {}
        return replace(self, scope=self.scope.without_one_off(), filters=filters)

    def signed(self, amount: Decimal) -> str:
        """Format an amount with its sign, placed as in the language and joined to the amount without a line break."""
        sign = "+" if amount > 0 else MINUS
        return self.money(-abs(amount)).replace(MINUS, f"{sign}\u2060", 1)

    def per_month(self) -> str:
        """Format the average of the months that are over, "" if none is."""
        months = self.scope.over(self.today)
        return self.money(sum(map(self.scope.month_total, months), ZERO) / len(months)) if months else ""

    def days_to_count(self) -> int:
        """Count the days that averages include: those up to today, or up to the last expense if it is later.

        Only days of the months that averages count; at least one.
        """
        months = self.scope.counted(self.today)
        spent = (day_in(month, max(days)) for month in months if (days := self.scope.day_totals(month)))
        last = max([self.today, *spent])
        return max(1, sum(max(0, (min(last_of(month), last) - first_of(month)).days + 1) for month in months))


def part_name(slug: str) -> str:
    return _("One-off") if slug == shape.ONE_OFF else str(category_of(slug).name)


def percent_text(share: Decimal | None) -> str:
    """Format a share in whole percent: `42%`, `1,250%`, `−3%`, `<1%`, or `–` for None."""
    if share is None:
        return "–"
    return _("<1%") if 0 < share < 1 else format_percent(share, get_language())
