"""The breakdown: the categories of a period, or what is inside a category that is chosen alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.category_set import category_of, shown_categories
from classifier.merchant_name import readable
from expenses.dashboard import shape
from expenses.dashboard.dashboard_types import BreakdownContext, BreakdownLine, DashboardChart, InsideLink
from expenses.dashboard.merchants import OTHERS, biggest_merchants
from expenses.dashboard.page_data import DashboardPage, part_name, percent_text
from expenses.dashboard.scope import Scope
from expenses.sums.figures import ZERO
from finbrain.core.bidi import isolated


@dataclass(frozen=True)
class _Part:
    """A row of the breakdown. title: of a merchant in the category, OTHERS for the rest, None for the category itself.

    share: percent of all positive parts, None if the amount isn't positive.
    """

    slug: str
    amount: Decimal
    count: int
    share: Decimal | None
    title: str | None = None
    unsure: Decimal = ZERO

    @property
    def name(self) -> str:
        if self.title is None:
            return part_name(self.slug)
        return readable(self.title) or (_("Other merchants") if self.count else _("Rounding"))


def _category_parts(scope: Scope) -> list[_Part]:
    """Return the categories with expenses, the largest first."""
    return [
        _Part(part.slug, part.amount, part.count, part.share, unsure=part.unsure) for part in shape.breakdown(scope)
    ]


def _merchant_parts(scope: Scope) -> list[_Part]:
    """Return the merchants with the most spending, then the rest. They add up to the total."""
    found = biggest_merchants(scope, shape.honesty(scope).count)
    whole = sum((each.amount for each in found if each.amount > 0), ZERO)
    shares = [each.amount * 100 / whole if each.amount > 0 else None for each in found]
    return [
        _Part(each.category, each.amount, each.rated, share, each.title)
        for each, share in zip(found, shares, strict=True)
    ]


def _main_parts(scope: Scope, chosen: Sequence[str]) -> list[_Part]:
    """Return the rows of the breakdown: merchants if a category is chosen alone and has no categories inside."""
    return _merchant_parts(scope) if len(chosen) == len(scope.categories) == 1 else _category_parts(scope)


def breakdown_context(page: DashboardPage) -> BreakdownContext:
    """Return the rows, the chart and the sentence, and for a category with others inside its merchants, too."""
    scope, chosen = page.scope, page.links.query.categories
    parts = _main_parts(scope, chosen)
    merchants = _merchant_parts(scope) if len(chosen) == 1 < len(scope.categories) else []
    rows = _rows(page, parts)
    return {
        "chart": _chart(page, parts, rows),
        "rows": rows,
        "merchant_rows": _rows(page, merchants),
        "within": part_name(chosen[0]) if len(chosen) == 1 else "",
        "summary": _summary(page, parts),
    }


def breakdown_csv(scope: Scope, chosen: Sequence[str]) -> Iterator[list[str]]:
    """Yield the breakdown as rows of cells, header first and totals last."""
    code, parts = scope.currency, _main_parts(scope, chosen)
    first = _("Merchant") if parts and parts[0].title is not None else _("Category")
    yield [first, f"{_('Spent')} ({code})", _("Share (%)"), _("Expenses"), f"{_('Unsure amount')} ({code})"]
    for part in parts:
        share = "" if part.share is None else f"{part.share:.1f}"
        yield [part.name, str(part.amount), share, str(part.count), str(part.unsure) if part.title is None else ""]
    facts = shape.honesty(scope)
    amount, unsure = (scope.total(), facts.unsure) if parts else (0, 0)
    yield [_("Total"), str(amount), "", str(facts.count), str(unsure)]


def _chart(page: DashboardPage, parts: Sequence[_Part], rows: Sequence[BreakdownLine]) -> DashboardChart:
    return {
        "labels": [row["name"] for row in rows],
        "datasets": [{"label": _("Spent"), "data": [str(part.amount) for part in parts]}],
        "categories": [part.slug for part in parts],
        "palette": [category_of(part.slug).palette for part in parts],
        "texts": [f"{row['amount']} · {row['share']}" for row in rows],
        "links": [row["url"] for row in rows],
        "total": str(page.scope.total()),
    }


def _rows(page: DashboardPage, parts: Sequence[_Part]) -> list[BreakdownLine]:
    largest = max((part.amount for part in parts), default=ZERO)
    return [
        {
            "slug": part.slug,
            "name": part.name,
            "url": _url(page, part),
            "amount": page.money(part.amount),
            "share": percent_text(part.share),
            "meter": f"{part.amount * 100 / largest:.1f}" if part.amount > 0 else "0",
            "count": part.count,
            "unsure": page.money(part.unsure) if part.unsure else "",
            "inside": _inside(page, part.slug) if part.title is None else None,
            "is_merchant": part.title is not None,
        }
        for part in parts
    ]


def _url(page: DashboardPage, part: _Part) -> str:
    """Return the URL of the expenses in a row, "" for those of the other merchants, which no filter finds."""
    if part.title is None:
        return page.links.spent(page.scope.months, [part.slug])
    return "" if part.title == OTHERS else page.links.spent(page.scope.months, merchant=part.title)


def _inside(page: DashboardPage, slug: str) -> InsideLink | None:
    """Return the link to the own categories inside a base category, None if it has none."""
    count = len(shown_categories().own_of(slug))
    if not count:
        return None
    text = ngettext("%(n)d category inside", "%(n)d categories inside", count) % {"n": count}
    return {"text": text, "url": page.links.to(categories=(slug,))}


def _summary(page: DashboardPage, parts: Sequence[_Part]) -> str:
    named = [part for part in parts if part.title != OTHERS]
    if not named:
        return _("None of these expenses can be converted to this currency.")
    top = named[0]
    if top.share is None:
        return _("You got back more than you spent.")
    if len(parts) == 1:
        message = _("Everything went to %(category)s: %(amount)s.")
    elif any(part.count and part.amount < 0 for part in parts):
        # The largest amount is no share of a total that is after refunds, and may be above it.
        message = _("Most went to %(category)s: %(amount)s. Refunds reduce the total to %(total)s.")
    else:
        message = _("Most went to %(category)s: %(amount)s of %(total)s, %(share)s.")
    return message % {
        "category": isolated(top.name),
        "amount": page.money(top.amount),
        "total": page.money(page.scope.total()),
        "share": percent_text(top.share),
    }
