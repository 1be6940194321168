"""The contexts of the expenses page and of its parts, from `list_page`."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from django.utils.functional import Promise

from expenses.listing.filter_pills import FilterPill
from expenses.listing.list_query import ListQuery
from expenses.listing.rows import ListRow
from expenses.sums.besides import LinePart
from expenses.sums.rate_notes import Note


class RowsContext(TypedDict):
    """The rows of a page. next_url: of the next page, "" on the last."""

    rows: list[ListRow]
    next_url: str


class TotalContext(TypedDict):
    """The total, and what is said about it. total_text: "" if it isn't known. spent: how many entries were spent.

    adding_up_url: of the total, if it has to be asked for after the page, otherwise "". only_kind, cash_text: only of a
    list of what was moved or of what was received.
    """

    total_text: str
    adding_up_url: str
    spent: int
    besides: list[LinePart]
    rate_notes: list[Note]
    notices: list[str]
    only_kind: NotRequired[str]
    cash_text: NotRequired[str]


class TotalOfList(TotalContext):
    """The total without the list. count, has_more: as in `ListContext`."""

    count: int
    has_more: bool


class DisplayLink(TypedDict):
    """A currency to show the list in. label: its code. current: whether the list is shown in it."""

    label: str
    url: str
    current: bool


class MonthContext(TypedDict):
    """The month shown and links to others. value, days: "" if it isn't a single month."""

    value: str
    label: str
    days: str
    all_url: str
    this_url: str
    prev_url: NotRequired[str]
    next_url: NotRequired[str]


class ColumnHead(TypedDict):
    """A column by which the list can be sorted. sorted: `ascending`, `descending` or ""."""

    key: str
    label: str
    sorted: str
    url: str


class ListContext(RowsContext, TotalContext):
    """The context of the list.

    lengths: of the longest texts that the filters accept. carried: parameters that stay when the month changes. unseen:
    parameters that the filters keep but don't show. count: of its entries. has_more: whether it shows only some.
    elsewhere: the count of other months, None if nobody asks. incomplete: whether the sums aren't known.
    """

    query: ListQuery
    used_currencies: list[str]
    displays: list[DisplayLink]
    query_string: str
    values: Mapping[str, str]
    lengths: Mapping[str, int]
    carried: list[tuple[str, str]]
    unseen: list[tuple[str, str]]
    sorts: list[tuple[str, str]]
    month: MonthContext
    columns: list[ColumnHead]
    filters: list[FilterPill]
    elsewhere: int | None
    all_count: int
    all_time_url: str
    unfiltered_url: str
    display: str
    kinds: Sequence[tuple[str, str | Promise]]
    count: int
    has_more: bool
    inbox_count: int
    has_any: bool
    incomplete: bool
