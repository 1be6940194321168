"""The requests that `bench` measures, for a person with 1,000 expenses and one with 50,000.

A mix is what people do most: 60 of 100 requests for lists, 25 for dashboards, 10 adds (12, 5 and 2 of 19).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from benchmarks.floors import ARGON2, EXPENSES, Ask, asker, cookies_of, floors
from benchmarks.open_page import OpenPage, forget_sessions, sign_in
from benchmarks.pages import SECRET
from benchmarks.site import Person, make_person

_MANY = 50_000
_MIX = "lldlaldlldlladlldll"
_MIX_NAME = "12 lists, 5 dashboards of one month, 2 adds"


@dataclass(frozen=True)
class Case:
    """A request to measure. before: what to do before each one, unmeasured. least: the name of its stand-in."""

    name: str
    ask: Ask
    before: Callable[[], object] = bool
    least: str = ""


def cases() -> list[Case]:
    """Make the people, and return all requests to measure."""
    today = date.today()
    few, many = make_person(EXPENSES, today), make_person(_MANY, today)
    floor = floors(make_person(EXPENSES + 1, today))  # a person whose list never changes: the 304 depends on it
    like_few, like_many = make_person(EXPENSES + 2, today), make_person(_MANY + 2, today)
    argon2 = Case(ARGON2, floor.pop(ARGON2))
    return [
        *(Case(name, ask) for name, ask in floor.items()),
        argon2,
        Case("sign-in", sign_in(few.email), partial(forget_sessions, few.email), ARGON2),
        *stand_ins(like_few, "1,000", today),
        *stand_ins(like_many, "50,000", today),
        *pages(few, "1,000", today),
        *pages(many, "50,000", today),
    ]


def _mixed(lists: Ask, dashboard: Ask, add: Ask) -> Ask:
    """All requests of a mix, one after the other."""
    order = [{"l": lists, "d": dashboard, "a": add}[letter] for letter in _MIX]
    return lambda: [ask() for ask in order]


def _months(today: date) -> tuple[str, str]:
    """The queries for this month and for twelve months."""
    from expenses.months import add_months

    this, first = f"{today:%Y-%m}", f"{add_months(today.replace(day=1), -11):%Y-%m}"
    return f"from={this}&to={this}", f"from={first}&to={this}"


def stand_ins(person: Person, size: str, today: date) -> Iterator[Case]:
    """The stand-ins of `pages`. The person has as many expenses, and what is added is deleted again: lists show all."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from accounts.models import User
    from benchmarks.floors import STOCK_MIDDLEWARE
    from benchmarks.stand_in import token_of
    from expenses.models import Expense
    from finbrain.core.past_the_orm import LEDGER, collection

    with override_settings(MIDDLEWARE=STOCK_MIDDLEWARE):
        handler = WSGIHandler()
    ledger_id = User.objects.get(email=person.email).pk
    token = {"HTTP_AUTHORIZATION": token_of(ledger_id)}
    one, year = _months(today)
    lists = asker(handler, f"/stand-in/list?{one}", token)
    dashboard = asker(handler, f"/stand-in/dashboard?{one}", token)
    yield Case(f"stand-in: list, {size}", lists)
    yield Case(f"stand-in: dashboard, one month, {size}", dashboard)
    yield Case(f"stand-in: dashboard, 12 months, {size}", asker(handler, f"/stand-in/dashboard?{year}", token))
    entry = {"title": "Taxi home", "amount": "12.50", "currency": "ILS", "spent_on": today.isoformat()}
    add = asker(handler, "/stand-in/add", token, body=json.dumps(entry))
    forget = partial(collection(Expense).delete_many, {LEDGER: ledger_id, "title": entry["title"]})
    yield Case(f"stand-in: add, {size}", add, forget)
    yield Case(f"stand-in: {_MIX_NAME}, {size}", _mixed(lists, dashboard, add), forget)


def pages(person: Person, size: str, today: date) -> Iterator[Case]:
    from django.core.cache import cache

    from accounts.models import User
    from expenses.ledger.touch import touch_months
    from finbrain.incoming import Handler

    ledger_id, handler, cookie = User.objects.get(email=person.email).pk, Handler(), cookies_of(person)
    one, year = _months(today)

    def forget_pages() -> None:
        cast(Any, cache).delete_pattern("page:*")

    def after_add() -> None:
        touch_months(ledger_id, [today])

    month_list, month_dashboard = f"/expenses/?month={today:%Y-%m}", f"/dashboard/?{one}"
    for name, path in (
        ("list", month_list),
        ("dashboard, one month", month_dashboard),
        ("dashboard, 12 months", f"/dashboard/?{year}"),
    ):
        ask, least = asker(handler, path, cookie), f"stand-in: {name}, {size}"
        yield Case(f"{name}, {size}, page kept", ask, least=least)
        yield Case(f"{name}, {size}, page not kept", ask, forget_pages, least)
        yield Case(f"{name}, {size}, right after an add", ask, after_add, least)
    entry = {"title": "Taxi home", "amount": "12.50", "currency": "ILS", "spent_on": today.isoformat()}
    form, least = urlencode(entry | {"csrfmiddlewaretoken": SECRET}), f"stand-in: add, {size}"
    old, new = (OpenPage(handler, cookie, f"{today:%Y-%m}", form) for _ in range(2))
    yield Case(f"add, answered with the list, {size}", old.add, partial(vars(old).update, version=""), least)
    yield Case(f"add, answered with the row, {size}", new.add, new.load, least)
    mixed = _mixed(asker(handler, month_list, cookie), asker(handler, month_dashboard, cookie), new.add)
    yield Case(f"{_MIX_NAME}, {size}", mixed, new.load, f"stand-in: {_MIX_NAME}, {size}")
    listed = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list"}
    for name, words in (("a rare word", "planetarium"), ("a common word", "market")):
        searched = asker(handler, f"/expenses/?month=all&q={words}", cookie | listed)
        yield Case(f"search all time, {name}, {size}", searched)
    yield Case(f"suggestion, {size}", asker(handler, "/expenses/suggest/?title=Aurora+Market", cookie))
