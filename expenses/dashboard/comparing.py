"""What the dashboard says about a period compared with another: one sentence, and tables of what changed."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.category_set import rest_of
from classifier.merchant_name import readable
from expenses.dashboard.links import period_name
from expenses.dashboard.merchants import MerchantChange, merchant_changes
from expenses.dashboard.period_change import CategoryDifference, Causes, PeriodChange
from expenses.dashboard.query import AGAINST
from expenses.dashboard.shape import ONE_OFF, Scope
from expenses.dashboard.tables_and_charts import Context, DashboardPage, category_name, percent_text
from expenses.months import Period, month_text
from expenses.sums.figures import ZERO

_NAMED_CAUSES = 3


def comparing_context(page: DashboardPage, before: Scope, change: PeriodChange | None) -> Context:
    """Return the context of `expenses/_period_change.html`. before: the months to compare with, possibly none."""
    query, months = page.links.query, before.months
    several = len(query.period.months) > 1
    names = {"before": _("Months before") if several else _("Month before"), "year": _("Year before")}
    current = "other" if query.other else query.against or (AGAINST[0] if months else "")
    return {
        "names": {"now": _period(page.scope.months), "before": _period(months) if months else ""},
        "against": [
            {"label": names[name], "url": page.links.to(against=name, other=()), "current": name == current}
            for name in AGAINST
        ],
        "other": current == "other",
        "first": month_text(months[0]) if months else "",
        "last": month_text(months[-1]) if months else "",
        "kept": [(name, value) for name, value in query.parameters() if not name.startswith("against")],
        "change": change and _change(page, before, change),
    }


def _period(months: Sequence) -> str:
    return period_name(months, Period(tuple(months)).contiguous)


def _change(page: DashboardPage, before: Scope, change: PeriodChange) -> Context:
    strongest = max((abs(each.difference) for each in change.by_category), default=ZERO)
    causes = _cause_texts(page, change.causes)
    merchants = merchant_changes(page.scope, before)
    figures = [scope.figures[month] for scope in (page.scope, before) for month in scope.months]
    return {
        "summary": _summary(page, change, causes),
        "so_far": "" if change.so_far is None else page.money(change.so_far),
        "causes": [{"text": text, "amount": page.signed(amount)} for text, amount in causes],
        "rows": [
            _category_row(page, before, each, strongest)
            for each in change.by_category
            if len(page.scope.categories) > 1
        ],
        "merchants": [_merchant_row(page, before, each) for each in merchants],
        "truncated": any(month.merchants_truncated for month in figures),
    }


def _category_row(page: DashboardPage, before: Scope, each: CategoryDifference, strongest: Decimal) -> Context:
    categories = None if each.slug == ONE_OFF else [each.slug]
    linked = page.scope if _has(page.scope, each.slug) else before
    return {
        "slug": each.slug,
        "name": category_name(each.slug),
        "url": page.links.expenses(linked.months, categories),
        "amount": page.signed(each.difference),
        "up": each.difference > 0,
        "meter": f"{abs(each.difference) * 100 / strongest:.1f}",
        "inside": [
            {
                "name": category_name(rest_of(slug) if slug == each.slug else slug),
                "amount": page.signed(amount),
            }
            for slug, amount in each.inside
        ],
    }


def _has(scope: Scope, slug: str) -> bool:
    """Whether a category has expenses in the months of a scope, so that a link to them shows some."""
    if slug == ONE_OFF:
        return scope.total() != scope.without_one_off().total()
    return any(figures.count for month in scope.months for figures in scope.figures_of(month, slug))


def _merchant_row(page: DashboardPage, before: Scope, each: MerchantChange) -> Context:
    linked = page.scope if each.count else before
    return {
        "title": readable(each.title),
        "slug": each.category,
        "category": category_name(each.category),
        "url": page.links.expenses(linked.months, q=each.title),
        "amount": page.signed(each.difference),
        "count": each.count,
        "count_before": each.count_before,
    }


def _cause_texts(page: DashboardPage, causes: Causes) -> list[tuple[str, Decimal]]:
    """Return the causes in words with their amounts, the strongest first. They add up to the change."""
    more, each = abs(causes.more), page.money(abs(causes.each))
    number = (
        ngettext("%(n)d more expense", "%(n)d more expenses", more)
        if causes.more > 0
        else ngettext("%(n)d expense fewer", "%(n)d expenses fewer", more)
    )
    price = (
        _("%(amount)s more per expense on average") if causes.price > 0 else _("%(amount)s less per expense on average")
    )
    found = [
        (number % {"n": more}, causes.number),
        (price % {"amount": each}, causes.price),
        (_("one-off expenses"), causes.one_off),
        (_("exchange rates"), causes.rates or ZERO),
    ]
    return sorted((cause for cause in found if cause[1]), key=lambda cause: -abs(cause[1]))


def _summary(page: DashboardPage, change: PeriodChange, causes: Sequence[tuple[str, Decimal]]) -> str:
    if change.so_far is not None and change.so_far != change.amount_before:
        return _summary_so_far(page, change, change.so_far)
    difference, chosen = change.difference, page.links.query.categories
    values = {
        "before": _period(change.before),
        "amount": _with_percent(page, difference, change.amount_before),
    }
    if not difference:
        return _("Exactly the same as in %(before)s.") % values
    up = difference > 0
    if len(chosen) == 1:
        values |= {"category": category_name(chosen[0]), "causes": _list_of(page, causes)}
        if up:
            return _("On %(category)s, you spent %(amount)s more than in %(before)s: %(causes)s.") % values
        return _("On %(category)s, you spent %(amount)s less than in %(before)s: %(causes)s.") % values
    named = [(category_name(each.slug), each.difference) for each in change.by_category if (each.difference > 0) == up]
    values["causes"] = _list_of(page, named)
    if up:
        return _("%(amount)s more than in %(before)s, mostly on %(causes)s.") % values
    return _("%(amount)s less than in %(before)s, mostly on %(causes)s.") % values


def _summary_so_far(page: DashboardPage, change: PeriodChange, so_far: Decimal) -> str:
    """Compare a period that isn't over with the same days of the other one. so_far: what was spent on these."""
    difference, chosen = change.amount - so_far, page.links.query.categories
    values = {"before": _period(change.before), "amount": _with_percent(page, difference, so_far)}
    if not difference:
        return _("Exactly as much as by the same day in %(before)s.") % values
    if len(chosen) == 1:
        values["category"] = category_name(chosen[0])
        if difference > 0:
            return _("On %(category)s, you spent %(amount)s more than by the same day in %(before)s.") % values
        return _("On %(category)s, you spent %(amount)s less than by the same day in %(before)s.") % values
    if difference > 0:
        return _("%(amount)s more than by the same day in %(before)s.") % values
    return _("%(amount)s less than by the same day in %(before)s.") % values


def _with_percent(page: DashboardPage, difference: Decimal, before: Decimal) -> str:
    """Return the amount of a change, with its percentage if there is one."""
    amount = page.money(abs(difference))
    if before <= 0:
        return amount
    return f"{amount} ({percent_text(abs(difference) * 100 / before)})"


def _list_of(page: DashboardPage, causes: Sequence[tuple[str, Decimal]]) -> str:
    return ", ".join(f"{text} ({page.signed(amount)})" for text, amount in causes[:_NAMED_CAUSES])
