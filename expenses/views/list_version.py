"""The version of a list: whether two answers with the same filters show the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from expenses.listing.list_query import ListQuery
from expenses.rates.rate_series import rates_version
from expenses.views.access import LedgerRequest
from expenses.views.kept_pages import state_of


def made_of(query: ListQuery, tokens: Mapping[date, str]) -> tuple[Any, ...]:
    """Return what a list depends on, besides what `state_of` knows. tokens: of all the ledger's months."""
    return query, sorted(tokens.items()), rates_version(), timezone.localdate()


def list_version(request: LedgerRequest, query: ListQuery, tokens: Mapping[date, str]) -> str:
    """Return the version, which a page sends with every change (`static/js/list.js`)."""
    return state_of(request, made_of(query, tokens))
