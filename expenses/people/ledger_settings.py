"""The ledger of a person. Reads and writes a ledger's settings and lists; only `welcome.py` also knows where they are.

They are stored with the person whose own ledger it is (docs/decisions/ledgers.md). All other code knows the ledger.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from accounts.models import CountCash, User
from classifier.category_set import showing
from expenses.models.budgets import BudgetPlan
from expenses.models.ledger import Ledger
from expenses.models.own_categories import CategoryRow, Stored, read_categories, read_stored
from expenses.models.own_rates import LedgerRate, read_rates
from expenses.models.rules import Rule, read_rules
from expenses.models.stored_budgets import read_plan
from expenses.money import EUR, KNOWN
from expenses.months import months_starting, read_start
from expenses.weeks import weeks_starting
from finbrain.core.stored import text

# The ledger's settings that have a field in a form.
SETTINGS = ("home_currency", "week_start", "month_start", "auto_file_threshold", "count_cash")
# Proposals of categories that were declined; older ones are forgotten.
_MOST_DECLINED = 200


def personal_ledger(person: User) -> Ledger:
    """Return the person's own ledger. It has the person's id, and its settings are stored with the person.

    A home currency that only another release knows is replaced by the euro, in which every rate is quoted.
    """
    return Ledger(
        id=person.pk,
        home_currency=person.home_currency if person.home_currency in KNOWN else EUR,
        threshold=person.auto_file_threshold,
        shares_corrections=person.share_feedback,
        is_demo=person.is_demo,
        cash_withdrawn=person.count_cash == CountCash.WITHDRAWN,
        own_rates=read_rates(person.own_rates),
        rules=read_rules(person.rules),
        categories=read_categories(text(person.own_categories)),
        plan=read_plan(text(person.plan)),
        week_start=text(person.week_start),
        month_start=read_start(text(person.month_start)),
    )


@contextmanager
def showing_ledger(ledger: Ledger) -> Iterator[None]:
    """Make the categories of a ledger the current ones, and the days on which its weeks and months begin."""
    with showing(ledger.categories), weeks_starting(ledger.week_start), months_starting(ledger.month_start):
        yield


def stored_settings(ledger: Ledger) -> dict[str, Any]:
    """Return the ledger's settings by the names of SETTINGS, as they are stored, perhaps by another release."""
    return User.objects.values(*SETTINGS).get(pk=ledger.id)


def save_settings(ledger: Ledger, values: Mapping[str, Any]) -> None:
    """Store some of the ledger's settings: names of SETTINGS -> values."""
    _store(ledger, **values)


def save_own_rates(ledger: Ledger, rates: Iterable[LedgerRate]) -> None:
    """Store the ledger's own exchange rates. Everything cached with the earlier ones is outdated by that."""
    _store(ledger, own_rates=[rate.to_stored() for rate in rates])


def save_rules(ledger: Ledger, rules: Iterable[Rule]) -> None:
    """Store the ledger's rules."""
    _store(ledger, rules=[rule.to_stored() for rule in rules])


def save_plan(ledger: Ledger, plan: BudgetPlan) -> None:
    """Store the ledger's budgets and goals."""
    _store(ledger, plan=plan.to_text())


def change_plan(ledger: Ledger, change: Callable[[BudgetPlan], BudgetPlan]) -> None:
    """Change the ledger's budgets and goals as they are now, in a job that read the ledger a while ago."""
    plan = User.objects.values_list("plan", flat=True).get(pk=ledger.id)
    save_plan(ledger, change(read_plan(text(plan))))


def stored_categories(ledger: Ledger) -> Stored:
    """Return the ledger's categories as they are stored: that text is the version of the set."""
    return read_stored(ledger.categories.version)


def save_categories(ledger: Ledger, rows: Sequence[CategoryRow]) -> None:
    """Store the ledger's categories. Every page that is kept with the earlier ones is outdated by that."""
    _store(ledger, own_categories=stored_categories(ledger)._replace(rows=tuple(rows)).to_text())


def decline_category(ledger: Ledger, proposal: str) -> None:
    """Store that a proposed category was declined, so that it isn't proposed again."""
    stored = stored_categories(ledger)
    declined = (*stored.declined, proposal)[-_MOST_DECLINED:]
    _store(ledger, own_categories=stored._replace(declined=declined).to_text())


def _store(ledger: Ledger, **values: Any) -> None:
    if values:
        User.objects.filter(pk=ledger.id).update(**values)
