"""How rules read: a rule in one line."""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from classifier.category_set import category_of
from classifier.kinds import Direction
from expenses import money
from expenses.models.rules import How, Rule
from expenses.rules.ordering import find_rule
from finbrain.core.bidi import isolated


def conditions_text(rule: Rule) -> str:
    """Return the conditions: `merchant is “tesco”, 10–50 EUR, money out`."""
    return ", ".join(filter(None, (_title_text(rule), _amount_text(rule), _account_text(rule), _direction_text(rule))))


def decisions_text(rule: Rule) -> str:
    """Return what the rule decides: `Food & Drinks, shown as “Groceries”, one-off`."""
    filed = str(category_of(rule.category).name if rule.category else Kind(rule.kind).label if rule.kind else "")
    shown = _("shown as “%(title)s”") % {"title": isolated(rule.title)} if rule.title else ""
    return ", ".join(filter(None, (filed, shown, _("one-off") if rule.one_off else "")))


def _rule_url(rule: Rule) -> str:
    return reverse("expenses:rule", args=[rule.id])


def reason_of(rules: Sequence[Rule], rule_id: str) -> tuple[str, str]:
    """Return the reason `By your rule: …` and the URL of the rule, "" if it is deleted."""
    rule = find_rule(rules, rule_id)
    if rule is None:
        return _("By a rule that you deleted"), ""
    return _("By your rule: %(rule)s") % {"rule": conditions_text(rule)}, _rule_url(rule)


def _title_text(rule: Rule) -> str:
    if not rule.text:
        return ""
    texts = {
        How.MERCHANT: _("merchant is “%(text)s”"),
        How.CONTAINS: _("title contains “%(text)s”"),
        How.IS: _("title is “%(text)s”"),
        How.STARTS: _("title starts with “%(text)s”"),
    }
    return texts[How(rule.how)] % {"text": isolated(rule.text)}


def _amount_text(rule: Rule) -> str:
    least, most = (_limit_text(limit, rule.currency) for limit in (rule.least, rule.most))
    values = {"least": least, "most": most}
    if least and most:
        return _("%(least)s to %(most)s") % values if least != most else least
    if least or most:
        return (_("at least %(least)s") if least else _("at most %(most)s")) % values
    return rule.currency


def _limit_text(limit: Decimal | None, currency: str) -> str:
    if limit is None:
        return ""
    return money.format_money(limit, currency, get_language()) if currency else f"{limit:,f}"


def _account_text(rule: Rule) -> str:
    return _("account “%(account)s”") % {"account": isolated(rule.account)} if rule.account else ""


def _direction_text(rule: Rule) -> str:
    return {Direction.OUT: _("money out"), Direction.IN: _("money in"), "": ""}[rule.direction]
