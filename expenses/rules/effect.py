"""What a rule would decide about the entries of a ledger, with one indexed read of the newest of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from bson import ObjectId

from classifier.categories import Kind
from classifier.text import normalise
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import entries_of
from expenses.models.expense import BY_DAY
from expenses.models.kinds import stored_kind
from expenses.models.rules import Rule
from expenses.rules.matching import EntryFacts, Matcher
from finbrain.core import stored
from finbrain.core.decimals import decimal_of
from finbrain.core.past_the_orm import collection

# The newest entries that a rule is tried on.
LOOKED_AT = 10_000
_COLUMNS = (
    *("title", "amount", "currency", "account", "import_batch", "category", "kind", "kind_source", "reviewed"),
    *("rule", "shown_title", "one_off"),
)
_read = stored.reader(Expense, _COLUMNS)


@dataclass
class Effect:
    """What a rule decides now.

    looked_at: how many entries. has_more: whether there are older ones. count: how many the rule decides. differ: of
    those, the ones that are filed or shown otherwise. to_file: those it may file, none of them by hand. by_hand: those
    that differ because a person filed them. All newest first.
    """

    looked_at: int = 0
    has_more: bool = False
    count: int = 0
    differ: list[ObjectId] = field(default_factory=list)
    to_file: list[ObjectId] = field(default_factory=list)
    by_hand: list[ObjectId] = field(default_factory=list)


def effect_of_rule(ledger_id: ObjectId, rules: Sequence[Rule], rule: Rule) -> Effect:
    """Return what `rule`, one of the rules, decides about the newest entries: those that no earlier rule decides."""
    found = collection(Expense, ExpenseDocument).find(entries_of(ledger_id), dict.fromkeys(_COLUMNS, 1), hint=BY_DAY)
    newest = found.sort([("spent_on", -1), ("_id", -1)]).limit(LOOKED_AT + 1).batch_size(LOOKED_AT + 1)
    rows = list(map(_read, newest))
    effect = Effect(min(len(rows), LOOKED_AT), len(rows) > LOOKED_AT)
    for row in _decided(rows[:LOOKED_AT], rules, rule):
        _count(effect, row, rule)
    return effect


def _decided(rows: Iterable[ExpenseDocument], rules: Sequence[Rule], rule: Rule) -> Iterable[ExpenseDocument]:
    """Yield the rows that the rule decides. Titles repeat, so each is normalised once."""
    normalised = cache(normalise)
    alone, together = Matcher([rule], normalised), Matcher(rules, normalised)
    for row in rows:
        imported = row["import_batch"] is not None
        facts = EntryFacts(row["title"], decimal_of(row["amount"]), row["currency"], row["account"], imported)
        if alone.first(facts) and together.first(facts) == rule:
            yield row


def _count(effect: Effect, row: ExpenseDocument, rule: Rule) -> None:
    effect.count += 1
    differs = _differs(row, rule)
    if differs:
        effect.differ.append(row["_id"])
    if not row["reviewed"] and (differs or row["rule"] != rule.id):
        effect.to_file.append(row["_id"])
    elif row["reviewed"] and differs:
        effect.by_hand.append(row["_id"])


def _differs(row: ExpenseDocument, rule: Rule) -> bool:
    category, kind = rule.files_under, stored_kind(row)
    return bool(
        (category and row["category"] != category)
        or (not category and rule.kind and kind != Kind.SPENT)
        or (rule.title and row["shown_title"] != rule.title)
        or (rule.one_off and not row["one_off"])
    )
