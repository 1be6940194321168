"""The version of a list: whether two answers with the same filters show the same."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from expenses.listing.list_query import ListQuery
from expenses.rates.rate_series import rates_version
from expenses.views.access import LedgerRequest
from expenses.views.kept_pages import states_of


def list_versions(request: LedgerRequest, query: ListQuery, *each: Mapping[date, str]) -> list[str]:
    """Return the version with each of several tokens of all the ledger's months.

    A page sends it with every change (`static/js/list.js`).
    """
    about = query, rates_version(), timezone.localdate()
    return states_of(request, [(*about, sorted(tokens.items())) for tokens in each])
