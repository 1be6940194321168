"""The context of what changed between two periods. Amounts are formatted."""

from typing import TypedDict


class AgainstLink(TypedDict):
    """What a period can be compared with."""

    label: str
    url: str
    current: bool


class PeriodNames(TypedDict):
    now: str
    before: str


class CauseLine(TypedDict):
    text: str
    amount: str


class InsideDifference(TypedDict):
    """The change of a category inside another."""

    name: str
    amount: str


class DifferenceLine(TypedDict):
    """The change of a category. meter: percent of the largest change."""

    slug: str
    name: str
    url: str
    amount: str
    up: bool
    meter: str
    inside: list[InsideDifference]


class MerchantDifference(TypedDict):
    """The change at a merchant. counts: how many expenses it has in both periods."""

    title: str
    url: str
    amount: str
    counts: str


class ChangeContext(TypedDict):
    """What changed and why. before: the total of the earlier period."""

    summary: str
    before: str
    causes: list[CauseLine]
    rows: list[DifferenceLine]
    merchants: list[MerchantDifference]
    truncated: bool


class ComparingContext(TypedDict):
    """The context of `expenses/_period_change.html`. other: whether other months are chosen. first, last: of these.

    so_far: whether only the same days of both periods count. kept: the other parameters of the page.
    """

    names: PeriodNames
    against: list[AgainstLink]
    other: bool
    first: str
    last: str
    kept: list[tuple[str, str]]
    so_far: bool
    change: ChangeContext | None
