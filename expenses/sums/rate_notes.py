"""What a page says about the rates under a total: how much rests on which, and what has none."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from expenses import rates
from expenses.sums.rate_facts import RateFacts


class Note(NamedTuple):
    """A sentence. amount: the part of the total that it is about, "" for none. url: of these expenses, or ""."""

    text: str
    amount: str = ""
    url: str = ""


def rate_notes(facts: RateFacts, money: Callable[[Decimal], str], url_of: Callable[..., str]) -> list[Note]:
    """Return the notes. Empty if every amount was entered in the display currency.

    money: formats an amount in the display currency. url_of: returns the list of expenses with these filters.
    """
    notes = []
    if facts.foreign:
        codes = ", ".join(sorted(facts.foreign))
        notes.append(Note(_("Converted from %(codes)s at the rate of the day of each expense.") % {"codes": codes}))
    for basis, message in _messages(facts):
        amount, url = money(facts.based[basis].value), url_of(rate=basis)
        notes.append(Note(message % {"n": facts.based[basis].count}, amount, url))
    for code, n in sorted(facts.excluded.items()):
        values = {"n": n, "code": code, "display": facts.display}
        notes.append(
            Note(_left_out(n, awaited=_is_awaited(code, facts)) % values, url=url_of(rate=rates.NO_RATE, currency=code))
        )
    return [*notes, *_official({*facts.foreign, *facts.excluded, facts.display} if notes else ())]


def _messages(facts: RateFacts) -> Iterable[tuple[str, str]]:
    """Return the message about each basis that occurs."""
    counts = {basis: facts.based[basis].count for basis in rates.BASES if basis in facts.based}
    if n := counts.get(rates.BLENDED):
        yield (
            rates.BLENDED,
            ngettext(
                "%(n)d amount uses a blended rate: the average of several central banks.",
                "%(n)d amounts use a blended rate: the average of several central banks.",
                n,
            ),
        )
    if n := counts.get(rates.OLD):
        yield (
            rates.OLD,
            ngettext(
                "%(n)d amount uses an earlier day's rate (none is published on weekends and holidays).",
                "%(n)d amounts use an earlier day's rate (none is published on weekends and holidays).",
                n,
            ),
        )
    if n := counts.get(rates.OWN):
        yield rates.OWN, ngettext("%(n)s amount uses your own rate.", "%(n)s amounts use your own rate.", n)


def _left_out(n: int, *, awaited: bool) -> str:
    if awaited:
        return ngettext(
            "%(n)d amount in %(code)s is left out: no rate yet. When online, FinBrain fetches it in a minute.",
            "%(n)d amounts in %(code)s are left out: no rate yet. When online, FinBrain fetches it in a minute.",
            n,
        )
    return ngettext(
        "%(n)d amount in %(code)s is left out: there is no rate from %(code)s to %(display)s for its day.",
        "%(n)d amounts in %(code)s are left out: there is no rate from %(code)s to %(display)s for their days.",
        n,
    )


def _is_awaited(code: str, facts: RateFacts) -> bool:
    return rates.is_awaited(code) or rates.is_awaited(facts.display)


def _official(codes: Iterable[str]) -> list[Note]:
    """Return the note on countries with several rates."""
    found = ", ".join(sorted(rates.MULTIPLE_RATES & set(codes)))
    if not found:
        return []
    text = _("%(codes)s: official rate. If you pay another one, enter your own rate.") % {"codes": found}
    return [Note(text, url=reverse("own_rates"))]


def short_notes(facts: RateFacts) -> list[str]:
    """Return short forms of the notes, which the page always shows."""
    words = []
    if awaited := sum(n for code, n in facts.excluded.items() if _is_awaited(code, facts)):
        words.append(ngettext("%(n)d with no rate yet", "%(n)d with no rate yet", awaited) % {"n": awaited})
    if excluded := facts.left_out - awaited:
        words.append(ngettext("%(n)d amount left out", "%(n)d amounts left out", excluded) % {"n": excluded})
    counts = {basis: part.count for basis, part in facts.based.items()}
    if n := counts.get(rates.BLENDED):
        words.append(ngettext("%(n)d at a blended rate", "%(n)d at a blended rate", n) % {"n": n})
    if n := counts.get(rates.OLD):
        words.append(ngettext("%(n)d at an earlier day's rate", "%(n)d at an earlier day's rate", n) % {"n": n})
    if n := counts.get(rates.OWN):
        words.append(ngettext("%(n)s at your own rate", "%(n)s at your own rate", n) % {"n": n})
    return words or ([_("Converted at each day's rate")] if facts.foreign else [])
