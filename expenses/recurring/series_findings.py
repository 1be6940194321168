"""What FinBrain says about series: prices that changed, entries that are late, charged twice, or two of one kind."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from expenses.money import format_percent
from expenses.rates import RateBook
from expenses.recurring.cycles import LENGTHS
from expenses.recurring.fitting import RECENT_DAYS
from expenses.recurring.items import Item, compared
from expenses.recurring.names import services_of
from finbrain.core.bidi import isolated

_LEAST_CHANGE = Decimal("0.02")
_STEADY = Decimal("1.02")
_TWICE_WITHIN, _SAME = 0.45, Decimal("0.02")
_AHEAD = timedelta(days=31)
_KINDS = {
    "video": gettext_lazy("video streaming"),
    "music": gettext_lazy("music streaming"),
    "books": gettext_lazy("books"),
    "storage": gettext_lazy("cloud storage"),
    "software": gettext_lazy("software"),
    "games": gettext_lazy("games"),
    "news": gettext_lazy("news"),
    "fitness": gettext_lazy("fitness"),
    "mobile": gettext_lazy("mobile phone"),
    "internet": gettext_lazy("internet"),
    "delivery": gettext_lazy("delivery"),
}
# Kinds of which people commonly need more than one.
_NOT_COMPARED = {"insurance", "software"}


class Finding(NamedTuple):
    """A sentence about a series. key: of the series."""

    text: str
    key: str


def findings(items: Sequence[Item], book: RateBook, home: str, today: date) -> list[Finding]:
    """Return what there is to say, the most urgent first."""
    live = [item for item in items if item.is_live]
    return [
        *(found for item in live for found in _late(item, today)),
        *(found for item in live for found in _cancel(item, today)),
        *(found for item in live for found in _twice(item, today)),
        *(found for item in live for found in _dearer(item, book, home)),
        *_same_kind(live),
    ]


def _late(item: Item, today: date) -> Iterator[Finding]:
    """Say that an entry is late, or that nothing has come for a whole cycle."""
    late, name = (today - item.facts.next_on).days, {"name": isolated(item.name)}
    if late < 1:
        return
    if late > LENGTHS[item.facts.cycle] and item.facts.entries:
        day = date_format(item.facts.entries[-1].day, "DATE_FORMAT")
        text = _("Nothing from %(name)s since %(day)s. Has it ended?") % {**name, "day": day}
    else:
        text = ngettext("%(name)s is %(n)d day late.", "%(name)s is %(n)d days late.", late) % {**name, "n": late}
    yield Finding(text, item.key)


def _cancel(item: Item, today: date) -> Iterator[Finding]:
    day = item.cancel_by
    if day and today <= day <= today + _AHEAD:
        values = {"name": isolated(item.name), "day": date_format(day, "DATE_FORMAT")}
        yield Finding(_("The last day to cancel %(name)s is %(day)s.") % values, item.key)


def _twice(item: Item, today: date) -> Iterator[Finding]:
    """Say that the same amount was charged twice in a cycle."""
    for before, after in pairwise(item.facts.entries):
        apart = (after.day - before.day).days
        same = before.currency == after.currency and abs(after.amount - before.amount) <= _SAME * before.amount
        if same and apart < LENGTHS[item.facts.cycle] * _TWICE_WITHIN and (today - after.day).days <= RECENT_DAYS:
            days = {"first": date_format(before.day, "DATE_FORMAT"), "second": date_format(after.day, "DATE_FORMAT")}
            text = _("%(name)s was charged twice: %(first)s and %(second)s.") % {"name": isolated(item.name), **days}
            yield Finding(text, item.key)


def _dearer(item: Item, book: RateBook, home: str) -> Iterator[Finding]:
    """Say by how much a fixed price changed, and how much of it is the exchange rate."""
    pair = compared(item.facts)
    if not pair or item.facts.is_income or item.facts.high > item.facts.low * _STEADY:
        return
    before, last = pair
    start = book.convert(before.amount, before.currency, home, before.day)
    end = book.convert(last.amount, last.currency, home, last.day)
    if start is None or end is None or not start.amount:
        return
    change, price = end.amount / start.amount - 1, last.amount / before.amount - 1
    if abs(change) < _LEAST_CHANGE and abs(price) < _LEAST_CHANGE:
        return
    yield Finding(_change_text(item, _percent(change), _percent(price), is_home=last.currency == home), item.key)


def _change_text(item: Item, change: int, price: int, *, is_home: bool) -> str:
    parts = {"change": abs(change), "price": price, "rate": change - price}
    written = {name: format_percent(Decimal(part), get_language()) for name, part in parts.items()}
    values = {"name": isolated(item.name), **written}
    if not price and not is_home:
        because = _("%(name)s rose %(change)s because of the exchange rate.")
        text = because if change > 0 else _("%(name)s fell %(change)s because of the exchange rate.")
    elif is_home or change == price:
        text = _("%(name)s rose %(change)s.") if change > 0 else _("%(name)s fell %(change)s.")
    elif change >= 0:
        text = _("%(name)s rose %(change)s: %(price)s price, %(rate)s exchange rate.")
    else:
        text = _("%(name)s fell %(change)s: %(price)s price, %(rate)s exchange rate.")
    return text % values


def _percent(share: Decimal) -> int:
    return round(share * 100)


def _same_kind(items: Iterable[Item]) -> Iterator[Finding]:
    """Say which services are of one kind."""
    kinds: dict[str, dict[str, Item]] = defaultdict(dict)
    for item in items:
        for kind in services_of(" ".join(item.facts.texts)) - _NOT_COMPARED if not item.facts.is_income else ():
            kinds[kind][item.name.casefold()] = item
    for kind, found in kinds.items():
        if len(found) > 1:
            names = ", ".join(isolated(item.name) for item in found.values())
            text = _("Two or more services for %(kind)s: %(names)s.") % {"kind": _KINDS[kind], "names": names}
            yield Finding(text, next(iter(found.values())).key)
