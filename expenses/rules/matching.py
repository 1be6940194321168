"""Find the rule that an entry meets. Pure: needs no database.

The first rule whose conditions all hold decides, alone. Titles that must be equal are looked up, not searched, so many
rules cost little more than one.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from classifier.categories import ALL_CATEGORIES, Kind, base_slug, kind_of
from classifier.kinds import Direction
from classifier.text import normalise
from expenses.models import Expense, title_key
from expenses.models.rules import How, Rule

Normalise = Callable[[str], str]


class EntryFacts(NamedTuple):
    """What rules read of an entry. amount: as stored, positive if it left the account. imported: from a statement."""

    title: str
    amount: Decimal
    currency: str = ""
    account: str = ""
    imported: bool = False


def facts_of_entry(expense: Expense) -> EntryFacts:
    """Return the facts of an expense that may not be stored yet."""
    imported = expense.import_batch is not None
    return EntryFacts(expense.title, expense.amount, expense.currency, expense.account, imported)


def first_rule(rules: tuple[Rule, ...], facts: EntryFacts) -> Rule | None:
    """Return the first of a ledger's rules that the entry meets."""
    return _matcher(rules).first(facts) if rules else None


class Matcher:
    """The rules of a ledger, prepared to look at many entries. Leaves out those that are off.

    A rule for a category that this release doesn't know decides nothing. normalise: of `classifier.text`, or one that
    remembers its answers.
    """

    def __init__(self, rules: Sequence[Rule], normalise: Normalise = normalise) -> None:
        self._normalise = normalise
        self._rules = [rule for rule in rules if rule.applies and _is_known(rule.files_under)]
        self._any: list[int] = []
        self._equal: dict[str, dict[str, list[int]]] = {How.IS: defaultdict(list), How.MERCHANT: defaultdict(list)}
        self._parts: list[tuple[str, int]] = []
        self._starts: list[tuple[str, int]] = []
        for place, rule in enumerate(self._rules):
            self._place(place, rule)

    def _place(self, place: int, rule: Rule) -> None:
        key = title_key(rule.text)
        if not rule.text:
            self._any.append(place)
        elif rule.how == How.MERCHANT:
            self._equal[How.MERCHANT][normalise(rule.text)].append(place)
        elif rule.how == How.IS:
            self._equal[How.IS][key].append(place)
        else:
            (self._starts if rule.how == How.STARTS else self._parts).append((key, place))

    def first(self, facts: EntryFacts) -> Rule | None:
        """Return the first rule that the entry meets."""
        for place in sorted(self._with_title(facts.title)):
            if _holds(self._rules[place], facts):
                return self._rules[place]
        return None

    def _with_title(self, title: str) -> list[int]:
        """Return the places of the rules whose condition on the title holds."""
        key = title_key(title)
        found = [*self._any, *(place for part, place in self._parts if part in key)]
        found += [place for start, place in self._starts if key.startswith(start)]
        found += self._equal[How.IS].get(key, ())
        if merchants := self._equal[How.MERCHANT]:
            found += merchants.get(self._normalise(title), ())
        return found


_matcher = lru_cache(maxsize=64)(Matcher)


def _holds(rule: Rule, facts: EntryFacts) -> bool:
    """Whether the conditions other than the title hold. What a statement's account paid can't be income."""
    amount, came_in = abs(facts.amount), facts.amount < 0
    if rule.direction and came_in != (rule.direction == Direction.IN):
        return False
    if facts.imported and not came_in and kind_of(rule.files_under) == Kind.RECEIVED:
        return False
    if (rule.least is not None and amount < rule.least) or (rule.most is not None and amount > rule.most):
        return False
    if rule.currency not in ("", facts.currency):
        return False
    return not rule.account or rule.account.casefold() == facts.account.casefold()


def _is_known(category: str) -> bool:
    return not category or base_slug(category) in ALL_CATEGORIES
