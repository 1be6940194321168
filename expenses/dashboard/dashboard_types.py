"""The contexts of the dashboard's parts. Amounts are formatted, and decimal strings in charts."""

from decimal import Decimal
from typing import NotRequired, TypedDict

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from expenses.dashboard.links import Link
from expenses.sums.besides import LinePart


class ChartDataset(TypedDict):
    """A line of a chart, or the bars of one colour. data: None where there is no value."""

    label: str
    data: list[str | None]


class DashboardChart(TypedDict):
    """What `charts.js` draws. links: where each label leads. narrowing: what each dataset adds to these links.

    palette: the numbers of colours. texts, sums: what is said about each slice, and about each bar.
    """

    labels: list[str]
    datasets: list[ChartDataset]
    links: NotRequired[list[str]]
    categories: NotRequired[list[str]]
    palette: NotRequired[list[int]]
    narrowing: NotRequired[list[str]]
    stacked: NotRequired[bool]
    chosen: NotRequired[str]
    texts: NotRequired[list[str]]
    sums: NotRequired[list[str]]
    total: NotRequired[str]


class ChartData(DashboardChart):
    """The content of `#chart-data`. excluded: how many expenses have no rate. narrowed: the palette of one category."""

    view: str
    currency: str
    decimals: int
    months: list[str]
    excluded: int
    trend: DashboardChart
    period: str
    narrowed: int | None


class DashboardHead(TypedDict):
    """What the page shows even without expenses. previous_url, next_url: "" if no expense can be there."""

    has_data: bool
    view: str
    currency: str
    heading: str
    days: str
    problems: tuple[str, ...]
    presets: list[Link]
    previous_url: str
    next_url: str
    first: str
    last: str
    kept: list[tuple[str, str]]
    kept_without_currency: list[tuple[str, str]]
    views: list[Link]
    bars: list[Link]
    categories: list[Link]
    own_categories: list[Link]
    all_categories: bool
    all_categories_url: str
    currencies: list[Link]
    shown_currencies: list[str | Promise]
    csv_url: str
    expenses_url: str
    besides: list[LinePart]
    chart_data: ChartData


class InsideLink(TypedDict):
    """The link to the own categories inside a base category."""

    text: str
    url: str


class BreakdownLine(TypedDict):
    """A category, or a merchant if a category is chosen. meter: percent of the largest. unsure: "" if nothing is."""

    slug: str
    name: str
    url: str
    amount: str
    share: str
    meter: str
    count: int
    unsure: str
    inside: InsideLink | None
    is_merchant: bool


class BreakdownContext(TypedDict):
    """The breakdown. within: the category that is chosen alone, "" otherwise."""

    chart: DashboardChart
    rows: list[BreakdownLine]
    merchant_rows: list[BreakdownLine]
    within: str
    summary: str


class ComparisonHead(TypedDict):
    """The head of a column. palette: the class of its colour."""

    slug: str
    name: str
    palette: str


class ComparisonCell(TypedDict):
    amount: Decimal
    text: str


class ComparisonLine(TypedDict):
    """A month with the amounts of the categories."""

    name: str
    url: str
    cells: list[ComparisonCell]
    total: str


class ComparisonTable(TypedDict):
    header: list[ComparisonHead]
    rows: list[ComparisonLine]
    totals: list[str]


class ComparisonContext(TypedDict):
    """The months side by side."""

    chart: DashboardChart
    table: ComparisonTable
    summary: str


class FlowTexts(TypedDict):
    """What came in, what went out, what was kept, and its share of what came in."""

    received: str
    spent: str
    kept: str
    rate: str


class FlowLine(FlowTexts):
    """A month of the cash flow."""

    name: str
    url: str


class IncomeLine(TypedDict):
    """A category of income."""

    slug: str
    name: str
    url: str
    amount: str
    count: int


class FlowContext(TypedDict):
    """The context of `expenses/_cash_flow.html`."""

    flow: FlowTexts
    flow_rows: list[FlowLine]
    income: list[IncomeLine]
    summary: str
    chart: DashboardChart


class CalendarMonth(TypedDict):
    """A month of the calendar. weeks: the rows of its table, as HTML."""

    name: str
    weeks: SafeString


class CalendarContext(TypedDict):
    """The calendar. left_out: what is said about months without a table, "" if there are none. weekdays: HTML."""

    months: list[CalendarMonth]
    left_out: str
    weekdays: SafeString
    summary: str
    levels: range


class BiggestLine(TypedDict):
    """One of the largest expenses. entered: the amount as it was entered, "" in the display currency."""

    title: str
    url: str
    slug: str
    date: str
    amount: str
    entered: str


class BiggestContext(TypedDict):
    rows: list[BiggestLine]
    summary: str


class MerchantLine(TypedDict):
    """One of the most frequent merchants. amounts: one for each currency, as entered if that isn't the display's."""

    title: str
    url: str
    slug: str
    count: int
    as_entered: bool
    amounts: list[str]


class MerchantsContext(TypedDict):
    """truncated: whether some months have more merchants than were counted."""

    rows: list[MerchantLine]
    summary: str
    truncated: bool
