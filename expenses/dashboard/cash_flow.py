"""The cash flow view: what came in, what went out and what was kept, by month, and the income by category."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.category_set import shown_categories
from expenses.dashboard.dashboard_types import DashboardChart, FlowContext, FlowLine, FlowTexts, IncomeLine
from expenses.dashboard.links import short_month
from expenses.dashboard.page_data import DashboardPage, part_name
from expenses.dashboard.scope import Scope
from expenses.money import format_percent, quantize
from expenses.months import month_text
from expenses.sums.figures import ZERO

# The colours of what came in, what went out and what was kept.
_PALETTE = (5, 1, 3)


@dataclass(frozen=True)
class _CashFlow:
    """The flow of a month, or of several. received, spent: sums of cells that were rounded once."""

    received: Decimal
    spent: Decimal

    @property
    def kept(self) -> Decimal:
        return self.received - self.spent

    @property
    def savings_rate(self) -> Decimal | None:
        """What was kept in percent of what came in, None if nothing did."""
        return self.kept * 100 / self.received if self.received > 0 else None


def _cash_flow(scope: Scope) -> dict[date, _CashFlow]:
    """Return the flow of each month drawn."""
    received = {month: sum(_income(scope, month).values(), quantize(ZERO, scope.currency)) for month in scope.drawn}
    return {month: _CashFlow(received[month], scope.month_total(month)) for month in scope.drawn}


def _income(scope: Scope, month: date) -> dict[str, Decimal]:
    """Return category -> what was received in a month, positive: the sum of its cells."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for stored, figures in scope.figures[month].received.items():
        found[shown_categories().slug_of(stored)] -= figures.shown(scope.currency)
    return found


def _income_by_category(scope: Scope) -> list[tuple[str, Decimal, int]]:
    """Return (category, amount, number of entries) of the income of all months, the largest first."""
    amounts: dict[str, Decimal] = {}
    counts: dict[str, int] = defaultdict(int)
    for month in scope.months:
        for slug, amount in _income(scope, month).items():
            amounts[slug] = amounts.get(slug, ZERO) + amount
        for stored, figures in scope.figures[month].received.items():
            counts[shown_categories().slug_of(stored)] += figures.count
    return sorted(((slug, amount, counts[slug]) for slug, amount in amounts.items()), key=lambda row: -row[1])


def flow_context(page: DashboardPage) -> FlowContext:
    """Return the context of `expenses/_cash_flow.html`."""
    flows = _cash_flow(page.scope)
    total = _CashFlow(*(sum(column, ZERO) for column in zip(*map(_sides, flows.values()), strict=True)))
    rows: list[FlowLine] = [
        {"name": short_month(month), "url": page.links.expenses([month]), **_texts(page, flow)}
        for month, flow in flows.items()
    ]
    return {
        "flow": _texts(page, total),
        "flow_rows": rows,
        "income": _income_rows(page),
        "summary": _summary(page, total),
        "chart": _chart(page, flows, rows),
    }


def _sides(flow: _CashFlow) -> tuple[Decimal, Decimal]:
    return flow.received, flow.spent


def _texts(page: DashboardPage, flow: _CashFlow) -> FlowTexts:
    rate = flow.savings_rate
    return {
        "received": page.money(flow.received),
        "spent": page.money(flow.spent),
        "kept": page.money(flow.kept),
        "rate": "–" if rate is None else format_percent(rate, get_language()),
    }


def _income_rows(page: DashboardPage) -> list[IncomeLine]:
    return [
        {
            "slug": slug,
            "name": part_name(slug),
            "url": page.links.expenses(page.scope.months, [slug], kind=Kind.RECEIVED),
            "amount": page.money(amount),
            "count": count,
        }
        for slug, amount, count in _income_by_category(page.scope)
    ]


def _summary(page: DashboardPage, total: _CashFlow) -> str:
    if total.savings_rate is None:
        return _("Nothing came in during this period. Add your income to see how much you keep.")
    values = {"kept": page.money(abs(total.kept)), "rate": format_percent(abs(total.savings_rate), get_language())}
    if total.kept < 0:
        return _("You spent %(kept)s more than came in.") % values
    return _("You kept %(kept)s, %(rate)s of what came in.") % values


def _chart(page: DashboardPage, flows: dict[date, _CashFlow], rows: Sequence[FlowLine]) -> DashboardChart:
    columns: Sequence[tuple[str, list[Decimal]]] = (
        (_("In"), [flow.received for flow in flows.values()]),
        (_("Out"), [flow.spent for flow in flows.values()]),
        (_("Kept"), [flow.kept for flow in flows.values()]),
    )
    return {
        "labels": [row["name"] for row in rows],
        "datasets": [{"label": label, "data": list(map(str, column))} for label, column in columns],
        "palette": list(_PALETTE),
        "stacked": False,
        "links": [row["url"] for row in rows],
        "narrowing": [f"&kind={Kind.RECEIVED}", f"&kind={Kind.SPENT}", ""],
        "total": str(quantize(sum((flow.kept for flow in flows.values()), ZERO), page.scope.currency)),
    }


def flow_csv_rows(scope: Scope) -> list[list[str]]:
    """Return the table as rows of cells, with the header, then each month's income by category."""
    code = scope.currency
    slugs = [
        slug for slug in shown_categories().categories if any(slug in _income(scope, month) for month in scope.months)
    ]
    heads = [_("In"), _("Out"), _("Kept"), *map(part_name, slugs)]
    rows = [[_("Month"), *(f"{head} ({code})" for head in heads), _("Savings rate (%)")]]
    for month, flow in _cash_flow(scope).items():
        income = _income(scope, month)
        rate = "" if flow.savings_rate is None else f"{flow.savings_rate:.1f}"
        cells = [flow.received, flow.spent, flow.kept, *(income.get(slug, quantize(ZERO, code)) for slug in slugs)]
        rows.append([month_text(month), *map(str, cells), rate])
    return rows
