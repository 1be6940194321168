"""The rules of a ledger: what files an entry for certain. Pure: stored with the person as a list of small objects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypedDict, cast

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from classifier.categories import FALLBACKS, Kind
from classifier.kinds import Direction

# They are read with the person, in every request.
MOST = 200
BY_RULE = "rule"


class How(TextChoices):
    """How a rule compares titles."""

    MERCHANT = "merchant", _("Merchant is")
    CONTAINS = "contains", _("Title contains")
    IS = "is", _("Title is")
    STARTS = "starts", _("Title starts with")


class StoredRule(TypedDict, total=False):
    """A `Rule` as it is stored, without empty values. least, most: as text."""

    id: str
    how: str
    text: str
    least: str
    most: str
    currency: str
    account: str
    direction: str
    category: str
    kind: str
    title: str
    one_off: bool
    off: bool
    deleted: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its conditions, all of which must hold, and what it decides.

    text: compared with the title as `how` says, "" for any title. least, most: of the amount without its sign, None for
    no limit. currency, account, direction: "" for any. category: "" if the rule decides none. kind: only if there is no
    category, which would decide it. title: to show instead of the entry's, "" for none. one_off: whether the entry is.
    off: whether it decides nothing for now. deleted: kept until the next is deleted, so that it can be restored.
    """

    id: str
    how: str = How.MERCHANT.value
    text: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""
    account: str = ""
    direction: str = ""
    category: str = ""
    kind: str = ""
    title: str = ""
    one_off: bool = False
    off: bool = False
    deleted: bool = False

    @property
    def applies(self) -> bool:
        return not self.off and not self.deleted

    @property
    def files_under(self) -> str:
        """The category that the rule decides. "" if it decides none, or only that an entry was spent."""
        if self.category or self.kind in ("", Kind.SPENT):
            return self.category
        return FALLBACKS[Kind(self.kind)]

    @property
    def conditions(self) -> tuple[object, ...]:
        return self.how, self.text.casefold(), *self._besides_title

    @property
    def needs_title_only(self) -> bool:
        """Whether the title alone says if an entry meets the rule."""
        return not any(limit not in ("", None) for limit in self._besides_title)

    @property
    def _besides_title(self) -> tuple[object, ...]:
        return self.least, self.most, self.currency, self.direction, self.account.casefold()

    def to_stored(self) -> StoredRule:
        """Return the values to store, without empty ones."""
        values = {name: getattr(self, name) for name in (*_TEXTS, *_TRUTHS)}
        limits = {name: f"{limit:f}" for name in _LIMITS if (limit := getattr(self, name)) is not None}
        return cast(StoredRule, {name: value for name, value in (values | limits).items() if value})


_TEXTS = ("id", "how", "text", "currency", "account", "direction", "category", "kind", "title")
_TRUTHS = ("one_off", "off", "deleted")
_LIMITS = ("least", "most")
_KNOWN = {"how": {*How.values}, "kind": {"", *Kind.values}, "direction": {"", *(way.value for way in Direction)}}


def read_rules(stored: Any) -> tuple[Rule, ...]:
    """Return the stored rules in their order. One that can't be read, because another release wrote it, is left out."""
    rows = stored if isinstance(stored, Sequence) else ()
    return tuple(rule for row in rows[: 2 * MOST] if (rule := _read_rule(row)))


def _read_rule(row: Any) -> Rule | None:
    if not isinstance(row, dict):
        return None
    texts: dict[str, Any] = {name: row[name] for name in _TEXTS if name in row}
    if not all(isinstance(value, str) for value in texts.values()) or not texts.get("id", "").isalnum():
        return None
    if any(name in texts and texts[name] not in known for name, known in _KNOWN.items()):
        return None
    try:
        limits: dict[str, Any] = {name: Decimal(row[name]) for name in _LIMITS if name in row}
    except (InvalidOperation, TypeError, ValueError):
        return None
    if not all(limit.is_finite() for limit in limits.values()):
        return None
    truths: dict[str, Any] = {name: row.get(name) is True for name in _TRUTHS}
    return Rule(**texts, **limits, **truths)


def live(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules that aren't deleted."""
    return tuple(rule for rule in rules if not rule.deleted)
