"""The ledger of a person."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from accounts.models import CountCash, User
from classifier.category_set import showing
from expenses.models.budgets import Plan, read_plan
from expenses.models.ledger import Ledger
from expenses.models.own_categories import read_categories
from expenses.models.own_rates import read_rates
from expenses.models.rules import Rule, read_rules
from expenses.models.saved_views import SavedView
from expenses.money import EUR, KNOWN
from expenses.months import months_starting, read_start
from expenses.weeks import weeks_starting
from finbrain.core.stored import text


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


def save_rules(person: User, rules: Iterable[Rule]) -> None:
    """Store the rules of the person's own ledger."""
    person.rules = [rule.to_stored() for rule in rules]
    person.save(update_fields=["rules"])


def save_plan(person: User, plan: Plan) -> None:
    """Store the budgets and goals of the person's own ledger."""
    person.plan = plan.to_text()
    person.save(update_fields=["plan"])


def save_views(person: User, views: Iterable[SavedView]) -> None:
    """Store the person's views of the dashboard."""
    person.saved_views = [view.to_stored() for view in views]
    person.save(update_fields=["saved_views"])
