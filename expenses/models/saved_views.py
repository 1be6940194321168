"""The dashboard views that a person saved. Pure: stored with the person as a list of small objects."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypedDict, cast
from urllib.parse import parse_qsl, urlencode

from expenses.months import Period, presets

# They are read with the person, in every request.
MOST = 20
NAME_LENGTH = 40
_QUERY_LENGTH = 4000


class StoredView(TypedDict, total=False):
    """A `SavedView` as it is stored, without empty values."""

    id: str
    name: str
    query: str
    preset: str
    start: bool


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view of the dashboard under a name.

    query: URL parameters. preset: the name of the preset period that the view always shows, such as `last-3`. "" if
    `query` has the months. start: whether the dashboard opens with it.
    """

    id: str
    name: str
    query: str
    preset: str = ""
    start: bool = False

    def parameters(self, today: date) -> str:
        """Return the URL parameters of the view on a day. A preset that a later release stored is this month."""
        if not self.preset:
            return self.query
        named = presets(today)
        period = Period(named.get(self.preset, named["this-month"]))
        return urlencode([*period.parameters(), *parse_qsl(self.query)])

    def to_stored(self) -> StoredView:
        """Return the values to store, without empty ones."""
        return cast(StoredView, {name: value for name, value in asdict(self).items() if value})


def read_views(stored: Any) -> tuple[SavedView, ...]:
    """Return the stored views in their order. One that can't be read, because another release wrote it, is left out."""
    rows = stored if isinstance(stored, Sequence) else ()
    return tuple(view for row in rows[:MOST] if (view := _read_view(row)))


def _read_view(row: Any) -> SavedView | None:
    if not isinstance(row, dict):
        return None
    key, name, query, preset = (row.get(field, "") for field in ("id", "name", "query", "preset"))
    if not all(isinstance(text, str) for text in (key, name, query, preset)):
        return None
    if not key.isalnum() or not name or len(name) > NAME_LENGTH or len(query) > _QUERY_LENGTH:
        return None
    return SavedView(key, name, query, preset, start=row.get("start") is True)
