"""Saved views of the dashboard: saved, opened, renamed, deleted, and one as the start page."""

import json
import re
from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import User
from expenses.models.saved_views import MOST, SavedView, read_views
from expenses.months import add_months, month_text
from expenses.tests.making import make_expense

VIEWS = "/dashboard/views/"


def save(client, name="Food", query="category=food-drinks", preset="", **more):
    return client.post(VIEWS, {"name": name, "query": query, "preset": preset}, **more)


def links_of(client, url="/dashboard/"):
    """The menu's views and their addresses."""
    page = client.get(url).content.decode()
    menu = re.search(r'<details class="menu saved-views">.*?</details>', page, re.DOTALL)[0]
    found = re.findall(r'<a class="menu-item" href="([^"]+)"[^>]*dir="auto">(.*?)</a>', menu, re.DOTALL)
    return {label.strip(): unescape(url) for url, label in found}


def errors_of(response):
    return re.search(r'<ul class="errorlist"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)[1]


def views_of(person):
    return read_views(User.objects.get(pk=person.pk).saved_views)


def shown(client, url):
    page = client.get(url).content.decode()
    return json.loads(re.search(r'id="chart-data" type="application/json">(.*?)</script>', page)[1])


def last(count):
    this = timezone.localdate().replace(day=1)
    return [month_text(add_months(this, 1 - back)) for back in range(count, 0, -1)]


def test_a_view_is_saved_with_its_filters_and_opened_with_one_click(client_alice):
    query = "from=2024-03&to=2024-05&view=comparison&currency=USD&category=food-drinks&bars=stacked&against=year"
    response = save(client_alice, query=query, follow=True)
    assert "View saved" in response.content.decode()
    assert response.redirect_chain[-1][0] == f"/dashboard/?{query}"
    (url,) = links_of(client_alice).values()
    assert url == f"/dashboard/?{query}"
    assert shown(client_alice, url)["months"] == ["2024-03", "2024-04", "2024-05"]
    menu = client_alice.get(url).content.decode()
    assert re.search(r'<a class="menu-item" href="[^"]+" aria-current="true" dir="auto">\s*Food', menu)


def test_a_relative_period_moves_on_and_a_fixed_one_stays(client_alice, alice):
    first, *_, end = last(3)
    save(client_alice, "Moves", f"from={first}&to={end}&category=other", "last-3")
    save(client_alice, "Stays", f"from={first}&to={end}&category=other")
    moves, stays = views_of(alice)
    assert stays.parameters(date(2031, 1, 9)) == f"from={first}&to={end}&category=other"
    assert moves.parameters(date(2031, 1, 9)) == "from=2030-11&to=2031-01&category=other"
    assert set(links_of(client_alice).values()) == {f"/dashboard/?from={first}&to={end}&category=other"}


def test_the_menu_offers_the_presets_that_the_months_are(client_alice):
    first, *_, end = last(3)
    page = client_alice.get(f"/dashboard/?from={first}&to={end}").content.decode()
    assert '<option value="last-3">' in page
    assert "3 months, moves on with time" in page
    page = client_alice.get("/dashboard/?from=2024-03&to=2024-05").content.decode()
    assert "moves on with time" not in page
    assert "Mar – May 2024, stays the same" in " ".join(page.split())


def test_a_preset_that_the_months_are_not_is_not_believed(client_alice, alice):
    save(client_alice, query="from=2024-03&to=2024-05", preset="last-3")
    assert views_of(alice)[0].preset == ""
    assert links_of(client_alice) == {"Food": "/dashboard/?from=2024-03&to=2024-05"}


@pytest.mark.parametrize("address", ["/", "/dashboard/"])
def test_the_start_page_is_what_an_address_without_a_query_shows(client_alice, alice, address):
    make_expense(alice)  # without any, the list is the start page
    save(client_alice, query="from=2024-03&to=2024-05")
    assert shown(client_alice, address)["months"] == last(1)
    view = f"{VIEWS}{views_of(alice)[0].id}/"
    client_alice.post(view, {"action": "start"})
    assert shown(client_alice, address)["months"] == ["2024-03", "2024-04", "2024-05"]
    assert shown(client_alice, f"{address}?month=2024-01")["months"] == ["2024-01"]
    save(client_alice, "Other", query="month=2024-01")
    client_alice.post(f"{VIEWS}{views_of(alice)[1].id}/", {"action": "start"})
    assert [each.start for each in views_of(alice)] == [False, True]
    client_alice.post(f"{VIEWS}{views_of(alice)[1].id}/", {"action": "start"})
    assert shown(client_alice, address)["months"] == last(1)


def test_views_are_renamed_and_deleted(client_alice, alice):
    save(client_alice, "Food")
    save(client_alice, "Taxis", query="category=transportation")
    food = f"{VIEWS}{views_of(alice)[0].id}/"
    page = client_alice.post(food, {"action": "rename", "name": " Eating  out "}, follow=True).content.decode()
    assert 'value="Eating out"' in page
    for typed, problem in (("taxis", "Another view has this name."), (" ", "Give the view a name.")):
        refused = client_alice.post(food, {"action": "rename", "name": typed})
        assert refused.status_code == 422
        assert problem in errors_of(refused)
        assert f'<input type="text" name="name" value="{typed}"' in refused.content.decode()
    assert "View deleted" in client_alice.post(food, {"action": "delete"}, follow=True).content.decode()
    assert list(links_of(client_alice)) == ["Taxis"]
    assert client_alice.post(food, {"action": "delete"}).status_code == 404


def test_the_same_name_replaces_and_there_is_a_limit(client_alice, alice):
    save(client_alice, "Food")
    client_alice.post(f"{VIEWS}{views_of(alice)[0].id}/", {"action": "start"})
    save(client_alice, "FOOD", query="month=2024-01")
    (view,) = views_of(alice)
    assert (view.name, view.query, view.start) == ("FOOD", "month=2024-01", True)
    for number in range(MOST):
        response = save(client_alice, f"View {number}", follow=True)
    assert len(views_of(alice)) == MOST
    assert f"You can save {MOST} views." in response.content.decode()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Give the view a name."),
        ("  ", "Give the view a name."),
        ("x" * 50, "Use at most 40 characters. This has 50."),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_at_its_field(client_alice, alice, name, problem):
    refused = save(client_alice, name, "month=2024-01&category=other", "last-3")
    assert refused.status_code == 422
    assert problem in errors_of(refused)
    page = refused.content.decode()
    assert 'name="query" value="month=2024-01&amp;category=other"' in page
    assert 'name="preset" value="last-3"' in page
    assert views_of(alice) == ()


def test_what_makes_no_sense_is_left_out(client_alice, alice):
    save(client_alice, "<b>x</b>", query="category=nope&month=2026-13&next=//evil.example", preset="eternity")
    (view,) = views_of(alice)
    assert (view.name, view.query, view.preset) == ("<b>x</b>", f"month={last(1)[0]}", "")
    assert b"<b>x</b>" not in client_alice.get("/dashboard/").content
    assert len(views_of(alice)) == 1
    assert client_alice.post(f"{VIEWS}{view.id}/", {"action": "explode"}).status_code == 302


def test_a_stranger_neither_sees_nor_changes_them(client_alice, client_bob, alice):
    save(client_alice, "Secret")
    assert links_of(client_bob) == {}
    assert b"Secret" not in client_bob.get(VIEWS).content
    assert client_bob.post(f"{VIEWS}{views_of(alice)[0].id}/", {"action": "delete"}).status_code == 404
    assert len(views_of(alice)) == 1


def test_they_cost_no_round_trip(client_alice, count_db, count_cache):
    client_alice.get("/dashboard/")
    with count_db() as without, count_cache() as cached_without:
        client_alice.get("/dashboard/")
    save(client_alice)
    client_alice.get("/dashboard/")
    client_alice.get("/dashboard/")
    with count_db() as database, count_cache() as cached:
        client_alice.get("/dashboard/")
    assert (len(database), len(cached)) == (len(without), len(cached_without))


@pytest.mark.parametrize(
    "stored",
    [
        *(None, 7, "views", [7], [{}], [{"id": "1"}], [{"id": "1", "name": ""}], [{"id": "../", "name": "x"}]),
        *([{"id": "1", "name": "x", "query": 7}], [{"id": "1", "name": "x" * 41}]),
        [{"id": "1", "name": "x", "query": "x" * 5000}],
    ],
)
def test_what_another_release_stored_breaks_nothing(stored):
    kept = SavedView("2", "Kept", "month=2024-01")
    assert read_views([*stored, kept.to_stored()] if isinstance(stored, list) else stored) == (
        (kept,) if isinstance(stored, list) else ()
    )
    assert (
        SavedView("1", "x", "view=comparison", "last-99").parameters(date(2026, 8, 9))
        == "month=2026-08&view=comparison"
    )
