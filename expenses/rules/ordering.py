"""Change the list of a ledger's rules. Pure: each function returns a new list."""

from collections.abc import Sequence
from dataclasses import replace

from bson import ObjectId

from expenses.models.rules import Rule, live

Rules = tuple[Rule, ...]


def new_rule_id() -> str:
    return str(ObjectId())


def find_rule(rules: Sequence[Rule], rule_id: str) -> Rule | None:
    """Return the rule with this id, unless it is deleted."""
    return next((rule for rule in live(rules) if rule.id == rule_id), None)


def saved(rules: Sequence[Rule], rule: Rule) -> Rules:
    """Return the rules with a rule in the place of the one with its id, or at the end."""
    if any(each.id == rule.id for each in rules):
        return tuple(rule if each.id == rule.id else each for each in rules)
    return (*rules, rule)


def moved(rules: Sequence[Rule], rule_id: str, step: int) -> Rules:
    """Return the rules with one moved by `step` places. At the beginning or end it stays where it is."""
    shown, gone = list(live(rules)), [rule for rule in rules if rule.deleted]
    place = next(place for place, rule in enumerate(shown) if rule.id == rule_id)
    rule = shown.pop(place)
    shown.insert(max(0, place + step), rule)
    return (*shown, *gone)


def switched(rules: Sequence[Rule], rule_id: str, *, off: bool) -> Rules:
    """Return the rules with one switched on or off."""
    return tuple(replace(rule, off=off) if rule.id == rule_id else rule for rule in rules)


def deleted(rules: Sequence[Rule], rule_id: str) -> Rules:
    """Return the rules with one marked as deleted. Those deleted earlier are gone."""
    return tuple(replace(rule, deleted=True) if rule.id == rule_id else rule for rule in live(rules))


def restored(rules: Sequence[Rule], rule_id: str) -> Rules:
    """Return the rules with a deleted one in its place again."""
    return tuple(replace(rule, deleted=False) if rule.id == rule_id else rule for rule in rules)
