"""The requests that `bench` measures, for a person with 1,000 expenses and one with 50,000."""

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
    argon2 = Case(ARGON2, floor.pop(ARGON2))
    return [
        *(Case(name, ask) for name, ask in floor.items()),
        argon2,
        Case("sign-in", sign_in(few.email), partial(forget_sessions, few.email), ARGON2),
        *stand_ins(few, "1,000", today),
        *stand_ins(many, "50,000", today),
        *pages(few, "1,000", today),
        *pages(many, "50,000", today),
    ]


def _months(today: date) -> tuple[str, str]:
    """The queries for this month and for twelve months."""
    from expenses.months import add_months

    this, first = f"{today:%Y-%m}", f"{add_months(today.replace(day=1), -11):%Y-%m}"
    return f"from={this}&to={this}", f"from={first}&to={this}"


def stand_ins(person: Person, size: str, today: date) -> Iterator[Case]:
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from accounts.models import User
    from benchmarks.floors import STOCK_MIDDLEWARE
    from benchmarks.stand_in import token_of

    with override_settings(MIDDLEWARE=STOCK_MIDDLEWARE):
        handler = WSGIHandler()
    token = {"HTTP_AUTHORIZATION": token_of(User.objects.get(email=person.email).pk)}
    one, year = _months(today)
    yield Case(f"stand-in: list, {size}", asker(handler, f"/stand-in/list?{one}", token))
    yield Case(f"stand-in: dashboard, one month, {size}", asker(handler, f"/stand-in/dashboard?{one}", token))
    yield Case(f"stand-in: dashboard, 12 months, {size}", asker(handler, f"/stand-in/dashboard?{year}", token))
    entry = {"title": "Taxi home", "amount": "12.50", "currency": "ILS", "spent_on": today.isoformat()}
    yield Case(f"stand-in: add, {size}", asker(handler, "/stand-in/add", token, body=json.dumps(entry)))


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

    for name, path in (
        ("list", f"/expenses/?month={today:%Y-%m}"),
        ("dashboard, one month", f"/dashboard/?{one}"),
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
    listed = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list"}
    for name, words in (("a rare word", "planetarium"), ("a common word", "market")):
        searched = asker(handler, f"/expenses/?month=all&q={words}", cookie | listed)
        yield Case(f"search all time, {name}, {size}", searched)
    yield Case(f"suggestion, {size}", asker(handler, "/expenses/suggest/?title=Aurora+Market", cookie))
