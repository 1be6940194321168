"""The command palette, whose options pages load when somebody opens it."""

import re
from html import unescape

import pytest
from django.utils import timezone

from expenses.models.saved_views import SavedView


@pytest.mark.parametrize("language", ["en", "he"])
def test_it_lists_pages_views_months_and_currencies(client_alice, alice, language):
    alice.language = language
    alice.saved_views = [SavedView("5f", "Food", "month=2026-08&category=food-drinks").to_stored()]
    alice.save()
    text = client_alice.get("/expenses/palette/").content.decode()
    assert f'data-month="{timezone.localdate():%Y-%m}"' in text
    assert re.search(r'id="go-ILS" data-currency="ILS">', text), "the home currency is at hand"
    paths = [unescape(path) for path in re.findall(r'data-href="([^"#]+)', text)]
    assert {"/dashboard/?month=2026-08&category=food-drinks", "/expenses/budgets/"} <= set(paths)
    for path in paths:
        assert client_alice.get(path).status_code == 200, path
    identifiers = re.findall(r' id="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))


def test_pages_know_where_it_is_and_not_more(client_alice):
    text = client_alice.get("/expenses/").content.decode()
    assert 'data-options="/expenses/palette/"' in text
    assert 'role="option"' not in text
    assert not re.search(r"<script[^>]*palette", text)
