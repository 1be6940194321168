"""What the dashboard says about a period compared with another: one sentence, and tables of what changed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.category_set import rest_of
from classifier.merchant_name import readable
from expenses.dashboard.dashboard_query import AGAINST
from expenses.dashboard.links import period_name
from expenses.dashboard.merchants import MerchantChange, merchant_changes
from expenses.dashboard.page_data import DashboardPage, part_name, percent_text
from expenses.dashboard.period_change import CategoryDifference, Causes, PeriodChange
from expenses.dashboard.period_change_types import ChangeContext, ComparingContext, DifferenceLine, MerchantDifference
from expenses.dashboard.scope import Scope
from expenses.dashboard.shape import ONE_OFF
from expenses.months import Period, month_text
from expenses.sums.figures import ZERO

_NAMED_CAUSES = 3


def comparing_context(
    page: DashboardPage, before: Scope, until: date | None, change: PeriodChange | None
) -> ComparingContext:
    """Return the context of `expenses/_period_change.html`. before: the months to compare with, possibly none.

    until: their last day that counts, None if all do.
    """
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
        "so_far": bool(until),
        "change": _change(page, before, change) if change else None,
    }


def _period(months: Sequence) -> str:
    return period_name(months, Period(tuple(months)).contiguous)


def _change(page: DashboardPage, before: Scope, change: PeriodChange) -> ChangeContext:
    strongest = max((abs(each.difference) for each in change.by_category), default=ZERO)
    causes = _cause_texts(page, change.causes)
    merchants = merchant_changes(page.scope, before)
    figures = [scope.figures[month] for scope in (page.scope, before) for month in scope.months]
    return {
        "summary": _summary(page, change, causes),
        "before": page.money(change.amount_before),
        "causes": [{"text": text, "amount": page.signed(amount)} for text, amount in causes],
        "rows": [
            _category_row(page, before, change, each, strongest)
            for each in change.by_category
            if len(page.scope.categories) > 1
        ],
        "merchants": [_merchant_row(page, change, each) for each in merchants],
        "truncated": any(month.merchants_truncated for month in figures),
    }


def _category_row(
    page: DashboardPage, before: Scope, change: PeriodChange, each: CategoryDifference, strongest: Decimal
) -> DifferenceLine:
    if each.slug == ONE_OFF:
        categories, more = None, {"one_off": "only"}
    else:
        categories, more = [each.slug], page.filters
    has_some = _has(page.scope, each.slug)
    return {
        "slug": each.slug,
        "name": part_name(each.slug),
        "url": _url(page, change, categories, has_some=has_some, **more),
        "amount": page.signed(each.difference),
        "up": each.difference > 0,
        "meter": f"{abs(each.difference) * 100 / strongest:.1f}",
        "inside": [
            {
                "name": part_name(rest_of(slug) if slug == each.slug else slug),
                "amount": page.signed(amount),
            }
            for slug, amount in each.inside
        ],
    }


def _url(
    page: DashboardPage, change: PeriodChange, categories: Sequence[str] | None, *, has_some: bool, **more: str
) -> str:
    """Return the URL of what was spent in the period or, if that has none of it, in the other."""
    if has_some:
        return page.links.spent(page.scope.months, categories, **more)
    return page.links.spent(change.before, categories, change.until, **more)


def _has(scope: Scope, slug: str) -> bool:
    """Whether a category has expenses in the months of a scope, so that a link to them shows some."""
    if slug == ONE_OFF:
        return scope.total() != scope.without_one_off().total()
    return any(figures.count for month in scope.months for figures in scope.figures_of(month, slug))


def _merchant_row(page: DashboardPage, change: PeriodChange, each: MerchantChange) -> MerchantDifference:
    return {
        "title": readable(each.title),
        "url": _url(page, change, None, has_some=bool(each.count), merchant=each.title),
        "amount": page.signed(each.difference),
        "counts": _("%(n)s×, before %(before)s×") % {"n": each.count, "before": each.count_before},
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
    """Return one sentence: how much more or less, and why. A period that isn't over is compared by the same day."""
    difference, chosen = change.difference, page.links.query.categories
    values = {
        "before": _period(change.before),
        "amount": _with_percent(page, difference, change.amount_before),
    }
    if not difference:
        same = _("Exactly as much as by the same day in %(before)s.")
        return (same if change.until else _("Exactly the same as in %(before)s.")) % values
    up = difference > 0
    if len(chosen) == 1:
        values |= {"category": part_name(chosen[0]), "causes": _list_of(page, causes)}
        return _about_category(up=up, so_far=bool(change.until)) % values
    named = [(part_name(each.slug), each.difference) for each in change.by_category if (each.difference > 0) == up]
    values["causes"] = _list_of(page, named)
    return _about_everything(up=up, so_far=bool(change.until)) % values


def _about_category(*, up: bool, so_far: bool) -> str:
    if so_far and up:
        return _("On %(category)s, you spent %(amount)s more than by the same day in %(before)s: %(causes)s.")
    if so_far:
        return _("On %(category)s, you spent %(amount)s less than by the same day in %(before)s: %(causes)s.")
    if up:
        return _("On %(category)s, you spent %(amount)s more than in %(before)s: %(causes)s.")
    return _("On %(category)s, you spent %(amount)s less than in %(before)s: %(causes)s.")


def _about_everything(*, up: bool, so_far: bool) -> str:
    if so_far and up:
        return _("%(amount)s more than by the same day in %(before)s, mostly on %(causes)s.")
    if so_far:
        return _("%(amount)s less than by the same day in %(before)s, mostly on %(causes)s.")
    if up:
        return _("%(amount)s more than in %(before)s, mostly on %(causes)s.")
    return _("%(amount)s less than in %(before)s, mostly on %(causes)s.")


def _with_percent(page: DashboardPage, difference: Decimal, before: Decimal) -> str:
    """Return the amount of a change, with its percentage if there is one."""
    amount = page.money(abs(difference))
    if before <= 0:
        return amount
    return f"{amount} ({percent_text(abs(difference) * 100 / before)})"


def _list_of(page: DashboardPage, causes: Sequence[tuple[str, Decimal]]) -> str:
    return ", ".join(f"{text} ({page.signed(amount)})" for text, amount in causes[:_NAMED_CAUSES])
