"""What happens to budgets when a category is merged: they count as the other one, because a merge is read, not written.

`Budget.scope` stays as it was chosen, so that undoing the merge moves its budgets back.
"""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from expenses.budgets.names import scope_name
from expenses.models.budgets import twin_of
from expenses.models.ledger import Ledger
from finbrain.core.bidi import isolated


def said_of_merged(ledger: Ledger, category: str, into: str) -> str:
    """Return a sentence about the budgets that a merge moves, "" without any. ledger: before the merge."""
    slug_of = ledger.categories.slug_of
    mine = [each for each in ledger.plan.live if slug_of(each.scope) == category]
    if not mine:
        return ""
    values = {"n": len(mine), "into": isolated(scope_name(into))}
    text = ngettext("Its budget now counts %(into)s.", "Its %(n)d budgets now count %(into)s.", len(mine)) % values
    if any(twin_of(replace(each, scope=into), ledger.plan.live, slug_of) for each in mine):
        more = _("%(into)s now has two budgets for the same period. End one of them if you don't need it.")
        text = f"{text} {more % values}"
    return text


def said_of_restored(ledger: Ledger, category: str) -> str:
    """Return a sentence about the budgets that move back when a merge is undone, "" without any."""
    mine = [each for each in ledger.plan.live if each.scope == category]
    return ngettext("Its budget is back.", "Its %(n)d budgets are back.", len(mine)) % {"n": len(mine)} if mine else ""
