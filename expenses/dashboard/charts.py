"""What `static/js/charts.js` draws. Each chart is made beside its table: breakdown, comparison, cash_flow, trend."""

from classifier.category_set import category_of
from expenses.dashboard.dashboard_types import ChartData, DashboardChart
from expenses.dashboard.links import period_name
from expenses.dashboard.page_data import DashboardPage
from expenses.money import minor_units
from expenses.months import month_text


def chart_data(page: DashboardPage, main: DashboardChart, trend_chart: DashboardChart, excluded: int) -> ChartData:
    """Return the content of `#chart-data`. Amounts are decimal strings."""
    query = page.links.query
    return {
        "view": query.view,
        "currency": page.scope.currency,
        "decimals": minor_units(page.scope.currency),
        "months": [month_text(month) for month in page.scope.months],
        "excluded": excluded,
        **main,
        "trend": trend_chart,
        "period": period_name(page.scope.months, query.period.contiguous),
        "narrowed": category_of(query.categories[0]).palette if len(query.categories) == 1 else None,
    }
