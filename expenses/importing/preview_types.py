"""The context of an import's preview, from `preview`."""

from typing import NotRequired, TypedDict

from django.utils.functional import Promise

from expenses.statements.statement import Entry


class LikeContext(TypedDict):
    """The stored expense that a row may duplicate."""

    title: str
    date_text: str
    account: str


class RuleContext(TypedDict):
    """The rule that decides about a row, as its reason, and the title that it shows. All are "" without a rule."""

    rule_text: str
    rule_url: str
    shown_title: str


class PreviewRow(RuleContext):
    """A row of the preview.

    is_guess: whether it came in and FinBrain is unsure of its category. wanted: whether it is ticked.
    """

    number: int
    entry: Entry
    line: int
    title: str
    note: str
    date_iso: str
    date_text: str
    amount_text: str
    refund: bool
    status: str
    kind: str
    kind_name: str | Promise
    is_guess: bool
    category: str
    category_name: str
    confidence_pct: int | None
    unsure: bool
    wanted: NotRequired[bool]
    like: NotRequired[LikeContext]


class UnreadableRow(TypedDict):
    """A row that can't be read. text: what it says there."""

    number: int
    line: int
    text: str
    message: str


class Gap(TypedDict):
    """What is missing to the file's closing balance."""

    is_none: bool
    amount_text: str


class PlainRow(TypedDict):
    """A row as one reading of the file has it."""

    date_text: str
    title: str
    amount_text: str
    came_in: bool


class ReadingContext(TypedDict):
    """A way to read some rows, None for those that it can't read. answer: what the form sends."""

    answer: str
    label: str
    rows: list[PlainRow | None]


class QuestionContext(TypedDict):
    """What the file leaves undecided."""

    name: str
    readings: list[ReadingContext]


class FileCategoryContext(TypedDict):
    """A category of the file. slug: what it means, "" if each row is suggested. percent: how often it means that."""

    name: str
    key: str
    count: int
    slug: str
    is_proposed: bool
    is_kept: bool
    percent: int


class PreviewContext(TypedDict):
    """The preview. groups, counts, pages: by kind of row. wanted: how many rows are imported."""

    groups: dict[str, list[PreviewRow]]
    unreadable: list[UnreadableRow]
    counts: dict[str, int]
    wanted: int
    pages: dict[str, dict[str, int]]
    sum_line: str
    gap: Gap | None
    questions: list[QuestionContext]
    file_categories: list[FileCategoryContext]
