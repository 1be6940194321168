"""What is shown of the sums of a list: its total, what else was moved and received, and what rates it rests on."""

from decimal import Decimal
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from expenses import money
from expenses.listing.list_query import ListQuery
from expenses.listing.list_types import TotalContext
from expenses.listing.totals import ListSums
from expenses.sums.besides import besides_line, left_out_line
from expenses.sums.rate_notes import rate_notes, short_notes


def total_context(query: ListQuery, sums: ListSums, path: str, display: str) -> TotalContext:
    """Return the total, and the line under it with what else was moved and received.

    The total is what was spent. A list of only what was moved, or only what was received, has a total of that.
    """

    def shown(amount: Decimal) -> str:
        return money.format_money(amount, display, get_language())

    def url_of(kind: Kind) -> str:
        return query.url(path, kinds=(kind,))

    besides = sums.besides
    context: TotalContext = {
        "total_text": shown(sums.total) if sums.known else "",
        "adding_up_url": query.url(path) if sums.goes_on else "",
        "spent": sums.spent,
        "besides": besides_line(besides, shown, url_of),
        "rate_notes": rate_notes(sums.rates, shown, partial(query.url, path)),
        "notices": short_notes(sums.rates),
    }
    if len(query.kinds) != 1 or query.kinds == (Kind.SPENT,) or not sums.known:
        return context
    only = besides.moved if query.kinds == (Kind.MOVED,) else besides.received
    cash = _("of which %(cash)s cash") % {"cash": shown(besides.cash)} if besides.cash else ""
    left_out = left_out_line(besides, url_of)
    return {**context, "total_text": shown(only), "only_kind": query.kinds[0], "besides": left_out, "cash_text": cash}
